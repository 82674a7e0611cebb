/* Recording: every exchange of a run, written to a file as it finishes. */
#ifndef MWATCH_HTTP_RECORD_H
#define MWATCH_HTTP_RECORD_H

#include "watcher/base/context.h"
#include "watcher/http/answer.h"

struct recorder;

/* Begin a recording (mode 0600), in place of an older recording of that name. ERROR_USAGE when
 * the file is there and is no recording, ERROR_SYSTEM when it cannot be written. */
struct recorder *record_open(const struct context *ctx, const char *path, struct error *e);

/* Never write this text (the value of an Authorization header: its scheme is left out of
 * account). */
void record_hide(struct recorder *r, const char *secret);

/* Add an exchange in one write. A failure is a warning, and ends the recording. `r` may be NULL. */
void record_add(struct recorder *r, const struct request *request, const struct answer *answer);
void record_close(struct recorder *r);

#endif
