/* A release that minimum-age holds back is read once, when it is first seen: when the cooldown
 * ends, its bytes have to be the same (prove_seen.c). */
#include "watcher/artefact.h"
#include "watcher/cooldown.h"
#include "watcher/prove_parts.h"
#include "watcher/sightings.h"

#include <string.h>

struct reading {
    struct prover *prover;
    struct outcome *o;
    const struct renewal *renewal;
    size_t tried; /* addresses given up */
};

static void read_next(struct reading *r);

/* What cannot be read, or is not what it should be, is read another day. */
static void was_read(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct reading *r = arg;
    const char *url = r->renewal->urls[r->tried];
    struct error why = *e;
    if (error_is_set(&why) || !artefact_judge(url, response, artefact, &why)) {
        r->tried++;
        read_next(r);
        return;
    }
    struct task t = {.prover = r->prover, .o = r->o};
    struct sighted_file file = {prove_public(&t, url), artefact->hash.sha256, artefact->hash.sha512,
                                artefact->hash.size};
    struct sighting s = {.seen = context_now(r->prover->ctx), .files = &file, .file_count = 1};
    sightings_note(r->prover->http, r->o->component, r->o->decision.candidate.raw, &s);
}

static void read_next(struct reading *r)
{
    struct request request = {.url = r->renewal->urls[r->tried], .kind = BODY_ARTEFACT};
    if (request.url)
        http_submit(r->prover->http, &request, was_read, r);
}

static bool is_read(const struct prover *p, struct outcome *o)
{
    struct sighting s;
    return sightings_get(p->http, &o->arena, o->component, o->decision.candidate.raw, &s) &&
           s.file_count;
}

static void read_artefact(struct prover *p, struct outcome *o, const struct renewal *renewal)
{
    struct reading *r = arena_new(&o->arena, struct reading);
    *r = (struct reading){p, o, renewal, 0};
    read_next(r);
}

static void read_renewals(struct prover *p, struct outcome *o)
{
    struct error ignored = {0};
    bool known = is_read(p, o);
    if (!prove_prepare(p, o, &ignored))
        return;
    for (size_t i = 0; i < o->renewals.list.count; i++) {
        struct renewal *r = &o->renewals.list.items[i];
        if (r->kind != PIN_COMMIT && !known)
            read_artefact(p, o, r);
        else if (r->kind == PIN_COMMIT && r->main && r->ref)
            prove_start(p, o, r)->held = true;
    }
}

/* False when the release is none to propose, or to remember. */
static bool compare(struct prover *p, struct outcome *o)
{
    struct decision *d = &o->decision;
    struct cooling cooling;
    if (!d->candidate.raw || !cooling_init(&cooling, p->http, o->component, context_now(p->ctx)))
        return false;
    cooling_compare(&cooling, &o->arena, d);
    return d->kind != DECISION_RETAGGED;
}

static void remember(struct prover *p, const struct outcome *o)
{
    const struct candidate *c = &o->decision.candidate;
    struct sighting s = {.seen = context_now(p->ctx), .commit = c->commit};
    sightings_note(p->http, o->component, c->raw, &s);
}

void prove_held(struct prover *p, struct outcome *o)
{
    if (!compare(p, o) || o->decision.kind != DECISION_HELD)
        return;
    remember(p, o);
    read_renewals(p, o);
}

void prove_tag(struct task *t)
{
    const struct renewal *r = t->renewal;
    struct candidate *c = &t->o->decision.candidate;
    if (t->o->component->minimum_age <= 0 || r->kind != PIN_COMMIT || !r->main || !r->value ||
        !r->ref || !c->raw || strcmp(r->ref, c->raw) != 0)
        return;
    c->commit = r->value;
    if (compare(t->prover, t->o))
        remember(t->prover, t->o);
}
