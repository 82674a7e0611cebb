/* Real recipes: every one of the corpus is read without an error, and for real bumps the pins
 * computed before are those that the bump changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/corpus.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"

#include <stdio.h>
#include <string.h>

struct counts {
    size_t recipes, disabled, warnings, errors, snapshots;
    size_t github, git, release_monitor, melange, apko;
};

static void count_source(struct counts *n, const struct component *c)
{
    const char *name = c->spec.preset ? c->spec.preset : c->spec.source ? c->spec.source->name : "";
    n->github += strcmp(name, "github") == 0;
    n->git += strcmp(name, "git") == 0;
    n->release_monitor += strcmp(name, "release-monitor") == 0;
    n->melange += c->kind == RECIPE_MELANGE;
    n->apko += c->kind == RECIPE_APKO;
    n->snapshots += c->snapshot != NULL;
}

static void count(struct counts *n, const struct component *c, const char *path)
{
    n->recipes++;
    n->disabled += c->disabled != NULL;
    n->warnings += c->warnings.count;
    n->errors += error_is_set(&c->error);
    for (size_t i = 0; i < c->warnings.count; i++)
        fprintf(stderr, "# %s\n", c->warnings.items[i]);
    if (error_is_set(&c->error))
        fprintf(stderr, "# %s: %s\n", path, c->error.message);
    count_source(n, c);
}

static void read_recipe(void *arg, const char *path)
{
    struct counts *n = arg;
    struct arena a = {0};
    struct buf text = BUF_MAX(CORPUS_FILE_LIMIT);
    struct yaml y;
    struct component *c = component_new("?", path, RECIPE_FILE);
    if (file_read(path, &text, &c->error) &&
        yaml_parse(&a, path, buf_slice(&text), &y, &c->error)) {
        struct error e = {0};
        if (!(melange_is(&y) ? melange_read(&y, c, &e) : apko_read(&y, c, &e)))
            c->error = e;
    }
    count(n, c, path);
    component_free(c);
    buf_free(&text);
    arena_free(&a);
}

static void read_corpus(const char *name, struct counts *n)
{
    struct arena a = {0};
    bool there = corpus_each_recipe(corpus_path(&a, name), read_recipe, n);
    arena_free(&a);
    if (!there)
        skip();
    fprintf(stderr,
            "# %s: %zu recipes (%zu melange, %zu apko), %zu errors, %zu disabled, %zu warnings; "
            "github %zu, git %zu (%zu snapshots), release-monitor %zu\n",
            name, n->recipes, n->melange, n->apko, n->errors, n->disabled, n->warnings, n->github,
            n->git, n->snapshots, n->release_monitor);
}

static void test_wolfi(void **state)
{
    (void)state;
    struct counts n = {0};
    read_corpus("wolfi", &n);
    assert_int_equal(n.errors, 0);
    assert_true(n.recipes > 1000 && n.melange == n.recipes);
}

static void test_minimal(void **state)
{
    (void)state;
    struct counts n = {0};
    read_corpus("minimal", &n);
    assert_int_equal(n.errors, 0);
    assert_true(n.melange > 20 && n.apko > 20);
}

/* One side of a bump, read. */
struct side {
    struct yaml y;
    struct component *c;
};

static void read_side(struct arena *a, const char *name, struct slice text, struct side *out)
{
    struct error e = {0};
    out->c = component_new("?", name, RECIPE_FILE);
    if (!yaml_parse(a, name, text, &out->y, &e) || !melange_read(&out->y, out->c, &e))
        fail_msg("%s", e.message);
}

/* The pins as they will be once the version is `version`. */
static void pins_at(struct arena *a, const struct side *side, const char *version, struct pins *out)
{
    struct error e = {0};
    struct variables vars = {0}, overrides = {0};
    for (size_t i = 0; i < side->c->settings.count; i++)
        vec_push(a, &overrides.list,
                 ((struct variable){.name = side->c->settings.items[i].path, .value = version}));
    assert_true(melange_variables(a, &side->y, version, &overrides, &vars, &e));
    melange_pins(a, &side->y, &vars, out);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Does `changed`, [[key, old, new], ...], say that this pin got this new value? */
static bool is_changed(const json_t *changed, const struct pin *before, const struct pin *after)
{
    static const char *const keys[] = {"expected-sha256", "expected-sha512", "expected-commit"};
    size_t i;
    const json_t *row;
    json_array_foreach(changed, i, row)
    {
        if (same(json_string_value(json_array_get(row, 0)), keys[before->kind]) &&
            same(json_string_value(json_array_get(row, 1)), before->old) &&
            same(json_string_value(json_array_get(row, 2)), after->old))
            return true;
    }
    return false;
}

static size_t count_changed(const json_t *changed)
{
    size_t i, n = 0;
    const json_t *row;
    json_array_foreach(changed, i, row)
    {
        n += slice_starts(slice_of(json_string_value(json_array_get(row, 0))), SLICE("expected-"));
    }
    return n;
}

struct agreement {
    size_t pairs, exact, unrenewed, snapshots, pins;
};

/* The pins that follow must be those that changed, and their new addresses those of the recipe as
 * it was after the bump. */
static void compare(struct agreement *n, const char *file, const json_t *changed,
                    const struct pins *before, const struct pins *after)
{
    size_t following = 0, confirmed = 0;
    assert_int_equal(before->list.count, after->list.count);
    for (size_t i = 0; i < before->list.count; i++) {
        const struct pin *b = &before->list.items[i], *f = &after->list.items[i];
        assert_true(same(b->path, f->path) && same(b->url, f->url) && same(b->tag, f->tag));
        assert_null(b->problem);
        following += b->follows != FOLLOWS_NOTHING;
        confirmed += b->follows != FOLLOWS_NOTHING && is_changed(changed, b, f);
    }
    n->pairs++;
    n->pins += confirmed;
    if (confirmed == following && following == count_changed(changed))
        n->exact++;
    else if (count_changed(changed) == 0 && before->list.items[0].follows == FOLLOWS_BRANCH)
        n->snapshots++;
    else if (count_changed(changed) == 0)
        n->unrenewed++;
    else
        fail_msg("%s: %zu pins follow, %zu of them changed, %zu changed in all", file, following,
                 confirmed, count_changed(changed));
}

static void compare_pair(void *arg, struct arena *a, const json_t *pair)
{
    struct agreement *n = arg;
    const char *file = json_string_at(pair, "file");
    struct side before, after;
    struct pins expected = {0}, got = {0};
    read_side(a, file, json_text(pair, "before"), &before);
    read_side(a, file, json_text(pair, "after"), &after);
    pins_at(a, &before, after.c->current, &expected);
    pins_at(a, &after, NULL, &got);
    compare(n, file, json_object_get(pair, "changed"), &expected, &got);
    component_free(before.c);
    component_free(after.c);
}

static void test_bumps(void **state)
{
    (void)state;
    struct agreement n = {0};
    if (!corpus_each_bump(compare_pair, &n))
        skip();
    fprintf(stderr,
            "# bumps: %zu pairs, %zu exact (%zu pins), %zu snapshots of an unchanged head, %zu "
            "whose commit nobody renewed\n",
            n.pairs, n.exact, n.pins, n.snapshots, n.unrenewed);
    assert_int_equal(n.pairs, n.exact + n.snapshots + n.unrenewed);
    /* 40 days without a commit, and five bumps that a person had to complete. */
    assert_true(n.pairs > 400 && n.unrenewed <= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wolfi),
        cmocka_unit_test(test_minimal),
        cmocka_unit_test(test_bumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
