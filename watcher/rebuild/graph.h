/* Who needs whom: recipes and images, joined by the names of what they build and need. It knows
 * names and versions, not files' formats: whoever reads recipes or indexes fills it. */
#ifndef MWATCH_REBUILD_GRAPH_H
#define MWATCH_REBUILD_GRAPH_H

#include "watcher/base/arena.h"

#include <stdint.h>

/* Nodes and needs are numbered from 0 in the order in which they are added. */
#define GRAPH_NONE UINT32_MAX

enum { GRAPH_KINDS = 8 }; /* kinds of needs, by number; what they mean is the caller's */

/* What is rebuilt as one: a recipe with all its packages, or an image. */
struct graph_node {
    const char *name; /* "openssl"; a name that nothing here builds is a node of its own */
    const char *file; /* NULL = nothing here builds it */
    bool image;       /* its name is not one that can be needed */
};

struct graph_need {
    const char *text; /* "openssl-dev>3" */
    const char *file; /* where it is written, and the line; 0 = not known */
    uint32_t line;
    uint32_t kind;
    uint32_t from; /* the node that needs it */
    uint32_t to;   /* the node that has it, after graph_link; its own for what it builds itself */
};

struct graph;

/* Owned by the caller; graph_free of NULL does nothing. All texts are copied. */
struct graph *graph_new(void);
void graph_free(struct graph *g);

/* Add a node; what it provides and needs is added before the next one. */
uint32_t graph_add(struct graph *g, const char *name, const char *file, bool image);

/* The node builds the package `name`, or it has a package that provides that name. `version` is
 * empty for a provide without one; a higher priority comes first among those of one version. */
struct graph_provide {
    struct slice name;
    struct slice version;
    long long priority;
    bool package; /* a package of this name, not only a provide */
};
void graph_provide(struct graph *g, const struct graph_provide *p);

/* The node needs what `text` says; conflicts ("!name") and what is no dependency are passed over.
 * `file` must stay the same for runs of needs to be stored once. */
void graph_need(struct graph *g, unsigned kind, struct slice text, const char *file, size_t line);

/* Join needs and provides; to be called once, when all is added. Of several providers apko's order
 * decides: what the node has itself, the version of the name, priority, the node's name; those
 * whose version does not satisfy the need count only when there is no other, because a pinned
 * version is a dependency too. */
void graph_link(struct graph *g);

size_t graph_nodes(const struct graph *g);
size_t graph_needs(const struct graph *g);
const struct graph_node *graph_node_at(const struct graph *g, uint32_t node);
const struct graph_need *graph_need_at(const struct graph *g, uint32_t need);

/* The nodes that are meant by a name: a recipe or a file; an image; a package; what is provided
 * under this name; a name that is only needed. In the arena; *count is 0 when nothing is. */
const uint32_t *graph_find(const struct graph *g, struct arena *a, const char *name, size_t *count);

/* The nodes that build the package `name`, else the one that a need of this name leads to, which
 * may be no more than the name. In the arena. */
const uint32_t *graph_find_package(const struct graph *g, struct arena *a, const char *name,
                                   size_t *count);

/* Does the node build or provide it? */
bool graph_provides(const struct graph *g, uint32_t node, const char *name);

/* The name that was most likely meant, NULL when none is near. Borrowed from the graph. */
const char *graph_nearest(const struct graph *g, const char *name);

/* What to look for when some nodes have moved. */
struct graph_query {
    const uint32_t *moved;
    size_t count;
    unsigned builds; /* the kinds (1u << kind) whose holder is rebuilt when what it needs is, or
                        when what comes along with that is */
    unsigned brings; /* the kinds whose holder is not, but brings what it needs along to those that
                        need the holder */
    bool direct;     /* only those that need a moved node itself, by one of `builds` */
    bool itself;     /* what has moved is rebuilt, too: those moved nodes that are built here are
                        among the items, in their place in the order, needing what they need of the
                        others */
};

struct graph_dependent {
    uint32_t node;
    bool rebuilt;   /* else it only brings something along */
    unsigned level; /* rebuilt: 1 = needs nothing of this set, 2 = needs something of level 1 ... */
    uint32_t cycle; /* its number, GRAPH_NONE = in none */
    const uint32_t *needs; /* why: of the kinds that count, those to moved nodes and dependents, the
                              shortest way to a moved one first */
    size_t need_count;
};

/* Nodes that need each other, so that none can be built after all it needs. */
struct graph_cycle {
    const uint32_t *nodes; /* by name */
    size_t count;
    const uint32_t *way; /* a shortest one: each needs the next, and the last the first */
    size_t way_count;
};

struct graph_dependents {
    struct graph_dependent *items; /* by level, then name: whoever is rebuilt in this order is after
                                      all it needs, but for cycles */
    size_t count;
    size_t rebuilt;
    unsigned levels;
    struct graph_cycle *cycles;
    size_t cycle_count;
    const uint32_t *place; /* by node: its index in items, GRAPH_NONE = not there */
    size_t steps;          /* needs that were looked at: the work done, for tests of growth */
};

/* All in the arena. The moved nodes are among the dependents only when `itself` says so. Time and
 * memory are linear in nodes and needs, but for sorting the result. */
void graph_dependents(const struct graph *g, struct arena *a, const struct graph_query *q,
                      struct graph_dependents *out);

#endif
