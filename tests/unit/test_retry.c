/* When to try again: a table of what came back and what is to be done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/http/retry.h"

#define NOW 1778056464 /* 2026-05-06T08:34:24Z */

struct row {
    const char *name;
    int status; /* 0 = no answer */
    unsigned attempt;
    bool lasting, unsent, unrepeatable;
    struct header headers[4];
    const char *url, *body;
    enum retry_action action;
    int64_t least, most; /* of the wait, in ms */
    int64_t until;       /* checked when not 0 */
    bool ordered;
};

#define DATE                                                                                       \
    {                                                                                              \
        "date", "Wed, 06 May 2026 08:34:24 GMT"                                                    \
    }

static const struct row rows[] = {
    {.name = "200 stands", .status = 200, .attempt = 1},
    {.name = "304 stands", .status = 304, .attempt = 1},
    {.name = "400 stands", .status = 400, .attempt = 1},
    {.name = "401 stands", .status = 401, .attempt = 1},
    {.name = "403 without signs of a limit stands",
     .status = 403,
     .attempt = 1,
     .headers = {{"x-ratelimit-remaining", "12"}, {"x-ratelimit-reset", "1778056500"}},
     .body = "{\"message\": \"Resource not accessible by integration\"}"},
    {.name = "404 stands", .status = 404, .attempt = 1},
    {.name = "404 with Retry-After stands",
     .status = 404,
     .attempt = 1,
     .headers = {{"retry-after", "5"}}},
    {.name = "first 500",
     .status = 500,
     .attempt = 1,
     .action = RETRY_AFTER,
     .least = 250,
     .most = 500},
    {.name = "second 502",
     .status = 502,
     .attempt = 2,
     .action = RETRY_AFTER,
     .least = 500,
     .most = 1000},
    {.name = "third 504",
     .status = 504,
     .attempt = 3,
     .action = RETRY_AFTER,
     .least = 1000,
     .most = 2000},
    {.name = "fourth 500 stands", .status = 500, .attempt = 4},
    {.name = "408", .status = 408, .attempt = 1, .action = RETRY_AFTER, .least = 250, .most = 500},
    {.name = "no answer", .attempt = 1, .action = RETRY_AFTER, .least = 250, .most = 500},
    {.name = "no answer, fourth time", .attempt = 4},
    {.name = "no answer and no hope", .attempt = 1, .lasting = true},
    {.name = "a write without answer is not repeated", .attempt = 1, .unrepeatable = true},
    {.name = "a write that was never sent is",
     .attempt = 1,
     .unrepeatable = true,
     .unsent = true,
     .action = RETRY_AFTER,
     .least = 250,
     .most = 500},
    {.name = "a write answered 502 is not repeated",
     .status = 502,
     .attempt = 1,
     .unrepeatable = true},
    {.name = "a write answered 429 is",
     .status = 429,
     .attempt = 1,
     .unrepeatable = true,
     .headers = {{"retry-after", "7"}},
     .action = RETRY_AFTER,
     .least = 7000,
     .most = 7250,
     .ordered = true},
    {.name = "503 with Retry-After",
     .status = 503,
     .attempt = 1,
     .headers = {{"retry-after", "30"}},
     .action = RETRY_AFTER,
     .least = 30000,
     .most = 30250,
     .ordered = true},
    {.name = "503 with a Retry-After shorter than our own wait",
     .status = 503,
     .attempt = 1,
     .headers = {{"retry-after", "0"}},
     .action = RETRY_AFTER,
     .least = 250,
     .most = 500},
    {.name = "503 with a Retry-After of a day",
     .status = 503,
     .attempt = 1,
     .headers = {{"retry-after", "86400"}},
     .action = RETRY_TOO_LONG,
     .least = 86400000,
     .most = 86400250,
     .until = NOW + 86400,
     .ordered = true},
    {.name = "429 with seconds",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "2"}},
     .action = RETRY_AFTER,
     .least = 2000,
     .most = 2250,
     .until = NOW + 2,
     .ordered = true},
    {.name = "429 with a date",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "Wed, 06 May 2026 08:34:54 GMT"}},
     .action = RETRY_AFTER,
     .least = 30000,
     .most = 30250,
     .ordered = true},
    {.name = "429 with a date, by the server's own clock",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "Wed, 06 May 2026 10:00:10 GMT"},
                 {"date", "Wed, 06 May 2026 10:00:00 GMT"}},
     .action = RETRY_AFTER,
     .least = 10000,
     .most = 10250,
     .ordered = true},
    {.name = "429 with a date gone by",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "Wed, 06 May 2026 08:00:00 GMT"}},
     .action = RETRY_AFTER,
     .least = 0,
     .most = 250,
     .ordered = true},
    {.name = "429 with nonsense",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "soon"}},
     .action = RETRY_AFTER,
     .least = 60000,
     .most = 60250,
     .ordered = true},
    {.name = "429 with a negative number",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "-5"}},
     .action = RETRY_AFTER,
     .least = 60000,
     .most = 60250,
     .ordered = true},
    {.name = "429 with a number beyond all bounds",
     .status = 429,
     .attempt = 1,
     .headers = {{"retry-after", "9223372036854775807"}},
     .action = RETRY_TOO_LONG,
     .least = 366ll * 86400000,
     .most = 366ll * 86400000 + 250,
     .ordered = true},
    {.name = "429 with nothing",
     .status = 429,
     .attempt = 2,
     .action = RETRY_AFTER,
     .least = 120000,
     .most = 120250,
     .ordered = true},
    {.name = "fourth 429 stands", .status = 429, .attempt = 4, .headers = {{"retry-after", "2"}}},
    {.name = "fourth 429 that asks for a day is told",
     .status = 429,
     .attempt = 4,
     .headers = {{"retry-after", "86400"}},
     .action = RETRY_TOO_LONG,
     .least = 86400000,
     .most = 86400250,
     .ordered = true},
    {.name = "GitHub's quota used up",
     .status = 403,
     .attempt = 1,
     .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1778056500"}, DATE},
     .action = RETRY_AFTER,
     .least = 36000,
     .most = 36250,
     .until = NOW + 36,
     .ordered = true},
    {.name = "GitHub's quota used up for an hour",
     .status = 403,
     .attempt = 1,
     .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1778060064"}},
     .action = RETRY_TOO_LONG,
     .least = 3600000,
     .most = 3600250,
     .until = NOW + 3600,
     .ordered = true},
    {.name = "a reset that counts from now",
     .status = 429,
     .attempt = 1,
     .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "45"}},
     .action = RETRY_AFTER,
     .least = 45000,
     .most = 45250,
     .ordered = true},
    {.name = "a reset gone by",
     .status = 403,
     .attempt = 1,
     .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1778000000"}},
     .action = RETRY_AFTER,
     .least = 0,
     .most = 250,
     .ordered = true},
    {.name = "GitHub's secondary limit with Retry-After",
     .status = 403,
     .attempt = 1,
     .headers = {{"retry-after", "60"}},
     .action = RETRY_AFTER,
     .least = 60000,
     .most = 60250,
     .ordered = true},
    {.name = "GitHub's secondary limit, told only in the message",
     .status = 403,
     .attempt = 1,
     .headers = {{"x-ratelimit-remaining", "4812"}},
     .body = "{\"message\": \"You have exceeded a secondary rate limit. Please wait a few minutes "
             "before you try again.\"}",
     .action = RETRY_AFTER,
     .least = 60000,
     .most = 60250,
     .ordered = true},
    {.name = "GitHub's secondary limit, again",
     .status = 403,
     .attempt = 3,
     .body = "{\"message\": \"You have exceeded a secondary rate limit\"}",
     .action = RETRY_TOO_LONG,
     .least = 240000,
     .most = 240250,
     .ordered = true},
    {.name = "GraphQL's quota used up",
     .status = 200,
     .attempt = 1,
     .url = "https://api.github.com/graphql",
     .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1778056500"}},
     .body = "{\"errors\":[{\"type\":\"RATE_LIMIT\",\"code\":\"graphql_rate_limit\","
             "\"message\":\"API rate limit already exceeded for user ID 583231.\"}]}",
     .action = RETRY_AFTER,
     .least = 36000,
     .most = 36250,
     .until = NOW + 36,
     .ordered = true},
    {.name = "GraphQL's quota used up, by its older name",
     .status = 200,
     .attempt = 1,
     .url = "https://ghe.example.org/api/graphql",
     .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1778060064"}},
     .body = "{\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit exceeded\"}]}",
     .action = RETRY_TOO_LONG,
     .least = 3600000,
     .most = 3600250,
     .until = NOW + 3600,
     .ordered = true},
    {.name = "GraphQL's secondary limit, for a write",
     .status = 200,
     .attempt = 1,
     .unrepeatable = true,
     .url = "https://api.github.com/graphql",
     .body = "{\"message\": \"You have exceeded a secondary rate limit.\"}",
     .action = RETRY_AFTER,
     .least = 60000,
     .most = 60250,
     .ordered = true},
    {.name = "GraphQL's fourth limit stands",
     .status = 200,
     .attempt = 4,
     .url = "https://api.github.com/graphql",
     .headers = {{"retry-after", "2"}},
     .body = "{\"errors\":[{\"type\":\"RATE_LIMITED\"}]}"},
    {.name = "GraphQL's other errors stand",
     .status = 200,
     .attempt = 1,
     .url = "https://api.github.com/graphql",
     .headers = {{"x-ratelimit-remaining", "4999"}},
     .body = "{\"data\":{\"r0\":null},\"errors\":[{\"type\":\"NOT_FOUND\",\"path\":[\"r0\"]}]}"},
    {.name = "elsewhere, 200 that speaks of limits stands",
     .status = 200,
     .attempt = 1,
     .url = "https://example.org/releases",
     .body = "Fixed: you have exceeded a secondary rate limit"},
};

enum { ROWS = sizeof rows / sizeof *rows };

static size_t count_headers(const struct header *headers)
{
    size_t count = 0;
    while (count < 4 && headers[count].name)
        count++;
    return count;
}

/* With the least, the most and some other random number. */
static void judges(void **state)
{
    const struct row *row = *state;
    static const uint32_t randoms[] = {0, UINT32_MAX, 12345};
    struct response r = {
        .status = row->status,
        .url = row->url,
        .headers = (struct header *)row->headers,
        .header_count = count_headers(row->headers),
        .body = slice_of(row->body),
    };
    struct tried tried = {row->status ? &r : NULL, row->lasting, row->unsent};
    struct retry_rules rules = {3, 120000, !row->unrepeatable};
    for (size_t i = 0; i < sizeof randoms / sizeof *randoms; i++) {
        struct retry retry = retry_judge(&tried, &rules, row->attempt, NOW, randoms[i]);
        assert_int_equal(retry.action, row->action);
        assert_true(retry.wait_ms >= row->least && retry.wait_ms <= row->most);
        assert_int_equal(retry.ordered, row->ordered);
        if (row->until)
            assert_int_equal(retry.until, row->until);
    }
}

static void waits_grow_and_stay_bounded(void **state)
{
    struct tried tried = {0};
    struct retry_rules rules = {1000, 120000, true};
    (void)state;
    for (unsigned attempt = 1; attempt < 1000; attempt++) {
        struct retry retry = retry_judge(&tried, &rules, attempt, NOW, UINT32_MAX);
        assert_int_equal(retry.action, RETRY_AFTER);
        assert_in_range(retry.wait_ms, 250, 30000);
        if (attempt > 7)
            assert_true(retry.wait_ms >= 15000);
    }
}

static void jitter_spreads(void **state)
{
    struct tried tried = {0};
    struct retry_rules rules = {3, 120000, true};
    int64_t first = retry_judge(&tried, &rules, 1, NOW, 1).wait_ms;
    (void)state;
    assert_int_not_equal(first, retry_judge(&tried, &rules, 1, NOW, 100).wait_ms);
}

static void quota_of_an_answer(void **state)
{
    struct header used_up[] = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1778056500"}};
    struct header some[] = {{"x-ratelimit-remaining", "1"}, {"x-ratelimit-reset", "1778056500"}};
    struct response r = {.status = 200, .headers = used_up, .header_count = 2};
    (void)state;
    assert_int_equal(retry_quota_wait(&r, NOW), 36000);
    assert_int_equal(retry_quota_wait(&r, NOW + 100), 0);
    r.headers = some;
    assert_int_equal(retry_quota_wait(&r, NOW), 0);
    r.header_count = 0;
    assert_int_equal(retry_quota_wait(&r, NOW), 0);
}

int main(void)
{
    struct CMUnitTest tests[ROWS + 3] = {
        cmocka_unit_test(waits_grow_and_stay_bounded),
        cmocka_unit_test(jitter_spreads),
        cmocka_unit_test(quota_of_an_answer),
    };
    for (size_t i = 0; i < ROWS; i++)
        tests[i + 3] = (struct CMUnitTest){rows[i].name, judges, NULL, NULL, (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
