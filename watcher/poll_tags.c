/* Releases and tags of the same names, brought together. */
#include "watcher/poll_parts.h"

#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_tag(const struct candidate *c)
{
    return (c->flags & CANDIDATE_TAG) != 0;
}

/* Releases before tags of the same name. */
static int by_name(const void *a, const void *b)
{
    const struct candidate *const *x = a, *const *y = b;
    int order = strcmp((*x)->raw, (*y)->raw);
    return order ? order : is_tag(*x) - is_tag(*y);
}

/* One name: its releases get the tag's commit, and only the first of all is kept of the tags. */
static void join_name(struct candidate **sorted, size_t count)
{
    const char *commit = sorted[count - 1]->commit;
    for (size_t i = 0; i < count; i++)
        if (is_tag(sorted[i]) && i > 0)
            sorted[i]->raw = NULL; /* to be taken out */
        else if (!sorted[i]->commit)
            sorted[i]->commit = commit;
}

static void join(struct candidate **sorted, size_t count)
{
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && strcmp(sorted[next]->raw, sorted[i]->raw) == 0;)
            next++;
        join_name(sorted + i, next - i);
    }
}

void tags_settle(struct candidates *found, bool all)
{
    size_t count = found->list.count, tags = 0, kept = 0;
    struct candidate *items = found->list.items;
    for (size_t i = 0; i < count; i++)
        tags += is_tag(&items[i]);
    if (!tags)
        return;
    struct candidate **sorted = memory_alloc(memory_product(count, sizeof *sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &items[i];
    qsort(sorted, count, sizeof *sorted, by_name);
    join(sorted, count);
    free(sorted);
    for (size_t i = 0; i < count; i++)
        if (items[i].raw && !(all && is_tag(&items[i])))
            items[kept++] = items[i];
    found->list.count = kept;
}
