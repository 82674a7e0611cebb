#include "watcher/plan_group.h"

#include "watcher/marker.h"

#include <string.h>

/* A marker has room for less than 8,192 bytes, and nobody reviews more at once. */
enum { MOST_MEMBERS = 100, LONGEST_MEMBERS = 6000 };

const char *plan_group_branch(struct arena *a, const char *name)
{
    return arena_printf(a, "%sgroup=%s", BRANCH_PREFIX, name);
}

const char *plan_group_members(struct arena *a, const struct group *g)
{
    struct buf out = {0};
    for (size_t i = 0; i < g->members.count; i++) {
        const struct outcome *o = g->members.items[i];
        marker_add_member(&out, marker_component(a, o->component), o->decision.version);
    }
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static bool joins(const struct outcome *o)
{
    enum decision_kind kind = o->decision.kind;
    bool small = kind == DECISION_PATCH || kind == DECISION_MINOR || kind == DECISION_MANUAL;
    return small && o->changes && o->changes->branch && o->component->group &&
           !o->component->require_sequential;
}

static struct group *group_named(struct results *results, const char *name)
{
    for (size_t i = 0; i < results->groups.count; i++)
        if (strcmp(results->groups.items[i]->name, name) == 0)
            return results->groups.items[i];
    struct group *g = arena_new(&results->arena, struct group);
    g->name = name;
    vec_push(&results->arena, &results->groups, g);
    return g;
}

static void let_wait(struct outcome *o, const char *whom, const char *why)
{
    o->changes = NULL;
    o->group = NULL;
    o->proposed = (struct proposed){
        .state = PROPOSED_WAITS,
        .what = arena_printf(&o->arena, "waits for %s of its group: %s", whom, why)};
}

/* Whom of the members the row cannot go with. */
static const char *rival(const char *root, const struct group *g, size_t count, struct outcome *o)
{
    struct arena a = {0};
    const char *name = "the rest";
    for (size_t i = 0; i < count; i++) {
        struct outcome *const pair[] = {g->members.items[i], o};
        struct change_set set = {0};
        struct error e = {0};
        if (plan_combine(&a, root, pair, 2, &set, &e))
            continue;
        struct buf title = {0};
        component_add_title(&title, g->members.items[i]->component);
        name = arena_text(&o->arena, buf_slice(&title));
        buf_free(&title);
        break;
    }
    arena_free(&a);
    return name;
}

/* Everything at once, as a rule; else one after the other, to see who does not fit. */
static void combine(const char *root, struct group *g)
{
    struct outcome *whole = &g->whole;
    struct error e = {0};
    size_t kept = 0, count = g->members.count;
    whole->changes = arena_new(&whole->arena, struct change_set);
    if (plan_combine(&whole->arena, root, g->members.items, count, whole->changes, &e))
        return;
    struct change_set *good = arena_new(&whole->arena, struct change_set);
    for (size_t i = 0; i < count; i++) {
        struct change_set *more = arena_new(&whole->arena, struct change_set);
        struct outcome *o = g->members.items[i];
        error_clear(&e);
        g->members.items[kept] = o;
        if (plan_combine(&whole->arena, root, g->members.items, kept + 1, more, &e)) {
            good = more;
            kept++;
        } else {
            let_wait(o, rival(root, g, kept, o), e.message);
        }
    }
    g->members.count = kept;
    whole->changes = good;
}

static void cut(struct group *g)
{
    size_t most = g->members.count < MOST_MEMBERS ? g->members.count : MOST_MEMBERS;
    size_t count = g->members.count;
    g->members.count = most;
    while (strlen(plan_group_members(&g->whole.arena, g)) > LONGEST_MEMBERS)
        g->members.count--;
    for (size_t i = g->members.count; i < count; i++)
        let_wait(g->members.items[i], "the rest", "one pull request holds no more");
}

/* What stands for all: the boldest kind, and only what every member's policy allows. */
static void sum_up(struct group *g)
{
    struct outcome *whole = &g->whole;
    const struct component *first = g->members.items[0]->component;
    struct component *c = arena_new(&whole->arena, struct component);
    c->recipe = c->name = g->name;
    c->file = first->file;
    c->scheme = first->scheme;
    c->merge_method = first->merge_method;
    c->milestone = first->milestone;
    whole->component = c;
    whole->decision = (struct decision){.kind = DECISION_PATCH, .action = ACTION_MERGE};
    whole->decision.version = arena_printf(&whole->arena, "%zu component%s", g->members.count,
                                           g->members.count == 1 ? "" : "s");
    for (size_t i = 0; i < g->members.count; i++) {
        const struct outcome *o = g->members.items[i];
        if (o->decision.kind == DECISION_MINOR)
            whole->decision.kind = DECISION_MINOR;
        if (o->decision.action != ACTION_MERGE || o->decision.kind == DECISION_MANUAL)
            whole->decision.action = ACTION_PR;
        c->draft = c->draft || o->component->draft;
        if (!c->milestone)
            c->milestone = o->component->milestone;
    }
    whole->group = g;
}

static void tell_members(struct group *g)
{
    const struct change_set *set = g->whole.changes;
    for (size_t i = 0; i < g->members.count; i++) {
        struct outcome *o = g->members.items[i];
        o->group = g;
        o->changes->branch = arena_copy(&o->arena, set->branch);
        o->changes->title = arena_copy(&o->arena, set->title);
        o->changes->body = arena_copy(&o->arena, set->body);
        o->changes->message = arena_copy(&o->arena, set->message);
    }
}

void plan_group(const char *root, const struct templates *templates, struct group *g)
{
    struct error e = {0};
    cut(g);
    combine(root, g);
    if (g->members.count == 0)
        return;
    sum_up(g);
    g->whole.changes->branch = plan_group_branch(&g->whole.arena, g->name);
    if (plan_group_texts(templates, g, &e)) {
        tell_members(g);
        return;
    }
    for (size_t i = 0; i < g->members.count; i++)
        outcome_fail(g->members.items[i], &e);
    g->members.count = 0;
}

void plan_groups(const char *root, const struct templates *templates, struct results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        if (joins(o))
            vec_push(&results->arena, &group_named(results, o->component->group)->members, o);
    }
    for (size_t i = 0; i < results->groups.count; i++)
        plan_group(root, templates, results->groups.items[i]);
}
