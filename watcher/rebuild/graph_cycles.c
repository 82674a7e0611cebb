/* Cycles by name: which nodes need each other, and one short way around. */
#include "watcher/rebuild/graph_parts.h"

#include <stdlib.h>
#include <string.h>

struct named {
    const char *name, *file;
    uint32_t node;
};

static int by_name(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order == 0 && a->file && b->file)
        order = strcmp(a->file, b->file);
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

/* The nodes of a component, each once, sorted. */
static size_t list_nodes(struct search *s, size_t from, size_t end, const uint32_t **out)
{
    struct named *rows = arena_array(s->a, end - from, sizeof *rows);
    uint32_t *nodes = arena_array(s->a, end - from, sizeof *nodes);
    size_t count = 0;
    for (size_t i = from; i < end; i++) {
        uint32_t node = vertex_node(s->order[i]);
        rows[i - from] =
            (struct named){s->g->nodes.items[node].name, s->g->nodes.items[node].file, node};
    }
    qsort(rows, end - from, sizeof *rows, by_name);
    for (size_t i = 0; i < end - from; i++)
        if (count == 0 || nodes[count - 1] != rows[i].node)
            nodes[count++] = rows[i].node;
    *out = nodes;
    return count;
}

/* The way back from `last` to the start, as nodes: each step in `parent` is one that the vertex
 * follows from, that is, one it needs. */
static void list_way(struct search *s, uint32_t start, uint32_t last, const uint32_t *parent,
                     size_t most, struct graph_cycle *out)
{
    uint32_t *way = arena_array(s->a, most + 1, sizeof *way);
    size_t count = 0;
    way[count++] = vertex_node(start);
    for (uint32_t v = last; vertex_node(v) != way[0]; v = parent[v])
        if (way[count - 1] != vertex_node(v))
            way[count++] = vertex_node(v);
    out->way = way;
    out->way_count = count;
}

struct round {
    uint32_t *parent; /* by vertex; GRAPH_NONE = not seen */
    uint32_t *queue;
};

/* Breadth first from the start until it comes back. */
static void go_round(struct search *s, uint32_t start, struct round *r, struct graph_cycle *out)
{
    size_t tail = 0;
    r->queue[tail++] = start;
    for (size_t head = 0; head < tail; head++) {
        uint32_t vertex = r->queue[head], cursor = 0, next;
        while (search_next(s, vertex, &cursor, &next)) {
            if (next == start) {
                list_way(s, start, vertex, r->parent, tail, out);
                return;
            }
            if (s->component[next] != s->component[start] || r->parent[next] != GRAPH_NONE)
                continue;
            r->parent[next] = vertex;
            r->queue[tail++] = next;
        }
    }
}

/* The first by name of those that are built. */
static uint32_t first_built(const struct search *s, const struct graph_cycle *cycle,
                            uint32_t component)
{
    for (size_t i = 0; i < cycle->count; i++) {
        uint32_t vertex = vertex_built(cycle->nodes[i]);
        if (s->distance[vertex] != GRAPH_NONE && s->component[vertex] == component)
            return vertex;
    }
    return GRAPH_NONE;
}

/* Two nodes that only need each other to run are none. */
static bool read_cycle(struct search *s, size_t from, size_t end, struct round *r,
                       struct graph_cycle *out)
{
    *out = (struct graph_cycle){0};
    if (end - from < 2)
        return false;
    out->count = list_nodes(s, from, end, &out->nodes);
    uint32_t start = first_built(s, out, s->component[s->order[from]]);
    if (out->count < 2 || start == GRAPH_NONE)
        return false;
    go_round(s, start, r, out);
    return true;
}

void search_cycles(struct search *s, struct graph_dependents *out, const uint32_t **number)
{
    size_t vertices = s->g->nodes.count * 2;
    uint32_t *numbers = arena_array(s->a, s->components, sizeof *numbers);
    struct round r = {arena_array(s->a, vertices, sizeof *r.parent),
                      arena_array(s->a, s->count, sizeof *r.queue)};
    VEC(struct graph_cycle) cycles = {0};
    for (size_t i = 0; i < vertices; i++)
        r.parent[i] = GRAPH_NONE;
    for (size_t end = s->ordered, from; end > 0; end = from) {
        uint32_t component = s->component[s->order[end - 1]];
        struct graph_cycle cycle;
        for (from = end; from > 0 && s->component[s->order[from - 1]] == component;)
            from--;
        bool is_cycle = read_cycle(s, from, end, &r, &cycle);
        numbers[component] = is_cycle ? (uint32_t)cycles.count : GRAPH_NONE;
        if (is_cycle)
            vec_push(s->a, &cycles, cycle);
    }
    out->cycles = cycles.items;
    out->cycle_count = cycles.count;
    *number = numbers;
}
