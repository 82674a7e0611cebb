#include "watcher/yaml/edit.h"

#include <stdlib.h>
#include <string.h>

/* By place; at one place a value comes before the comment behind it. */
static int compare(const void *left, const void *right)
{
    const struct edit *a = *(const struct edit *const *)left;
    const struct edit *b = *(const struct edit *const *)right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

static bool is_same(const struct edit *a, const struct edit *b)
{
    return a->start == b->start && a->end == b->end && slice_equal(a->bytes, b->bytes);
}

/* Two insertions at one place clash, except that of a missing value and of a comment. */
static bool clashes(const struct edit *a, const struct edit *b)
{
    if (a->start == b->start && a->end == b->end)
        return a->start != a->end || a->kind == b->kind;
    return b->start < a->end;
}

/* Lines that go with two items (a blank one between them) may go twice. */
static bool both_remove(const struct edit *a, const struct edit *b)
{
    return a->kind == EDIT_REMOVE && b->kind == EDIT_REMOVE;
}

static bool fail_clash(const char *file, const struct edit *a, const struct edit *b,
                       struct error *e)
{
    return error_set(e, ERROR_RECIPE, "%s: the changes of %s and %s overlap", file, a->path,
                     b->path);
}

static const struct edit **sort(struct arena *a, const struct edits *edits)
{
    size_t count = edits->list.count;
    const struct edit **sorted = arena_array(a, count, sizeof(struct edit *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &edits->list.items[i];
    if (count)
        qsort(sorted, count, sizeof(struct edit *), compare);
    return sorted;
}

bool edits_apply(struct arena *a, const struct edits *edits, const char *file, struct slice source,
                 struct buf *out, struct error *e)
{
    const struct edit **sorted = sort(a, edits), *last = NULL;
    size_t done = 0;
    for (size_t i = 0; i < edits->list.count; i++) {
        const struct edit *edit = sorted[i];
        if (last && is_same(last, edit))
            continue;
        if (last && clashes(last, edit)) {
            if (!both_remove(last, edit))
                return fail_clash(file, last, edit, e);
            done = edit->end > done ? edit->end : done;
            continue;
        }
        if (edit->end > source.len)
            return error_set(e, ERROR_RECIPE, "%s: %s is not in this file", file, edit->path);
        buf_add(out, slice_first(slice_from(source, done), edit->start - done));
        buf_add(out, edit->bytes);
        done = edit->end;
        last = edit;
    }
    buf_add(out, slice_from(source, done));
    if (out->overflow)
        return error_set(e, ERROR_RECIPE, "%s: grows too large", file);
    return true;
}
