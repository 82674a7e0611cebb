/* What the files of the graph share; nobody else includes this. */
#ifndef MWATCH_REBUILD_GRAPH_PARTS_H
#define MWATCH_REBUILD_GRAPH_PARTS_H

#include "watcher/base/names.h"
#include "watcher/rebuild/graph.h"

struct provider {
    uint32_t name; /* its number */
    uint32_t node;
    struct slice version;
    long long priority;
    bool package;
    const char *node_name; /* to sort by */
};

/* Where a node's needs and provides begin; the next one's beginning is their end. */
struct node_part {
    uint32_t first_need;
    uint32_t first_provider;
};

struct graph {
    struct arena arena;
    struct names texts;     /* every text that is kept, once */
    struct names names;     /* names of packages: number + 1 */
    VEC(const char *) list; /* the names by number */
    VEC(struct graph_node) nodes;
    VEC(struct node_part) parts;
    VEC(struct provider) providers; /* graph_link sorts them: by name, best first */
    VEC(struct graph_need) needs;
    VEC(uint32_t) wanted; /* beside needs: the number of the name */
    uint32_t *first;      /* by name: its first provider; one more at the end */
    uint32_t *start;      /* by node: its first entry in `users`; one more at the end */
    uint32_t *users;      /* needs by the node they lead to, those of one node in order */
};

/* Twice the nodes: one vertex for having been built, one for being installed with all it brings
 * along. What builds with X is built after X is installed; what needs X to run is installed when X
 * is. So two that need each other to run are no cycle, as both can be built first. */
static inline uint32_t vertex_built(uint32_t node)
{
    return node * 2;
}

static inline uint32_t vertex_installed(uint32_t node)
{
    return node * 2 + 1;
}

static inline uint32_t vertex_node(uint32_t vertex)
{
    return vertex / 2;
}

static inline bool vertex_is_built(uint32_t vertex)
{
    return vertex % 2 == 0;
}

/* A question on its way to the answer. */
struct search {
    const struct graph *g;
    struct arena *a;
    const struct graph_query *query;
    bool *moved;        /* by node */
    uint32_t *distance; /* by vertex: needs to the nearest moved node; GRAPH_NONE = not reached */
    uint32_t *reached;  /* the vertices that are, in the order of their distance */
    size_t count;
    size_t steps;

    /* Made by search_order. */
    uint32_t *component; /* by vertex */
    uint32_t *order;     /* vertices, those of one component together, dependents first */
    size_t ordered;
    uint32_t components;
    unsigned *level; /* by component */
};

/* The vertices that follow from one: *cursor starts at 0; false when there are no more. Only those
 * that were reached and are no moved ones'. */
bool search_next(struct search *s, uint32_t vertex, uint32_t *cursor, uint32_t *next);

/* Find the components and their levels. */
void search_order(struct search *s);

/* List the components that are cycles and number them: *number gets one by component, GRAPH_NONE
 * for the others. */
void search_cycles(struct search *s, struct graph_dependents *out, const uint32_t **number);

#endif
