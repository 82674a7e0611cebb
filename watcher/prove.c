#include "watcher/prove_parts.h"

#include "watcher/artefact.h"
#include "watcher/base/file.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"

#include <stdlib.h>
#include <string.h>

static void fetch(struct task *t);

static void take_artefact(struct task *t, const struct response *r,
                          const struct artefact_result *artefact)
{
    t->fetched = true;
    t->hash = artefact->hash;
    t->url = t->renewal->urls[t->tried];
    if (r->url && strcmp(r->url, t->url) != 0) {
        struct buf shown = {0};
        url_add_public(&shown, slice_of(r->url));
        t->final_url = arena_text(&t->o->arena, buf_slice(&shown));
        buf_free(&shown);
    }
}

static void artefact_done(void *arg, const struct response *response,
                          const struct artefact_result *artefact, const struct error *e)
{
    struct task *t = arg;
    struct error why = *e;
    if (!error_is_set(&why) &&
        artefact_judge(t->renewal->urls[t->tried], response, artefact, &why)) {
        take_artefact(t, response, artefact);
        return;
    }
    if (!error_is_set(&t->error))
        t->error = why;
    t->tried++;
    fetch(t);
}

static void fetch(struct task *t)
{
    const char *url = t->renewal->urls[t->tried];
    struct request request = {.url = url, .kind = BODY_ARTEFACT};
    if (url)
        http_submit(t->prover->http, &request, artefact_done, t);
}

static void size_done(void *arg, const struct response *response,
                      const struct artefact_result *artefact, const struct error *e)
{
    struct task *t = arg;
    unsigned long long size;
    (void)artefact;
    if (!error_is_set(e) && response->status == 200 &&
        slice_number(response_header(response, "content-length"), &size))
        t->old_size = size;
}

static struct slice file_of(const char *url)
{
    struct url parts;
    return url_parse(slice_of(url), &parts) ? path_base(parts.path) : slice_of(url);
}

static void checksum_done(void *arg, const struct response *response,
                          const struct artefact_result *artefact, const struct error *e)
{
    struct task *t = arg;
    const struct checksum *how = t->renewal->checksum;
    (void)artefact;
    if (error_is_set(e) || response->status < 200 || response->status > 299)
        return;
    t->published = checksum_find(&t->o->arena, response->body, file_of(t->renewal->urls[0]),
                                 how ? how->pattern : NULL);
    if (t->published) {
        struct buf shown = {0};
        url_add_public(&shown, slice_of(response->url));
        t->published_at = arena_text(&t->o->arena, buf_slice(&shown));
        buf_free(&shown);
    }
}

/* The checksum's address may contain the artefact's: {url}. */
static bool checksum_url(struct task *t, const char **url, struct error *e)
{
    struct arena *a = &t->o->arena;
    const struct checksum *how = t->renewal->checksum;
    struct values values = {0};
    struct buf text = {0};
    *url = NULL;
    if (!how || !how->url) {
        *url = artefact_known_checksum(a, t->renewal->urls[0]);
        return true;
    }
    release_values(a, t->o->component, &t->o->release, &values);
    vec_push(a, &values.list, ((struct template_value){"url", t->renewal->urls[0]}));
    bool good = template_expand(slice_of(how->url), values.list.items, values.list.count, &text, e);
    if (good)
        *url = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return good;
}

/* A release's own list of files: GitHub's asset digests, php.net's and RubyGems' hashes. */
static bool published_by_source(struct task *t)
{
    const struct release *r = &t->o->release;
    for (size_t i = 0; i < r->asset_count; i++) {
        const struct asset *asset = &r->assets[i];
        bool same = asset->url && strcmp(asset->url, t->renewal->urls[0]) == 0;
        same = same || (asset->name && slice_is(file_of(t->renewal->urls[0]), asset->name));
        if (!same || (!asset->sha256 && !asset->sha512))
            continue;
        t->published = asset->sha256 ? asset->sha256 : asset->sha512;
        t->published_at =
            arena_printf(&t->o->arena, "%s releases", t->o->component->spec.source->name);
        return true;
    }
    return false;
}

static void start_hash(struct task *t)
{
    const char *url = NULL;
    fetch(t);
    if (!published_by_source(t) && checksum_url(t, &url, &t->error) && url) {
        struct request request = {.url = url, .limit = 4 * 1024 * 1024};
        http_submit(t->prover->http, &request, checksum_done, t);
    }
    const char *old_url = t->renewal->old_url;
    if (old_url && strcmp(old_url, t->renewal->urls[0]) != 0) {
        struct request request = {.method = "HEAD", .url = old_url};
        http_submit(t->prover->http, &request, size_done, t);
    }
}

static void start_task(struct prover *p, struct outcome *o, struct renewal *renewal)
{
    struct task *t = memory_zalloc(sizeof *t);
    t->prover = p;
    t->o = o;
    t->renewal = renewal;
    vec_push(&p->arena, &p->tasks, t);
    if (renewal->kind == PIN_COMMIT)
        prove_commit(t);
    else
        start_hash(t);
}

static bool prepare(struct prover *p, struct outcome *o, struct error *e)
{
    o->release = release_of(&o->decision);
    o->file = arena_new(&o->arena, struct recipe_file);
    bool yaml = o->component->kind != RECIPE_FILE;
    return recipe_load(&o->arena, p->root, o->component->file, yaml, o->file, e) &&
           renewals_find(&o->arena, o->component, o->file, &o->release, &o->renewals, e);
}

static bool is_proven(const struct outcome *o, const char *url)
{
    for (size_t i = 0; i < o->proofs.count; i++)
        if (strcmp(o->proofs.items[i].url, url) == 0)
            return true;
    return false;
}

/* Compare with upstream's word, and keep the proof; contradicted is an error of its own. */
static bool confirm(struct task *t, struct error *e)
{
    struct proof proof = {
        .url = t->url, .final_url = t->final_url, .hash = t->hash, .state = PROOF_UNCONFIRMED};
    if (t->published) {
        bool sha512 = strlen(t->published) == SHA512_HEX;
        const char *ours = sha512 ? t->hash.sha512 : t->hash.sha256;
        bool same = slice_equal_nocase(slice_of(ours), slice_of(t->published));
        proof.state = same ? PROOF_CONFIRMED : PROOF_CONTRADICTED;
        proof.confirmed_by = t->published_at;
    }
    if (!is_proven(t->o, t->url))
        vec_push(&t->o->arena, &t->o->proofs, proof);
    if (proof.state != PROOF_CONTRADICTED)
        return true;
    return error_set(e, ERROR_REFUSED,
                     "artefact %s is contradicted: its hash is %s, %s says %s: never pinned",
                     t->url, strlen(t->published) == SHA512_HEX ? t->hash.sha512 : t->hash.sha256,
                     t->published_at, t->published);
}

static void conclude(struct task *t)
{
    struct error e = t->error;
    struct renewal *r = t->renewal;
    if (r->kind != PIN_COMMIT && t->fetched) {
        error_clear(&e);
        if (artefact_judge_size(t->url, t->hash.size, t->old_size, &e) && confirm(t, &e))
            r->value =
                arena_copy(&t->o->arena, r->kind == PIN_SHA512 ? t->hash.sha512 : t->hash.sha256);
    }
    if (!r->value)
        error_set(&e, ERROR_UPSTREAM, "%s could not be renewed", r->path);
    if (!r->value && t->o->decision.kind != DECISION_ERROR)
        outcome_fail(t->o, &e);
    component_free(t->asker);
    free(t);
}

void prove_run(const struct context *ctx, struct http *http, const char *root,
               struct results *results)
{
    struct prover p = {.ctx = ctx, .http = http, .root = root};
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        struct error e = {0};
        if (!outcome_rewrites(o))
            continue;
        if (!prepare(&p, o, &e))
            outcome_fail(o, &e);
        for (size_t k = 0; k < o->renewals.list.count && !error_is_set(&e); k++)
            start_task(&p, o, &o->renewals.list.items[k]);
    }
    prove_commits(&p);
    for (size_t i = 0; i < p.tasks.count; i++)
        conclude(p.tasks.items[i]);
    arena_free(&p.arena);
}
