/* When a component is looked at again: from, period, until. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "watcher/base/buf.h"
#include "watcher/base/timestamp.h"
#include "watcher/schedule.h"

static const struct row {
    const char *looked, *schedule, *next;
} rows[] = {
    {"2026-10-30T06:00:05Z", "daily", "2026-10-31T00:00:00Z"},
    {"2026-12-31T23:59:59Z", "daily", "2027-01-01T00:00:00Z"},
    {"2026-10-30T06:00:05Z", "weekly", "2026-11-06T00:00:00Z"},
    {"2026-10-30T06:00:05Z", "monthly", "2026-11-30T00:00:00Z"},
    {"2026-10-31T06:00:05Z", "monthly", "2026-11-30T00:00:00Z"},
    {"2026-12-15T00:00:00Z", "monthly", "2027-01-15T00:00:00Z"},
    {"2026-01-31T00:00:00Z", "monthly", "2026-02-28T00:00:00Z"},
    {"2028-01-31T00:00:00Z", "monthly", "2028-02-29T00:00:00Z"},
    {"2028-01-29T12:00:00Z", "monthly", "2028-02-29T00:00:00Z"},
    {"2100-01-30T00:00:00Z", "monthly", "2100-02-28T00:00:00Z"},
    {"2026-02-28T00:00:00Z", "monthly", "2026-03-28T00:00:00Z"},
    {"1970-01-01T00:00:00Z", "monthly", "1970-02-01T00:00:00Z"},
    {"2026-10-30T06:00:05Z", "yearly", "2026-10-30T06:00:05Z"},
};

static void test_row(void **state)
{
    const struct row *row = *state;
    int64_t looked = 0;
    struct buf next = {0};
    assert_true(timestamp_parse(slice_of(row->looked), &looked));
    timestamp_add(&next, schedule_next(row->schedule, looked));
    assert_string_equal(buf_text(&next), row->next);
    buf_free(&next);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS];
    char names[ROWS][64];
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(names[i], sizeof names[i], "%s from %s", rows[i].schedule, rows[i].looked);
        tests[i] = (struct CMUnitTest){names[i], test_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    }
    return _cmocka_run_group_tests("schedule", tests, ROWS, NULL, NULL);
}
