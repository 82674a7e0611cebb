/* go.mod files, and what a go/bump asks of them: stanzas of tests/unit/gomod.txt.
 *
 *   case: what it shows
 *   go.mod%: the file, URL-escaped; or "line: ..." one by one, after "module example.org/m"
 *   has: MODULE@VERSION = VERSION, or "no"
 *   replaced: OLD=PATH@VERSION = VERSION, or "no"
 *   error: part of the message */
#include "tests/unit/stanza.h"

#include "watcher/recipes/gomod.h"

#define CASES "tests/unit/gomod.txt"

static struct slice text_of(const struct stanza *s, struct arena *a)
{
    struct buf text = {0};
    if (stanza_has(s, "go.mod"))
        return stanza_get(s, "go.mod");
    buf_add_text(&text, "module example.org/m\n");
    stanza_add_lines(s, "line", &text);
    struct slice copy = arena_slice(a, buf_slice(&text));
    buf_free(&text);
    return copy;
}

/* "ASKED = EXPECTED" */
static void check(const struct gomod *m, struct slice row, bool replaced)
{
    size_t at = slice_find(row, SLICE(" = "));
    struct slice asked = slice_first(row, at), expected = slice_from(row, at + 3);
    struct slice old = asked, module, version, found;
    if (replaced)
        slice_split(&asked, '=', &old);
    assert_true(gomod_target(asked, &module, &version));
    found = replaced ? gomod_has_replace(m, old, module, version) : gomod_has(m, module, version);
    if (!found.ptr)
        found = SLICE("no");
    if (!slice_equal(found, expected))
        fail_msg("%.*s: found %.*s", SLICE_ARG(row), SLICE_ARG(found));
}

static void test_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    struct gomod m = {0};
    struct error e = {0};
    gomod_read(&a, text_of(s, &a), &m, &e);
    if (stanza_has(s, "error"))
        assert_true(slice_contains(slice_of(e.message), stanza_get(s, "error")));
    else
        assert_string_equal(e.message, "");
    for (size_t i = 0; i < s->lines.count; i++) {
        if (slice_is(s->lines.items[i].key, "has"))
            check(&m, s->lines.items[i].value, false);
        if (slice_is(s->lines.items[i].key, "replaced"))
            check(&m, s->lines.items[i].value, true);
    }
    arena_free(&a);
}

static const struct target {
    const char *text;
    bool good;
} targets[] = {
    {"golang.org/x/net@v0.55.0", true},
    {"google.golang.org/genproto@v0.0.0-20240730163845-b1a4ccb954bf", true},
    {"github.com/docker/docker@v28.0.0+incompatible", true},
    {"gopkg.in/yaml.v3@v3.0.1", true},
    {"golang.org/x/net@latest", false},
    {"golang.org/x/net@v0", false},
    {"golang.org/x/net@v0.55", false},
    {"golang.org/x/net@0.55.0", false},
    {"golang.org/x/net@b1a4ccb954bf", false},
    {"golang.org/x/net@", false},
    {"golang.org/x/net", false},
    {"@v1.0.0", false},
    {"std@v1.0.0", false},
    {"./local@v1.0.0", false},
    {"tokio@1.44.2", false},
    {"org.lz4@lz4-java@1.8.1", false},
    {"a.org/b=a.org/b@v1.0.0", false},
    {"", false},
};

static void test_target(void **state)
{
    const struct target *row = *state;
    struct slice module, version;
    assert_int_equal(gomod_target(slice_of(row->text), &module, &version), row->good);
}

static const struct order {
    const char *a;
    char sign;
    const char *b;
} orders[] = {
    {"v1.2.3", '<', "v1.10.0"},
    {"v1.2.3-rc.1", '<', "v1.2.3"},
    {"v2.0.0+incompatible", '=', "v2.0.0"},
    {"v28.0.0+incompatible", '>', "v27.5.1+incompatible"},
    {"v0.0.0-20240730163845-b1a4ccb954bf", '<', "v0.0.0-20260414002931-afd174a4e478"},
    {"v0.0.0-20240730163845-b1a4ccb954bf", '<', "v0.1.0"},
    {"v1.2.4-0.20240730163845-b1a4ccb954bf", '>', "v1.2.3"},
    {"v1.2.4-0.20240730163845-b1a4ccb954bf", '<', "v1.2.4"},
    {"v1.2.4-pre.0.20240730163845-b1a4ccb954bf", '>', "v1.2.4-pre"},
    {"v1.2", '?', "v1.2.0"},
    {"latest", '?', "v1.2.0"},
};

static void test_order(void **state)
{
    const struct order *row = *state;
    int order = 0;
    bool both = gomod_compare(slice_of(row->a), slice_of(row->b), &order);
    char sign = !both ? '?' : order < 0 ? '<' : order > 0 ? '>' : '=';
    assert_int_equal(sign, row->sign);
}

int main(void)
{
    enum { TARGETS = sizeof targets / sizeof *targets, ORDERS = sizeof orders / sizeof *orders };
    struct stanzas s;
    stanzas_read(&s, CASES);
    size_t count = TARGETS + ORDERS + s.list.count;
    struct CMUnitTest *tests = arena_array(&s.arena, count, sizeof *tests);
    struct CMUnitTest *next = tests;
    for (size_t i = 0; i < TARGETS; i++)
        *next++ = (struct CMUnitTest){*targets[i].text ? targets[i].text : "empty", test_target,
                                      NULL, NULL, (void *)(uintptr_t)&targets[i]};
    for (size_t i = 0; i < ORDERS; i++)
        *next++ =
            (struct CMUnitTest){orders[i].a, test_order, NULL, NULL, (void *)(uintptr_t)&orders[i]};
    for (size_t i = 0; i < s.list.count; i++)
        *next++ =
            (struct CMUnitTest){s.list.items[i].name, test_case, NULL, NULL, &s.list.items[i]};
    int failed = _cmocka_run_group_tests("gomod", tests, count, NULL, NULL);
    stanzas_free(&s);
    return failed;
}
