/* Who depends on what has moved. */
#include "watcher/rebuild/graph_parts.h"

#include <stdlib.h>
#include <string.h>

static bool counts(unsigned kinds, const struct graph_need *need)
{
    return (kinds & (1u << need->kind)) != 0;
}

/* A moved node that is rebuilt like its dependents. */
static bool is_rebuilt(const struct search *s, uint32_t moved)
{
    return s->query->itself && s->g->nodes.items[moved].file;
}

/* The vertex that a need leads on to from what it needs; GRAPH_NONE when its kind does not count.
 */
static uint32_t follower(const struct search *s, uint32_t need_index)
{
    const struct graph_need *need = &s->g->needs.items[need_index];
    if (s->moved[need->from] && !is_rebuilt(s, need->from))
        return GRAPH_NONE;
    if (counts(s->query->builds, need))
        return vertex_built(need->from);
    if (counts(s->query->brings, need))
        return vertex_installed(need->from);
    return GRAPH_NONE;
}

bool search_next(struct search *s, uint32_t vertex, uint32_t *cursor, uint32_t *next)
{
    uint32_t node = vertex_node(vertex);
    if (vertex_is_built(vertex)) {
        *next = vertex_installed(node);
        return (*cursor)++ == 0;
    }
    uint32_t from = s->g->start[node], end = s->g->start[node + 1];
    while (from + *cursor < end) {
        *next = follower(s, s->g->users[from + (*cursor)++]);
        s->steps++;
        if (*next != GRAPH_NONE && s->distance[*next] != GRAPH_NONE)
            return true;
    }
    return false;
}

static void reach(struct search *s, uint32_t vertex, uint32_t distance)
{
    if (s->distance[vertex] != GRAPH_NONE)
        return;
    s->distance[vertex] = distance;
    s->reached[s->count++] = vertex;
}

/* Distances grow by one need at a time; from being built to being installed is no step, but the
 * vertex follows in the queue at once, so that the queue stays in order. Asked for direct
 * dependents, what brings them along is followed too: it decides about their order. */
static void reach_followers(struct search *s, uint32_t node, uint32_t distance)
{
    for (uint32_t i = s->g->start[node]; i < s->g->start[node + 1]; i++) {
        uint32_t next = follower(s, s->g->users[i]);
        s->steps++;
        if (next == GRAPH_NONE || (s->query->direct && vertex_is_built(next) != (distance == 0)))
            continue;
        reach(s, next, distance + 1);
        reach(s, vertex_installed(vertex_node(next)), distance + 1);
    }
}

static void reach_all(struct search *s)
{
    size_t vertices = s->g->nodes.count * 2;
    s->distance = arena_array(s->a, vertices, sizeof *s->distance);
    s->reached = arena_array(s->a, vertices, sizeof *s->reached);
    memset(s->distance, 0xff, vertices * sizeof *s->distance);
    for (size_t i = 0; i < s->query->count; i++) {
        uint32_t moved = s->query->moved[i];
        if (is_rebuilt(s, moved))
            reach(s, vertex_built(moved), 0);
        reach(s, vertex_installed(moved), 0);
    }
    for (size_t head = 0; head < s->count; head++) {
        uint32_t vertex = s->reached[head];
        if (!vertex_is_built(vertex))
            reach_followers(s, vertex_node(vertex), s->distance[vertex]);
    }
}

struct reason {
    uint32_t distance, need;
};

static int by_distance(const void *left, const void *right)
{
    const struct reason *a = left, *b = right;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    return (a->need > b->need) - (a->need < b->need);
}

/* The needs through which a node was reached. */
static void add_reasons(struct search *s, struct graph_dependent *d)
{
    const struct graph *g = s->g;
    unsigned kinds = d->rebuilt ? s->query->builds : s->query->brings;
    size_t from = g->parts.items[d->node].first_need;
    size_t end =
        d->node + 1 < g->nodes.count ? g->parts.items[d->node + 1].first_need : g->needs.count;
    struct reason *rows = arena_array(s->a, end - from, sizeof *rows);
    for (size_t i = from; i < end; i++) {
        const struct graph_need *need = &g->needs.items[i];
        uint32_t distance = s->distance[vertex_installed(need->to)];
        bool passed = s->query->direct ? s->moved[need->to] : distance != GRAPH_NONE;
        s->steps++;
        if (passed && need->to != d->node && counts(kinds, need))
            rows[d->need_count++] = (struct reason){distance, (uint32_t)i};
    }
    if (d->need_count)
        qsort(rows, d->need_count, sizeof *rows, by_distance);
    uint32_t *needs = arena_array(s->a, d->need_count, sizeof *needs);
    for (size_t i = 0; i < d->need_count; i++)
        needs[i] = rows[i].need;
    d->needs = needs;
}

static void add_items(struct search *s, const uint32_t *cycle_of, struct graph_dependents *out)
{
    out->items = arena_array(s->a, s->count, sizeof *out->items);
    for (size_t i = 0; i < s->count; i++) {
        uint32_t vertex = s->reached[i], node = vertex_node(vertex);
        bool rebuilt = s->distance[vertex_built(node)] != GRAPH_NONE;
        bool left_out = s->moved[node] ? !is_rebuilt(s, node) : s->query->direct && !rebuilt;
        if (vertex_is_built(vertex) || left_out)
            continue;
        uint32_t component = s->component[rebuilt ? vertex_built(node) : vertex];
        struct graph_dependent *d = &out->items[out->count++];
        *d = (struct graph_dependent){.node = node,
                                      .rebuilt = rebuilt,
                                      .level = s->level[component],
                                      .cycle = cycle_of[component]};
        add_reasons(s, d);
        out->rebuilt += rebuilt;
        if (rebuilt && d->level > out->levels)
            out->levels = d->level;
    }
}

/* What the items are sorted by, beside them. */
struct rank {
    struct graph_dependent item;
    const struct graph_node *node;
};

static int by_rank(const void *left, const void *right)
{
    const struct rank *a = left, *b = right;
    if (a->item.level != b->item.level)
        return a->item.level < b->item.level ? -1 : 1;
    int order = strcmp(a->node->name, b->node->name);
    if (order == 0)
        order = strcmp(a->node->file ? a->node->file : "", b->node->file ? b->node->file : "");
    return order ? order : (a->item.node > b->item.node) - (a->item.node < b->item.node);
}

static void sort_items(struct search *s, struct graph_dependents *out)
{
    struct rank *ranks = arena_array(s->a, out->count, sizeof *ranks);
    uint32_t *place = arena_array(s->a, s->g->nodes.count, sizeof *place);
    for (size_t i = 0; i < out->count; i++)
        ranks[i] = (struct rank){out->items[i], &s->g->nodes.items[out->items[i].node]};
    if (out->count)
        qsort(ranks, out->count, sizeof *ranks, by_rank);
    memset(place, 0xff, s->g->nodes.count * sizeof *place);
    for (size_t i = 0; i < out->count; i++) {
        out->items[i] = ranks[i].item;
        place[out->items[i].node] = (uint32_t)i;
    }
    out->place = place;
}

void graph_dependents(const struct graph *g, struct arena *a, const struct graph_query *q,
                      struct graph_dependents *out)
{
    struct search s = {.g = g, .a = a, .query = q};
    const uint32_t *cycle_of;
    *out = (struct graph_dependents){0};
    s.moved = arena_array(a, g->nodes.count, sizeof *s.moved);
    for (size_t i = 0; i < q->count; i++)
        s.moved[q->moved[i]] = true;
    reach_all(&s);
    search_order(&s);
    search_cycles(&s, out, &cycle_of);
    add_items(&s, cycle_of, out);
    sort_items(&s, out);
    out->steps = s.steps;
}
