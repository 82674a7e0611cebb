/* Several change sets on the same files become one: every edit is a byte range of the same bytes.
 */
#include "watcher/plan_group.h"

#include <string.h>

struct combiner {
    struct arena *a;
    const char *root;
    struct outcome *const *rows;
    size_t count;
    struct change_set *out;
    struct error *e;
};

static const struct file_change *find(const struct change_set *set, const char *file)
{
    for (size_t i = 0; i < set->files.count; i++)
        if (strcmp(set->files.items[i].file, file) == 0)
            return &set->files.items[i];
    return NULL;
}

static bool edits_path(const struct file_change *f, const char *path)
{
    for (size_t i = 0; f && i < f->edits.list.count; i++)
        if (strcmp(f->edits.list.items[i].path, path) == 0)
            return true;
    return false;
}

/* A new version of the package says what becomes of the epoch, even when that is nothing. */
static bool is_outvoted(const struct combiner *k, const struct file_change *f)
{
    if (edits_path(f, "package.version"))
        return false;
    for (size_t i = 0; i < k->count; i++)
        if (edits_path(find(k->rows[i]->changes, f->file), "package.version"))
            return true;
    return false;
}

/* "rebuild for openssl 3.5.3" and "rebuild for zlib 1.4" are one comment. */
static bool join_comment(struct combiner *k, struct edits *to, const struct edit *comment)
{
    static const struct slice before = SLICE("rebuild for ");
    struct slice more = slice_of(comment->new_text);
    for (size_t i = 0; i < to->list.count; i++) {
        struct edit *edit = &to->list.items[i];
        if (edit->kind != EDIT_COMMENT || edit->start != comment->start)
            continue;
        size_t at = slice_find(more, before);
        more = slice_from(more, at == SLICE_NONE ? 0 : at + before.len);
        edit->new_text = arena_printf(k->a, "%s, %.*s", edit->new_text, SLICE_ARG(more));
        edit->bytes =
            slice_of(arena_printf(k->a, "%.*s, %.*s", SLICE_ARG(edit->bytes), SLICE_ARG(more)));
        return true;
    }
    return false;
}

/* Both components of a recipe may raise its epoch, and two may find the same place. */
static bool has_edit(const struct edits *list, const struct edit *edit)
{
    for (size_t i = 0; i < list->list.count; i++) {
        const struct edit *other = &list->list.items[i];
        if (other->kind == edit->kind && other->start == edit->start && other->end == edit->end &&
            other->index == edit->index && slice_equal(other->bytes, edit->bytes))
            return true;
    }
    return false;
}

static void add_edits(struct combiner *k, struct file_change *to, const struct file_change *from)
{
    bool outvoted = is_outvoted(k, from);
    for (size_t i = 0; i < from->edits.list.count; i++) {
        const struct edit *edit = &from->edits.list.items[i];
        if ((outvoted && strcmp(edit->path, "package.epoch") == 0) || has_edit(&to->edits, edit))
            continue;
        if (from->recipe && edit->kind == EDIT_COMMENT && join_comment(k, &to->edits, edit))
            continue;
        vec_push(k->a, &to->edits.list, *edit);
    }
}

static bool add_file(struct combiner *k, const struct file_change *from)
{
    struct file_change *to = (struct file_change *)find(k->out, from->file);
    if (!to) {
        to = vec_add(k->a, &k->out->files);
        *to = (struct file_change){
            .file = from->file, .before = from->before, .recipe = from->recipe, .why = from->why};
    } else if (!slice_equal(to->before, from->before)) {
        return error_set(k->e, ERROR_CONFLICT, "%s: changed while mwatch was at it; run it again",
                         from->file);
    } else if (to->recipe && from->recipe) {
        to->why = arena_printf(k->a, "%s; %s", to->why, from->why);
    }
    add_edits(k, to, from);
    return true;
}

/* What was YAML must be YAML afterwards, with every member's values and no other changed. */
static bool verify(struct combiner *k, const struct file_change *f)
{
    struct recipe_file before;
    if (!recipe_load(k->a, k->root, f->file, false, &before, k->e))
        return false;
    if (!slice_equal(before.source, f->before))
        return error_set(k->e, ERROR_CONFLICT, "%s: changed while mwatch was at it; run it again",
                         f->file);
    return !before.is_yaml || edits_verify(&before.yaml, f->after, &f->edits, k->e);
}

static bool finish(struct combiner *k, struct file_change *f)
{
    struct buf after = {0};
    bool good = edits_apply(k->a, &f->edits, f->file, f->before, &after, k->e);
    if (good)
        f->after = arena_slice(k->a, buf_slice(&after));
    buf_free(&after);
    return good && verify(k, f);
}

bool plan_combine(struct arena *a, const char *root, struct outcome *const *rows, size_t count,
                  struct change_set *out, struct error *e)
{
    struct combiner k = {a, root, rows, count, out, e};
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < rows[i]->changes->files.count; f++)
            if (!add_file(&k, &rows[i]->changes->files.items[f]))
                return false;
    for (size_t i = 0; i < out->files.count; i++)
        if (!finish(&k, &out->files.items[i]))
            return false;
    return true;
}
