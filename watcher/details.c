#include "watcher/details.h"

#include "watcher/poll.h"

static bool is_brief(const struct outcome *o)
{
    return decision_proposes(&o->decision) && o->decision.candidate.flags & CANDIDATE_BRIEF;
}

void details_run(const struct context *ctx, struct http *http, struct results *results)
{
    struct arena a = {0};
    VEC(struct detail) details = {0};
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        if (is_brief(o))
            vec_push(&a, &details,
                     ((struct detail){.spec = &o->component->spec,
                                      .candidate = &o->decision.candidate,
                                      .arena = &o->arena}));
    }
    poll_details(ctx, http, details.items, details.count);
    for (size_t i = 0, k = 0; i < results->count && k < details.count; i++) {
        struct outcome *o = results->items[i];
        if (details.items[k].candidate != &o->decision.candidate)
            continue;
        const struct error *e = &details.items[k++].error;
        if (error_is_set(e))
            vec_push(&o->arena, &o->warnings,
                     arena_printf(&o->arena, "its notes and files could not be asked for: %s",
                                  e->message));
    }
    arena_free(&a);
}
