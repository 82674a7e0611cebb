/* Needs joined with what provides them. */
#include "watcher/rebuild/graph_parts.h"
#include "watcher/versions/apko.h"
#include "watcher/versions/dependency.h"

#include <stdlib.h>
#include <string.h>

/* The higher version first; no version, or none of apk's, last. */
static int by_preference(const void *left, const void *right)
{
    const struct provider *a = left, *b = right;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    int order = apko_order(b->version, a->version);
    if (order == 0)
        order = (b->priority > a->priority) - (b->priority < a->priority);
    if (order == 0)
        order = strcmp(a->node_name, b->node_name);
    if (order == 0)
        order = (a->node > b->node) - (a->node < b->node);
    return order;
}

static void sort_providers(struct graph *g)
{
    size_t count = g->providers.count;
    if (count)
        qsort(g->providers.items, count, sizeof *g->providers.items, by_preference);
    g->first = arena_array(&g->arena, g->list.count + 1, sizeof *g->first);
    for (size_t i = count; i > 0; i--)
        g->first[g->providers.items[i - 1].name] = (uint32_t)i - 1;
    /* A name that nobody provides has an empty run. */
    size_t end = count;
    g->first[g->list.count] = (uint32_t)count;
    for (size_t i = g->list.count; i > 0; i--) {
        uint32_t at = g->first[i - 1];
        bool has = at < count && g->providers.items[at].name == i - 1;
        g->first[i - 1] = has ? at : (uint32_t)end;
        end = g->first[i - 1];
    }
}

/* No name has so many providers; of one that has, the first are enough. */
enum { MOST_TRIED = 1000 };

/* The best provider whose version does, else the best; GRAPH_NONE when there is none. */
static uint32_t choose(const struct graph *g, size_t need)
{
    struct dependency d;
    uint32_t name = g->wanted.items[need], from = g->first[name], end = g->first[name + 1];
    if (from == end)
        return GRAPH_NONE;
    dependency_parse(slice_of(g->needs.items[need].text), &d);
    for (uint32_t i = from; i < end && i - from < MOST_TRIED && d.relations; i++)
        if (dependency_satisfied(&d, g->providers.items[i].version))
            return g->providers.items[i].node;
    return g->providers.items[from].node;
}

/* What a node provides itself, told by a mark: its number + 1 at the number of the name. */
static void mark_own(const struct provider *providers, size_t count, uint32_t *owner)
{
    for (size_t i = 0; i < count; i++)
        owner[providers[i].name] = providers[i].node + 1;
}

/* The node of a name that nothing here builds, made when it is first needed. */
static uint32_t outsider(struct graph *g, uint32_t name, uint32_t *outsiders)
{
    if (outsiders[name] == 0)
        outsiders[name] = graph_add(g, g->list.items[name], NULL, false) + 1;
    return outsiders[name] - 1;
}

static void resolve(struct graph *g)
{
    size_t nodes = g->nodes.count, names = g->list.count;
    uint32_t *outsiders = arena_array(&g->arena, names, sizeof *outsiders);
    /* Providers are sorted by name later, so a node's own are marked now, while they are together.
     */
    struct provider *added = arena_array(&g->arena, g->providers.count, sizeof *g->providers.items);
    uint32_t *owner = arena_array(&g->arena, names, sizeof *owner);
    if (g->providers.count)
        memcpy(added, g->providers.items, g->providers.count * sizeof *added);
    sort_providers(g);
    for (uint32_t node = 0; node < nodes; node++) {
        const struct node_part *part = &g->parts.items[node];
        size_t needs_end = node + 1 < nodes ? part[1].first_need : g->needs.count;
        size_t end = node + 1 < nodes ? part[1].first_provider : g->providers.count;
        mark_own(added + part->first_provider, end - part->first_provider, owner);
        for (size_t i = g->parts.items[node].first_need; i < needs_end; i++) {
            uint32_t name = g->wanted.items[i];
            uint32_t to = owner[name] == node + 1 ? node : choose(g, i);
            g->needs.items[i].to = to == GRAPH_NONE ? outsider(g, name, outsiders) : to;
        }
    }
}

/* Needs sorted by the node they lead to; what a node has itself is left out. */
static void turn_around(struct graph *g)
{
    size_t nodes = g->nodes.count;
    g->start = arena_array(&g->arena, nodes + 1, sizeof *g->start);
    g->users = arena_array(&g->arena, g->needs.count, sizeof *g->users);
    for (size_t i = 0; i < g->needs.count; i++)
        if (g->needs.items[i].to != g->needs.items[i].from)
            g->start[g->needs.items[i].to + 1]++;
    for (size_t i = 0; i < nodes; i++)
        g->start[i + 1] += g->start[i];
    uint32_t *at = arena_array(&g->arena, nodes, sizeof *at);
    if (nodes)
        memcpy(at, g->start, nodes * sizeof *at);
    for (size_t i = 0; i < g->needs.count; i++) {
        const struct graph_need *need = &g->needs.items[i];
        if (need->to != need->from)
            g->users[at[need->to]++] = (uint32_t)i;
    }
}

void graph_link(struct graph *g)
{
    resolve(g);
    turn_around(g);
}
