#include "watcher/prove_parts.h"

#include "watcher/base/memory.h"
#include "watcher/details.h"

#include <stdlib.h>
#include <string.h>

struct task *prove_start(struct prover *p, struct outcome *o, struct renewal *renewal)
{
    struct task *t = memory_zalloc(sizeof *t);
    t->prover = p;
    t->o = o;
    t->renewal = renewal;
    vec_push(&p->arena, &p->tasks, t);
    if (renewal->kind == PIN_COMMIT)
        prove_commit(t);
    else
        prove_hash(t);
    return t;
}

bool prove_prepare(struct prover *p, struct outcome *o, struct error *e)
{
    o->release = release_of(o->component, &o->decision);
    o->file = arena_new(&o->arena, struct recipe_file);
    bool yaml = o->component->kind != RECIPE_FILE;
    return recipe_load(&o->arena, p->root, o->component->file, yaml, o->file, e) &&
           renewals_find(&o->arena, o->component, o->file, &o->release, &o->renewals, e);
}

static void conclude(struct task *t)
{
    struct error e = t->error;
    struct renewal *r = t->renewal;
    if (r->kind != PIN_COMMIT && t->fetched) {
        error_clear(&e);
        prove_hash_end(t, &e);
    }
    prove_tag(t);
    if (!r->value)
        error_set(&e, ERROR_UPSTREAM, "%s could not be renewed", r->path);
    if (!r->value && !t->held && t->o->decision.kind != DECISION_ERROR)
        outcome_fail(t->o, &e);
    component_free(t->asker);
    free(t);
}

/* Upstream may publish its checksum later than the artefact. */
static void require_proof(struct outcome *o)
{
    const char *proof = outcome_proof(o);
    if (!o->component->proof_required || !outcome_rewrites(o) || !proof ||
        strcmp(proof, proof_state_name(PROOF_UNCONFIRMED)) != 0)
        return;
    o->decision.kind = DECISION_HELD;
    o->decision.action = ACTION_IGNORE;
    o->decision.reason =
        arena_printf(&o->arena,
                     "%s is out, but nothing of upstream's confirms its artefact (%s), and proof "
                     "is required",
                     o->decision.version, o->proofs.items[0].url);
}

void prove_run(const struct context *ctx, struct http *http, const char *root,
               struct results *results)
{
    struct prover p = {.ctx = ctx, .http = http, .root = root};
    details_run(ctx, http, results);
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        struct error e = {0};
        prove_held(&p, o); /* it may turn out to be no release to propose */
        if (!outcome_rewrites(o))
            continue;
        if (!prove_prepare(&p, o, &e))
            outcome_fail(o, &e);
        for (size_t k = 0; k < o->renewals.list.count && !error_is_set(&e); k++)
            prove_start(&p, o, &o->renewals.list.items[k]);
    }
    prove_commits(&p);
    for (size_t i = 0; i < p.tasks.count; i++)
        conclude(p.tasks.items[i]);
    for (size_t i = 0; i < results->count; i++)
        require_proof(results->items[i]);
    signings_free(&p);
    arena_free(&p.arena);
}
