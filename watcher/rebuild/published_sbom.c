/* Where the SBOMs of an image are, and what they tell together. */
#include "watcher/rebuild/published_walk.h"

#include <string.h>

enum { MOST_TRIES = 16 };

static void go_on(struct subject *s);

static void push(struct subject *s, enum lead_kind kind, const char *digest)
{
    vec_push(&s->p->own, &s->leads, ((struct lead){kind, digest}));
}

static bool contains(const char *text, const char *part)
{
    return text && strstr(text, part);
}

/* Of what something points to, those that may be SBOMs; the last comes first, as it was attached
 * last. Where the kind of an attestation is noted, others are left out. */
static void add_leads(struct subject *s, const struct manifest *m)
{
    for (size_t i = 0; i < m->entries.list.count; i++) {
        const struct descriptor *d = &m->entries.list.items[i];
        const char *type = m->is_index && d->artifact_type ? d->artifact_type : d->media_type;
        bool attestation = contains(type, "dsse.envelope") || contains(type, "sigstore.bundle") ||
                           contains(type, "in-toto");
        if (d->predicate_type && !contains(d->predicate_type, "spdx.dev/Document"))
            continue;
        if (m->is_index && (attestation || contains(type, "spdx")))
            push(s, LEAD_MANIFEST, d->digest);
        else if (attestation)
            push(s, LEAD_ATTESTATION, d->digest);
        else if (contains(type, "spdx"))
            push(s, LEAD_SBOM, d->digest);
    }
}

static const struct lead *current(struct subject *s)
{
    return &s->leads.items[s->leads.count - 1];
}

static void manifest_done(void *arg, const struct response *response,
                          const struct artefact_result *artefact, const struct error *e)
{
    struct subject *s = arg;
    struct manifest m;
    struct error broken = {0};
    (void)artefact;
    if (!published_is_there(s->p, response, e, current(s)->digest))
        return;
    s->leads.count--;
    if (manifest_read(&s->p->own, response->body, &m, &broken) && !m.is_index)
        add_leads(s, &m);
    else if (error_is_set(&broken))
        published_fail(s->p, &broken);
    go_on(s);
}

/* Packages of architectures that an earlier document told of are known better. */
static void take(struct subject *s, const struct image_state *read)
{
    for (size_t i = 0; i < read->sets.count; i++) {
        size_t before = s->state.sets.count;
        struct image_set *set = state_set(s->p->a, &s->state, read->sets.items[i].arch);
        if (s->state.sets.count > before)
            *set = read->sets.items[i];
    }
}

static bool read_blob(struct subject *s, const struct lead *lead, struct slice body,
                      struct error *e)
{
    struct buf document = {0};
    struct image_state read = {0};
    bool spdx = true, good;
    if (lead->kind == LEAD_ATTESTATION) {
        good = attestation_open(body, &document, &spdx, e);
        body = buf_slice(&document);
    } else {
        good = true;
    }
    good = good && (!spdx || sbom_read(s->p->a, body, s->arch, &read, e));
    take(s, &read);
    buf_free(&document);
    return good;
}

static void blob_done(void *arg, const struct response *response,
                      const struct artefact_result *artefact, const struct error *e)
{
    struct subject *s = arg;
    struct error broken = {0};
    (void)artefact;
    if (!published_is_there(s->p, response, e, current(s)->digest))
        return;
    struct lead lead = s->leads.items[--s->leads.count];
    if (!read_blob(s, &lead, response->body, &broken))
        published_fail(s->p, &broken);
    else
        go_on(s);
}

static void place_done(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *e)
{
    struct subject *s = arg;
    struct manifest m;
    struct error broken = {0};
    bool absent;
    (void)artefact;
    /* Registries without the API of referrers refuse it in many ways. */
    bool refused = s->place == AT_REFERRERS &&
                   (response ? response->status / 100 == 4 && response->status != 429
                             : e->code == ERROR_REFUSED);
    bool usable = !refused && published_is_usable(s->p, response, e, NULL, &absent);
    if (!usable && !refused && !absent)
        return;
    s->place++;
    if (usable && manifest_read(&s->p->own, response->body, &m, &broken))
        add_leads(s, &m);
    else if (usable)
        published_fail(s->p, &broken);
    go_on(s);
}

static void ask_place(struct subject *s)
{
    struct arena *a = &s->p->own;
    const char *tag = arena_printf(a, "sha256-%s", s->digest + strlen("sha256:"));
    switch (s->place) {
    case AT_ATTESTATION:
        published_get_manifest(s->p, arena_printf(a, "%s.att", tag), place_done, s);
        break;
    case AT_REFERRERS:
        published_get(s->p, arena_printf(a, "/referrers/%s", s->digest), PUBLISHED_INDEX_TYPE,
                      LARGEST_MANIFEST, place_done, s);
        break;
    case AT_REFERRERS_TAG:
        published_get_manifest(s->p, tag, place_done, s);
        break;
    default:
        published_get_manifest(s->p, arena_printf(a, "%s.sbom", tag), place_done, s);
        break;
    }
}

/* An index's SBOMs may be one for each architecture, so that all are read. */
static void go_on(struct subject *s)
{
    bool enough = s->state.sets.count && s->arch;
    if (error_is_set(&s->p->error) || enough)
        return;
    if (s->leads.count && s->tries++ < MOST_TRIES) {
        const struct lead *lead = current(s);
        if (lead->kind == LEAD_MANIFEST)
            published_get_manifest(s->p, lead->digest, manifest_done, s);
        else
            published_get_blob(s->p, lead->digest, blob_done, s);
        return;
    }
    s->leads.count = 0;
    if (s->place < PLACES && s->state.sets.count == 0)
        ask_place(s);
}

void published_look(struct published *p, const char *digest, const char *arch)
{
    struct subject *s = arena_new(&p->own, struct subject);
    *s = (struct subject){.p = p, .digest = digest, .arch = arch};
    vec_push(&p->own, &p->subjects, s);
    go_on(s);
}
