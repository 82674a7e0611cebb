/* Pull requests: observe, decide, do. Every write has been preceded by the read that calls for it,
 * and is the next step from whatever state a run that died has left. */
#include "watcher/propose_parts.h"

#include "watcher/plan_group.h"
#include "watcher/release.h"
#include "watcher/trigger.h"

#include <string.h>

struct work {
    struct proposer *p;
    struct outcome *o; /* a row, or what stands for a group */
    const struct results *results;
    struct arena *a; /* the row's */
    struct wanted wanted;
    struct pull_situation s;
    struct error *e;
};

static bool has_text(const struct texts *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

static void take_texts(struct arena *a, struct texts *out, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!has_text(out, items[i]))
            vec_push(a, out, items[i]);
}

void propose_wishes(struct outcome *o, struct proposal_text *text)
{
    const struct component *c = o->component;
    struct arena *a = &o->arena;
    take_texts(a, &text->labels, o->changes->labels.items, o->changes->labels.count);
    take_texts(a, &text->assignees, c->assignees.items, c->assignees.count);
    take_texts(a, &text->reviewers, c->reviewers.items, c->reviewers.count);
    take_texts(a, &text->team_reviewers, c->team_reviewers.items, c->team_reviewers.count);
    text->milestone = text->milestone ? text->milestone : c->milestone;
}

/* A branch of this name in somebody's fork is not ours. */
static void drop_forks(struct proposals *all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->list.count; i++)
        if (all->list.items[i].branch)
            all->list.items[kept++] = all->list.items[i];
    all->list.count = kept;
}

/* A run that looked at some of a group's components only leaves the others where they are, unless
 * the branch no longer merges. */
static bool observe_cover(struct work *w)
{
    struct pull_situation *s = &w->s;
    struct oid tip = repository_branch_tip(w->p->repository, w->o->changes->branch);
    s->covered = false;
    for (size_t i = 0; w->o->group && *tip.hex && i < s->seen.list.count; i++) {
        const struct seen *seen = &s->seen.list.items[i];
        if (seen->p->state == PROPOSAL_OPEN &&
            group_is_covered(w->a, w->o->group, &seen->marker, w->results))
            return repository_merges(w->p->repository, &tip, &s->covered, w->e);
    }
    return true;
}

/* Did somebody tick on the dashboard that it is to be opened, or its branch made anew? */
static bool is_asked(const struct work *w, bool rebase)
{
    const struct group *g = w->o->group;
    const struct component *c = w->o->component;
    bool asked = rebase ? c->asked_rebase : c->asked_open;
    for (size_t i = 0; g && i < g->members.count; i++) {
        c = g->members.items[i]->component;
        asked = asked || (rebase ? c->asked_rebase : c->asked_open);
    }
    return asked;
}

/* A branch that would do is made anew when somebody wants it so; others' commits stay. */
static void heed_rebase(struct work *w)
{
    if (w->s.branch == BRANCH_READY && is_asked(w, true))
        w->s.branch = BRANCH_OURS;
}

static bool observe(struct work *w)
{
    const struct change_set *set = w->o->changes;
    struct proposals all = {0};
    struct pull_situation *s = &w->s;
    if (!w->p->forge->pulls_of(w->p->session, w->a, set->branch, &all, w->e))
        return false;
    s->seen = (struct sightings){0};
    s->open = NULL;
    drop_forks(&all);
    sight(w->a, &w->wanted, &all, &s->seen);
    for (size_t i = 0; i < all.list.count; i++) {
        struct marker m;
        struct proposal *p = &all.list.items[i];
        if (p->state == PROPOSAL_OPEN && p->branch && !marker_read(w->a, p->body, &m))
            s->open = p;
    }
    s->base_name = repository_base(w->p->repository);
    s->digest = w->wanted.marker.digest;
    s->sequential = w->o->component->require_sequential;
    s->asked = is_asked(w, false);
    s->room_open = s->asked || w->p->open < w->p->config->open;
    s->room_hour = s->asked || w->p->hour < w->p->config->hourly;
    if (!observe_base(w->p, w->a, set, &s->base, &s->base_file, w->e) ||
        !observe_branch(w->p, w->a, set->branch, w->wanted.marker.component, set, &s->branch,
                        &s->stranger, w->e) ||
        !observe_cover(w))
        return false;
    heed_rebase(w);
    return true;
}

static bool commit_by_git(struct work *w, const char *message, const struct oid *tip,
                          struct oid *out)
{
    const struct change_set *set = w->o->changes;
    struct tree_change *changes = arena_array(w->a, set->files.count, sizeof *changes);
    for (size_t i = 0; i < set->files.count; i++) {
        const struct file_change *f = &set->files.items[i];
        const char *prefix = repository_prefix(w->p->repository);
        changes[i] = (struct tree_change){arena_printf(w->a, "%s%s", prefix, f->file), f->after};
    }
    return repository_commit(w->p->repository, &w->p->base_tip, changes, set->files.count, message,
                             out, w->e) &&
           repository_push(w->p->repository, set->branch, tip, out, w->e);
}

static bool commit_by_api(struct work *w, const char *message, const struct oid *tip,
                          struct oid *out)
{
    const struct change_set *set = w->o->changes;
    struct forge_file *files = arena_array(w->a, set->files.count, sizeof *files);
    const char *commit = NULL;
    for (size_t i = 0; i < set->files.count; i++) {
        const struct file_change *f = &set->files.items[i];
        const char *prefix = repository_prefix(w->p->repository);
        files[i] = (struct forge_file){arena_printf(w->a, "%s%s", prefix, f->file), f->after};
    }
    if (!w->p->forge->commit(w->p->session, w->a, w->p->base_tip.hex, files, set->files.count,
                             message, set->branch, tip->hex, &commit, w->e))
        return false;
    snprintf(out->hex, sizeof out->hex, "%s", commit);
    return true;
}

/* Commit on the base's tip and set the branch to it, from where it was seen. */
static bool push(struct work *w, const struct pull_plan *plan, const char **head)
{
    const struct change_set *set = w->o->changes;
    struct oid tip = repository_branch_tip(w->p->repository, set->branch), commit = {0};
    const char *message =
        commit_message(w->a, set->message, w->wanted.marker.component, change_digest(w->a, set));
    *head = NULL;
    if (!plan->push)
        return true;
    bool good = w->p->config->through_api ? commit_by_api(w, message, &tip, &commit)
                                          : commit_by_git(w, message, &tip, &commit);
    if (good)
        *head = arena_copy(w->a, commit.hex);
    return good;
}

/* The generated body, what it takes the place of, and the marker. */
static const char *body_of(struct work *w, const struct pull_plan *plan)
{
    const char *body = w->o->changes->body;
    if (plan->before)
        body = arena_printf(w->a, "%s\nSupersedes #%llu.\n", body, plan->before->p->number);
    return marker_put(w->a, body, &w->wanted.marker);
}

static enum merge_method method_of(const struct component *c)
{
    if (c->merge_method && strcmp(c->merge_method, "merge") == 0)
        return MERGE_MERGE;
    return c->merge_method && strcmp(c->merge_method, "rebase") == 0 ? MERGE_REBASE : MERGE_SQUASH;
}

/* A setting that forbids it is for a person to change: the pull request is there all the same. */
static bool switch_merge(struct work *w, struct proposal *pull)
{
    struct error e = {0};
    if (w->o->decision.action != ACTION_MERGE || pull->auto_merge || pull->draft)
        return true;
    if (w->p->forge->auto_merge(w->p->session, pull, method_of(w->o->component), &e))
        return true;
    if (e.code == ERROR_REFUSED || e.code == ERROR_CONFLICT) {
        vec_push(w->a, &w->o->warnings,
                 arena_printf(w->a, "#%llu: no auto-merge: %s", pull->number, e.message));
        return true;
    }
    *w->e = e;
    return false;
}

/* Both pull requests name each other: the body of the new one, and a comment on the old one. */
static bool link_before(struct work *w, const struct pull_plan *plan, const struct proposal *pull)
{
    if (!plan->before)
        return true;
    const char *comment = arena_printf(w->a, "Superseded by #%llu.", pull->number);
    return w->p->forge->comment(w->p->session, plan->before->p, comment, w->e);
}

/* A group's wishes are all of its members'. */
static void wish(struct work *w, struct proposal_text *text)
{
    const struct group *g = w->o->group;
    text->base = repository_base(w->p->repository);
    text->draft = w->o->component->draft;
    if (!g)
        propose_wishes(w->o, text);
    for (size_t i = 0; g && i < g->members.count; i++)
        propose_wishes(g->members.items[i], text);
}

/* What policy wants a person to merge must not slip into a pull request that merges by itself. */
static bool keep(struct work *w, const struct pull_plan *plan)
{
    struct proposal *pull = plan->current->p;
    struct proposal_text text = {0};
    const char *head;
    bool held_back = w->o->decision.action != ACTION_MERGE && plan->push && pull->auto_merge;
    wish(w, &text);
    if (held_back && !w->p->forge->no_auto_merge(w->p->session, pull, w->e))
        return false;
    pull->auto_merge = pull->auto_merge && !held_back;
    if (!push(w, plan, &head))
        return false;
    pull->head = head ? head : pull->head;
    /* A group that moved in its place is something new to tell. */
    const struct marker *was = &plan->current->marker;
    if (slice_equal(slice_of(was->members), slice_of(w->wanted.marker.members)))
        w->wanted.marker.told = was->told;
    w->wanted.marker.awaits = trigger_awaits(w->a, w->p->config, was->awaits);
    if (plan->retext) {
        text.title = w->o->changes->title;
        text.body = body_of(w, plan);
    }
    if (!w->p->forge->update(w->p->session, pull, &text, w->e) || !link_before(w, plan, pull) ||
        !switch_merge(w, pull))
        return false;
    bool changed = plan->push || plan->retext;
    w->o->proposed = told(w->a, changed ? PROPOSED_UPDATED : PROPOSED_UNCHANGED, pull, "%s #%llu",
                          changed ? "updated" : "unchanged", pull->number);
    return true;
}

/* First the branch, so that a push that is refused leaves the old pull request as it was. */
static bool create(struct work *w, const struct pull_plan *plan)
{
    const struct change_set *set = w->o->changes;
    struct proposal_text text = {.title = set->title, .branch = set->branch};
    struct proposal pull = {0};
    const char *head;
    text.body = body_of(w, plan);
    wish(w, &text);
    if (!push(w, plan, &head))
        return false;
    if (plan->old && !propose_end(w->p, plan->old, "superseded", NULL, false, w->e))
        return false;
    if (!w->p->forge->create(w->p->session, w->a, PROPOSAL_PULL, &text, &pull, w->e))
        return false;
    pull.head = head ? head : pull.head;
    w->p->hour++;
    w->p->open += plan->old ? 0 : 1;
    w->o->proposed = told(w->a, PROPOSED_OPENED, &pull, "opened #%llu", pull.number);
    return link_before(w, plan, &pull) && switch_merge(w, &pull);
}

static bool act(struct work *w)
{
    struct pull_plan plan = pull_decide(w->a, &w->s);
    switch (plan.deed) {
    case PULL_KEEP:
        return keep(w, &plan);
    case PULL_CREATE:
        return create(w, &plan);
    case PULL_NOTHING:
        break;
    }
    w->o->proposed = plan.told;
    return true;
}

static const char *versions_before(struct arena *a, const struct group *g)
{
    struct buf all = {0};
    for (size_t i = 0; i < g->members.count; i++) {
        const struct component *c = g->members.items[i]->component;
        if (c->current)
            marker_add_member(&all, marker_component(a, c), c->current);
    }
    const char *text = all.len ? arena_text(a, buf_slice(&all)) : NULL;
    buf_free(&all);
    return text;
}

static struct marker wanted_marker(struct work *w)
{
    const struct outcome *o = w->o;
    const struct decision *d = &o->decision;
    struct marker m = {0};
    if (o->group)
        m = (struct marker){.component = marker_group(w->a, o->group->name),
                            .members = plan_group_members(w->a, o->group)};
    else
        m = marker_of(w->a, o->component, d->version, d->kind);
    m.awaits = trigger_awaits(w->a, w->p->config, NULL);
    m.digest = marker_digest(w->a, o->changes->title, o->changes->body);
    m.from = o->group ? NULL : o->component->current;
    m.was = o->group ? versions_before(w->a, o->group) : NULL;
    if (d->kind == DECISION_RETAGGED || d->kind == DECISION_REBUILD)
        m.line = arena_text(w->a, slice_first(slice_of(change_digest(w->a, o->changes)), 16));
    return m;
}

/* Another mwatch may have been quicker: what it opened is then found by reading again. */
bool propose_pull(struct proposer *p, struct outcome *o, const struct results *results,
                  struct error *e)
{
    struct work w = {.p = p, .o = o, .results = results, .a = &o->arena, .e = e};
    w.wanted = (struct wanted){wanted_marker(&w), o->component->scheme, o->group};
    if (!observe(&w))
        return false;
    if (act(&w))
        return true;
    if (e->code != ERROR_CONFLICT)
        return false;
    error_clear(e);
    return repository_fetch(p->repository, BRANCH_PREFIX, e) && observe(&w) && act(&w);
}
