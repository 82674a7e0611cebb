#include "tests/unit/stanza.h"

static void check_parse(const struct stanza *s)
{
    struct url u;
    if (stanza_has(s, "bad")) {
        assert_false(url_parse(stanza_get(s, "parse"), &u));
        return;
    }
    assert_true(url_parse(stanza_get(s, "parse"), &u));
    assert_slice(u.scheme, stanza_get(s, "scheme"));
    assert_slice(u.user, stanza_get(s, "user"));
    assert_slice(u.host, stanza_get(s, "host"));
    assert_slice(u.port, stanza_get(s, "port"));
    assert_slice(u.path, stanza_get(s, "path"));
    assert_slice(u.query, stanza_get(s, "query"));
    assert_slice(u.fragment, stanza_get(s, "fragment"));
}

static void run_case(void **state)
{
    const struct stanza *s = *state;
    struct buf out = {0};
    bool bad = stanza_has(s, "bad");
    if (stanza_has(s, "parse")) {
        check_parse(s);
    } else if (stanza_has(s, "base")) {
        assert_int_equal(url_join(&out, stanza_get(s, "base"), stanza_get(s, "reference")), !bad);
        assert_slice(buf_slice(&out), stanza_get(s, "joined"));
    } else if (stanza_has(s, "escape")) {
        url_escape(&out, stanza_get(s, "escape"), stanza_has(s, "slash"));
        assert_slice(buf_slice(&out), stanza_get(s, "escaped"));
    } else if (stanza_has(s, "unescape")) {
        assert_int_equal(url_unescape(&out, stanza_get(s, "unescape")), !bad);
        assert_slice(buf_slice(&out), stanza_get(s, "plain"));
    } else {
        assert_true(stanza_has(s, "show"));
        url_add_public(&out, stanza_get(s, "show"));
        assert_slice(buf_slice(&out), stanza_get(s, "shown"));
    }
    buf_free(&out);
}

/* Every byte survives the way there and back. */
static void escape_and_back(void **state)
{
    struct buf bytes = {0}, escaped = {0}, plain = {0};
    (void)state;
    for (int i = 0; i < 256; i++)
        buf_add_byte(&bytes, (char)i);
    url_escape(&escaped, buf_slice(&bytes), false);
    assert_true(url_unescape(&plain, buf_slice(&escaped)));
    assert_true(slice_equal(buf_slice(&plain), buf_slice(&bytes)));
    buf_free(&bytes);
    buf_free(&escaped);
    buf_free(&plain);
}

static void failure_adds_nothing(void **state)
{
    struct buf out = {0};
    (void)state;
    buf_add_text(&out, "kept");
    assert_false(url_unescape(&out, SLICE("abc%")));
    assert_false(url_join(&out, SLICE("nothing"), SLICE("x")));
    assert_string_equal(buf_text(&out), "kept");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(escape_and_back),
        cmocka_unit_test(failure_adds_nothing),
    };
    return stanzas_run("url", fixed, sizeof fixed / sizeof *fixed, "tests/unit/base/url.cases",
                       run_case);
}
