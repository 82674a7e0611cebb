#include "tests/unit/unit.h"

#include "watcher/base/utf8.h"

#include <errno.h>

static void first_wins(void **state)
{
    struct error e = {0};
    (void)state;
    assert_false(error_is_set(&e));
    assert_false(error_set(&e, ERROR_UPSTREAM, "no %s in %d", "tag", 3));
    assert_true(error_is_set(&e));
    assert_false(error_set(&e, ERROR_SYSTEM, "later"));
    assert_false(error_at(&e, ERROR_SYSTEM, "f", 1, 1, "later"));
    assert_false(error_errno(&e, ERROR_SYSTEM, "later"));
    assert_int_equal(e.code, ERROR_UPSTREAM);
    assert_string_equal(e.message, "no tag in 3");
    error_clear(&e);
    assert_false(error_is_set(&e));
    assert_string_equal(e.message, "");
}

static void places(void **state)
{
    static const struct {
        size_t line, column;
        const char *wanted;
    } rows[] = {
        {12, 3, "redis.yaml:12:3: bad x"},
        {12, 0, "redis.yaml:12: bad x"},
        {0, 0, "redis.yaml: bad x"},
        {0, 3, "redis.yaml: bad x"}, /* a column without a line says nothing */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error e = {0};
        error_at(&e, ERROR_RECIPE, "redis.yaml", rows[i].line, rows[i].column, "bad %s", "x");
        assert_string_equal(e.message, rows[i].wanted);
    }
}

static void system_errors(void **state)
{
    struct error e = {0};
    (void)state;
    errno = ENOENT;
    error_errno(&e, ERROR_SYSTEM, "%s", "/nowhere");
    assert_string_equal(e.message, "/nowhere: No such file or directory");
}

static void context(void **state)
{
    struct error e = {0};
    (void)state;
    assert_false(error_context(&e, "nothing to add to"));
    assert_false(error_is_set(&e));
    error_set(&e, ERROR_NETWORK, "timed out");
    error_context(&e, "page %d", 2);
    error_context(&e, "github");
    assert_int_equal(e.code, ERROR_NETWORK);
    assert_string_equal(e.message, "github: page 2: timed out");
}

/* A message is one line that no terminal is steered by, whoever wrote its parts. */
static void hostile_text(void **state)
{
    struct error e = {0};
    (void)state;
    error_set(&e, ERROR_UPSTREAM, "tag \"%s\"", "v1\n\x1B[2J\xFF\xE2\x80\xAE\xC3\xA9");
    assert_string_equal(e.message, "tag \"v1\\x0a\\x1b[2J\\xff\\xe2\\x80\\xae\xC3\xA9\"");
    error_context(&e, "a\tb");
    assert_string_equal(e.message, "a\\x09b: tag \"v1\\x0a\\x1b[2J\\xff\\xe2\\x80\\xae\xC3\xA9\"");
}

/* Too long: cut between two characters, marked, and still ended. */
static void too_long(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 4; lead++) {
        struct error e = {0};
        struct buf text = {0};
        buf_pad(&text, 'a', lead);
        while (text.len < 3000)
            buf_add_text(&text, "\xE2\x82\xAC");
        error_set(&e, ERROR_UPSTREAM, "%s", buf_text(&text));
        struct slice message = slice_of(e.message);
        assert_true(message.len < ERROR_TEXT && message.len > ERROR_TEXT - 5);
        assert_true(slice_ends(message, SLICE("\xAC...")));
        assert_int_equal(utf8_valid_length(message), message.len);
        error_context(&e, "%s", "context");
        assert_true(slice_starts(slice_of(e.message), SLICE("context: ")));
        assert_true(slice_ends(slice_of(e.message), SLICE("...")));
        buf_free(&text);
    }
    struct error fits = {0};
    struct buf text = {0};
    buf_pad(&text, 'a', ERROR_TEXT - 1);
    error_set(&fits, ERROR_UPSTREAM, "%s", buf_text(&text));
    assert_string_equal(fits.message, buf_text(&text));
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_wins),    cmocka_unit_test(places),
        cmocka_unit_test(system_errors), cmocka_unit_test(context),
        cmocka_unit_test(hostile_text),  cmocka_unit_test(too_long),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
