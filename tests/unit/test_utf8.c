#include "tests/unit/unit.h"

#include "watcher/base/utf8.h"

/* Write a code point by the definition, whether or not it may be written. */
static struct slice encode(uint32_t c, size_t len, char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(lead[len] | c);
    return slice_new(out, len);
}

static size_t shortest(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* Every code point in every length that can hold it: only the shortest form of what is no surrogate
 * is valid. */
static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x200000; c++) {
        for (size_t len = shortest(c); len <= 4; len++) {
            char bytes[4];
            uint32_t point = 0;
            bool valid = len == shortest(c) && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
            struct slice s = encode(c, len, bytes);
            if (utf8_decode(s, &point) != (valid ? len : 0) || (valid && point != c))
                fail_msg("U+%X in %zu bytes", (unsigned)c, len);
        }
    }
}

static void what_is_cut_off(void **state)
{
    uint32_t point;
    (void)state;
    assert_int_equal(utf8_decode(SLICE(""), &point), 0);
    assert_int_equal(utf8_decode(SLICE("\xC3"), &point), 0);
    assert_int_equal(utf8_decode(SLICE("\xE2\x82"), &point), 0);
    assert_int_equal(utf8_decode(SLICE("\xF0\x9F\x98"), &point), 0);
    assert_int_equal(utf8_decode(SLICE("\xC3z"), &point), 0);
    assert_int_equal(utf8_decode(SLICE("\x80"), &point), 0);
    assert_int_equal(utf8_decode(SLICE("\xFF"), &point), 0);
}

/* A bad byte is found wherever it stands beside the steps of eight. */
static void valid_length(void **state)
{
    char text[64];
    (void)state;
    for (size_t len = 0; len < sizeof text; len++) {
        for (size_t bad = 0; bad <= len; bad++) {
            memset(text, 'a', sizeof text);
            if (bad < len)
                text[bad] = '\xFF';
            assert_int_equal(utf8_valid_length(slice_new(text, len)), bad);
        }
    }
    struct slice mixed = SLICE("abcdefgh\xC3\xA9ijklmnopq\xE2\x82\xACr\xF0\x9F\x98\x80xyz");
    for (size_t len = 0; len <= mixed.len; len++) {
        size_t valid = utf8_valid_length(slice_first(mixed, len));
        assert_true(valid <= len && len - valid < 4);
    }
    assert_int_equal(utf8_valid_length(mixed), mixed.len);
    assert_int_equal(utf8_valid_length(slice_first(mixed, 9)), 8);
    assert_int_equal(utf8_valid_length(slice_of(NULL)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(what_is_cut_off),
        cmocka_unit_test(valid_length),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
