/* The proof that an edited file says what was meant, and nothing else. */
#include "watcher/yaml/edit.h"
#include "watcher/yaml/path.h"

#include <stdlib.h>
#include <string.h>

struct proof {
    const struct yaml *before;
    const struct edits *edits;
    const struct edit **values; /* EDIT_VALUE by node, then by value_at */
    size_t value_count;
    struct arena *arena;
    struct buf path;
    struct error *error;
};

static bool fail(struct proof *p, const struct node *node, const char *problem)
{
    return error_at(p->error, ERROR_RECIPE, p->before->name, node->line, node->column,
                    "after the edit %s %s", p->path.len ? buf_text(&p->path) : "the document",
                    problem);
}

static int compare_values(const void *left, const void *right)
{
    const struct edit *a = *(const struct edit *const *)left;
    const struct edit *b = *(const struct edit *const *)right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->value_at > b->value_at) - (a->value_at < b->value_at);
}

static void sort_values(struct proof *p)
{
    p->values = arena_array(p->arena, p->edits->list.count, sizeof(struct edit *));
    for (size_t i = 0; i < p->edits->list.count; i++)
        if (p->edits->list.items[i].kind == EDIT_VALUE)
            p->values[p->value_count++] = &p->edits->list.items[i];
    if (p->value_count)
        qsort(p->values, p->value_count, sizeof(struct edit *), compare_values);
}

/* The index of the first edit of the scalar that starts at `node`. */
static size_t first_value(const struct proof *p, size_t node)
{
    size_t low = 0, high = p->value_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->values[middle]->node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What the scalar's value is to be; *string says whether it must read as a string. False when it is
 * not edited. */
static bool expected_value(struct proof *p, const struct node *node, struct buf *value,
                           bool *string)
{
    size_t first = first_value(p, node->start), done = 0;
    for (size_t i = first; i < p->value_count && p->values[i]->node == node->start; i++) {
        const struct edit *edit = p->values[i];
        *string |= edit->string;
        if (i > first && edit->value_at < done)
            continue; /* the same edit again: edits_apply saw to that */
        buf_add(value, slice_first(slice_from(node->value, done), edit->value_at - done));
        buf_add(value, edit->value_new);
        done = edit->value_at + edit->value_len;
    }
    buf_add(value, slice_from(node->value, done));
    return first < p->value_count && p->values[first]->node == node->start;
}

/* Did a pattern find something in the scalar's bytes? */
static bool is_touched(const struct proof *p, const struct node *node)
{
    for (size_t i = 0; i < p->edits->list.count; i++) {
        const struct edit *edit = &p->edits->list.items[i];
        if (edit->kind == EDIT_PATTERN && edit->start <= node->end && edit->end >= node->start)
            return true;
    }
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool check_scalar(struct proof *p, const struct node *b, const struct node *a)
{
    struct buf value = {0};
    bool string = node_type(b) == TYPE_STRING;
    bool edited = expected_value(p, b, &value, &string);
    bool touched = !edited && is_touched(p, b);
    bool same = touched || slice_equal(a->value, buf_slice(&value));
    buf_free(&value);
    if (!same)
        return fail(p, b, edited ? "is not the new value" : "is changed too");
    if (string && node_type(a) != TYPE_STRING)
        return fail(p, b, "reads as another type");
    if (!edited && a->style != b->style)
        return fail(p, b, "is quoted in another way");
    return true;
}

static bool compare(struct proof *p, const struct node *b, const struct node *a);

static bool is_removed(const struct proof *p, const struct node *collection, size_t index)
{
    for (size_t i = 0; i < p->edits->list.count; i++) {
        const struct edit *edit = &p->edits->list.items[i];
        if (edit->kind == EDIT_REMOVE && edit->node == collection->start && edit->index == index)
            return true;
    }
    return false;
}

static bool compare_child(struct proof *p, const struct node *b, const struct node *a, size_t i,
                          size_t k)
{
    size_t length = p->path.len;
    if (b->kind == NODE_SEQUENCE)
        path_add_index(&p->path, i);
    else
        path_add_key(&p->path, b->pairs[i].key);
    bool ok = b->kind == NODE_SEQUENCE ? compare(p, b->items[i], a->items[k])
                                       : compare(p, b->pairs[i].key, a->pairs[k].key) &&
                                             compare(p, b->pairs[i].value, a->pairs[k].value);
    path_cut(&p->path, length);
    return ok;
}

/* The children that were not removed must be there in their order, and no others. */
static bool compare_children(struct proof *p, const struct node *b, const struct node *a)
{
    size_t k = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (is_removed(p, b, i))
            continue;
        if (k >= a->count)
            return fail(p, b, "has lost more than it should");
        if (!compare_child(p, b, a, i, k++))
            return false;
    }
    return k == a->count || fail(p, b, "has more than before");
}

static bool compare(struct proof *p, const struct node *b, const struct node *a)
{
    if (a->kind != b->kind || a->alias != b->alias || !same_text(a->anchor, b->anchor) ||
        !same_text(a->tag, b->tag))
        return fail(p, b, "has another shape");
    if (b->alias)
        return true; /* what it stands for is compared where it stands */
    if (b->kind == NODE_SCALAR)
        return check_scalar(p, b, a);
    return compare_children(p, b, a);
}

/* The bytes are the old ones with the edits put in. */
static bool check_bytes(struct proof *p, struct slice after)
{
    struct buf expected = {0};
    bool ok =
        edits_apply(p->arena, p->edits, p->before->name, p->before->source, &expected, p->error);
    if (ok && !slice_equal(buf_slice(&expected), after))
        ok =
            error_set(p->error, ERROR_RECIPE, "%s: not what the edits make of it", p->before->name);
    buf_free(&expected);
    return ok;
}

static bool check_documents(struct proof *p, const struct yaml *after)
{
    if (after->count != p->before->count)
        return error_set(p->error, ERROR_RECIPE, "%s: after the edit it has %zu documents, not %zu",
                         p->before->name, after->count, p->before->count);
    for (size_t i = 0; i < after->count; i++)
        if (!compare(p, p->before->documents[i], after->documents[i]))
            return false;
    return true;
}

bool edits_verify(const struct yaml *before, struct slice after, const struct edits *edits,
                  struct error *e)
{
    struct arena arena = {0};
    struct yaml parsed;
    struct proof p = {.before = before, .edits = edits, .arena = &arena, .error = e};
    sort_values(&p);
    bool ok = check_bytes(&p, after);
    if (ok && !yaml_parse(&arena, before->name, after, &parsed, e))
        ok = error_context(e, "after the edit");
    ok = ok && check_documents(&p, &parsed);
    buf_free(&p.path);
    arena_free(&arena);
    return ok;
}
