/* Upstream's own word on the hash of an artefact: with its list of releases, in files beside it. */
#include "watcher/artefact.h"
#include "watcher/base/file.h"
#include "watcher/base/url.h"
#include "watcher/prove_parts.h"

#include <string.h>

enum { LARGEST_CHECKSUMS = 4 * 1024 * 1024 };

/* What it means when a file says nothing: the configuration names it, upstreams like this one have
 * it by custom, or it only might have listed the artefact. */
enum weight { MUST_SAY, SHOULD_SAY, MAY_SAY };

/* A file that is asked for. */
struct question {
    struct task *t;
    const char *url;
    enum weight weight;
    struct slice text;         /* its answer, kept while its signature is asked for */
    const char *signature_url; /* NULL = not asked for */
};

const char *prove_public(struct task *t, const char *url)
{
    struct buf shown = {0};
    url_add_public(&shown, slice_of(url));
    const char *text = arena_text(&t->o->arena, buf_slice(&shown));
    buf_free(&shown);
    return text;
}

/* The name of the file at an address, as a checksum file would have it. */
struct slice prove_name_of(struct task *t, const char *url)
{
    struct url parts;
    struct buf plain = {0};
    struct slice name = url_parse(slice_of(url), &parts) ? path_base(parts.path) : slice_of(url);
    if (url_unescape(&plain, name))
        name = arena_slice(&t->o->arena, buf_slice(&plain));
    buf_free(&plain);
    return name;
}

bool prove_expand(struct task *t, const char *text, const char *url, const char **out,
                  struct error *e)
{
    struct arena *a = &t->o->arena;
    struct values values = {0};
    struct buf expanded = {0};
    release_values(a, t->o->component, &t->o->release, &values);
    vec_push(a, &values.list, ((struct template_value){"url", url}));
    bool good = template_expand(slice_of(text), values.list.items, values.list.count, &expanded, e);
    if (good)
        *out = arena_text(a, buf_slice(&expanded));
    buf_free(&expanded);
    return good;
}

static void miss(const struct question *q, const char *why)
{
    struct task *t = q->t;
    const char *text = arena_printf(&t->o->arena, "no checksum to hold %s against: %s %s",
                                    prove_public(t, t->url), prove_public(t, q->url), why);
    if (q->weight == MUST_SAY)
        error_set(&t->word_error, ERROR_UPSTREAM, "%s", text);
    else if (q->weight == SHOULD_SAY)
        t->doubt = text;
}

static void take_text(struct question *q, struct slice text)
{
    struct task *t = q->t;
    struct arena *a = &t->o->arena;
    const struct checksum *how = q->weight == MUST_SAY ? t->renewal->checksum : NULL;
    struct slice name = prove_name_of(t, t->url);
    struct word word = {.at = prove_public(t, q->url)};
    word.hash = q->weight == MAY_SAY ? checksum_named(a, text, name)
                                     : checksum_find(a, text, name, how ? how->pattern : NULL);
    if (word.hash)
        vec_push(a, &t->words, word);
    else
        miss(q, "has none for this file");
}

/* ---- signed files ---- */

static const struct signature_rule *rule_of(const struct question *q)
{
    const struct checksum *how = q->t->renewal->checksum;
    bool signed_so = q->weight == MUST_SAY && (how->signature.minisign || how->signature.gpg);
    return signed_so ? &how->signature : NULL;
}

static void check_signature(struct question *q, struct slice signature)
{
    struct task *t = q->t;
    struct slice what;
    struct error e = {0};
    if (!sign_check(t, rule_of(q), q->text, signature, &what, &e)) {
        error_context(&e, "%s is not signed by %s", prove_public(t, q->url),
                      sign_key_name(t, rule_of(q)));
        error_set(&t->word_error, ERROR_REFUSED, "%s: never pinned", e.message);
        return;
    }
    vec_push(&t->o->arena, &t->vouchers,
             arena_printf(&t->o->arena, "%s signed by %s", prove_public(t, q->url),
                          sign_key_name(t, rule_of(q))));
    take_text(q, what);
}

static void signature_done(void *arg, const struct response *response,
                           const struct artefact_result *artefact, const struct error *e)
{
    struct question *q = arg;
    (void)artefact;
    if (error_is_set(e) || response->status < 200 || response->status > 299)
        error_set(&q->t->word_error, ERROR_UPSTREAM, "no signature of %s: %s gave no answer (%s)",
                  prove_public(q->t, q->url), prove_public(q->t, q->signature_url),
                  error_is_set(e) ? e->message
                                  : arena_printf(&q->t->o->arena, "status %d", response->status));
    else
        check_signature(q, response->body);
}

static void ask_for_signature(struct question *q)
{
    const struct signature_rule *rule = rule_of(q);
    struct task *t = q->t;
    bool clear = !rule->url && rule->gpg &&
                 slice_find(q->text, SLICE("-----BEGIN PGP SIGNED MESSAGE-----")) != SLICE_NONE;
    const char *custom = rule->minisign ? "{url}.minisig" : "{url}.asc";
    if (clear) {
        check_signature(q, (struct slice){0});
        return;
    }
    if (!prove_expand(t, rule->url ? rule->url : custom, q->url, &q->signature_url, &t->word_error))
        return;
    struct request request = {.url = q->signature_url, .limit = LARGEST_CHECKSUMS};
    http_submit(t->prover->http, &request, signature_done, q);
}

/* ---- asking ---- */

static void answered(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct question *q = arg;
    struct arena *a = &q->t->o->arena;
    (void)artefact;
    if (error_is_set(e)) {
        miss(q, arena_printf(a, "gave no answer (%s)", e->message));
    } else if (response->status < 200 || response->status > 299) {
        miss(q, arena_printf(a, "answered %d", response->status));
    } else if (rule_of(q)) {
        q->text = arena_slice(a, response->body);
        ask_for_signature(q);
    } else {
        take_text(q, checksum_clearsigned(a, response->body));
    }
}

static void ask(struct task *t, const char *url, enum weight weight)
{
    struct question *q = arena_new(&t->o->arena, struct question);
    *q = (struct question){.t = t, .url = url, .weight = weight};
    struct request request = {.url = url, .limit = LARGEST_CHECKSUMS};
    http_submit(t->prover->http, &request, answered, q);
}

const struct asset *prove_asset(struct task *t)
{
    const struct release *r = &t->o->release;
    struct slice name = prove_name_of(t, t->url);
    for (size_t i = 0; i < r->asset_count; i++) {
        const struct asset *asset = &r->assets[i];
        if ((asset->url && strcmp(asset->url, t->url) == 0) ||
            (asset->name && slice_is(name, asset->name)))
            return asset;
    }
    return NULL;
}

/* GitHub's asset digests, php.net's and RubyGems' hashes. */
static void take_listed(struct task *t)
{
    const struct asset *asset = prove_asset(t);
    if (!asset || (!asset->sha256 && !asset->sha512))
        return;
    struct word word = {
        .hash = asset->sha256 ? asset->sha256 : asset->sha512,
        .at = arena_printf(&t->o->arena, "%s releases", spec_name(&t->o->component->spec))};
    vec_push(&t->o->arena, &t->words, word);
}

/* The archives that a forge makes of a tag are none of the release's files, and in no list. */
static bool is_made_of_a_tag(const char *url)
{
    struct slice address = slice_of(url);
    return slice_find(address, SLICE("/archive/")) != SLICE_NONE ||
           slice_find(address, SLICE("/-/archive/")) != SLICE_NONE;
}

void prove_words(struct task *t)
{
    const struct checksum *how = t->renewal->checksum;
    const char *url = NULL;
    bool own = false;
    take_listed(t);
    if (how && how->url) {
        if (prove_expand(t, how->url, t->url, &url, &t->word_error))
            ask(t, url, MUST_SAY);
        return;
    }
    url = artefact_known_checksum(&t->o->arena, t->url);
    if (url)
        ask(t, url, SHOULD_SAY);
    const struct asset *file = is_made_of_a_tag(t->url)
                                   ? NULL
                                   : checksum_asset(&t->o->release, prove_name_of(t, t->url), &own);
    if (file)
        ask(t, file->url, own ? SHOULD_SAY : MAY_SAY);
}
