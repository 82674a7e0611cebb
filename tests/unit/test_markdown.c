/* Upstream's text in Markdown: tests/unit/stages/markdown.txt, and blocks. */
#include "tests/unit/stanza.h"

#include "watcher/base/utf8.h"
#include "watcher/markdown.h"

static void check(const struct stanza *s, const char *key,
                  void (*add)(struct buf *out, struct slice text))
{
    struct buf out = {0};
    if (!stanza_has(s, key))
        return;
    add(&out, stanza_get(s, "text"));
    assert_slice(buf_slice(&out), stanza_get(s, key));
    buf_free(&out);
}

static void test_stanza(void **state)
{
    const struct stanza *s = *state;
    assert_true(stanza_has(s, "plain") || stanza_has(s, "code") || stanza_has(s, "cell"));
    check(s, "plain", markdown_add);
    check(s, "code", markdown_add_code);
    check(s, "cell", markdown_add_code_cell);
}

static void check_block(const char *text, const char *wanted)
{
    struct buf out = {0};
    markdown_add_block(&out, "diff", slice_of(text));
    assert_string_equal(buf_text(&out), wanted);
    buf_free(&out);
}

static void test_block(void **state)
{
    (void)state;
    check_block("-a\n+b\n", "```diff\n-a\n+b\n```\n");
    check_block("no line break", "```diff\nno line break\n```\n");
    check_block("", "```diff\n```\n");
    check_block("```\n</details>\n", "````diff\n```\n</details>\n````\n");
    check_block("a ````` b", "``````diff\na ````` b\n``````\n");
}

static void check_quoted(const char *text, size_t most, const char *wanted)
{
    struct buf out = {0};
    markdown_add_quoted(&out, slice_of(text), most);
    assert_string_equal(buf_text(&out), wanted);
    assert_true(out.len <= most);
    buf_free(&out);
}

static void test_quoted(void **state)
{
    (void)state;
    check_quoted("", 100, "");
    check_quoted("one\r\ntwo", 100, "one\ntwo\n");
    check_quoted("a\tb", 100, "a    b\n");
    check_quoted("by @octocat in #12, GH-3", 100,
                 "by @\xE2\x80\x8Boctocat in #\xE2\x80\x8B"
                 "12, GH-\xE2\x80\x8B"
                 "3\n");
    check_quoted("\x1b[2J\x07", 100, "\\x1b[2J\\x07\n");
    check_quoted("one\ntwo\nthree\n", 17, "one\ntwo\n[...]\n");
    check_quoted("one\ntwo\n", 16, "one\ntwo\n");
}

/* What is cut stays UTF-8 and within the limit, whatever it is. */
static void test_quoted_long(void **state)
{
    static const char *const lines[] = {"a",   "\xC3\xBC", "\xE6\x97\xA5", "\x01",
                                        "@x ", "\n",       "```"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct buf text = {0}, out = {0};
        for (int k = 0; k < 40000; k++)
            buf_add_text(&text, lines[i]);
        markdown_add_quoted(&out, buf_slice(&text), 30000);
        assert_true(out.len <= 30000 && out.len > 29900);
        assert_int_equal(utf8_valid_length(buf_slice(&out)), out.len);
        assert_true(slice_ends(buf_slice(&out), SLICE("\n[...]\n")));
        buf_free(&text);
        buf_free(&out);
    }
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_quoted_long),
    };
    return stanzas_run("markdown", fixed, sizeof fixed / sizeof *fixed,
                       "tests/unit/stages/markdown.txt", test_stanza);
}
