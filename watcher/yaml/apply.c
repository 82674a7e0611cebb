#include "watcher/yaml/edit.h"

#include <stdlib.h>
#include <string.h>

/* By place; of those that start together what is inserted there, then the longer one first. A value
 * comes before the comment behind it. */
static int compare(const void *left, const void *right)
{
    const struct edit *a = *(const struct edit *const *)left;
    const struct edit *b = *(const struct edit *const *)right;
    bool a_inserts = a->start == a->end, b_inserts = b->start == b->end;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a_inserts != b_inserts)
        return a_inserts ? -1 : 1;
    if (a->end != b->end)
        return a->end > b->end ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

/* Does `inner`, within the range of `outer`, do there what `outer` does anyway? So a pattern may
 * find a version between quotes that is set too. */
static bool is_covered(struct slice source, const struct edit *outer, const struct edit *inner)
{
    if (inner->start < outer->start || inner->end > outer->end)
        return false;
    struct slice head = slice_first(slice_from(source, outer->start), inner->start - outer->start);
    struct slice tail = slice_first(slice_from(source, inner->end), outer->end - inner->end);
    struct slice bytes = outer->bytes;
    if (bytes.len != head.len + inner->bytes.len + tail.len)
        return false;
    return slice_starts(bytes, head) && slice_ends(bytes, tail) &&
           slice_equal(slice_first(slice_from(bytes, head.len), inner->bytes.len), inner->bytes);
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

/* A line alone would not say which of two patterns it was. */
static const char *name_of(struct arena *a, const struct edit *edit)
{
    if (edit->kind != EDIT_PATTERN)
        return edit->path;
    return arena_printf(a, "%s to %s", edit->path, edit->new_text);
}

static bool fail_clash(const char *file, const struct edit *a, const struct edit *b,
                       struct error *e)
{
    struct arena scratch = {0};
    error_set(e, ERROR_RECIPE, "%s: the changes of %s and %s overlap", file, name_of(&scratch, a),
              name_of(&scratch, b));
    arena_free(&scratch);
    return false;
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
        if (edit->end > source.len)
            return error_set(e, ERROR_RECIPE, "%s: %s is not in this file", file, edit->path);
        if (last && is_covered(source, last, edit))
            continue;
        if (last && clashes(last, edit)) {
            if (!both_remove(last, edit))
                return fail_clash(file, last, edit, e);
            if (edit->end <= done)
                continue;
        } else {
            buf_add(out, slice_first(slice_from(source, done), edit->start - done));
            buf_add(out, edit->bytes);
        }
        done = edit->end;
        last = edit;
    }
    buf_add(out, slice_from(source, done));
    if (out->overflow)
        return error_set(e, ERROR_RECIPE, "%s: grows too large", file);
    return true;
}
