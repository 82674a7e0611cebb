/* Keeps what is written under GitHub's limits for content creation: "no more than 80
 * content-generating requests per minute and no more than 500 per hour" (docs.github.com, "Rate
 * limits for the REST API", secondary limits). */
#ifndef MWATCH_GIT_PACER_H
#define MWATCH_GIT_PACER_H

#include "watcher/base/context.h"
#include "watcher/base/error.h"

enum { PACER_MINUTE = 80, PACER_HOUR = 500 };

/* When the last writes were made, in the clock's milliseconds; {0} is a fresh one. */
struct pacer {
    int64_t times[PACER_HOUR]; /* a ring */
    uint64_t count;            /* of all that were noted */
};

/* The milliseconds to wait at `now` before the next write is due; 0 = none. */
int64_t pacer_wait_at(const struct pacer *p, int64_t now);

/* A write is made at `now`. */
void pacer_note(struct pacer *p, int64_t now);

/* Wait on the context's clock until a write may be made, and note it. ERROR_NETWORK, without
 * waiting, when that would take longer than two minutes: what is left is for the next run. */
bool pacer_take(struct pacer *p, const struct context *ctx, struct error *e);

#endif
