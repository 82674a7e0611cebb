/* Choosing where it could not be seen which tags were released. */
#include "watcher/choose_parts.h"

#include <string.h>

static bool has_tags(const struct candidate *candidates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (candidates[i].flags & CANDIDATE_TAG)
            return true;
    return false;
}

/* The first tag that a decision rests on, NULL when none does. */
static const char *deciding_tag(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->decisions[i].candidate.flags & CANDIDATE_TAG)
            return choice->decisions[i].candidate.raw;
    return NULL;
}

/* The releases tell enough when one of them is on the pinned line and not below the pinned one. */
static bool is_usable(const struct choice *choice)
{
    enum decision_kind kind = choice->count ? choice->decisions[0].kind : DECISION_ERROR;
    bool line = kind != DECISION_MAJOR && kind != DECISION_NEW_STREAM;
    return line && kind != DECISION_ERROR && kind != DECISION_REGRESSED;
}

static void warn(struct chooser *k, const char *tag)
{
    vec_push(k->a, &k->out->warnings,
             arena_printf(k->a,
                          "tag %s would win, but whether it was ever released could not be seen",
                          choose_shown(k->a, slice_of(tag))));
}

void choose(struct arena *a, const struct component *c, const struct candidate *candidates,
            size_t count, const struct choosing *by, struct choice *out)
{
    struct choice with;
    struct chooser k = {.a = a, .c = c, .by = by, .out = out}, all = k;
    all.out = &with;
    all.with_tags = true;
    choose_by(&k, candidates, count);
    if (!has_tags(candidates, count))
        return;
    choose_by(&all, candidates, count);
    const char *tag = deciding_tag(&with);
    if (!tag)
        return;
    if (is_usable(out)) {
        warn(&k, tag);
        return;
    }
    *out = with;
    vec_push(a, &out->notes,
             "decided by tags, for lack of a release on the pinned line: whether they were ever "
             "released could not be seen");
}

bool choose_is_settled(const struct component *c, const struct candidate *candidates, size_t count,
                       const struct choosing *by)
{
    struct arena a = {0};
    struct choice choice;
    struct chooser k = {.a = &a, .c = c, .by = by, .out = &choice, .with_tags = true};
    choose_by(&k, candidates, count);
    bool settled = !deciding_tag(&choice);
    arena_free(&a);
    return settled;
}
