/* Properties of bumps, over every recipe of the corpus and versions made up for it: a bump and its
 * way back restore every byte but the epoch (and quotes that a version needed on the way); only
 * lines that hold what moves are changed; the result parses and evaluates to what was meant. What
 * was found to fail has a case of its own in tests/unit/recipes or tests/unit/choose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/corpus.h"
#include "watcher/rewrite.h"

#include <string.h>

enum { VERSIONS = 6 };

/* A recipe as it is read, and the component in it. */
struct side {
    struct arena a;
    struct component *c;
    struct recipe_file file;
};

static void side_read(struct side *s, const char *name, struct slice text)
{
    struct error e = {0};
    *s = (struct side){.file = {.name = name, .is_yaml = true}};
    s->file.source = arena_slice(&s->a, text);
    s->c = component_new("?", name, RECIPE_FILE);
    if (!yaml_parse(&s->a, name, s->file.source, &s->file.yaml, &e) ||
        !melange_read(&s->file.yaml, s->c, &e))
        fail_msg("%s: %s", name, e.message);
}

static void side_free(struct side *s)
{
    component_free(s->c);
    arena_free(&s->a);
}

/* ---- versions and hashes, the same in every run ---- */

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Versions that are easily mistaken for something else are among them. */
static const char *make_version(struct arena *a, int kind, uint32_t *state)
{
    unsigned x = next_random(state) % 40, y = next_random(state) % 300, z = next_random(state) % 20;
    switch (kind) {
    case 0:
        return arena_printf(a, "%u.%u.%u", x, y, z);
    case 1:
        return arena_printf(a, "%u.%u0", x, y); /* 1.10: a number that loses its zero */
    case 2:
        return arena_printf(a, "%u", 20000000 + x * 10000 + y);
    case 3:
        return arena_printf(a, "%u.%u_git%u", x, y, 20260101 + z);
    case 4:
        return arena_printf(a, "%u.%u.%u_p%u", x, y, z, z);
    default:
        return arena_printf(a, "%u.%u.%ub", x, y, z);
    }
}

static const char *make_hex(struct arena *a, size_t digits, uint32_t *state)
{
    char *hex = arena_alloc(a, digits + 1);
    for (size_t i = 0; i < digits; i++)
        hex[i] = "0123456789abcdef"[next_random(state) % 16];
    return hex;
}

/* ---- bumping ---- */

static struct node *at(const struct side *s, const char *path)
{
    return node_path(s->file.yaml.documents[0], path);
}

struct bump {
    struct release release;
    struct renewals renewals;
    struct change_set set;
};

static bool find_renewals(struct side *s, const char *version, struct bump *b, struct error *e)
{
    b->release = (struct release){.version = version, .tag = version};
    return renewals_find(&s->a, s->c, &s->file, &b->release, &b->renewals, e);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* One tag of one repository leads to one commit, wherever it is checked out. */
static const char *known_commit(const struct renewals *list, size_t end)
{
    const struct renewal *r = &list->list.items[end];
    for (size_t i = 0; i < end; i++) {
        const struct renewal *other = &list->list.items[i];
        if (r->kind == PIN_COMMIT && other->kind == PIN_COMMIT &&
            same(r->repository, other->repository) && same(r->ref, other->ref) &&
            same(r->branch, other->branch))
            return other->value;
    }
    return NULL;
}

static void give_random(struct arena *a, struct renewals *r, uint32_t *state)
{
    static const size_t digits[] = {
        [PIN_SHA256] = SHA256_HEX, [PIN_SHA512] = SHA512_HEX, [PIN_COMMIT] = SHA1_HEX};
    for (size_t i = 0; i < r->list.count; i++) {
        struct renewal *renewal = &r->list.items[i];
        renewal->value = known_commit(r, i);
        if (!renewal->value)
            renewal->value = make_hex(a, digits[renewal->kind], state);
    }
}

/* The values that the recipe had at first, by their paths. */
static void give_back(struct renewals *r, const struct renewals *first)
{
    assert_int_equal(r->list.count, first->list.count);
    for (size_t i = 0; i < r->list.count; i++) {
        assert_string_equal(r->list.items[i].path, first->list.items[i].path);
        r->list.items[i].value = first->list.items[i].old;
    }
}

static struct slice apply(struct side *s, struct bump *b)
{
    struct error e = {0};
    struct rewriting w = {.root = "/nowhere",
                          .component = s->c,
                          .release = &b->release,
                          .file = &s->file,
                          .renewals = &b->renewals};
    if (!rewrite(&s->a, &w, &b->set, &e))
        fail_msg("%s to %s: %s", s->file.name, b->release.version, e.message);
    assert_int_equal(b->set.files.count, 1);
    return b->set.files.items[0].after;
}

/* ---- what must hold ---- */

static bool is_owned(const struct side *s, const struct bump *b, size_t line)
{
    const struct node *epoch = at(s, "package.epoch");
    bool owned = epoch && epoch->line == line;
    for (size_t i = 0; i < s->c->settings.count; i++)
        owned = owned || at(s, s->c->settings.items[i].path)->line == line;
    for (size_t i = 0; i < b->renewals.list.count; i++)
        owned = owned || at(s, b->renewals.list.items[i].path)->line == line;
    return owned;
}

static void check_lines(const struct side *s, const struct bump *b, struct slice after)
{
    struct slice old = s->file.source, now = after, x, y;
    for (size_t line = 1; old.ptr || now.ptr; line++) {
        bool more = slice_split(&old, '\n', &x), still = slice_split(&now, '\n', &y);
        if (more != still)
            fail_msg("%s: has not as many lines as before", s->file.name);
        if (more && !slice_equal(x, y) && !is_owned(s, b, line))
            fail_msg("%s:%zu: was changed from %.*s to %.*s", s->file.name, line, SLICE_ARG(x),
                     SLICE_ARG(y));
    }
}

static void check_text(const char *what, const char *got, const char *wanted)
{
    if (!same(got, wanted))
        fail_msg("%s is %s, not %s", what, got, wanted);
}

/* The addresses and tags that were renewed are those that the new recipe has. */
static void check_meaning(struct side *now, const struct bump *b)
{
    struct bump again = {0};
    struct error e = {0};
    check_text("version", now->c->current, b->release.version);
    assert_int_equal(now->c->epoch, 0);
    assert_true(find_renewals(now, now->c->current, &again, &e));
    if (again.renewals.list.count != b->renewals.list.count)
        fail_msg("%s at %s: other pins move", now->file.name, b->release.version);
    for (size_t i = 0; i < again.renewals.list.count; i++) {
        const struct renewal *x = &again.renewals.list.items[i], *y = &b->renewals.list.items[i];
        check_text(x->path, x->old, y->value);
        check_text(x->path, x->ref, y->ref);
        check_text(x->path, x->urls ? x->urls[0] : NULL, y->urls ? y->urls[0] : NULL);
    }
}

/* The text as it was at first, with the epoch 0. */
static struct slice with_epoch_zero(struct side *s)
{
    struct edits edits = {0};
    struct error e = {0};
    struct buf out = {0};
    const struct node *epoch = at(s, "package.epoch");
    if (epoch)
        assert_true(edit_scalar(&s->a, &edits, &s->file.yaml, epoch, "package.epoch", SLICE("0"),
                                false, &e));
    assert_true(edits_apply(&s->a, &edits, s->file.name, s->file.source, &out, &e));
    struct slice text = arena_slice(&s->a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static struct slice without_quotes(struct arena *a, struct slice text)
{
    struct buf out = {0};
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '"')
            buf_add_byte(&out, text.ptr[i]);
    struct slice copy = arena_slice(a, buf_slice(&out));
    buf_free(&out);
    return copy;
}

/* A version that plain reads as a number gets quotes where a text stood, and keeps them. */
static bool needs_quotes(const char *version)
{
    return plain_type(slice_of(version)) != TYPE_STRING;
}

struct tally {
    size_t recipes, bumps, refused;
    uint32_t random;
};

static void there_and_back(struct tally *n, const char *name, struct slice text, int kind)
{
    struct side before, now;
    struct bump there = {0}, back = {0};
    struct error e = {0};
    side_read(&before, name, text);
    const char *version = make_version(&before.a, kind, &n->random);
    if (strcmp(version, before.c->current) == 0 || !find_renewals(&before, version, &there, &e)) {
        n->refused += error_is_set(&e);
        side_free(&before);
        return;
    }
    give_random(&before.a, &there.renewals, &n->random);
    struct slice after = apply(&before, &there);
    check_lines(&before, &there, after);
    side_read(&now, name, after);
    check_meaning(&now, &there);
    assert_true(find_renewals(&now, before.c->current, &back, &e));
    give_back(&back.renewals, &there.renewals);
    struct slice again = apply(&now, &back), wanted = with_epoch_zero(&before);
    if (needs_quotes(version) || needs_quotes(before.c->current)) {
        again = without_quotes(&now.a, again);
        wanted = without_quotes(&now.a, wanted);
    }
    if (!slice_equal(again, wanted))
        fail_msg("%s: %s and back is not what it was", name, version);
    n->bumps++;
    side_free(&now);
    side_free(&before);
}

/* The same text with CRLF, or without its last line break. */
static void vary(struct buf *out, struct slice text, int kind)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n' && kind % 3 == 1)
            buf_add_byte(out, '\r');
        buf_add_byte(out, text.ptr[i]);
    }
    while (kind % 3 == 2 && out->len && is_blank(out->ptr[out->len - 1]))
        buf_cut(out, out->len - 1);
}

static uint32_t seed_of(const char *name)
{
    uint32_t seed = 2166136261u;
    for (; *name; name++)
        seed = (seed ^ (unsigned char)*name) * 16777619u;
    return seed;
}

static void try_recipe(void *arg, const char *path)
{
    struct tally *n = arg;
    struct error e = {0};
    struct buf text = BUF_MAX(CORPUS_FILE_LIMIT);
    const char *name = strrchr(path, '/') + 1;
    assert_true(file_read(path, &text, &e));
    n->recipes++;
    n->random = seed_of(name);
    int kinds = getenv("VALGRIND") ? 1 : VERSIONS; /* which takes fifty times as long */
    for (int kind = 0; kind < kinds; kind++) {
        struct buf varied = {0};
        vary(&varied, buf_slice(&text), kind);
        there_and_back(n, name, buf_slice(&varied), kind);
        buf_free(&varied);
    }
    buf_free(&text);
}

static void test_there_and_back(void **state)
{
    struct arena a = {0};
    struct tally n = {0};
    (void)state;
    if (!corpus_each_recipe(corpus_path(&a, "wolfi"), try_recipe, &n)) {
        arena_free(&a);
        skip();
    }
    fprintf(stderr, "# %zu recipes, %zu bumps there and back, %zu refused\n", n.recipes, n.bumps,
            n.refused);
    assert_true(n.recipes > 1000 && n.refused * 50 < n.bumps);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
