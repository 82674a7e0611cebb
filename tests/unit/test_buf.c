#include "tests/unit/unit.h"

static void starts_empty(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_slice(&b).len, 0);
    buf_clear(&b);
    buf_cut(&b, 0);
    assert_string_equal(buf_text(&b), "");
    buf_free(&b);
    buf_free(&b);
}

static void grows_and_stays_ended(void **state)
{
    struct buf b = {0};
    (void)state;
    for (size_t i = 0; i < 10000; i++) {
        assert_true(buf_add_byte(&b, (char)('a' + i % 26)));
        assert_int_equal(b.ptr[b.len], '\0');
    }
    assert_int_equal(b.len, 10000);
    assert_memory_equal(b.ptr + 9984, "abcdefghijklmnop", 16); /* 9984 = 384 * 26 */
    buf_free(&b);
}

static void adds_of_every_kind(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_true(buf_add(&b, SLICE("a\0b")));
    assert_true(buf_add_text(&b, "-"));
    assert_true(buf_add_text(&b, NULL));
    assert_true(buf_addf(&b, "%d%%%s", 12, "x"));
    assert_true(buf_pad(&b, '.', 3));
    assert_true(buf_pad(&b, '.', 0));
    assert_slice(buf_slice(&b), SLICE("a\0b-12%x..."));
    buf_free(&b);
}

static void maximum(void **state)
{
    struct buf b = BUF_MAX(5);
    (void)state;
    assert_true(buf_add_text(&b, "abc"));
    assert_false(buf_add_text(&b, "def"));
    assert_true(b.overflow);
    assert_string_equal(buf_text(&b), "abc"); /* all or nothing */
    assert_true(buf_add_text(&b, "de"));
    assert_false(buf_add_byte(&b, 'f'));
    assert_false(buf_addf(&b, "%d", 7));
    assert_false(buf_pad(&b, ' ', 1));
    assert_string_equal(buf_text(&b), "abcde");
    assert_true(b.overflow);
    buf_clear(&b);
    assert_false(b.overflow);
    assert_true(buf_addf(&b, "%s", "12345"));
    buf_free(&b);
    assert_int_equal(b.max, 5);
    assert_false(buf_add_text(&b, "123456"));
    buf_free(&b);
}

static void sizes_that_cannot_be(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_add_text(&b, "x");
    assert_false(buf_pad(&b, ' ', SIZE_MAX));
    assert_false(buf_pad(&b, ' ', SIZE_MAX - 1));
    assert_true(b.overflow);
    assert_string_equal(buf_text(&b), "x");
    buf_free(&b);
}

static void cutting(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_add_text(&b, "abcdef");
    buf_cut(&b, 9);
    assert_string_equal(buf_text(&b), "abcdef");
    buf_cut(&b, 2);
    assert_string_equal(buf_text(&b), "ab");
    buf_add_text(&b, "c");
    assert_string_equal(buf_text(&b), "abc");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_empty),         cmocka_unit_test(grows_and_stays_ended),
        cmocka_unit_test(adds_of_every_kind),   cmocka_unit_test(maximum),
        cmocka_unit_test(sizes_that_cannot_be), cmocka_unit_test(cutting),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
