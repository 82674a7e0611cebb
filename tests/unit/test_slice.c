#include "tests/unit/unit.h"

#include <limits.h>

static const struct slice NOTHING = {NULL, 0};

static void equality(void **state)
{
    (void)state;
    assert_true(slice_is(SLICE("abc"), "abc"));
    assert_false(slice_is(SLICE("abc"), "ab"));
    assert_false(slice_is(SLICE("ab"), "abc"));
    assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    assert_true(slice_equal(NOTHING, SLICE("")));
    assert_true(slice_is(slice_of(NULL), ""));
    assert_true(slice_empty(NOTHING));
    assert_false(slice_empty(SLICE(" ")));
    assert_true(slice_equal_nocase(SLICE("Content-Type"), SLICE("content-TYPE")));
    assert_false(slice_equal_nocase(SLICE("a"), SLICE("ab")));
    assert_false(slice_equal_nocase(SLICE("["), SLICE("{"))); /* 0x20 apart, as letters are */
}

static void order(void **state)
{
    (void)state;
    assert_true(slice_compare(SLICE("a"), SLICE("b")) < 0);
    assert_true(slice_compare(SLICE("b"), SLICE("a")) > 0);
    assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    assert_true(slice_compare(SLICE("ab"), SLICE("a")) > 0);
    assert_int_equal(slice_compare(SLICE("ab"), SLICE("ab")), 0);
    assert_int_equal(slice_compare(NOTHING, SLICE("")), 0);
    assert_true(slice_compare(NOTHING, SLICE("a")) < 0);
    assert_true(slice_compare(SLICE("\x7F"), SLICE("\x80")) < 0); /* bytes have no sign */
}

static void ends(void **state)
{
    (void)state;
    assert_true(slice_starts(SLICE("v1.2"), SLICE("v")));
    assert_true(slice_starts(SLICE("v1.2"), SLICE("")));
    assert_false(slice_starts(SLICE("v"), SLICE("v1")));
    assert_true(slice_ends(SLICE("1.2-src"), SLICE("-src")));
    assert_false(slice_ends(SLICE("src"), SLICE("-src")));
    assert_true(slice_ends(NOTHING, NOTHING));
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(slice_find(SLICE("aabaac"), SLICE("aac")), 3);
    assert_int_equal(slice_find(SLICE("abc"), SLICE("abc")), 0);
    assert_int_equal(slice_find(SLICE("abc"), SLICE("c")), 2);
    assert_int_equal(slice_find(SLICE("abc"), SLICE("")), 0);
    assert_true(slice_find(SLICE("abc"), SLICE("abcd")) == SLICE_NONE);
    assert_true(slice_find(SLICE("aab"), SLICE("aac")) == SLICE_NONE);
    assert_true(slice_find(NOTHING, SLICE("a")) == SLICE_NONE);
    assert_int_equal(slice_find(SLICE("a\0b"), SLICE("\0b")), 1);
    assert_int_equal(slice_find_byte(SLICE("a/b/c"), '/'), 1);
    assert_int_equal(slice_find_last_byte(SLICE("a/b/c"), '/'), 3);
    assert_true(slice_find_byte(NOTHING, 'a') == SLICE_NONE);
    assert_true(slice_find_last_byte(SLICE("abc"), 'x') == SLICE_NONE);
    assert_true(slice_contains(SLICE("release-1"), SLICE("ease")));
    assert_false(slice_contains(SLICE("release-1"), SLICE("east")));
}

static void parts(void **state)
{
    (void)state;
    assert_slice(slice_from(SLICE("abc"), 1), SLICE("bc"));
    assert_slice(slice_from(SLICE("abc"), 9), SLICE(""));
    assert_null(slice_from(NOTHING, 2).ptr);
    assert_slice(slice_first(SLICE("abc"), 2), SLICE("ab"));
    assert_slice(slice_first(SLICE("abc"), 9), SLICE("abc"));
    assert_slice(slice_trim(SLICE(" \t\r\n\v\fa b\n ")), SLICE("a b"));
    assert_slice(slice_trim(SLICE("  ")), SLICE(""));
    assert_slice(slice_trim(SLICE("\xC2\xA0x")), SLICE("\xC2\xA0x")); /* ASCII blanks only */
}

static void splitting(void **state)
{
    struct slice rest = SLICE(",a,,b"), part;
    (void)state;
    assert_true(slice_split(&rest, ',', &part));
    assert_slice(part, SLICE(""));
    assert_true(slice_split(&rest, ',', &part));
    assert_slice(part, SLICE("a"));
    assert_true(slice_split(&rest, ',', &part));
    assert_slice(part, SLICE(""));
    assert_true(slice_split(&rest, ',', &part));
    assert_slice(part, SLICE("b"));
    assert_false(slice_split(&rest, ',', &part));
    rest = SLICE("a,");
    assert_true(slice_split(&rest, ',', &part));
    assert_true(slice_split(&rest, ',', &part));
    assert_slice(part, SLICE(""));
    assert_false(slice_split(&rest, ',', &part));
}

static void lines(void **state)
{
    struct slice rest = SLICE("a\r\n\nb\rc"), line;
    (void)state;
    assert_true(slice_line(&rest, &line));
    assert_slice(line, SLICE("a"));
    assert_true(slice_line(&rest, &line));
    assert_slice(line, SLICE(""));
    assert_true(slice_line(&rest, &line));
    assert_slice(line, SLICE("b\rc"));
    assert_false(slice_line(&rest, &line));
    rest = SLICE("a\n");
    assert_true(slice_line(&rest, &line));
    assert_false(slice_line(&rest, &line));
    rest = NOTHING;
    assert_false(slice_line(&rest, &line));
}

static void numbers(void **state)
{
    unsigned long long n = 7;
    (void)state;
    assert_true(slice_number(SLICE("0042"), &n));
    assert_int_equal(n, 42);
    assert_true(slice_number(SLICE("18446744073709551615"), &n));
    assert_true(n == ULLONG_MAX);
    n = 7;
    assert_false(slice_number(SLICE("18446744073709551616"), &n));
    assert_false(slice_number(SLICE("99999999999999999999999"), &n));
    assert_false(slice_number(SLICE(""), &n));
    assert_false(slice_number(SLICE("-1"), &n));
    assert_false(slice_number(SLICE("+1"), &n));
    assert_false(slice_number(SLICE(" 1"), &n));
    assert_false(slice_number(SLICE("1\0"), &n));
    assert_int_equal(n, 7);
}

static void classes(void **state)
{
    (void)state;
    for (int i = CHAR_MIN; i <= CHAR_MAX; i++) {
        char c = (char)i;
        assert_int_equal(is_digit(c), c != 0 && strchr("0123456789", c) != NULL);
        assert_int_equal(is_hex(c), c != 0 && strchr("0123456789abcdefABCDEF", c) != NULL);
        assert_int_equal(is_blank(c), c != 0 && strchr(" \t\n\v\f\r", c) != NULL);
        assert_int_equal(is_letter(c), is_lower(c) || is_upper(c));
        assert_int_equal(to_lower(c), is_upper(c) ? c + 32 : c);
        assert_false(i < 0 && (is_letter(c) || is_digit(c) || is_blank(c)));
    }
    assert_true(slice_all_digits(SLICE("0123456789")));
    assert_false(slice_all_digits(SLICE("12a")));
    assert_false(slice_all_digits(NOTHING));
    assert_true(slice_all_hex(SLICE("00fFaA9")));
    assert_false(slice_all_hex(SLICE("0g")));
    assert_false(slice_all_hex(NOTHING));
}

static void width_for_printf(void **state)
{
    (void)state;
    assert_int_equal(slice_width(slice_new("", (size_t)INT_MAX + 1)), INT_MAX);
    assert_int_equal(slice_width(SLICE("abc")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality), cmocka_unit_test(order),
        cmocka_unit_test(ends),     cmocka_unit_test(finding),
        cmocka_unit_test(parts),    cmocka_unit_test(splitting),
        cmocka_unit_test(lines),    cmocka_unit_test(numbers),
        cmocka_unit_test(classes),  cmocka_unit_test(width_for_printf),
    };
    return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
