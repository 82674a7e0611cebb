/* The way through a registry: from a tag to its platforms, from those to what was attached to
 * them. Each step asks for the next one as it is answered, so that many images go side by side. */
#include "watcher/rebuild/published_walk.h"

#include "watcher/base/image_name.h"
#include "watcher/base/memory.h"
#include "watcher/rebuild/words.h"

#include <stdlib.h>
#include <string.h>

static void take_label(struct published *p, const struct manifest *m)
{
    if (m->label)
        p->out->digest = arena_copy(p->a, m->label);
    if (m->version && !p->out->tag)
        p->out->tag = arena_copy(p->a, m->version);
}

/* -- from the tag on */

static void config_done(void *arg, const struct response *response,
                        const struct artefact_result *artefact, const struct error *e)
{
    struct published *p = arg;
    struct manifest m = {0};
    struct error broken = {0};
    (void)artefact;
    if (!published_is_there(p, response, e, p->top.config))
        return;
    if (!image_config_read(&p->own, response->body, &m, &broken))
        published_fail(p, &broken);
    else if (p->labels)
        take_label(p, &m);
    else
        published_look(p, p->digest, m.arch);
}

static void ask_config(struct published *p)
{
    struct error e = {0};
    if (p->top.config) {
        published_get_blob(p, p->top.config, config_done, p);
        return;
    }
    error_set(&e, ERROR_UPSTREAM, "the image has no configuration");
    published_fail(p, &e);
}

static void first_done(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *e)
{
    struct published *p = arg;
    struct error broken = {0};
    (void)artefact;
    if (!published_is_there(p, response, e, p->digest))
        return;
    if (!manifest_read(&p->own, response->body, &p->top, &broken))
        published_fail(p, &broken);
    take_label(p, &p->top);
    if (!p->out->digest && !error_is_set(&broken))
        ask_config(p);
}

/* The first entry for a machine stands for all: one build made them. */
static void ask_first(struct published *p)
{
    struct error e = {0};
    for (size_t i = 0; i < p->top.entries.list.count; i++) {
        const struct descriptor *d = &p->top.entries.list.items[i];
        if (!d->arch)
            continue;
        p->digest = d->digest;
        published_get_manifest(p, d->digest, first_done, p);
        return;
    }
    error_set(&e, ERROR_UPSTREAM, "the index lists no image for Linux");
    published_fail(p, &e);
}

static void read_labels(struct published *p)
{
    take_label(p, &p->top);
    if (p->out->digest)
        return;
    if (p->top.is_index)
        ask_first(p);
    else
        ask_config(p);
}

/* A manifest that no index names is for the architecture that its configuration says. */
static void read_sboms(struct published *p)
{
    if (!p->top.is_index) {
        ask_config(p);
        return;
    }
    published_look(p, p->digest, NULL);
    for (size_t i = 0; i < p->top.entries.list.count; i++)
        if (p->top.entries.list.items[i].arch)
            published_look(p, p->top.entries.list.items[i].digest,
                           p->top.entries.list.items[i].arch);
}

static void top_done(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct published *p = arg;
    struct error broken = {0};
    struct hash_result hash;
    bool absent;
    (void)artefact;
    if (!published_is_usable(p, response, e, NULL, &absent))
        return;
    p->found = true;
    if (!manifest_read(&p->own, response->body, &p->top, &broken)) {
        published_fail(p, &broken);
        return;
    }
    hash_bytes(response->body, &hash);
    p->digest = arena_printf(&p->own, "sha256:%s", hash.sha256);
    if (p->labels)
        read_labels(p);
    else
        read_sboms(p);
}

/* -- the whole */

static bool find_base(struct published *p, const struct published_query *q, struct error *e)
{
    struct image_name image;
    struct buf path = {0};
    if (!image_name_read(slice_of(q->image), &image))
        return error_set(e, ERROR_USAGE, "%s is no image: REGISTRY/NAME is expected, without a tag",
                         q->image);
    image_name_add_path(&path, &image);
    p->base = arena_printf(&p->own, "https://%.*s%s", SLICE_ARG(image.registry), buf_text(&path));
    p->shown = arena_printf(&p->own, "%s:%s", q->image, q->tag);
    buf_free(&path);
    return words_tag(&p->own, slice_of(q->tag)) ||
           error_set(e, ERROR_USAGE, "%s is no tag", q->tag);
}

struct published *published_ask(struct http *http, struct arena *a, const struct published_query *q,
                                struct image_state *out)
{
    struct published *p = memory_zalloc(sizeof *p);
    p->http = http;
    p->a = a;
    p->out = out;
    p->labels = q->labels;
    *out = (struct image_state){0};
    if (find_base(p, q, &p->error))
        published_get_manifest(p, q->tag, top_done, p);
    return p;
}

/* What was attached to one platform's image is about it for sure, so it comes before what the index
 * has. */
static void join(struct published *p)
{
    for (size_t i = p->subjects.count; i-- > 0;) {
        const struct image_state *s = &p->subjects.items[i]->state;
        for (size_t k = 0; k < s->sets.count; k++) {
            size_t before = p->out->sets.count;
            struct image_set *set = state_set(p->a, p->out, s->sets.items[k].arch);
            if (p->out->sets.count > before)
                *set = s->sets.items[k];
        }
    }
}

static bool has_all(struct published *p, struct error *e)
{
    for (size_t i = 0; i < p->subjects.count; i++) {
        const char *arch = p->subjects.items[i]->arch;
        bool there = !arch;
        for (size_t k = 0; k < p->out->sets.count && !there; k++)
            there = strcmp(p->out->sets.items[k].arch, arch) == 0;
        if (!there)
            return error_set(e, ERROR_UPSTREAM,
                             "%s: no SPDX document tells what its image for %s consists of: attach "
                             "one to it, or to the index (cosign attest --type spdxjson)",
                             p->shown, arch);
    }
    return p->out->sets.count > 0 ||
           error_set(e, ERROR_UPSTREAM, "%s: no SPDX document is attached to it", p->shown);
}

static bool is_told(struct published *p, struct error *e)
{
    if (p->labels)
        return p->out->digest ||
               error_set(e, ERROR_UPSTREAM, "%s has no label " PUBLISHED_LABEL, p->shown);
    join(p);
    state_sort(p->out);
    return has_all(p, e);
}

bool published_answer(struct published *p, bool *found, struct error *e)
{
    struct error failed = p->error;
    *found = p->found && !error_is_set(&failed);
    bool good = !error_is_set(&failed) && (!p->found || is_told(p, &failed));
    if (!good) {
        *p->out = (struct image_state){0};
        *found = false;
        *e = failed;
    }
    arena_free(&p->own);
    free(p);
    return good;
}

bool published_state(struct http *http, struct arena *a, const struct published_query *q,
                     struct image_state *out, bool *found, struct error *e)
{
    struct published *p = published_ask(http, a, q, out);
    http_run(http);
    return published_answer(p, found, e);
}
