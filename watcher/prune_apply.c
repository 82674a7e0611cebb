/* Prunings made into edits. */
#include "watcher/prune.h"

#include <stdint.h>
#include <string.h>

static const struct node *root_of(const struct yaml *y)
{
    return y->count ? y->documents[0] : NULL;
}

static size_t index_of_key(const struct node *mapping, const char *key)
{
    for (size_t i = 0; mapping->kind == NODE_MAPPING && i < mapping->count; i++)
        if (slice_is(mapping->pairs[i].key->value, key))
            return i;
    return SIZE_MAX;
}

/* "pipeline[1].with.deps" is the pair `deps` of "pipeline[1].with", "pipeline[1]" the second item
 * of "pipeline". */
static const struct node *holder_of(struct arena *a, const struct yaml *y, const char *path,
                                    size_t *index)
{
    const char *dot = strrchr(path, '.'), *bracket = strrchr(path, '[');
    bool item = bracket && (!dot || bracket > dot);
    const char *end = item ? bracket : dot;
    if (!end)
        return NULL;
    const char *outer = arena_text(a, slice_new(path, (size_t)(end - path)));
    const struct node *holder = node_path(root_of(y), outer);
    unsigned long long number = 0;
    if (!holder)
        return NULL;
    if (item && slice_number(slice_first(slice_of(bracket + 1), strlen(bracket + 1) - 1), &number))
        *index = (size_t)number;
    else
        *index = item ? SIZE_MAX : index_of_key(holder, end + 1);
    return holder;
}

bool prune_apply(struct arena *a, const struct yaml *y, const struct prune_edit *pruning,
                 struct edits *edits, struct error *e)
{
    size_t before = edits->list.count, index = 0;
    const struct node *holder = holder_of(a, y, pruning->path, &index);
    const struct node *node = root_of(y) ? node_path(root_of(y), pruning->path) : NULL;
    bool good = false;
    if (!holder || !node)
        error_set(e, ERROR_RECIPE, "%s: there is no %s", y->name, pruning->path);
    else if (pruning->value)
        good = edit_scalar(a, edits, y, node, pruning->path, slice_of(pruning->value), true, e);
    else
        good = edit_remove_item(a, edits, y, holder, index, pruning->path, e);
    if (!good)
        edits->list.count = before;
    return good;
}
