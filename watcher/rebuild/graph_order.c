/* In which order what was reached is rebuilt: strongly connected components (Tarjan), without
 * recursion, and levels over them. */
#include "watcher/rebuild/graph_parts.h"

/* A vertex whose successors are being visited. */
struct frame {
    uint32_t vertex;
    uint32_t cursor;
};

struct tarjan {
    struct search *s;
    uint32_t *index; /* by vertex: when it was found, from 1; 0 = not yet */
    uint32_t *low;
    bool *waiting; /* on `stack` */
    uint32_t *stack;
    size_t waiting_count;
    struct frame *frames;
    size_t depth;
    uint32_t found;
};

static void enter(struct tarjan *t, uint32_t vertex)
{
    t->index[vertex] = t->low[vertex] = ++t->found;
    t->waiting[vertex] = true;
    t->stack[t->waiting_count++] = vertex;
    t->frames[t->depth++] = (struct frame){vertex, 0};
}

static void lower(struct tarjan *t, uint32_t vertex, uint32_t to)
{
    if (to < t->low[vertex])
        t->low[vertex] = to;
}

/* All successors were seen: a vertex that reaches nothing older ends a component. */
static void leave(struct tarjan *t)
{
    struct search *s = t->s;
    uint32_t vertex = t->frames[--t->depth].vertex, member;
    if (t->depth)
        lower(t, t->frames[t->depth - 1].vertex, t->low[vertex]);
    if (t->low[vertex] != t->index[vertex])
        return;
    do {
        member = t->stack[--t->waiting_count];
        t->waiting[member] = false;
        s->component[member] = s->components;
        s->order[s->ordered++] = member;
    } while (member != vertex);
    s->components++;
}

static void visit(struct tarjan *t, uint32_t root)
{
    enter(t, root);
    while (t->depth) {
        struct frame *frame = &t->frames[t->depth - 1];
        uint32_t next;
        if (!search_next(t->s, frame->vertex, &frame->cursor, &next))
            leave(t);
        else if (t->index[next] == 0)
            enter(t, next);
        else if (t->waiting[next])
            lower(t, frame->vertex, t->index[next]);
    }
}

static void find_components(struct search *s)
{
    size_t vertices = s->g->nodes.count * 2;
    struct tarjan t = {
        .s = s,
        .index = arena_array(s->a, vertices, sizeof *t.index),
        .low = arena_array(s->a, vertices, sizeof *t.low),
        .waiting = arena_array(s->a, vertices, sizeof *t.waiting),
        .stack = arena_array(s->a, s->count, sizeof *t.stack),
        .frames = arena_array(s->a, s->count, sizeof *t.frames),
    };
    for (size_t i = 0; i < s->count; i++)
        if (t.index[s->reached[i]] == 0)
            visit(&t, s->reached[i]);
}

/* Hand the level of a component on to those that follow from it. */
static void pass_on(struct search *s, uint32_t vertex, unsigned level)
{
    uint32_t cursor = 0, next;
    while (search_next(s, vertex, &cursor, &next)) {
        uint32_t to = s->component[next];
        if (to != s->component[vertex] && s->level[to] < level)
            s->level[to] = level;
    }
}

/* `order` ends with the first to be done. s->level holds what a component starts from until it is
 * its turn. */
static void find_levels(struct search *s)
{
    s->level = arena_array(s->a, s->components, sizeof *s->level);
    for (size_t end = s->ordered; end > 0;) {
        uint32_t component = s->component[s->order[end - 1]];
        size_t from = end;
        bool builds = false;
        while (from > 0 && s->component[s->order[from - 1]] == component)
            builds = vertex_is_built(s->order[--from]) || builds;
        s->level[component] += builds;
        for (size_t i = from; i < end; i++)
            pass_on(s, s->order[i], s->level[component]);
        end = from;
    }
}

void search_order(struct search *s)
{
    s->component = arena_array(s->a, s->g->nodes.count * 2, sizeof *s->component);
    s->order = arena_array(s->a, s->count, sizeof *s->order);
    find_components(s);
    find_levels(s);
}
