/* The commits that recipes check out: known with the release, or asked of git. */
#include "watcher/poll.h"
#include "watcher/prove_parts.h"

#include <string.h>

static struct slice bare_repository(const char *url)
{
    struct slice s = slice_of(url);
    while (s.len && s.ptr[s.len - 1] == '/')
        s.len--;
    if (slice_ends(s, SLICE(".git")))
        s.len -= 4;
    return s;
}

/* Is what is checked out the repository whose releases were polled? */
static bool is_polled(const struct task *t)
{
    const struct spec *spec = &t->o->component->spec;
    const char *polled = spec->source ? spec_value(spec, "repository") : NULL;
    if (!polled)
        return false;
    struct slice wanted = bare_repository(t->renewal->repository), asked = bare_repository(polled);
    return slice_equal_nocase(wanted, asked) ||
           (strcmp(spec->source->name, "github") == 0 &&
            slice_starts(wanted, SLICE("https://github.com/")) &&
            slice_equal_nocase(slice_from(wanted, strlen("https://github.com/")), asked));
}

/* A release of the repository itself has a commit of its own; the branch that the recipe checks out
 * may be ahead of it. */
static void prefer_release(struct task *t)
{
    const struct release *r = &t->o->release;
    if (t->renewal->loose && !t->o->component->snapshot && r->tag && is_polled(t))
        t->renewal->ref = r->tag;
}

/* Upstream may have told the commit already, when the recipe checks out what was polled. */
static bool is_known(const struct task *t)
{
    const struct release *r = &t->o->release;
    const char *ref = t->renewal->ref;
    if (!r->commit || !is_polled(t))
        return false;
    return ref ? r->tag && strcmp(r->tag, ref) == 0
               : t->renewal->loose && t->o->component->snapshot != NULL;
}

static bool make_spec(const struct renewal *r, struct component *c, struct error *e)
{
    struct parameter name = {.value = SLICE("git")};
    struct parameter parameters[] = {
        {.key = SLICE("repository"), .value = slice_of(r->repository)},
        {.key = SLICE("branch"), .value = slice_of(r->branch)},
    };
    if (!spec_make(&c->arena, c->file, &name, parameters, r->ref ? 1 : 2, &c->spec, e))
        return false;
    c->spec.prefix = arena_copy(&c->arena, r->ref);
    return true;
}

void prove_commit(struct task *t)
{
    if (t->renewal->value)
        return;
    prefer_release(t);
    if (is_known(t)) {
        t->renewal->value = t->o->release.commit;
        return;
    }
    struct component *c =
        component_new(t->o->component->recipe, t->o->component->file, RECIPE_FILE);
    if (make_spec(t->renewal, c, &t->error))
        t->asker = c;
    else
        component_free(c);
}

static struct task *asked_by(const struct prover *p, const struct component *c)
{
    for (size_t i = 0; i < p->tasks.count; i++)
        if (p->tasks.items[i]->asker == c)
            return p->tasks.items[i];
    return NULL;
}

static void take_tag(struct task *t, const struct candidates *found)
{
    struct renewal *r = t->renewal;
    for (size_t i = 0; i < found->list.count && !r->value; i++)
        if (strcmp(found->list.items[i].raw, r->ref) == 0)
            r->value = arena_copy(&t->o->arena, found->list.items[i].commit);
    if (!r->value)
        error_set(&t->error, ERROR_UPSTREAM, "%s has no tag %s to check out", r->repository,
                  r->ref);
}

/* A new version out of the source of the old one would be a lie. */
static void take_head(struct task *t, const struct candidates *found)
{
    struct renewal *r = t->renewal;
    const char *head = found->list.count ? found->list.items[0].commit : NULL;
    if (head && slice_equal_nocase(slice_of(head), slice_of(r->old)))
        error_set(&t->error, ERROR_UPSTREAM,
                  "branch %s of %s is still at the pinned commit, although %s is out: it would be "
                  "built from the old source",
                  r->branch, r->repository, t->o->release.version);
    else
        r->value = arena_copy(&t->o->arena, head);
}

static void take_commit(void *arg, struct component *c, const struct candidates *found,
                        const struct error *e)
{
    struct task *t = asked_by(arg, c);
    if (error_is_set(e))
        t->error = *e;
    else if (t->renewal->ref)
        take_tag(t, found);
    else
        take_head(t, found);
}

void prove_commits(struct prover *p)
{
    VEC(struct component *) askers = {0};
    struct poll_options options = {.done = take_commit, .arg = p};
    for (size_t i = 0; i < p->tasks.count; i++)
        if (p->tasks.items[i]->asker)
            vec_push(&p->arena, &askers, p->tasks.items[i]->asker);
    poll_run(p->ctx, p->http, &options, askers.items, askers.count);
    http_run(p->http);
}
