/* The hash of an artefact: fetched once, judged, and held against what upstream publishes. */
#include "watcher/prove_parts.h"

#include "watcher/artefact.h"
#include "watcher/verify.h"

#include <string.h>

static void fetch(struct task *t);

static void take_artefact(struct task *t, const struct response *r,
                          const struct artefact_result *artefact)
{
    t->fetched = true;
    t->hash = artefact->hash;
    t->url = t->renewal->urls[t->tried];
    if (r->url && strcmp(r->url, t->url) != 0)
        t->final_url = prove_public(t, r->url);
    prove_words(t);
}

static void give_up_address(struct task *t, const struct error *why)
{
    if (!error_is_set(&t->error))
        t->error = *why;
    t->tried++;
    fetch(t);
}

static void artefact_done(void *arg, const struct response *response,
                          const struct artefact_result *artefact, const struct error *e)
{
    struct task *t = arg;
    struct error why = *e;
    sign_end(t);
    if (!error_is_set(&why) && artefact_judge(t->renewal->urls[t->tried], response, artefact, &why))
        take_artefact(t, response, artefact);
    else
        give_up_address(t, &why);
}

/* With its signature there, or none wanted. */
static void fetch_signed(struct task *t, const struct error *e)
{
    struct request request = {
        .url = t->renewal->urls[t->tried], .kind = BODY_ARTEFACT, .sink = sign_sink(t)};
    if (error_is_set(e))
        give_up_address(t, e);
    else
        http_submit(t->prover->http, &request, artefact_done, t);
}

static void fetch(struct task *t)
{
    if (t->renewal->urls[t->tried])
        sign_fetch(t, fetch_signed);
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
    const struct asset *asset = prove_asset(t);
    unsigned long long size = t->hash.size;
    if (!asset || asset->size <= 0 || size == 0 || (unsigned long long)asset->size == size)
        return true;
    return error_set(e, ERROR_REFUSED, "artefact %s has %llu bytes, but the release lists %lld",
                     prove_public(t, t->url), size, (long long)asset->size);
}

static bool is_proven(const struct outcome *o, const char *url)
{
    for (size_t i = 0; i < o->proofs.count; i++)
        if (strcmp(o->proofs.items[i].url, url) == 0)
            return true;
    return false;
}

static const char *comparable(const struct task *t, const struct word *w)
{
    return strlen(w->hash) == SHA512_HEX ? t->hash.sha512 : t->hash.sha256;
}

/* Who confirms it, in one line: "github releases and https://.../SHA256SUMS". */
static void add_voucher(struct task *t, struct proof *proof, const char *who)
{
    proof->confirmed_by = proof->confirmed_by
                              ? arena_printf(&t->o->arena, "%s and %s", proof->confirmed_by, who)
                              : who;
    if (proof->state == PROOF_UNCONFIRMED)
        proof->state = PROOF_CONFIRMED;
}

static bool is_vouched(const struct task *t, const char *at)
{
    for (size_t i = 0; i < t->vouchers.count; i++)
        if (slice_starts(slice_of(t->vouchers.items[i]), slice_of(at)))
            return true;
    return false;
}

static void hold_against(struct task *t, struct proof *proof, const struct word *w)
{
    struct arena *a = &t->o->arena;
    if (!*comparable(t, w)) {
        t->doubt =
            arena_printf(a, "%s is not compared with %s: a recording need not know every digest",
                         proof->url, w->at);
    } else if (slice_equal_nocase(slice_of(comparable(t, w)), slice_of(w->hash))) {
        if (!is_vouched(t, w->at))
            add_voucher(t, proof, w->at);
    } else {
        proof->state = PROOF_CONTRADICTED;
        proof->contradiction =
            arena_printf(a, "its hash is %s, %s says %s", comparable(t, w), w->at, w->hash);
    }
}

/* Compare with upstream's words, and keep the proof; contradicted is an error of its own. */
static bool confirm(struct task *t, struct error *e)
{
    struct proof proof = {.url = prove_public(t, t->url),
                          .final_url = t->final_url,
                          .hash = t->hash,
                          .state = PROOF_UNCONFIRMED};
    for (size_t i = 0; i < t->vouchers.count; i++)
        add_voucher(t, &proof, t->vouchers.items[i]);
    for (size_t i = 0; i < t->words.count && !proof.contradiction; i++)
        hold_against(t, &proof, &t->words.items[i]);
    if (!is_proven(t->o, proof.url))
        vec_push(&t->o->arena, &t->o->proofs, proof);
    if (proof.state != PROOF_CONTRADICTED)
        return true;
    return error_set(e, ERROR_REFUSED, "artefact %s is contradicted: %s: never pinned", proof.url,
                     proof.contradiction);
}

/* Two hashes of one artefact raise the same doubt. */
static void warn_doubt(struct task *t, const char *doubt)
{
    struct outcome *o = t->o;
    for (size_t i = 0; i < o->warnings.count; i++)
        if (strcmp(o->warnings.items[i], doubt) == 0)
            return;
    vec_push(&o->arena, &o->warnings, doubt);
}

/* Somebody's hash, not zeros or words that wait for one. */
static bool is_pinned(const struct renewal *r)
{
    struct slice old = slice_of(r->old);
    size_t digits = r->kind == PIN_SHA512 ? SHA512_HEX : SHA256_HEX;
    for (size_t i = 0; i < old.len; i++)
        if (old.ptr[i] != '0')
            return old.len == digits && slice_all_hex(old);
    return false;
}

/* The version stays, and so must its bytes: never pinned anew without a word. Where the tag moved
 * and the policy follows it, the pull request tells. */
static bool judge_drift(struct task *t, struct error *e)
{
    const struct renewal *r = t->renewal;
    struct outcome *o = t->o;
    const char *hash = r->kind == PIN_SHA512 ? t->hash.sha512 : t->hash.sha256;
    const char *current = o->component->current;
    enum drift_kind kind;
    if (!current || strcmp(current, o->release.version) != 0 || !is_pinned(r) || !*hash ||
        slice_equal_nocase(slice_of(r->old), slice_of(hash)))
        return true;
    const char *words =
        verify_words(t->prover->http, o, prove_public(t, t->url), r->old, hash, &kind);
    if (o->decision.kind != DECISION_RETAGGED)
        return error_set(e, ERROR_REFUSED, "%s", words);
    warn_doubt(t, words);
    return true;
}

static bool judge(struct task *t, struct error *e)
{
    const char *unsigned_yet = NULL;
    if (!artefact_judge_size(prove_public(t, t->url), t->hash.size, t->old_size, e) ||
        !judge_listed_size(t, e) || !sign_verdict(t, &unsigned_yet, e) || !confirm(t, e) ||
        !judge_drift(t, e))
        return false;
    if (error_is_set(&t->word_error)) {
        *e = t->word_error;
        return false;
    }
    if (!prove_seen(t, e))
        return false;
    if (unsigned_yet)
        warn_doubt(t, unsigned_yet);
    if (t->doubt)
        warn_doubt(t, t->doubt);
    return true;
}

void prove_hash_end(struct task *t, struct error *e)
{
    struct renewal *r = t->renewal;
    if (!judge(t, e))
        return;
    const char *hash = r->kind == PIN_SHA512 ? t->hash.sha512 : t->hash.sha256;
    if (*hash)
        r->value = arena_copy(&t->o->arena, hash);
    else
        error_set(e, ERROR_REFUSED, "the recording has no %s of artefact %s: record it again",
                  r->kind == PIN_SHA512 ? "SHA-512" : "SHA-256", prove_public(t, t->url));
}
