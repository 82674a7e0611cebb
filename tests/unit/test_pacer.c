/* Writes stay under GitHub's limits: 80 a minute, 500 an hour. */
#include "tests/unit/unit.h"

#include "git/pacer.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static void test_a_minute(void **state)
{
    struct pacer p = {0};
    (void)state;
    for (int i = 0; i < PACER_MINUTE; i++) {
        assert_int_equal(pacer_wait_at(&p, i * 100), 0);
        pacer_note(&p, i * 100);
    }
    assert_int_equal(pacer_wait_at(&p, 10 * SECOND), 50 * SECOND);
    assert_int_equal(pacer_wait_at(&p, MINUTE), 0);
    pacer_note(&p, MINUTE);
    assert_int_equal(pacer_wait_at(&p, MINUTE), 100); /* until the second one is a minute old */
}

static void test_an_hour(void **state)
{
    struct pacer p = {0};
    int64_t now = 0;
    (void)state;
    for (int i = 0; i < PACER_HOUR; i++) {
        now += pacer_wait_at(&p, now);
        pacer_note(&p, now);
    }
    assert_int_equal(now, 6 * MINUTE); /* 80 at once, and 80 more with every minute */
    assert_int_equal(pacer_wait_at(&p, now), HOUR - now);
    assert_int_equal(pacer_wait_at(&p, HOUR), 0);
}

static int64_t clock_at(void *arg)
{
    return *(int64_t *)arg;
}

static void test_what_is_too_long_is_left_for_the_next_run(void **state)
{
    struct pacer p = {0};
    struct error e = {0};
    int64_t now = 0;
    struct context ctx = {.milliseconds = clock_at, .arg = &now};
    (void)state;
    for (int i = 0; i < PACER_HOUR; i++)
        pacer_note(&p, i * SECOND);
    now = PACER_HOUR * SECOND;
    assert_false(pacer_take(&p, &ctx, &e));
    assert_int_equal(e.code, ERROR_NETWORK);
    assert_string_equal(e.message,
                        "GitHub takes at most 500 writes an hour, and this run made as many; "
                        "run mwatch again in 52 minutes");
    now = HOUR;
    error_clear(&e);
    assert_true(pacer_take(&p, &ctx, &e));
    assert_int_equal(p.count, PACER_HOUR + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_minute),
        cmocka_unit_test(test_an_hour),
        cmocka_unit_test(test_what_is_too_long_is_left_for_the_next_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
