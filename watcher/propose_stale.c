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
    enum decision_kind kind = o->decision.kind;
    return !o->unasked && kind != DECISION_ERROR && kind != DECISION_HELD &&
           kind != DECISION_REGRESSED;
}

static void look_at_row(struct row_search *r, struct outcome *o)
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
    if (o->changes && o->changes->branch && strcmp(o->changes->branch, r->branch) == 0)
        r->s.wanted = true;
    if (d->version && strcmp(d->version, r->marker->version) == 0 && !outcome_rewrites(o))
        r->s.ignored = true;
}

static struct row_search search_rows(struct arena *a, const struct results *results,
                                     const char *branch, const struct marker *marker)
{
    struct row_search r = {.branch = branch, .marker = marker};
    for (size_t i = 0; i < results->count; i++)
        if (strcmp(marker_component(a, results->items[i]->component), marker->component) == 0)
            look_at_row(&r, results->items[i]);
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

static bool judge(struct proposer *p, struct row_search *r, struct seen *seen, struct error *e)
{
    enum branch_state branch = BRANCH_NONE;
    const char *stranger = NULL, *comment = NULL;
    struct arena *a = &r->row->arena;
    if (!observe_recipe(p, r->row->component, &r->s.at_base, e))
        return false;
    const char *ended = stale_decide(a, &r->s, &comment);
    if (!ended)
        return true;
    if (!observe_branch(p, a, seen->p->branch, seen->marker.component, NULL, &branch, &stranger, e))
        return false;
    if (branch == BRANCH_FOREIGN) {
        r->row->proposed =
            told(a, PROPOSED_LEFT, seen->p, "left: #%llu is %s, but has a commit by %s",
                 seen->p->number, ended, stranger);
        return true;
    }
    if (!end(p, seen, ended, comment, e))
        return false;
    r->row->proposed =
        told(a, PROPOSED_CLOSED, seen->p, "closed #%llu: %s", seen->p->number, ended);
    return true;
}

void propose_stale(struct proposer *p, struct results *results)
{
    for (size_t i = 0; i < p->pulls.list.count; i++) {
        struct seen seen = {.p = &p->pulls.list.items[i]};
        struct error e = {0};
        if (!seen.p->branch || !marker_read(&p->arena, seen.p->body, &seen.marker))
            continue;
        struct row_search r = search_rows(&p->arena, results, seen.p->branch, &seen.marker);
        if (r.row && !r.s.wanted && !judge(p, &r, &seen, &e))
            vec_push(
                &r.row->arena, &r.row->warnings,
                arena_printf(&r.row->arena, "#%llu stays open: %s", seen.p->number, e.message));
    }
}
