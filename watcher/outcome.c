#include "watcher/outcome.h"

#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>

struct outcome *results_add(struct results *r, const struct component *c)
{
    if (r->count == r->capacity) {
        r->capacity = r->capacity ? r->capacity * 2 : 64;
        r->items = memory_resize(r->items, memory_product(r->capacity, sizeof(struct outcome *)));
    }
    struct outcome *o = memory_zalloc(sizeof *o);
    o->component = c;
    r->items[r->count++] = o;
    return o;
}

void results_cut(struct results *r, size_t count)
{
    while (r->count > count) {
        struct outcome *o = r->items[--r->count];
        arena_free(&o->arena);
        free(o);
    }
}

void results_free(struct results *r)
{
    results_cut(r, 0);
    free(r->items);
    for (size_t i = 0; i < r->groups.count; i++)
        arena_free(&r->groups.items[i]->whole.arena);
    arena_free(&r->arena);
    *r = (struct results){0};
}

void outcome_fail(struct outcome *o, const struct error *e)
{
    o->decision.kind = DECISION_ERROR;
    o->decision.action = ACTION_IGNORE;
    o->decision.reason = arena_copy(&o->arena, e->message);
    o->changes = NULL;
}

bool outcome_rewrites(const struct outcome *o)
{
    return decision_proposes(&o->decision) &&
           (o->decision.action == ACTION_MERGE || o->decision.action == ACTION_PR);
}

const char *outcome_proof(const struct outcome *o)
{
    enum proof_state weakest = PROOF_CONFIRMED;
    for (size_t i = 0; i < o->proofs.count; i++)
        if (o->proofs.items[i].state > weakest)
            weakest = o->proofs.items[i].state;
    return o->proofs.count ? proof_state_name(weakest) : NULL;
}

size_t results_proofs(const struct results *r, enum proof_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = 0; k < r->items[i]->proofs.count; k++)
            count += r->items[i]->proofs.items[k].state == state;
    return count;
}

size_t results_with(const struct results *r, enum decision_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        count += r->items[i]->decision.kind == kind;
    return count;
}

void component_add_title(struct buf *out, const struct component *c)
{
    buf_add_text(out, c->recipe);
    if (strcmp(c->recipe, c->name) != 0)
        buf_addf(out, "/%s", c->name);
}

const char *proposed_state_name(enum proposed_state state)
{
    static const char *const names[PROPOSED_STATES] = {
        [PROPOSED_NOTHING] = "nothing", [PROPOSED_OPENED] = "opened",
        [PROPOSED_UPDATED] = "updated", [PROPOSED_UNCHANGED] = "unchanged",
        [PROPOSED_CLOSED] = "closed",   [PROPOSED_DECLINED] = "declined",
        [PROPOSED_WAITS] = "waits",     [PROPOSED_LEFT] = "left",
    };
    return names[state];
}

const char *proof_state_name(enum proof_state state)
{
    static const char *const names[] = {
        [PROOF_CONFIRMED] = "confirmed",
        [PROOF_UNCONFIRMED] = "unconfirmed",
        [PROOF_CONTRADICTED] = "contradicted",
    };
    return names[state];
}
