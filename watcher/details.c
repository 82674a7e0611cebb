#include "watcher/details.h"

#include "watcher/poll.h"

struct asking {
    struct arena arena;
    VEC(struct detail) details;
    VEC(struct outcome *) owners; /* of the details: whose row it is */
};

static void add(struct asking *asking, struct outcome *o, struct candidate *candidate)
{
    struct detail detail = {
        .spec = &o->component->spec, .candidate = candidate, .arena = &o->arena};
    if (!(candidate->flags & CANDIDATE_BRIEF))
        return;
    vec_push(&asking->arena, &asking->details, detail);
    vec_push(&asking->arena, &asking->owners, o);
}

static void tell(struct outcome *o, const struct detail *d)
{
    if (error_is_set(&d->error) && d->candidate == &o->decision.candidate)
        vec_push(&o->arena, &o->warnings,
                 arena_printf(&o->arena, "its notes and files could not be asked for: %s",
                              d->error.message));
}

void details_run(const struct context *ctx, struct http *http, struct results *results)
{
    struct asking asking = {0};
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        if (!decision_proposes(&o->decision))
            continue;
        add(&asking, o, &o->decision.candidate);
        for (size_t k = 0; k < o->decision.between.count; k++)
            add(&asking, o, &o->decision.between.items[k]);
    }
    poll_details(ctx, http, asking.details.items, asking.details.count);
    for (size_t i = 0; i < asking.details.count; i++)
        tell(asking.owners.items[i], &asking.details.items[i]);
    arena_free(&asking.arena);
}
