/* The hash of an artefact: fetched once, judged, and held against what upstream publishes. */
#include "watcher/prove_parts.h"

#include "watcher/artefact.h"
#include "watcher/base/file.h"
#include "watcher/base/url.h"

#include <string.h>

enum { LARGEST_CHECKSUMS = 4 * 1024 * 1024 };

static const char *public_url(struct arena *a, const char *url)
{
    struct buf shown = {0};
    url_add_public(&shown, slice_of(url));
    const char *text = arena_text(a, buf_slice(&shown));
    buf_free(&shown);
    return text;
}

/* The name of the file at an address, as a checksum file would have it. */
static struct slice name_of(struct arena *a, const char *url)
{
    struct url parts;
    struct buf plain = {0};
    struct slice name = url_parse(slice_of(url), &parts) ? path_base(parts.path) : slice_of(url);
    if (url_unescape(&plain, name))
        name = arena_slice(a, buf_slice(&plain));
    buf_free(&plain);
    return name;
}

/* ---- upstream's word on the hash ---- */

/* What the recipe's configuration names must be there; where upstreams like this one publish hashes
 * by custom, it is said when one is missing. */
static void miss_checksum(struct task *t, const char *url, const char *why)
{
    const char *text =
        arena_printf(&t->o->arena, "no checksum to hold %s against: %s %s",
                     public_url(&t->o->arena, t->url), public_url(&t->o->arena, url), why);
    const struct checksum *how = t->renewal->checksum;
    if (how && how->url)
        error_set(&t->checksum_error, ERROR_UPSTREAM, "%s", text);
    else
        t->doubt = text;
}

static void checksum_done(void *arg, const struct response *response,
                          const struct artefact_result *artefact, const struct error *e)
{
    struct task *t = arg;
    struct arena *a = &t->o->arena;
    const struct checksum *how = t->renewal->checksum;
    (void)artefact;
    if (error_is_set(e)) {
        miss_checksum(t, t->checksum_url, arena_printf(a, "gave no answer (%s)", e->message));
        return;
    }
    if (response->status < 200 || response->status > 299) {
        miss_checksum(t, t->checksum_url, arena_printf(a, "answered %d", response->status));
        return;
    }
    t->published = checksum_find(a, response->body, name_of(a, t->url), how ? how->pattern : NULL);
    t->published_at = public_url(a, response->url);
    if (!t->published)
        miss_checksum(t, t->checksum_url, "has none for this file");
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
        *url = artefact_known_checksum(a, t->url);
        return true;
    }
    release_values(a, t->o->component, &t->o->release, &values);
    vec_push(a, &values.list, ((struct template_value){"url", t->url}));
    bool good = template_expand(slice_of(how->url), values.list.items, values.list.count, &text, e);
    if (good)
        *url = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return good;
}

/* The file in the release's own list: GitHub's asset digests, php.net's and RubyGems' hashes. */
static const struct asset *listed_asset(struct task *t)
{
    const struct release *r = &t->o->release;
    struct slice name = name_of(&t->o->arena, t->url);
    for (size_t i = 0; i < r->asset_count; i++) {
        const struct asset *asset = &r->assets[i];
        if ((asset->url && strcmp(asset->url, t->url) == 0) ||
            (asset->name && slice_is(name, asset->name)))
            return asset;
    }
    return NULL;
}

static bool is_published_by_source(struct task *t)
{
    const struct asset *asset = listed_asset(t);
    if (!asset || (!asset->sha256 && !asset->sha512))
        return false;
    t->published = asset->sha256 ? asset->sha256 : asset->sha512;
    t->published_at = arena_printf(&t->o->arena, "%s releases", spec_name(&t->o->component->spec));
    return true;
}

static void ask_for_checksum(struct task *t)
{
    if (is_published_by_source(t) || !checksum_url(t, &t->checksum_url, &t->checksum_error) ||
        !t->checksum_url)
        return;
    struct request request = {.url = t->checksum_url, .limit = LARGEST_CHECKSUMS};
    http_submit(t->prover->http, &request, checksum_done, t);
}

/* ---- the artefact ---- */

static void fetch(struct task *t);

static void take_artefact(struct task *t, const struct response *r,
                          const struct artefact_result *artefact)
{
    t->fetched = true;
    t->hash = artefact->hash;
    t->url = t->renewal->urls[t->tried];
    if (r->url && strcmp(r->url, t->url) != 0)
        t->final_url = public_url(&t->o->arena, r->url);
    ask_for_checksum(t);
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

void prove_hash(struct task *t)
{
    const char *old_url = t->renewal->old_url, *url = t->renewal->urls[0];
    fetch(t);
    if (!old_url || !url || strcmp(old_url, url) == 0)
        return;
    struct request request = {.method = "HEAD", .url = old_url};
    http_submit(t->prover->http, &request, size_done, t);
}

/* ---- the verdict ---- */

static bool judge_listed_size(struct task *t, struct error *e)
{
    const struct asset *asset = listed_asset(t);
    unsigned long long size = t->hash.size;
    if (!asset || asset->size <= 0 || size == 0 || (unsigned long long)asset->size == size)
        return true;
    return error_set(e, ERROR_REFUSED, "artefact %s has %llu bytes, but the release lists %lld",
                     public_url(&t->o->arena, t->url), size, (long long)asset->size);
}

static bool is_proven(const struct outcome *o, const char *url)
{
    for (size_t i = 0; i < o->proofs.count; i++)
        if (strcmp(o->proofs.items[i].url, url) == 0)
            return true;
    return false;
}

static const char *comparable(const struct task *t)
{
    return strlen(t->published) == SHA512_HEX ? t->hash.sha512 : t->hash.sha256;
}

/* Compare with upstream's word, and keep the proof; contradicted is an error of its own. */
static bool confirm(struct task *t, struct error *e)
{
    struct proof proof = {.url = public_url(&t->o->arena, t->url),
                          .final_url = t->final_url,
                          .hash = t->hash,
                          .state = PROOF_UNCONFIRMED};
    if (t->published && !*comparable(t)) {
        t->doubt = arena_printf(
            &t->o->arena, "%s is not compared with %s: a recording need not know every digest",
            proof.url, t->published_at);
    } else if (t->published) {
        bool same = slice_equal_nocase(slice_of(comparable(t)), slice_of(t->published));
        proof.state = same ? PROOF_CONFIRMED : PROOF_CONTRADICTED;
        proof.confirmed_by = t->published_at;
    }
    if (!is_proven(t->o, proof.url))
        vec_push(&t->o->arena, &t->o->proofs, proof);
    if (proof.state != PROOF_CONTRADICTED)
        return true;
    return error_set(e, ERROR_REFUSED,
                     "artefact %s is contradicted: its hash is %s, %s says %s: never pinned",
                     proof.url, comparable(t), t->published_at, t->published);
}

/* Two hashes of one artefact raise the same doubt. */
static void warn_doubt(struct task *t)
{
    struct outcome *o = t->o;
    for (size_t i = 0; i < o->warnings.count; i++)
        if (strcmp(o->warnings.items[i], t->doubt) == 0)
            return;
    vec_push(&o->arena, &o->warnings, t->doubt);
}

void prove_hash_end(struct task *t, struct error *e)
{
    struct renewal *r = t->renewal;
    const char *url = public_url(&t->o->arena, t->url);
    if (!artefact_judge_size(url, t->hash.size, t->old_size, e) || !judge_listed_size(t, e) ||
        !confirm(t, e))
        return;
    if (error_is_set(&t->checksum_error)) {
        *e = t->checksum_error;
        return;
    }
    if (t->doubt)
        warn_doubt(t);
    const char *hash = r->kind == PIN_SHA512 ? t->hash.sha512 : t->hash.sha256;
    if (*hash)
        r->value = arena_copy(&t->o->arena, hash);
    else
        error_set(e, ERROR_REFUSED, "the recording has no %s of artefact %s: record it again",
                  r->kind == PIN_SHA512 ? "SHA-512" : "SHA-256", url);
}
