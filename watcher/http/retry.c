#include "watcher/http/retry.h"

#include "watcher/base/timestamp.h"

enum {
    BACKOFF_FIRST = 500,      /* ms */
    BACKOFF_MOST = 30 * 1000, /* ms */
    SECONDARY_WAIT = 60,      /* s; what GitHub asks for where it names no time */
    LARGEST_WAIT = 366 * 24 * 3600,
    LIMIT_ANSWER = 4096, /* bytes; GitHub's answers about limits are not longer */
    /* A reset below this is a number of seconds from now (some servers), not a moment (GitHub). */
    SMALLEST_MOMENT = 1000000000,
};

static int64_t between(int64_t low, int64_t value, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* The server's clock, so that ours may be wrong. */
static int64_t server_now(const struct response *r, int64_t now)
{
    int64_t date;
    return timestamp_parse(response_header(r, "date"), &date) ? date : now;
}

static bool header_number(const struct response *r, const char *name, int64_t *out)
{
    unsigned long long number;
    if (!slice_number(response_header(r, name), &number) || number > INT64_MAX)
        return false;
    *out = (int64_t)number;
    return true;
}

/* Seconds to wait by Retry-After, -1 when it says nothing we can read. */
static int64_t by_retry_after(const struct response *r, int64_t now)
{
    int64_t seconds, moment;
    if (header_number(r, "retry-after", &seconds))
        return between(0, seconds, LARGEST_WAIT);
    if (timestamp_parse(response_header(r, "retry-after"), &moment))
        return between(0, moment - server_now(r, now), LARGEST_WAIT);
    return -1;
}

/* Seconds until the quota is filled again, -1 when it is not used up or no moment is given. */
static int64_t by_quota(const struct response *r, int64_t now)
{
    int64_t remaining, reset;
    if (!header_number(r, "x-ratelimit-remaining", &remaining) || remaining > 0 ||
        !header_number(r, "x-ratelimit-reset", &reset))
        return -1;
    if (reset >= SMALLEST_MOMENT)
        reset -= server_now(r, now);
    return between(0, reset, LARGEST_WAIT);
}

/* GitHub's secondary limits may come as 403 with no header that says so, only in the message. */
static bool speaks_of_limit(const struct response *r)
{
    return slice_contains(r->body, SLICE("secondary rate limit")) ||
           slice_contains(r->body, SLICE("abuse detection"));
}

/* GraphQL tells its limits with status 200, in an answer that holds little else. */
static bool is_graphql_limit(const struct response *r)
{
    struct slice url = slice_of(r->url);
    if (r->status != 200 || r->body.len > LIMIT_ANSWER || !slice_ends(url, SLICE("/graphql")))
        return false;
    return slice_contains(r->body, SLICE("\"RATE_LIMIT")) || speaks_of_limit(r);
}

static bool is_limit(const struct response *r, int64_t now)
{
    if (is_graphql_limit(r))
        return true;
    return r->status == 429 || (r->status == 403 && (by_retry_after(r, now) >= 0 ||
                                                     by_quota(r, now) >= 0 || speaks_of_limit(r)));
}

/* Seconds a rate limit asks for. */
static int64_t limit_wait(const struct response *r, unsigned attempt, int64_t now)
{
    int64_t seconds = by_retry_after(r, now);
    if (seconds < 0)
        seconds = by_quota(r, now);
    if (seconds < 0)
        seconds = (int64_t)SECONDARY_WAIT << between(0, (int64_t)attempt - 1, 4);
    return seconds;
}

static int64_t back_off(unsigned attempt, uint32_t random)
{
    int64_t most = (int64_t)BACKOFF_FIRST << between(0, (int64_t)attempt - 1, 16);
    most = between(BACKOFF_FIRST, most, BACKOFF_MOST);
    return most / 2 + (int64_t)(random % (uint32_t)(most / 2 + 1));
}

/* A wait the server named, in seconds. Everyone waits for the same moment, so jitter goes on top.
 */
static struct retry ordered(int64_t seconds, const struct retry_rules *rules, int64_t now,
                            uint32_t random)
{
    struct retry retry = {.action = RETRY_AFTER, .until = now + seconds, .ordered = true};
    if (seconds * 1000 > rules->longest_wait_ms)
        retry.action = RETRY_TOO_LONG;
    retry.wait_ms = seconds * 1000 + (int64_t)(random % (BACKOFF_FIRST / 2));
    return retry;
}

struct retry retry_judge(const struct tried *tried, const struct retry_rules *rules,
                         unsigned attempt, int64_t now, uint32_t random)
{
    const struct response *r = tried->response;
    bool may = attempt <= (unsigned)rules->retries;
    if (r && is_limit(r, now)) {
        struct retry retry = ordered(limit_wait(r, attempt, now), rules, now, random);
        return may || retry.action == RETRY_TOO_LONG ? retry : (struct retry){0};
    }
    bool passing = r ? r->status >= 500 || r->status == 408 : !tried->lasting;
    if (!passing || !may || (!rules->repeatable && (r || !tried->unsent)))
        return (struct retry){0};
    int64_t asked = r ? by_retry_after(r, now) : -1;
    int64_t wait = back_off(attempt, random);
    if (asked * 1000 > wait)
        return ordered(asked, rules, now, random);
    return (struct retry){.action = RETRY_AFTER, .wait_ms = wait};
}

int64_t retry_quota_wait(const struct response *response, int64_t now)
{
    int64_t seconds = by_quota(response, now);
    return seconds > 0 ? seconds * 1000 : 0;
}
