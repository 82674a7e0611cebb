/* Tests what adapters share: raw texts, links, digests, versions out of matches. */
#include "tests/unit/unit.h"

#include "sources/candidate.h"
#include "sources/json_member.h"

#define ZEROS_32 "00000000000000000000000000000000"
#define SHA256 "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
#define SHA256_LOWER "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define SHA256_BASE64 "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="

static void assert_text(const char *got, const char *want)
{
    if (want)
        assert_string_equal(got ? got : "(nothing)", want);
    else
        assert_null(got);
}

static void test_raw(void **state)
{
    (void)state;
    struct arena a = {0};
    struct candidates out = {0};
    struct error e = {0};
    assert_string_equal(candidate_add(&a, &out, SLICE("1.0\0-evil"), &e)->raw,
                        "1.0\xEF\xBF\xBD-evil");
    assert_string_equal(candidate_add(&a, &out, SLICE("\x1b[2J\n\xff"), &e)->raw, "\x1b[2J\n\xff");
    assert_int_equal(out.list.count, 2);
    arena_free(&a);
}

static void test_link(void **state)
{
    (void)state;
    static const struct {
        const char *base, *reference, *link;
    } rows[] = {
        {"https://a.org/x/y", "z.tgz", "https://a.org/x/z.tgz"},
        {"https://a.org/x/y", "../z?a=b#c", "https://a.org/z?a=b#c"},
        {"https://a.org/x/y", "//b.org/z", "https://b.org/z"},
        {"https://a.org/x/y", "HTTP://b.org/z", "HTTP://b.org/z"},
        {"", "https://b.org/", "https://b.org/"},
        {"", "z", NULL},
        {"https://a.org/x/y", "javascript:alert(1)", NULL},
        {"https://a.org/x/y", "data:text/html,x", NULL},
        {"https://a.org/x/y", "file:///etc/passwd", NULL},
        {"https://a.org/x/y", "ftp://a.org/", NULL},
        {"https://a.org/x/y", "https://user:pw@a.org/", NULL},
        {"https://a.org/x/y", "<img>|`\xe2\x80\xae", "https://a.org/x/%3Cimg%3E%7C%60%E2%80%AE"},
        {"https://a.org/x/y", "z\x1b", "https://a.org/x/z%1B"},
        {"https://a.org/x/y", "%41%zz", "https://a.org/x/%41%zz"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_text(candidate_link(&a, slice_of(rows[i].base), slice_of(rows[i].reference)),
                    rows[i].link);
    arena_free(&a);
}

static void test_asset(void **state)
{
    (void)state;
    static const struct {
        const char *reference, *name;
    } rows[] = {
        {"a/b-1.tgz", "b-1.tgz"},
        {"b-1.tgz?download=1#x", "b-1.tgz"},
        {"a/", NULL},
        {"javascript:x/b-1.tgz", NULL},
        {"", NULL},
        {"?x", NULL},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asset asset;
        bool ok = asset_make(&a, SLICE("https://a.org/"), slice_of(rows[i].reference), &asset);
        assert_int_equal(ok, rows[i].name != NULL);
        if (ok)
            assert_string_equal(asset.name, rows[i].name);
    }
    arena_free(&a);
}

static void test_digest(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sha256, *sha512;
    } rows[] = {
        {SHA256, SHA256_LOWER, NULL},
        {" " SHA256 "\n", SHA256_LOWER, NULL},
        {"SHA256:" SHA256, SHA256_LOWER, NULL},
        {"sha256-" SHA256_BASE64, SHA256_LOWER, NULL},
        {SHA256_BASE64, SHA256_LOWER, NULL},
        {ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32, NULL, ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32},
        {"sha512:" ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32, NULL, ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32},
        {ZEROS_32, NULL, NULL},
        {"sha1-lN37nO3e5ud/5YtPYgQMrDVr6vo=", NULL, NULL},
        {"g" SHA256, NULL, NULL},
        {"sha256:", NULL, NULL},
        {"sha256", NULL, NULL},
        {"", NULL, NULL},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asset asset = {0};
        asset_digest(&a, &asset, slice_of(rows[i].text));
        assert_text(asset.sha256, rows[i].sha256);
        assert_text(asset.sha512, rows[i].sha512);
    }
    arena_free(&a);
}

static void test_version(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *subject, *version;
    } rows[] = {
        {"\\d+", "v12", "12"},
        {"v(\\d+)", "v12", "12"},
        {"(v)(?P<version>\\d+)", "v12", "12"},
        {"(x)?v\\d+", "v12", "v12"},
        {"v()\\d+", "v12", NULL},
        {"w", "v12", NULL},
        {NULL, "v12", "v12"},
        {NULL, "", NULL},
        {"(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(given up)"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error e = {0};
        struct slice version = {0};
        const struct pattern *p =
            rows[i].pattern ? pattern_compile(&a, slice_of(rows[i].pattern), &e) : NULL;
        bool found = version_find(p, slice_of(rows[i].subject), &version, &e);
        const char *got = error_is_set(&e) ? "(given up)" : arena_text(&a, version);
        assert_text(found || error_is_set(&e) ? got : NULL, rows[i].version);
    }
    arena_free(&a);
}

static void test_json_member(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value; /* NULL = not there, "!" = broken */
    } rows[] = {
        {"{\"k\": 17 }", "17"},
        {" {\"a\":{\"k\":1},\"b\":[{\"k\":2}],\"k\":\"x\\\"}{\"}\n", "\"x\\\"}{\""},
        {"{\"k\":{\"a\":[1,{}]}}", "{\"a\":[1,{}]}"},
        {"{\"a\":\"\\\\\",\"k\":true}", "true"},
        {"{\"a\":\"k\"}", NULL},
        {"{}", NULL},
        {"", "!"},
        {"[]", "!"},
        {"{\"a\":1", "!"},
        {"{\"k\":}", "!"},
        {"{\"k\" 1}", "!"},
        {"{k:1}", "!"},
        {"{\"a\":[1}", "!"},
        {"{\"a\":\"\\\"}", "!"},
        {"{\"a\":1}}", "!"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error e = {0};
        struct slice value;
        bool ok = json_member(slice_of(rows[i].text), "k", &value, &e);
        assert_text(!ok ? "!" : value.ptr ? arena_text(&a, value) : NULL, rows[i].value);
        assert_int_equal(ok, !error_is_set(&e));
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raw),     cmocka_unit_test(test_link),
        cmocka_unit_test(test_asset),   cmocka_unit_test(test_digest),
        cmocka_unit_test(test_version), cmocka_unit_test(test_json_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
