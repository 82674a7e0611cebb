/* Issues: observe, decide, do. They were all read before the first row. */
#include "watcher/propose_parts.h"

#include <string.h>

struct issue_work {
    struct proposer *p;
    struct outcome *o;
    struct arena *a;
    struct wanted wanted;
    struct sightings seen;
    struct error *e;
};

static bool once(const struct decision *d)
{
    return d->kind == DECISION_MAJOR || d->kind == DECISION_NEW_STREAM;
}

static struct marker wanted_marker(struct issue_work *w)
{
    const struct outcome *o = w->o;
    struct marker m = marker_of(w->a, o->component, o->decision.version, o->decision.kind);
    m.line = issue_line(w->a, o->component, &o->decision);
    m.digest = marker_digest(w->a, o->changes->title, o->changes->body);
    return m;
}

static bool keep(struct issue_work *w, const struct issue_plan *plan)
{
    struct proposal *issue = plan->current->p;
    struct proposal_text text = {0};
    const struct change_set *set = w->o->changes;
    bool reopened = plan->deed == ISSUE_REOPEN;
    propose_wishes(w->o, &text);
    if (plan->retext) {
        text.title = set->title;
        text.body =
            marker_put(w->a, issue_keep_ticks(w->a, set->body, issue->body), &w->wanted.marker);
    }
    if (reopened && !w->p->forge->reopen(w->p->session, issue, w->e))
        return false;
    issue->state = PROPOSAL_OPEN;
    if (!w->p->forge->update(w->p->session, issue, &text, w->e))
        return false;
    const char *what = reopened ? "reopened" : plan->retext ? "updated" : "unchanged";
    w->o->proposed = told(w->a, plan->retext ? PROPOSED_UPDATED : PROPOSED_UNCHANGED, issue,
                          "%s #%llu", what, issue->number);
    return true;
}

static bool create(struct issue_work *w, struct seen *out)
{
    const struct change_set *set = w->o->changes;
    struct proposal_text text = {.title = set->title};
    text.body = marker_put(w->a, set->body, &w->wanted.marker);
    out->p = arena_new(w->a, struct proposal);
    propose_wishes(w->o, &text);
    if (!w->p->forge->create(w->p->session, w->a, PROPOSAL_ISSUE, &text, out->p, w->e))
        return false;
    w->p->hour++;
    w->o->proposed = told(w->a, PROPOSED_OPENED, out->p, "opened #%llu", out->p->number);
    return true;
}

/* What others, or another mwatch at the same time, opened for the same line. */
static bool clear(struct issue_work *w, const struct seen *current)
{
    for (size_t i = 0; i < w->seen.list.count; i++) {
        struct seen *seen = &w->seen.list.items[i];
        const char *ended = issue_gives_way(seen, current);
        if (!ended)
            continue;
        const char *comment = arena_printf(
            w->a, "%s #%llu.", strcmp(ended, "duplicate") == 0 ? "A duplicate of" : "Superseded by",
            current->p->number);
        if (!propose_end(w->p, seen, ended, comment, false, w->e))
            return false;
        seen->p->state = PROPOSAL_CLOSED;
    }
    return true;
}

static bool act(struct issue_work *w)
{
    const struct marker *m = &w->wanted.marker;
    struct issue_situation s = {
        .seen = w->seen,
        .line = m->line,
        .once = once(&w->o->decision),
        .digest = m->digest,
        .room_hour = w->o->component->asked_open || w->p->hour < w->p->config->hourly,
        .asked = w->o->component->asked_open,
    };
    struct issue_plan plan = issue_decide(w->a, &s);
    struct seen current = {.marker = *m};
    if (plan.deed == ISSUE_NOTHING) {
        w->o->proposed = plan.told;
        return true;
    }
    if (plan.deed == ISSUE_CREATE)
        return create(w, &current) && clear(w, &current);
    current.p = plan.current->p;
    return keep(w, &plan) && clear(w, &current);
}

bool propose_issue(struct proposer *p, struct outcome *o, struct error *e)
{
    struct issue_work w = {.p = p, .o = o, .a = &o->arena, .e = e};
    if (!p->facts.issues_enabled) {
        o->proposed = told(w.a, PROPOSED_LEFT, NULL, "left: the repository has no issues");
        return true;
    }
    w.wanted = (struct wanted){wanted_marker(&w), o->component->scheme, NULL};
    sight(w.a, &w.wanted, &p->issues, &w.seen);
    return act(&w);
}

/* Nothing is opened here: a list may lag behind. */
bool propose_settle(struct proposer *p, struct outcome *o, struct error *e)
{
    struct issue_work w = {.p = p, .o = o, .a = &o->arena, .e = e};
    struct seen *first = NULL;
    w.wanted = (struct wanted){wanted_marker(&w), o->component->scheme, NULL};
    sight(w.a, &w.wanted, &p->issues, &w.seen);
    for (size_t i = 0; i < w.seen.list.count; i++) {
        struct seen *seen = &w.seen.list.items[i];
        bool same = slice_equal(slice_of(seen->marker.line), slice_of(w.wanted.marker.line));
        if (same && seen->p->state == PROPOSAL_OPEN &&
            (!first || seen->p->number < first->p->number))
            first = seen;
    }
    return !first || clear(&w, first);
}

static struct outcome *row_of(struct proposer *p, const struct results *results,
                              const struct marker *m)
{
    for (size_t i = 0; i < results->count; i++)
        if (strcmp(marker_component(&p->arena, results->items[i]->component), m->component) == 0)
            return results->items[i];
    return NULL;
}

static bool finish(struct proposer *p, struct outcome *row, struct seen *seen, struct error *e)
{
    const struct component *c = row->component;
    bool disabled = row->decision.kind == DECISION_DISABLED;
    bool at_base = true;
    if (!disabled && !issue_is_done(c, &seen->marker))
        return true;
    if (!disabled && !observe_recipe(p, c, &at_base, e))
        return false;
    if (!at_base)
        return true;
    const char *comment = disabled
                              ? "mwatch no longer watches this component."
                              : arena_printf(&p->arena, "The recipe is at %s by now.", c->current);
    if (!propose_end(p, seen, disabled ? "unwanted" : "done", comment, !disabled, e))
        return false;
    if (row->proposed.state == PROPOSED_NOTHING)
        row->proposed = told(&row->arena, PROPOSED_CLOSED, seen->p, "closed #%llu: %s",
                             seen->p->number, disabled ? "unwanted" : "done");
    return true;
}

void propose_stale_issues(struct proposer *p, struct results *results)
{
    for (size_t i = 0; i < p->issues.list.count; i++) {
        struct seen seen = {.p = &p->issues.list.items[i]};
        struct error e = {0};
        if (seen.p->state != PROPOSAL_OPEN || seen.p->outsider ||
            !marker_read(&p->arena, seen.p->body, &seen.marker))
            continue;
        struct outcome *row = row_of(p, results, &seen.marker);
        if (row && !finish(p, row, &seen, &e))
            vec_push(&row->arena, &row->warnings,
                     arena_printf(&row->arena, "#%llu stays open: %s", seen.p->number, e.message));
    }
}
