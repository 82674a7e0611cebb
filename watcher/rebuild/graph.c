#include "watcher/rebuild/graph.h"

#include "watcher/base/memory.h"
#include "watcher/base/text.h"
#include "watcher/rebuild/graph_parts.h"
#include "watcher/versions/dependency.h"

#include <stdlib.h>
#include <string.h>

struct graph *graph_new(void)
{
    return memory_zalloc(sizeof(struct graph));
}

void graph_free(struct graph *g)
{
    if (!g)
        return;
    names_free(&g->texts);
    names_free(&g->names);
    arena_free(&g->arena);
    free(g);
}

/* The one copy of a text. */
static const char *keep(struct graph *g, struct slice text)
{
    const char *there = names_find(&g->texts, text);
    if (there)
        return there;
    const char *copy = arena_text(&g->arena, text);
    *names_slot(&g->texts, slice_of(copy)) = (void *)copy;
    return copy;
}

static uint32_t name_number(struct graph *g, struct slice name)
{
    const char *kept = keep(g, name);
    void **slot = names_slot(&g->names, slice_of(kept));
    if (!*slot) {
        vec_push(&g->arena, &g->list, kept);
        *slot = (void *)(uintptr_t)g->list.count;
    }
    return (uint32_t)((uintptr_t)*slot - 1);
}

uint32_t graph_add(struct graph *g, const char *name, const char *file, bool image)
{
    struct graph_node node = {.name = keep(g, slice_of(name)), .image = image};
    if (file)
        node.file = keep(g, slice_of(file));
    vec_push(&g->arena, &g->nodes, node);
    vec_push(&g->arena, &g->parts,
             ((struct node_part){(uint32_t)g->needs.count, (uint32_t)g->providers.count}));
    return (uint32_t)g->nodes.count - 1;
}

void graph_provide(struct graph *g, const struct graph_provide *p)
{
    uint32_t node = (uint32_t)g->nodes.count - 1;
    struct provider provider = {
        .name = name_number(g, p->name),
        .node = node,
        .version = slice_of(keep(g, p->version)),
        .priority = p->priority,
        .package = p->package,
        .node_name = g->nodes.items[node].name,
    };
    vec_push(&g->arena, &g->providers, provider);
}

void graph_need(struct graph *g, unsigned kind, struct slice text, const char *file, size_t line)
{
    struct dependency d;
    if (!dependency_parse(text, &d) || d.conflict)
        return;
    struct graph_need need = {
        .text = keep(g, slice_trim(text)),
        .file = keep(g, slice_of(file)),
        .line = line < UINT32_MAX ? (uint32_t)line : 0,
        .kind = kind % GRAPH_KINDS,
        .from = (uint32_t)g->nodes.count - 1,
        .to = GRAPH_NONE,
    };
    vec_push(&g->arena, &g->needs, need);
    vec_push(&g->arena, &g->wanted, name_number(g, d.name));
}

size_t graph_nodes(const struct graph *g)
{
    return g->nodes.count;
}

size_t graph_needs(const struct graph *g)
{
    return g->needs.count;
}

const struct graph_node *graph_node_at(const struct graph *g, uint32_t node)
{
    return &g->nodes.items[node];
}

const struct graph_need *graph_need_at(const struct graph *g, uint32_t need)
{
    return &g->needs.items[need];
}

struct found {
    VEC(uint32_t) nodes;
};

static void add_found(struct arena *a, struct found *f, uint32_t node)
{
    for (size_t i = 0; i < f->nodes.count; i++)
        if (f->nodes.items[i] == node)
            return;
    vec_push(a, &f->nodes, node);
}

/* Recipes before images, because an image is often called what its main package is; a name that
 * nothing builds last. */
static void find_nodes(const struct graph *g, struct arena *a, const char *name, bool image,
                       bool built, struct found *f)
{
    for (size_t i = 0; i < g->nodes.count; i++) {
        const struct graph_node *node = &g->nodes.items[i];
        bool named = strcmp(node->name, name) == 0 && node->image == image;
        bool is_file = node->file && strcmp(node->file, name) == 0;
        if (built ? node->file && (named || is_file) : !node->file && named)
            vec_push(a, &f->nodes, (uint32_t)i);
    }
}

/* Whoever builds a package of this name; else the one that is taken for a need of this name. */
static void find_providers(const struct graph *g, struct arena *a, const char *name,
                           struct found *f)
{
    uintptr_t number = (uintptr_t)names_find(&g->names, slice_of(name));
    if (number == 0)
        return;
    uint32_t from = g->first[number - 1], end = g->first[number];
    for (uint32_t i = from; i < end; i++)
        if (g->providers.items[i].package)
            add_found(a, f, g->providers.items[i].node);
    if (f->nodes.count == 0 && from < end)
        add_found(a, f, g->providers.items[from].node);
}

const uint32_t *graph_find(const struct graph *g, struct arena *a, const char *name, size_t *count)
{
    struct found f = {0};
    find_nodes(g, a, name, false, true, &f);
    if (f.nodes.count == 0)
        find_nodes(g, a, name, true, true, &f);
    if (f.nodes.count == 0)
        find_providers(g, a, name, &f);
    if (f.nodes.count == 0)
        find_nodes(g, a, name, false, false, &f);
    *count = f.nodes.count;
    return f.nodes.items;
}

const uint32_t *graph_find_package(const struct graph *g, struct arena *a, const char *name,
                                   size_t *count)
{
    struct found f = {0};
    find_providers(g, a, name, &f);
    if (f.nodes.count == 0 && names_find(&g->names, slice_of(name)))
        find_nodes(g, a, name, false, false, &f);
    *count = f.nodes.count;
    return f.nodes.items;
}

bool graph_provides(const struct graph *g, uint32_t node, const char *name)
{
    uintptr_t number = (uintptr_t)names_find(&g->names, slice_of(name));
    if (number == 0)
        return false;
    for (uint32_t i = g->first[number - 1]; i < g->first[number]; i++)
        if (g->providers.items[i].node == node)
            return true;
    return false;
}

const char *graph_nearest(const struct graph *g, const char *name)
{
    struct arena a = {0};
    VEC(const char *) words = {0};
    for (size_t i = 0; i < g->nodes.count; i++)
        if (g->nodes.items[i].file)
            vec_push(&a, &words, g->nodes.items[i].name);
    for (size_t i = 0; i < g->list.count; i++)
        vec_push(&a, &words, g->list.items[i]);
    vec_push(&a, &words, NULL);
    const char *near = text_nearest(slice_of(name), words.items);
    arena_free(&a);
    return near;
}
