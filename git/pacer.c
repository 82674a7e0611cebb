#include "git/pacer.h"

#include <time.h>

enum {
    MINUTE = 60 * 1000,      /* ms */
    HOUR = 60 * MINUTE,      /* ms */
    LONGEST = 2 * MINUTE,    /* ms that are waited; the engine's own longest wait */
    WORTH_A_WORD = 5 * 1000, /* ms; waits from here on are told at -v */
    LONGEST_SLEEP = 100,     /* ms; a test's clock may run faster than ours */
};

/* How long until the `most`th last write is `window` old. */
static int64_t wait_for(const struct pacer *p, uint64_t most, int64_t window, int64_t now)
{
    if (p->count < most)
        return 0;
    int64_t due = p->times[(p->count - most) % PACER_HOUR] + window;
    return due > now ? due - now : 0;
}

int64_t pacer_wait_at(const struct pacer *p, int64_t now)
{
    int64_t minute = wait_for(p, PACER_MINUTE, MINUTE, now);
    int64_t hour = wait_for(p, PACER_HOUR, HOUR, now);
    return minute > hour ? minute : hour;
}

void pacer_note(struct pacer *p, int64_t now)
{
    p->times[p->count++ % PACER_HOUR] = now;
}

static void sleep_until(const struct context *ctx, int64_t due)
{
    for (int64_t left; (left = due - context_milliseconds(ctx)) > 0;) {
        long ms = left < LONGEST_SLEEP ? (long)left : LONGEST_SLEEP;
        struct timespec pause = {0, ms * 1000000};
        nanosleep(&pause, NULL);
    }
}

bool pacer_take(struct pacer *p, const struct context *ctx, struct error *e)
{
    int64_t now = context_milliseconds(ctx);
    int64_t wait = pacer_wait_at(p, now);
    if (wait > LONGEST)
        return error_set(e, ERROR_NETWORK,
                         "GitHub takes at most %d writes an hour, and this run made as many; run "
                         "mwatch again in %lld minutes",
                         PACER_HOUR, (long long)(wait / MINUTE + 1));
    if (wait >= WORTH_A_WORD)
        log_info(ctx, "waiting %lld s: GitHub takes at most %d writes a minute",
                 (long long)(wait / 1000), PACER_MINUTE);
    sleep_until(ctx, now + wait);
    pacer_note(p, context_milliseconds(ctx));
    return true;
}
