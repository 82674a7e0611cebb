/* Fuzzes parsing and editing: whatever can be parsed has each scalar where the tree says it is, and
 * whatever edit is accepted is applied and passes its proof.
 *
 * The input's first bytes choose: what to do, with which scalar, and how long the new text is that
 * comes next; the rest is the file. */
#include "watcher/yaml/edit.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SET, NUMBER, COMMENT, INSIDE, REMOVE, OPERATIONS };

struct work {
    struct arena arena;
    struct yaml yaml;
    struct edits edits;
    struct slice value;
    unsigned operation;
    size_t wanted, seen; /* the scalar to edit, the scalars passed */
    struct node *last;   /* the collection met last, for REMOVE */
    bool odd;            /* see is_odd */
    bool doubtful;       /* only the proof can tell whether the edit is good */
};

static void give_up(const struct work *w, const char *why, const struct error *e)
{
    fprintf(stderr, "%s: %s\n", why, e ? e->message : "");
    (void)w;
    abort();
}

/* libyaml ends lines at NEL, LS and PS too, and passes over a byte order mark at the start of any
 * line, which no editor and no diff does: in such files edits are left to the proof. */
static bool is_odd(struct slice source)
{
    static const char *const odd[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};
    if (slice_starts(source, slice_of(odd[3])))
        source = slice_from(source, 3);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (slice_contains(source, slice_of(odd[i])))
            return true;
    return false;
}

/* Plain text on one line, and all text between quotes without escapes, is its own value. */
static void check_bytes(const struct work *w, const struct node *n)
{
    if (n->start > n->end || n->end > w->yaml.source.len)
        give_up(w, "outside the file", NULL);
    if (w->odd)
        return;
    struct slice raw = slice_first(slice_from(w->yaml.source, n->start), n->end - n->start);
    bool one_line =
        slice_find_byte(raw, '\n') == SLICE_NONE && slice_find_byte(raw, '\r') == SLICE_NONE;
    if (n->style == STYLE_PLAIN && one_line && !slice_equal(raw, n->value))
        give_up(w, "plain text elsewhere", NULL);
    char first = raw.len ? raw.ptr[0] : '\0', last = raw.len ? raw.ptr[raw.len - 1] : '\0';
    if ((n->style == STYLE_SINGLE && (first != '\'' || last != '\'' || raw.len < 2)) ||
        (n->style == STYLE_DOUBLE && (first != '"' || last != '"' || raw.len < 2)) ||
        (n->style == STYLE_LITERAL && first != '|') || (n->style == STYLE_FOLDED && first != '>'))
        give_up(w, "quotes elsewhere", NULL);
}

static void edit_one(struct work *w, struct node *n, const char *path)
{
    struct error e = {0};
    struct slice old = slice_first(n->value, 2);
    switch (w->operation) {
    case SET:
    case NUMBER:
        edit_scalar(&w->arena, &w->edits, &w->yaml, n, path, w->value, w->operation == SET, &e);
        break;
    case COMMENT:
        edit_comment(&w->arena, &w->edits, &w->yaml, n, w->value, &e);
        break;
    case INSIDE:
        edit_inside(&w->arena, &w->edits, &w->yaml, n, path, old, w->value, &e);
        break;
    default:
        break;
    }
}

static bool on_scalar(void *arg, struct node *n, const char *path)
{
    struct work *w = arg;
    check_bytes(w, n);
    if (w->seen++ == w->wanted) {
        /* "? -" has two empty values at its end; a line of tabs may follow plain text alone. */
        bool tabs = slice_find_byte(w->yaml.source, '\t') != SLICE_NONE;
        w->doubtful = n->start == n->end || w->odd || (tabs && n->style == STYLE_PLAIN);
        edit_one(w, n, path);
    }
    return true;
}

static void find_collection(struct work *w, struct node *n)
{
    if (n->alias || n->kind == NODE_SCALAR)
        return;
    if (w->seen++ <= w->wanted / 8)
        w->last = n;
    for (size_t i = 0; i < n->count; i++)
        find_collection(w, n->kind == NODE_SEQUENCE ? n->items[i] : n->pairs[i].value);
}

static void remove_one(struct work *w)
{
    struct error e = {0};
    w->seen = 0;
    w->doubtful = true; /* an anchor may be gone that is still needed */
    for (size_t i = 0; i < w->yaml.count; i++)
        find_collection(w, w->yaml.documents[i]);
    if (w->last)
        edit_remove_item(&w->arena, &w->edits, &w->yaml, w->last, w->wanted % 8, "item", &e);
}

static void prove(struct work *w)
{
    struct error e = {0};
    struct buf after = {0}, diff = {0};
    if (!edits_apply(&w->arena, &w->edits, "f", w->yaml.source, &after, &e))
        give_up(w, "one edit cannot be applied", &e);
    bool good = edits_verify(&w->yaml, buf_slice(&after), &w->edits, &e);
    if (!good && !w->doubtful)
        give_up(w, "an edit was accepted that does not hold", &e);
    diff_unified(&diff, "f", w->yaml.source, buf_slice(&after));
    buf_free(&after);
    buf_free(&diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3 || size - 3 < data[2])
        return 0;
    struct work w = {.operation = data[0] % OPERATIONS, .wanted = data[1]};
    struct error e = {0};
    const char *rest = (const char *)data + 3;
    w.value = slice_new(rest, data[2]);
    struct slice source = slice_new(rest + data[2], size - 3 - data[2]);
    w.odd = is_odd(source);
    bool good = yaml_parse(&w.arena, "f", source, &w.yaml, &e);
    if (good == error_is_set(&e))
        give_up(&w, "result and error disagree", &e);
    if (good) {
        yaml_each_scalar(&w.yaml, on_scalar, &w);
        if (w.operation == REMOVE)
            remove_one(&w);
        prove(&w);
    }
    arena_free(&w.arena);
    return 0;
}
