/* Specs made of names and parameters: what is accepted, and every message to the letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sources/expand.h"
#include "sources/key.h"
#include "sources/source.h"

#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 8 };

/* The name stands at 3:5, the N-th parameter at (3+N):7. Parameters are "key=value" lines. */
static const struct spec_case {
    const char *name;
    const char *parameters;
    const char *outcome; /* the identity, or the message */
} spec_cases[] = {
    {"git", "=https://git.example.org/a.git", "git repository=29:https://git.example.org/a.git"},
    {"git", "repository=https://git.example.org/a.git\nbranch=main",
     "git repository=29:https://git.example.org/a.git branch=4:main"},
    {"git", "branch=main\n=file:///srv/a", "git repository=13:file:///srv/a branch=4:main"},
    {"git", "=HTTPS://git.example.org/a", "git repository=25:HTTPS://git.example.org/a"},
    {"github", "=redis/redis",
     "github repository=11:redis/redis use=8:releases api=22:https://api.github.com "
     "server=18:https://github.com"},
    {"github", "repository=redis/redis\nuse=tags",
     "github repository=11:redis/redis use=4:tags api=22:https://api.github.com "
     "server=18:https://github.com"},
    {"codeberg", "=forgejo/forgejo", "git repository=40:https://codeberg.org/forgejo/forgejo.git"},
    {"codeberg", "repository=a b/c?d", "git repository=36:https://codeberg.org/a%20b/c%3Fd.git"},

    {"githib", "", "f.yaml:3:5: unknown source githib (github?)"},
    {"GitHub", "=redis/redis", "f.yaml:3:5: unknown source GitHub (github?)"},
    {"", "", "f.yaml:3:5: unknown source ; `mwatch sources` lists them"},
    {"entirely-other", "",
     "f.yaml:3:5: unknown source entirely-other; `mwatch sources` lists them"},
    {"git\x1b[2J", "", "f.yaml:3:5: unknown source git\\x1b[2J; `mwatch sources` lists them"},
    {"github", "repsitory=redis/redis",
     "f.yaml:4:7: unknown key repsitory of source github (repository?)"},
    {"git", "=https://git.example.org/a\ntags=true",
     "f.yaml:5:7: unknown key tags of source git, which has repository, branch"},
    {"codeberg", "branch=main",
     "f.yaml:4:7: unknown key branch of source codeberg, which has repository"},
    {"git", "", "f.yaml:3:5: source git needs repository (URL of the repository (https or file))"},
    {"git", "branch=main",
     "f.yaml:3:5: source git needs repository (URL of the repository (https or file))"},
    {"codeberg", "", "f.yaml:3:5: source codeberg needs repository (owner/name)"},
    {"github", "=redis/redis\nrepository=valkey-io/valkey",
     "f.yaml:5:7: repository of source github is given twice"},
    {"github", "=redis/redis\n=valkey-io/valkey",
     "f.yaml:5:7: repository of source github is given twice"},
    {"github", "repository=", "f.yaml:4:7: repository of source github: empty"},
    {"git", "=git.example.org/a",
     "f.yaml:4:7: repository of source git: not a URL: "
     "git.example.org/a"},
    {"git", "=", "f.yaml:4:7: repository of source git: not a URL"},
    {"git", "=git@github.com:redis/redis", "f.yaml:4:7: repository of source git: not a URL"},
    {"git", "=ssh://git:secret@example.org/a",
     "f.yaml:4:7: repository of source git: only https, http and file URLs can be asked"},
    {"git", "=git://example.org/a",
     "f.yaml:4:7: repository of source git: only https, http and "
     "file URLs can be asked: git://example.org/a"},
    {"github", "=redis/redis\nuse=tagz",
     "f.yaml:5:7: use of source github: not releases, tags or tags-api: tagz"},
    {"github",
     "=redis/redis\nuse=", "f.yaml:5:7: use of source github: not releases, tags or tags-api"},
    {"github", "=redis\x07/redis",
     "f.yaml:4:7: repository of source github: a control character: redis\\x07/redis"},
};

static size_t split_parameters(const char *text, struct parameter *out)
{
    struct slice rest = slice_of(text), line;
    size_t count = 0;
    while (slice_line(&rest, &line)) {
        struct parameter *p = &out[count];
        *p = (struct parameter){.value = line, .line = 4 + count, .column = 7};
        slice_split(&p->value, '=', &p->key);
        count++;
    }
    return count;
}

static void test_spec(void **state)
{
    const struct spec_case *c = *state;
    struct arena a = {0};
    struct error e = {0};
    struct spec spec;
    struct parameter name = {.value = slice_of(c->name), .line = 3, .column = 5};
    struct parameter parameters[PARAMETERS];
    size_t count = split_parameters(c->parameters, parameters);
    if (spec_make(&a, "f.yaml", &name, parameters, count, &spec, &e)) {
        assert_string_equal(spec_identity(&a, &spec), c->outcome);
    } else {
        assert_int_equal(e.code, ERROR_USAGE);
        assert_string_equal(e.message, c->outcome);
    }
    arena_free(&a);
}

static void make(struct arena *a, const char *name, const char *text, struct spec *out)
{
    struct parameter parameters[PARAMETERS], word = {.value = slice_of(name)};
    struct error e = {0};
    size_t count = split_parameters(text, parameters);
    assert_true(spec_make(a, "f.yaml", &word, parameters, count, out, &e));
}

static void test_values(void **state)
{
    (void)state;
    struct arena a = {0};
    struct spec spec;
    make(&a, "git", "=https://git.example.org/a", &spec);
    assert_string_equal(spec_value(&spec, "repository"), "https://git.example.org/a");
    assert_null(spec_value(&spec, "branch"));
    assert_null(spec_value(&spec, "no such key"));
    assert_false(spec_flag(&spec, "branch"));
    assert_null(spec.preset);
    make(&a, "git", "=https://git.example.org/a\nbranch=true", &spec);
    assert_true(spec_flag(&spec, "branch"));
    make(&a, "codeberg", "=forgejo/forgejo", &spec);
    assert_string_equal(spec.preset, "codeberg");
    assert_string_equal(spec.source->name, "git");
    arena_free(&a);
}

/* What is asked decides, not how it was written. */
static void test_identity(void **state)
{
    (void)state;
    struct arena a = {0};
    struct spec preset, plain, hinted;
    make(&a, "codeberg", "=forgejo/forgejo", &preset);
    make(&a, "git", "=https://codeberg.org/forgejo/forgejo.git", &plain);
    hinted = plain;
    hinted.prefix = "v";
    assert_string_equal(spec_identity(&a, &preset), spec_identity(&a, &plain));
    assert_string_not_equal(spec_identity(&a, &hinted), spec_identity(&a, &plain));
    arena_free(&a);
}

/* A name cut short by a NUL byte is another name. */
static void test_nul(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    struct spec spec;
    struct parameter name = {.value = SLICE("git\0"), .line = 1};
    assert_false(spec_make(&a, "f.yaml", &name, NULL, 0, &spec, &e));
    assert_string_equal(e.message, "f.yaml:1: unknown source git\\x00 (git?)");
    arena_free(&a);
}

/* "name" is "a/b c", "id" is "x.y'z\", "server" is "https://example.org/", "none" is absent. */
static const struct expand_case {
    const char *template;
    enum key_type into;
    const char *outcome; /* NULL: left out */
} expand_cases[] = {
    {"{server}/api/{name}/tags", KEY_URL, "https://example.org/api/a/b%20c/tags"},
    {"{server}/api/{name%}/tags", KEY_URL, "https://example.org/api/a%2Fb%20c/tags"},
    {"https://example.org/{id}", KEY_URL, "https://example.org/x.y%27z%5C"},
    {"<a>{id}-(\\d{4})</a>", KEY_PATTERN, "<a>x\\.y'z\\\\-(\\d{4})</a>"},
    {"$.packages['{id}'][*]", KEY_PATH, "$.packages['x.y\\'z\\\\'][*]"},
    {"{id} and {name}", KEY_TEXT, "x.y'z\\ and a/b c"},
    {"{unknown} {} { {name", KEY_TEXT, "{unknown} {} { {name"},
    {"{{name}}", KEY_TEXT, "{a/b c}"},
    {"{none}", KEY_TEXT, NULL},
    {"x{name}{none}", KEY_URL, NULL},
    {"plain", KEY_TEXT, "plain"},
    {"", KEY_TEXT, ""},
};

static void test_expand(void **state)
{
    const struct expand_case *c = *state;
    static const struct source_key keys[] = {{"name", KEY_TEXT, true, NULL, "", NULL},
                                             {"id", KEY_TEXT, true, NULL, "", NULL},
                                             {"server", KEY_URL, true, NULL, "", NULL},
                                             {"none", KEY_TEXT, false, NULL, "", NULL}};
    static const char *const values[] = {"a/b c", "x.y'z\\", "https://example.org/", NULL};
    struct preset_keys t = {keys, 4, values};
    struct buf out = {0};
    bool ok = preset_expand(&t, c->template, c->into, &out);
    assert_int_equal(ok, c->outcome != NULL);
    if (ok)
        assert_string_equal(buf_text(&out), c->outcome);
    buf_free(&out);
}

static const struct key_case {
    enum key_type type;
    const char *value;
    const char *outcome; /* NULL: accepted */
} key_cases[] = {
    {KEY_BOOL, "true", NULL},
    {KEY_BOOL, "false", NULL},
    {KEY_BOOL, "yes", "not true or false"},
    {KEY_BOOL, "", "not true or false"},
    {KEY_INT, "0", NULL},
    {KEY_INT, "100", NULL},
    {KEY_INT, "-1", "not a whole number"},
    {KEY_INT, "1.5", "not a whole number"},
    {KEY_INT, "99999999999999999999", "not a whole number"},
    {KEY_URL, "https://example.org", NULL},
    {KEY_URL, "https://example.org/a b", "not a URL"},
    {KEY_URL, "ftp://example.org", "only https, http and file URLs can be asked"},
    {KEY_TEXT, "", NULL},
    {KEY_TEXT, "a\tb", "a control character"},
    {KEY_TEXT, "a\x7f", "a control character"},
    {KEY_CHOICE, "one", NULL},
    {KEY_CHOICE, "two", NULL},
    {KEY_CHOICE, "one|two", "not one or two"},
    {KEY_PATTERN, "v(\\d+)", NULL},
    {KEY_PATH, "$.a[*].b", NULL},
};

static void test_key(void **state)
{
    const struct key_case *c = *state;
    struct arena a = {0};
    struct error e = {0};
    struct source_key key = {"key", c->type, false, NULL, "", "one|two"};
    bool ok = key_check(&key, slice_of(c->value), &a, &e);
    assert_int_equal(ok, c->outcome == NULL);
    if (!ok)
        assert_string_equal(e.message, c->outcome);
    arena_free(&a);
}

static void test_broken_expressions(void **state)
{
    (void)state;
    struct arena a = {0};
    struct source_key pattern = {"key", KEY_PATTERN, false, NULL, "", NULL};
    struct source_key path = {"key", KEY_PATH, false, NULL, "", NULL};
    struct error e = {0};
    assert_false(key_check(&pattern, SLICE("v("), &a, &e));
    assert_int_equal(e.code, ERROR_USAGE);
    error_clear(&e);
    assert_false(key_check(&path, SLICE("$["), &a, &e));
    assert_int_equal(e.code, ERROR_USAGE);
    arena_free(&a);
}

/* --- the tables themselves -------------------------------------------------------------------- */

static void check_keys(const struct source_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena a = {0};
        struct error e = {0};
        assert_non_null(keys[i].help);
        assert_int_equal(keys[i].choices != NULL, keys[i].type == KEY_CHOICE);
        assert_false(keys[i].required && keys[i].fallback);
        assert_int_equal(key_find(keys, count, slice_of(keys[i].name)), i);
        if (keys[i].fallback && !key_check(&keys[i], slice_of(keys[i].fallback), &a, &e))
            fail_msg("%s: its default is %s", keys[i].name, e.message);
        arena_free(&a);
    }
}

static void test_sources(void **state)
{
    (void)state;
    for (const struct source *const *s = source_all(); *s; s++) {
        assert_ptr_equal(source_find((*s)->name), *s);
        assert_non_null((*s)->summary);
        assert_non_null((*s)->example);
        assert_non_null((*s)->request);
        assert_non_null((*s)->parse);
        check_keys((*s)->keys, key_count((*s)->keys, SOURCE_KEYS));
    }
}

static void check_preset(const struct preset *p)
{
    const struct source *adapter = source_find(p->adapter);
    assert_non_null(adapter);
    assert_null(source_find(p->name));
    assert_ptr_equal(preset_find(p->name), p);
    assert_non_null(p->summary);
    assert_non_null(p->example);
    check_keys(p->keys, key_count(p->keys, sizeof p->keys / sizeof p->keys[0]));
    size_t keys = key_count(adapter->keys, SOURCE_KEYS);
    for (size_t i = 0; i < sizeof p->values / sizeof p->values[0] && p->values[i].key; i++)
        if (key_find(adapter->keys, keys, slice_of(p->values[i].key)) == SLICE_NONE)
            fail_msg("preset %s: %s has no key %s", p->name, p->adapter, p->values[i].key);
}

static void test_presets(void **state)
{
    (void)state;
    size_t count = 0;
    const struct preset *presets = preset_all(&count);
    for (size_t i = 0; i < count; i++)
        check_preset(&presets[i]);
}

static void test_names(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *const *names = source_names(&a);
    size_t presets = 0, count = 0, sources = 0;
    preset_all(&presets);
    while (source_all()[sources])
        sources++;
    for (; names[count]; count++)
        assert_true(source_find(names[count]) || preset_find(names[count]));
    assert_int_equal(count, sources + presets);
    arena_free(&a);
}

/* --- one test a row --------------------------------------------------------------------------- */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct CMUnitTest fixed[] = {
    cmocka_unit_test(test_values),  cmocka_unit_test(test_identity),
    cmocka_unit_test(test_nul),     cmocka_unit_test(test_broken_expressions),
    cmocka_unit_test(test_sources), cmocka_unit_test(test_presets),
    cmocka_unit_test(test_names),
};

int main(void)
{
    struct CMUnitTest
        tests[COUNT(spec_cases) + COUNT(expand_cases) + COUNT(key_cases) + COUNT(fixed)];
    struct arena a = {0};
    size_t n = 0;
    for (size_t i = 0; i < COUNT(spec_cases); i++)
        tests[n++] =
            (struct CMUnitTest){arena_printf(&a, "spec %zu: %s", i + 1, spec_cases[i].name),
                                test_spec, NULL, NULL, (void *)(uintptr_t)&spec_cases[i]};
    for (size_t i = 0; i < COUNT(expand_cases); i++)
        tests[n++] =
            (struct CMUnitTest){arena_printf(&a, "expand %zu: %s", i + 1, expand_cases[i].template),
                                test_expand, NULL, NULL, (void *)(uintptr_t)&expand_cases[i]};
    for (size_t i = 0; i < COUNT(key_cases); i++)
        tests[n++] = (struct CMUnitTest){arena_printf(&a, "key %zu: %s", i + 1, key_cases[i].value),
                                         test_key, NULL, NULL, (void *)(uintptr_t)&key_cases[i]};
    for (size_t i = 0; i < COUNT(fixed); i++)
        tests[n++] = fixed[i];
    int failed = cmocka_run_group_tests_name("spec", tests, NULL, NULL);
    arena_free(&a);
    return failed;
}
