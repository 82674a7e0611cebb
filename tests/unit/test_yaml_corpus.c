/* Real recipes: each scalar's bytes say its value again, edits there and back leave no trace, and
 * the edits of real bumps give the bytes that were committed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/corpus.h"
#include "watcher/yaml/edit.h"

#include <string.h>

struct tally {
    size_t files, scalars, skipped, edits;
};

static void parse(struct arena *a, const char *name, struct slice text, struct yaml *y)
{
    struct error e = {0};
    if (!yaml_parse(a, name, text, y, &e))
        fail_msg("%s", e.message);
}

/* ---- bytes and values ---- */

/* Scalars taken out of a file and put into a list of their own. */
struct quotation {
    const struct yaml *yaml;
    struct buf list;
    struct arena *arena;
    VEC(struct node *) nodes;
    size_t skipped;
};

/* An explicit indentation counts from the parent's, which is another one in the list. */
static bool has_indentation(struct slice raw)
{
    return raw.len > 1 && (raw.ptr[0] == '|' || raw.ptr[0] == '>') &&
           (is_digit(raw.ptr[1]) || (raw.len > 2 && is_digit(raw.ptr[2])));
}

static bool quote_scalar(void *arg, struct node *n, const char *path)
{
    struct quotation *q = arg;
    (void)path;
    struct slice raw = slice_first(slice_from(q->yaml->source, n->start), n->end - n->start);
    if (has_indentation(raw)) {
        q->skipped++;
        return true;
    }
    buf_add_text(&q->list, "- ");
    buf_add(&q->list, raw);
    if (!slice_ends(buf_slice(&q->list), SLICE("\n")))
        buf_add_byte(&q->list, '\n');
    vec_push(q->arena, &q->nodes, n);
    return true;
}

static void check_scalars(struct tally *t, struct arena *a, const struct yaml *y)
{
    struct quotation q = {.yaml = y, .arena = a};
    struct yaml list;
    yaml_each_scalar(y, quote_scalar, &q);
    parse(a, y->name, buf_slice(&q.list), &list);
    const struct node *root = list.documents[0];
    assert_int_equal(root->count, q.nodes.count);
    for (size_t i = 0; i < root->count; i++) {
        const struct node *n = q.nodes.items[i], *again = root->items[i];
        if (!slice_equal(n->value, again->value) || n->style != again->style)
            fail_msg("%s:%zu:%zu: <%.*s> reads <%.*s>", y->name, n->line, n->column,
                     SLICE_ARG(n->value), SLICE_ARG(again->value));
    }
    t->scalars += root->count;
    t->skipped += q.skipped;
    buf_free(&q.list);
}

/* ---- there and back ---- */

struct revision {
    struct yaml yaml;
    struct edits edits;
};

/* Give every scalar under a version's key another value, or its old one. */
struct swap {
    struct arena *arena;
    struct revision *revision;
    struct slice from, to;
    struct error *error;
};

static bool swap_scalar(void *arg, struct node *n, const char *path)
{
    struct swap *s = arg;
    if (!slice_equal(n->value, s->from))
        return true;
    return edit_scalar(s->arena, &s->revision->edits, &s->revision->yaml, n, path, s->to, false,
                       s->error);
}

/* Replace all scalars that read `from`, verify, and give the new text. */
static void swap(struct arena *a, const char *name, struct slice text, struct slice from,
                 struct slice to, struct buf *out)
{
    struct error e = {0};
    struct revision r = {0};
    struct swap s = {a, &r, from, to, &e};
    parse(a, name, text, &r.yaml);
    yaml_each_scalar(&r.yaml, swap_scalar, &s);
    if (!edits_apply(a, &r.edits, name, text, out, &e) ||
        !edits_verify(&r.yaml, buf_slice(out), &r.edits, &e))
        fail_msg("%s", e.message);
}

static void check_there_and_back(struct tally *t, struct arena *a, const struct yaml *y)
{
    const struct node *version = node_path(y->documents[0], "package.version");
    struct buf there = {0}, back = {0};
    if (!version)
        return;
    struct slice other = version->style == STYLE_PLAIN && node_type(version) != TYPE_STRING
                             ? SLICE("98765.4")
                             : SLICE("98765.4.3");
    swap(a, y->name, y->source, version->value, other, &there);
    swap(a, y->name, buf_slice(&there), other, version->value, &back);
    assert_false(slice_equal(buf_slice(&there), y->source));
    assert_true(slice_equal(buf_slice(&back), y->source));
    t->edits++;
    buf_free(&there);
    buf_free(&back);
}

/* Take each item of the pipeline away by itself: the others must be what they were. */
static void check_removals(struct tally *t, struct arena *a, const struct yaml *y)
{
    const struct node *pipeline = node_path(y->documents[0], "pipeline");
    if (!pipeline || pipeline->count < 2)
        return;
    for (size_t i = 0; i < pipeline->count; i++) {
        struct edits edits = {0};
        struct error e = {0};
        struct buf out = {0};
        if (!edit_remove_item(a, &edits, y, pipeline, i, "pipeline", &e) ||
            !edits_apply(a, &edits, y->name, y->source, &out, &e) ||
            !edits_verify(y, buf_slice(&out), &edits, &e))
            fail_msg("%s", e.message);
        if (slice_contains(buf_slice(&out), SLICE("\n\n\n")) &&
            !slice_contains(y->source, SLICE("\n\n\n")))
            fail_msg("%s: two blank lines behind step %zu", y->name, i);
        t->edits++;
        buf_free(&out);
    }
}

/* A comment put behind the epoch and taken away again. */
static void check_comment(struct arena *a, const struct yaml *y)
{
    const struct node *epoch = node_path(y->documents[0], "package.epoch");
    struct edits put = {0}, take = {0};
    struct error e = {0};
    struct yaml commented;
    struct buf with = {0}, without = {0};
    if (!epoch || slice_contains(slice_first(slice_from(y->source, epoch->end), 3), SLICE("#")))
        return;
    assert_true(edit_comment(a, &put, y, epoch, SLICE("CVE-2026-21863"), &e));
    assert_true(edits_apply(a, &put, y->name, y->source, &with, &e));
    assert_true(edits_verify(y, buf_slice(&with), &put, &e));
    parse(a, y->name, buf_slice(&with), &commented);
    epoch = node_path(commented.documents[0], "package.epoch");
    assert_true(edit_comment(a, &take, &commented, epoch, SLICE(""), &e));
    assert_true(edits_apply(a, &take, y->name, buf_slice(&with), &without, &e));
    assert_true(slice_equal(buf_slice(&without), y->source));
    buf_free(&with);
    buf_free(&without);
}

static void check_recipe(void *arg, const char *path)
{
    struct tally *t = arg;
    struct arena a = {0};
    struct buf text = BUF_MAX(CORPUS_FILE_LIMIT);
    struct error e = {0};
    struct yaml y;
    assert_true(file_read(path, &text, &e));
    parse(&a, path, buf_slice(&text), &y);
    check_scalars(t, &a, &y);
    check_there_and_back(t, &a, &y);
    check_removals(t, &a, &y);
    check_comment(&a, &y);
    t->files++;
    buf_free(&text);
    arena_free(&a);
}

static void check_folder(const char *name, struct tally *t)
{
    struct arena a = {0};
    bool there = corpus_each_recipe(corpus_path(&a, name), check_recipe, t);
    arena_free(&a);
    if (!there)
        skip();
    print_message("# %s: %zu recipes, %zu scalars (%zu more with explicit indentation)\n", name,
                  t->files, t->scalars, t->skipped);
}

static void test_wolfi(void **state)
{
    (void)state;
    struct tally t = {0};
    check_folder("wolfi", &t);
    assert_true(t.files > 1000 && t.edits > t.files && t.scalars > 40 * t.files);
}

static void test_minimal(void **state)
{
    (void)state;
    struct tally t = {0};
    check_folder("minimal", &t);
    assert_true(t.files > 40 && t.scalars > 10 * t.files);
}

/* ---- bumps ---- */

/* Do what the bump's list of changes says, wherever key and old value are found. */
struct replay {
    struct arena *arena;
    struct revision revision;
    const json_t *changed;
    struct error error;
};

static bool ends_in_key(const char *path, const char *key)
{
    struct slice p = slice_of(path), k = slice_of(key);
    return slice_ends(p, k) && p.len > k.len && p.ptr[p.len - k.len - 1] == '.';
}

static bool replay_scalar(void *arg, struct node *n, const char *path)
{
    struct replay *r = arg;
    size_t i;
    const json_t *row;
    json_array_foreach(r->changed, i, row)
    {
        const char *key = json_string_value(json_array_get(row, 0));
        const char *old = json_string_value(json_array_get(row, 1));
        const char *new = json_string_value(json_array_get(row, 2));
        if (ends_in_key(path, key) && slice_is(n->value, old))
            return edit_scalar(r->arena, &r->revision.edits, &r->revision.yaml, n, path,
                               slice_of(new), false, &r->error);
    }
    return true;
}

static void check_bump(void *arg, struct arena *a, const json_t *bump)
{
    size_t *bumps = arg;
    const char *name = json_string_at(bump, "file");
    struct slice before = json_text(bump, "before"), after = json_text(bump, "after");
    struct replay r = {.arena = a, .changed = json_object_get(bump, "changed")};
    struct yaml y;
    struct buf out = {0};
    parse(a, name, after, &y);
    parse(a, name, before, &r.revision.yaml);
    yaml_each_scalar(&r.revision.yaml, replay_scalar, &r);
    if (error_is_set(&r.error) ||
        !edits_apply(a, &r.revision.edits, name, before, &out, &r.error) ||
        !edits_verify(&r.revision.yaml, buf_slice(&out), &r.revision.edits, &r.error))
        fail_msg("%s", r.error.message);
    if (!slice_equal(buf_slice(&out), after))
        fail_msg("%s: not what was committed", name);
    ++*bumps;
    buf_free(&out);
}

static void test_bumps(void **state)
{
    (void)state;
    size_t bumps = 0;
    if (!corpus_each_bump(check_bump, &bumps))
        skip();
    assert_true(bumps > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wolfi),
        cmocka_unit_test(test_minimal),
        cmocka_unit_test(test_bumps),
    };
    return cmocka_run_group_tests_name("yaml corpus", tests, NULL, NULL);
}
