#include "tests/unit/stanza.h"

#include "watcher/base/text.h"

static const char *const words[] = {"source",     "scheme", "stream",       "sources",
                                    "tag-filter", "a",      "strip-prefix", NULL};

static void check_visible(const struct stanza *s)
{
    struct buf out = {0};
    struct slice text = stanza_get(s, "show");
    bool left_alone = !stanza_has(s, "shown");
    text_add_visible(&out, text);
    assert_slice(buf_slice(&out), left_alone ? text : stanza_get(s, "shown"));
    assert_int_equal(text_is_visible(text), left_alone);
    assert_true(text_is_visible(buf_slice(&out)));
    buf_free(&out);
}

static size_t number(const struct stanza *s, const char *key)
{
    unsigned long long n = 0;
    assert_true(slice_number(stanza_get(s, key), &n));
    return (size_t)n;
}

static void check_cut(const struct stanza *s)
{
    struct buf out = {0};
    size_t columns = number(s, "to");
    text_add_cut(&out, stanza_get(s, "cut"), columns);
    assert_slice(buf_slice(&out), stanza_get(s, "result"));
    assert_true(text_width(buf_slice(&out)) <= columns);
    buf_free(&out);
}

static void check_size(const struct stanza *s)
{
    struct buf out = {0};
    text_add_size(&out, number(s, "size"));
    assert_slice(buf_slice(&out), stanza_get(s, "people"));
    buf_free(&out);
}

static void run_case(void **state)
{
    const struct stanza *s = *state;
    if (stanza_has(s, "show")) {
        check_visible(s);
    } else if (stanza_has(s, "cut")) {
        check_cut(s);
    } else if (stanza_has(s, "of")) {
        assert_int_equal(text_width(stanza_get(s, "of")), number(s, "width"));
    } else if (stanza_has(s, "size")) {
        check_size(s);
    } else {
        const char *near = text_nearest(stanza_get(s, "word"), words);
        assert_true(stanza_has(s, "word"));
        assert_slice(slice_of(near ? near : "-"), stanza_get(s, "near"));
    }
}

/* No byte that steers a terminal gets through, whatever stands beside it. */
static void every_pair_of_bytes(void **state)
{
    struct buf out = {0};
    (void)state;
    for (int i = 0; i < 65536; i++) {
        char pair[] = {(char)(i >> 8), (char)i};
        buf_clear(&out);
        text_add_visible(&out, slice_new(pair, 2));
        for (size_t at = 0; at < out.len; at++)
            assert_true((unsigned char)out.ptr[at] >= 0x20 && out.ptr[at] != 0x7F);
        assert_true(text_is_visible(buf_slice(&out)));
    }
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {cmocka_unit_test(every_pair_of_bytes)};
    return stanzas_run("text", fixed, sizeof fixed / sizeof *fixed, "tests/unit/base/text.cases",
                       run_case);
}
