/* Which open pull requests have outlived their purpose, and how they end. */
#include "watcher/propose_parts.h"

#include <string.h>

const char *stale_decide(struct arena *a, const struct stale_situation *s, const char **comment)
{
    if (s->wanted)
        return NULL;
    if (s->disabled) {
        *comment = "mwatch no longer watches this component.";
        return "unwanted";
    }
    if (!s->judged || !s->at_base)
        return NULL;
    if (s->order >= 0) {
        *comment = arena_printf(a, "The recipe is at %s by now.", s->current);
        return "done";
    }
    if (s->group) {
        *comment = arena_printf(a, "This is proposed with its group %s now.", s->group);
        return "unwanted";
    }
    if (!s->ignored)
        return NULL;
    *comment = "The policy of this component no longer asks for this pull request.";
    return "unwanted";
}

bool propose_end(struct proposer *p, struct seen *seen, const char *ended, const char *comment,
                 bool done, struct error *e)
{
    struct marker marker = seen->marker;
    marker.ended = ended;
    struct proposal_text text = {.body = marker_put(&p->arena, seen->p->body, &marker)};
    return p->forge->update(p->session, seen->p, &text, e) &&
           (!comment || p->forge->comment(p->session, seen->p, comment, e)) &&
           p->forge->close_proposal(p->session, seen->p, NULL, done, e);
}

struct row_search {
    const char *branch;
    const struct marker *marker;
    struct outcome *row; /* the component's first */
    struct stale_situation s;
};

static bool is_answer(const struct outcome *o)
{
    return row_is_judged(o) && o->decision.kind != DECISION_ERROR;
}

static bool is_wanted_by(const struct outcome *o, const char *branch)
{
    return o->changes && o->changes->branch && strcmp(o->changes->branch, branch) == 0;
}

/* A rebuild is not asked for by the recipe's own upstream, so that what that says, or that nobody
 * asks it, is no reason to end one: only the epoch that it brings is. */
static void look_at_rebuild(struct arena *a, struct row_search *r, struct outcome *o)
{
    const struct component *c = o->component;
    r->s.wanted = r->s.wanted || is_wanted_by(o, r->branch);
    if (r->row || c->kind != RECIPE_MELANGE || !c->current)
        return;
    r->row = o;
    r->s.judged = true;
    r->s.current = arena_printf(a, "%s-r%llu", c->current, c->epoch);
    r->s.order = version_order(&scheme_apk, r->s.current, r->marker->version);
}

static void look_at_row(struct arena *a, struct row_search *r, struct outcome *o)
{
    const struct component *c = o->component;
    const struct decision *d = &o->decision;
    if (!r->row) {
        r->row = o;
        r->s.judged = true;
        r->s.disabled = d->kind == DECISION_DISABLED;
        r->s.current = c->current;
        r->s.order = c->current ? version_order(c->scheme, c->current, r->marker->version) : -1;
    }
    r->s.judged = r->s.judged && is_answer(o);
    r->s.wanted = r->s.wanted || is_wanted_by(o, r->branch);
    if (o->group && strcmp(r->branch, plan_branch(a, c, DECISION_PATCH)) == 0)
        r->s.group = o->group->name;
    if (d->version && strcmp(d->version, r->marker->version) == 0 && !outcome_rewrites(o))
        r->s.ignored = true;
}

static struct row_search search_rows(struct arena *a, const struct results *results,
                                     const char *branch, const struct marker *marker)
{
    struct row_search r = {.branch = branch, .marker = marker};
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        if (strcmp(marker_component(a, o->component), marker->component) != 0)
            continue;
        if (marker_is_rebuild(marker))
            look_at_rebuild(a, &r, o);
        else if (o->decision.kind != DECISION_REBUILD)
            look_at_row(a, &r, o);
    }
    return r;
}

/* The branch goes before the pull request is closed, so that a run that dies between finds an open
 * pull request to go on with, and no branch is left behind. */
static bool end(struct proposer *p, struct seen *seen, const char *ended, const char *comment,
                struct error *e)
{
    struct marker marker = seen->marker;
    const char *branch = seen->p->branch;
    struct oid tip = repository_branch_tip(p->repository, branch);
    marker.ended = ended;
    struct proposal_text text = {.body = marker_put(&p->arena, seen->p->body, &marker)};
    return p->forge->update(p->session, seen->p, &text, e) &&
           p->forge->comment(p->session, seen->p, comment, e) &&
           (!*tip.hex || repository_delete(p->repository, branch, &tip, e)) &&
           p->forge->close_proposal(p->session, seen->p, NULL, false, e);
}

/* Nobody else's commits are closed with it. */
static bool finish(struct proposer *p, struct outcome *row, struct seen *seen, const char *ended,
                   const char *comment, struct error *e)
{
    enum branch_state branch = BRANCH_NONE;
    const char *stranger = NULL;
    struct arena *a = &row->arena;
    if (!observe_branch(p, a, seen->p->branch, seen->marker.component, NULL, &branch, &stranger, e))
        return false;
    if (branch == BRANCH_FOREIGN) {
        row->proposed = told(a, PROPOSED_LEFT, seen->p, "left: #%llu is %s, but has a commit by %s",
                             seen->p->number, ended, stranger);
        return true;
    }
    if (!end(p, seen, ended, comment, e))
        return false;
    row->proposed = told(a, PROPOSED_CLOSED, seen->p, "closed #%llu: %s", seen->p->number, ended);
    return true;
}

static bool judge(struct proposer *p, struct row_search *r, struct seen *seen, struct error *e)
{
    const char *comment = NULL;
    if (!observe_recipe(p, r->row->component, &r->s.at_base, e))
        return false;
    const char *ended = stale_decide(&r->row->arena, &r->s, &comment);
    return !ended || finish(p, r->row, seen, ended, comment, e);
}

static bool is_wanted(const struct results *results, const char *branch)
{
    for (size_t i = 0; i < results->groups.count; i++) {
        const struct group *g = results->groups.items[i];
        if (g->members.count && strcmp(g->whole.changes->branch, branch) == 0)
            return true;
    }
    return false;
}

/* What became of all members of a group that has nothing to propose any more: *row is the first
 * one's, NULL when one of them was not looked at. */
static bool look_at_members(struct proposer *p, const struct results *results,
                            const struct marker *m, struct outcome **row, bool *done,
                            struct error *e)
{
    struct slice rest = slice_of(m->members), component;
    struct outcome *first = NULL;
    const char *version;
    *row = NULL;
    *done = true;
    while (marker_next_member(&p->arena, &rest, &component, &version)) {
        struct outcome *o = row_of_component(&p->arena, results, component);
        bool here = false;
        if (!o || !row_is_judged(o))
            return true;
        if (!observe_recipe(p, o->component, &here, e))
            return false;
        if (!here)
            return true;
        const char *current = o->component->current;
        *done = *done && current && version_order(o->component->scheme, current, version) >= 0;
        first = first ? first : o;
    }
    *row = first;
    return true;
}

static bool judge_group(struct proposer *p, const struct results *results, struct seen *seen,
                        struct outcome **row, struct error *e)
{
    bool done;
    *row = NULL;
    if (is_wanted(results, seen->p->branch))
        return true;
    if (!look_at_members(p, results, &seen->marker, row, &done, e) || !*row)
        return !error_is_set(e);
    return finish(p, *row, seen, done ? "done" : "unwanted",
                  done ? "The recipes of this group have moved by now."
                       : "Nothing of this is proposed in this group any more.",
                  e);
}

static void judge_pull(struct proposer *p, struct results *results, struct seen *seen)
{
    struct error e = {0};
    struct outcome *row = NULL;
    bool good = true;
    if (seen->marker.members) {
        good = judge_group(p, results, seen, &row, &e);
    } else {
        struct row_search r = search_rows(&p->arena, results, seen->p->branch, &seen->marker);
        row = r.row;
        good = !row || r.s.wanted || judge(p, &r, seen, &e);
    }
    if (!good && row)
        vec_push(&row->arena, &row->warnings,
                 arena_printf(&row->arena, "#%llu stays open: %s", seen->p->number, e.message));
    else if (!good)
        log_warning(p->ctx, "#%llu stays open: %s", seen->p->number, e.message);
}

void propose_stale(struct proposer *p, struct results *results)
{
    for (size_t i = 0; i < p->pulls.list.count; i++) {
        struct seen seen = {.p = &p->pulls.list.items[i]};
        if (seen.p->branch && marker_read(&p->arena, seen.p->body, &seen.marker))
            judge_pull(p, results, &seen);
    }
}
