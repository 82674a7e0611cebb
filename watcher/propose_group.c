/* Groups: what of them can be proposed now, and what a run that did not look at all of their
 * components leaves alone. */
#include "watcher/plan_group.h"
#include "watcher/propose_parts.h"

#include <string.h>

static bool is_contradicted(const struct outcome *o)
{
    for (size_t i = 0; i < o->proofs.count; i++)
        if (o->proofs.items[i].state == PROOF_CONTRADICTED)
            return true;
    return false;
}

bool row_is_judged(const struct outcome *o)
{
    enum decision_kind kind = o->decision.kind;
    if (kind == DECISION_ERROR)
        return is_contradicted(o);
    return !o->unasked && kind != DECISION_HELD && kind != DECISION_REGRESSED;
}

struct outcome *row_of_component(struct arena *a, const struct results *results,
                                 struct slice component)
{
    for (size_t i = 0; i < results->count; i++)
        if (slice_is(component, marker_component(a, results->items[i]->component)))
            return results->items[i];
    return NULL;
}

static bool is_member(struct arena *a, const struct group *g, struct slice component)
{
    for (size_t i = 0; i < g->members.count; i++)
        if (slice_is(component, marker_component(a, g->members.items[i]->component)))
            return true;
    return false;
}

/* One whose file is another on the base branch by now was looked at in an old checkout. */
static bool is_known(const struct outcome *row)
{
    return row && row_is_judged(row) && row->proposed.state != PROPOSED_LEFT;
}

bool group_is_covered(struct arena *a, const struct group *g, const struct marker *open,
                      const struct results *results)
{
    struct slice rest = slice_of(open->members), component;
    const char *version;
    size_t others = 0;
    for (size_t i = 0; i < g->members.count; i++) {
        int order;
        if (!member_order(a, g->members.items[i], open->members, &order) || order != 0)
            return false;
    }
    while (marker_next_member(a, &rest, &component, &version)) {
        if (is_member(a, g, component))
            continue;
        if (is_known(row_of_component(a, results, component)))
            return false;
        others++;
    }
    return others > 0;
}

/* Is the member's recipe on the base branch as it is here? Else it stays out, and says why. */
static bool fits(struct proposer *p, struct outcome *o)
{
    struct error e = {0};
    enum base_state state;
    const char *file = NULL, *base = repository_base(p->repository);
    if (!observe_base(p, &o->arena, o->changes, &state, &file, &e)) {
        outcome_fail(o, &e);
        return false;
    }
    if (state == BASE_HAS_IT)
        o->proposed =
            told(&o->arena, PROPOSED_LEFT, NULL, "left: %s has it, update the checkout", base);
    else if (state == BASE_DIFFERS)
        o->proposed = told(&o->arena, PROPOSED_LEFT, NULL,
                           "left: %s is another on %s, update the checkout first", file, base);
    return state == BASE_AS_HERE;
}

/* The row keeps its changes for the report, but nobody proposes them. */
static void keep_fitting(struct proposer *p, struct group *g)
{
    size_t kept = 0, count = g->members.count;
    for (size_t i = 0; i < count; i++)
        if (fits(p, g->members.items[i]))
            g->members.items[kept++] = g->members.items[i];
    g->members.count = kept;
    if (kept && kept < count)
        plan_group(p->root, p->templates, g);
}

static void tell_member(struct outcome *o, const struct outcome *whole)
{
    o->proposed =
        (struct proposed){whole->proposed.state, arena_copy(&o->arena, whole->proposed.what),
                          arena_copy(&o->arena, whole->proposed.url)};
}

static void tell_warnings(struct group *g)
{
    struct outcome *first = g->members.items[0];
    for (size_t i = 0; i < g->whole.warnings.count; i++)
        vec_push(&first->arena, &first->warnings,
                 arena_copy(&first->arena, g->whole.warnings.items[i]));
}

void propose_group(struct proposer *p, struct group *g, const struct results *results)
{
    struct error e = {0};
    g->done = true;
    keep_fitting(p, g);
    if (g->members.count == 0)
        return;
    bool good = propose_pull(p, &g->whole, results, &e);
    if (!good && e.code == ERROR_CONFLICT) {
        g->whole.proposed = told(&g->whole.arena, PROPOSED_LEFT, NULL, "left: %s", e.message);
        good = true;
    }
    for (size_t i = 0; i < g->members.count; i++)
        if (good)
            tell_member(g->members.items[i], &g->whole);
        else
            outcome_fail(g->members.items[i], &e);
    tell_warnings(g);
}
