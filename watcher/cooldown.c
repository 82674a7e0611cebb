#include "watcher/cooldown.h"

#include "watcher/sightings.h"

enum { DAY = 24 * 60 * 60, MOST_NOTED = 100 }; /* new ones of a component in a run */

/* No tag is empty: under it stands the first look at the upstream itself. */
static const struct candidate upstream = {.raw = ""};

static bool is_noted(const struct cooling *k, const char *tag)
{
    struct arena a = {0};
    struct sighting s;
    bool noted = sightings_get(k->http, &a, k->component, tag, &s);
    arena_free(&a);
    return noted;
}

bool cooling_init(struct cooling *k, struct http *http, const struct component *c, int64_t now)
{
    *k = (struct cooling){.http = http, .component = c, .now = now};
    if (c->minimum_age <= 0 || c->snapshot || !http_remembers(http))
        return false;
    k->watched = is_noted(k, upstream.raw);
    return true;
}

int64_t cooling_first_seen(const struct cooling *k, const struct candidate *candidate)
{
    struct arena a = {0};
    struct sighting s;
    int64_t seen = k->now;
    if (sightings_get(k->http, &a, k->component, candidate->raw, &s))
        seen = s.seen > k->now + DAY ? 0 : s.seen;
    arena_free(&a);
    return seen;
}

static bool is_on_its_way(const struct decision *d)
{
    return d->candidate.raw && (d->kind == DECISION_HELD || decision_proposes(d)) &&
           d->kind != DECISION_RETAGGED;
}

void cooling_compare(const struct cooling *k, struct arena *a, struct decision *d)
{
    struct sighting s;
    const char *commit = d->candidate.commit;
    if (!is_on_its_way(d) || !sightings_get(k->http, a, k->component, d->candidate.raw, &s) ||
        !s.commit || !commit || slice_equal_nocase(slice_of(s.commit), slice_of(commit)))
        return;
    d->kind = DECISION_RETAGGED;
    d->action = ACTION_IGNORE;
    d->reason = arena_printf(a, "%s; see why, then mwatch bump --offline --to %s takes it",
                             sightings_moved(a, &s, d->candidate.raw, commit), d->version);
}

/* True when it was not known before. */
static bool note(const struct cooling *k, const struct candidate *candidate)
{
    struct sighting s = {.seen = k->now, .commit = candidate->commit};
    bool is_new = !is_noted(k, candidate->raw);
    if (is_new || candidate->commit)
        sightings_note(k->http, k->component, candidate->raw, &s);
    return is_new;
}

static bool competes(const struct verdict *v)
{
    return v->fate == FATE_TOO_YOUNG || v->fate == FATE_INCOMPLETE || v->fate == FATE_NEWER;
}

static void warn_unwatched(const struct cooling *k, struct arena *a, struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct decision *d = &choice->decisions[i];
        if (d->kind != DECISION_HELD || d->candidate.published)
            continue;
        vec_push(a, &choice->warnings,
                 arena_printf(a,
                              "upstream gives no date for %s, and nothing is remembered of it: "
                              "minimum-age counts from today, and begins anew in every run whose "
                              "cache is not kept",
                              d->version));
    }
    note(k, &upstream);
}

void cooling_note(const struct cooling *k, struct arena *a, struct choice *choice)
{
    size_t noted = 0;
    for (size_t i = 0; i < choice->count; i++) {
        struct decision *d = &choice->decisions[i];
        cooling_compare(k, a, d);
        if (is_on_its_way(d))
            note(k, &d->candidate);
    }
    for (size_t i = 0; i < choice->verdicts.count && noted < MOST_NOTED; i++)
        if (competes(&choice->verdicts.items[i]))
            noted += note(k, choice->verdicts.items[i].candidate);
    if (!k->watched)
        warn_unwatched(k, a, choice);
}
