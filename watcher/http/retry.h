/* When to try again. Pure: from what came back to what to do. */
#ifndef MWATCH_HTTP_RETRY_H
#define MWATCH_HTTP_RETRY_H

#include "watcher/base/request.h"

/* What came of one try. */
struct tried {
    const struct response *response; /* NULL: no answer */
    bool lasting; /* no answer, and it would be the same again: a certificate, a limit */
    bool unsent;  /* no answer, and the server surely did not act on the request */
};

struct retry_rules {
    int retries;             /* further tries after the first */
    int64_t longest_wait_ms; /* what a server may make us wait */
    bool repeatable;         /* sending it twice does no harm */
};

enum retry_action {
    RETRY_NOT,      /* what came back stands */
    RETRY_AFTER,    /* try again in wait_ms */
    RETRY_TOO_LONG, /* the server wants a longer wait than the rules allow */
};

struct retry {
    enum retry_action action;
    int64_t wait_ms;
    int64_t until; /* the moment the server names, seconds since 1970; 0 = it named none */
    bool ordered;  /* the server asked for the wait: everything under the same quota waits */
};

/* Judge try number `attempt` (1 is the first) at `now`, in seconds since 1970; `random` is any
 * number, for jitter.
 * - No answer, 5xx and 408: half a second doubled with every try, at most 30 s, of which a random
 *   half is left out; Retry-After (RFC 9110, 10.2.3, both forms) is obeyed where it is longer.
 * - 429, and 403 (at /graphql 200, too) with the signs of a rate limit: Retry-After, else until
 *   X-RateLimit-Reset when X-RateLimit-Remaining is 0, else (GitHub's secondary limits) a minute,
 *   doubled with every try.
 * Waits that the server names count from its own Date when there is one. */
struct retry retry_judge(const struct tried *tried, const struct retry_rules *rules,
                         unsigned attempt, int64_t now, uint32_t random);

/* After an answer that stands: how many milliseconds its headers ask to send nothing more under
 * the same quota, 0 = go on. */
int64_t retry_quota_wait(const struct response *response, int64_t now);

#endif
