#include "tests/unit/stanza.h"

#include "watcher/base/timestamp.h"

#include <time.h>

enum { UNTOUCHED = -77 };

static void run_case(void **state)
{
    const struct stanza *s = *state;
    int64_t got = UNTOUCHED;
    bool is_time = stanza_has(s, "time"), bad = stanza_has(s, "bad");
    bool good = is_time ? timestamp_parse(stanza_get(s, "time"), &got)
                        : duration_parse(stanza_get(s, "duration"), &got);
    assert_int_equal(good, !bad);
    if (bad) {
        assert_int_equal(got, UNTOUCHED);
        return;
    }
    struct buf out = {0};
    buf_addf(&out, "%lld", (long long)got);
    assert_slice(buf_slice(&out), stanza_get(s, "seconds"));
    if (stanza_has(s, "utc")) {
        buf_clear(&out);
        timestamp_add(&out, got);
        assert_slice(buf_slice(&out), stanza_get(s, "utc"));
        buf_clear(&out);
        timestamp_add_date(&out, got);
        assert_slice(buf_slice(&out), slice_first(stanza_get(s, "utc"), 10));
    }
    buf_free(&out);
}

/* Against the C library's calendar, in steps that come by every day of the year. */
static void calendar_agrees(void **state)
{
    (void)state;
    for (int64_t t = 0; t < INT64_C(253402300800); t += 86400 * INT64_C(97) + 3607) {
        struct buf out = {0};
        time_t seconds = (time_t)t;
        struct tm parts;
        char wanted[32];
        int64_t back = 0;
        gmtime_r(&seconds, &parts);
        strftime(wanted, sizeof wanted, "%Y-%m-%dT%H:%M:%SZ", &parts);
        timestamp_add(&out, t);
        assert_string_equal(buf_text(&out), wanted);
        assert_true(timestamp_parse(buf_slice(&out), &back));
        assert_int_equal(back, t);
        buf_free(&out);
    }
}

/* What cannot be shown is shown as the nearest that can. */
static void outside(void **state)
{
    struct buf out = {0};
    (void)state;
    timestamp_add(&out, INT64_MIN);
    timestamp_add(&out, INT64_MAX);
    assert_string_equal(buf_text(&out), "1970-01-01T00:00:00Z9999-12-31T23:59:59Z");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(calendar_agrees),
        cmocka_unit_test(outside),
    };
    return stanzas_run("timestamp", fixed, sizeof fixed / sizeof *fixed,
                       "tests/unit/base/timestamp.cases", run_case);
}
