/* Replaying: answers from a recording, and from nothing else. */
#ifndef MWATCH_HTTP_REPLAY_H
#define MWATCH_HTTP_REPLAY_H

#include "watcher/base/context.h"
#include "watcher/http/answer.h"

#include <stdio.h>

struct replay;

/* Open a recording. A last object that was not written to its end is left out with a warning;
 * anything else that is no recording is ERROR_USAGE with file and line. */
struct replay *replay_open(const struct context *ctx, const char *path, struct error *e);

/* As replay_open, from a stream that can seek, which it takes over; `name` must outlive it. */
struct replay *replay_read(const struct context *ctx, FILE *stream, const char *name,
                           struct error *e);

/* The answer recorded for a request, in the arena; the next one when there are several, and the
 * last again after that. An answer with ERROR_NETWORK when there is none. */
void replay_answer(struct replay *r, const struct request *request, struct arena *a,
                   struct answer *out);

/* Is an answer recorded for the request? */
bool replay_has(const struct replay *r, const struct request *request);

/* When the recording was begun, seconds since 1970. */
int64_t replay_recorded_at(const struct replay *r);
void replay_close(struct replay *r);

#endif
