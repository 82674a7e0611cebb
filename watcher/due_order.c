/* In which order: an image after those it is built on, a recipe after those whose packages it
 * needs. */
#include "watcher/due_parts.h"
#include "watcher/rebuild/graph.h"

#include <stdlib.h>
#include <string.h>

/* What all needs, so that all is reached from it. */
static const char anything[] = "package indexes";

static void need(struct graph *g, const char *text, const char *file)
{
    graph_need(g, NEED_BUILD, slice_of(text), file, 0);
}

/* Levels over a graph of which every node needs `anything`. */
static void find_order(struct due *d, struct graph *g, struct graph_dependents *out)
{
    size_t count;
    graph_link(g);
    const uint32_t *moved = graph_find(g, &d->arena, "indexes", &count);
    struct graph_query query = {.moved = moved, .count = count, .builds = 1u << NEED_BUILD};
    graph_dependents(g, &d->arena, &query, out);
}

static void add_root(struct graph *g)
{
    struct graph_provide provide = {SLICE("indexes"), SLICE(""), 0, true};
    graph_add(g, anything, NULL, false);
    graph_provide(g, &provide);
}

static bool includes(const struct due_image *m, const char *file)
{
    for (size_t i = 0; i < m->needs.files.count; i++)
        if (strcmp(m->needs.files.items[i], file) == 0)
            return true;
    return false;
}

static bool is_after(const struct due_image *m, const struct due_image *other)
{
    for (size_t i = 0; i < m->settings.after.list.count; i++)
        if (strcmp(m->settings.after.list.items[i], other->name) == 0)
            return true;
    return includes(m, other->file);
}

/* An image is no package: it is needed by its place in the list, as "image.7". */
static void add_image(struct due *d, struct graph *g, size_t index)
{
    const struct due_image *m = d->images.items[index];
    struct graph_provide provide = {slice_of(arena_printf(&d->arena, "image.%zu", index)),
                                    SLICE(""), 0, true};
    graph_add(g, provide.name.ptr, m->file, false);
    graph_provide(g, &provide);
    need(g, "indexes", m->file);
    for (size_t i = 0; i < d->images.count; i++)
        if (i != index && is_after(m, d->images.items[i]))
            need(g, arena_printf(&d->arena, "image.%zu", i), m->file);
}

static int by_level(const void *a, const void *b)
{
    const struct due_image *const *x = a, *const *y = b;
    if ((*x)->level != (*y)->level)
        return (*x)->level < (*y)->level ? -1 : 1;
    int order = strcmp((*x)->name, (*y)->name);
    return order ? order : strcmp((*x)->file, (*y)->file);
}

/* Levels are counted without gaps over the images that are rebuilt. */
static void close_gaps(struct due *d)
{
    unsigned last = 0;
    d->levels = 0;
    for (size_t i = 0; i < d->images.count; i++) {
        struct due_image *m = d->images.items[i];
        if (m->fate != DUE_REBUILD)
            continue;
        if (m->level != last)
            d->levels++;
        last = m->level;
        m->level = d->levels;
    }
}

static void order_images(struct due *d)
{
    struct graph *g = graph_new();
    struct graph_dependents found;
    add_root(g);
    for (size_t i = 0; i < d->images.count; i++)
        add_image(d, g, i);
    find_order(d, g, &found);
    for (size_t i = 0; i < found.count; i++) {
        const char *name = graph_node_at(g, found.items[i].node)->name;
        unsigned long long index = 0;
        if (slice_number(slice_from(slice_of(name), 6), &index) && index < d->images.count)
            d->images.items[index]->level = found.items[i].level;
    }
    graph_free(g);
    if (d->images.count)
        qsort(d->images.items, d->images.count, sizeof *d->images.items, by_level);
    close_gaps(d);
}

static void add_recipe(struct graph *g, const struct due_recipe *recipe)
{
    graph_add(g, recipe->file, recipe->file, false);
    for (size_t i = 0; i < recipe->needs.provides.count; i++) {
        const struct provided *p = &recipe->needs.provides.items[i];
        struct graph_provide provide = {slice_of(p->name), slice_of(p->version), p->priority,
                                        p->package};
        graph_provide(g, &provide);
    }
    need(g, "indexes", recipe->file);
    for (size_t i = 0; i < recipe->needs.list.count; i++)
        need(g, recipe->needs.list.items[i].text, recipe->file);
}

static void order_recipes(struct due *d, struct due_image *m)
{
    struct graph *g = graph_new();
    struct graph_dependents found;
    size_t placed = 0;
    const struct due_recipe **sorted = arena_array(&d->arena, m->recipes.count, sizeof *sorted);
    add_root(g);
    for (size_t i = 0; i < m->recipes.count; i++)
        add_recipe(g, m->recipes.items[i]);
    find_order(d, g, &found);
    for (size_t i = 0; i < found.count; i++)
        for (size_t k = 0; k < m->recipes.count; k++)
            if (strcmp(graph_node_at(g, found.items[i].node)->name, m->recipes.items[k]->file) == 0)
                sorted[placed++] = m->recipes.items[k];
    for (size_t i = 0; i < placed; i++)
        m->recipes.items[i] = sorted[i];
    graph_free(g);
}

void due_order(struct due *d)
{
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_REBUILD && d->images.items[i]->recipes.count > 1)
            order_recipes(d, d->images.items[i]);
    order_images(d);
}
