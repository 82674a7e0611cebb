#include "watcher/verify.h"

#include "watcher/artefact.h"
#include "watcher/base/url.h"

#include <string.h>

/* One pin of one row that is looked at. */
struct look {
    struct http *http;
    struct outcome *o;
    const struct renewal *pin;
    const char *url; /* the public form */
};

const char *verify_words(struct http *http, struct outcome *o, const char *url, const char *pinned,
                         const char *served, enum drift_kind *kind)
{
    struct drift drift = drift_find(http, &o->arena, url, pinned, served);
    *kind = drift.kind;
    return arena_printf(&o->arena,
                        "%s %s is pinned with hash %s, but upstream now serves %s: %s; see why, "
                        "then give the new hash with mwatch bump --offline --to %s --%s",
                        url, o->component->current ? o->component->current : "", pinned, served,
                        drift.what, o->component->current ? o->component->current : "VERSION",
                        strlen(pinned) == SHA512_HEX ? "sha512" : "sha256");
}

static void warn(struct outcome *o, const char *text)
{
    for (size_t i = 0; i < o->warnings.count; i++)
        if (strcmp(o->warnings.items[i], text) == 0)
            return;
    vec_push(&o->arena, &o->warnings, text);
}

static void report_drift(struct look *l, const char *served)
{
    struct error e = {0};
    enum drift_kind kind;
    const char *text = verify_words(l->http, l->o, l->url, l->pin->old, served, &kind);
    bool same_files = kind == DRIFT_RECOMPRESSED || kind == DRIFT_REPACKED;
    if ((same_files && outcome_rewrites(l->o)) || l->o->decision.kind == DECISION_ERROR) {
        warn(l->o, text);
        return;
    }
    error_set(&e, ERROR_REFUSED, "%s", text);
    outcome_fail(l->o, &e);
}

static void looked(void *arg, const struct response *response,
                   const struct artefact_result *artefact, const struct error *e)
{
    struct look *l = arg;
    struct error why = *e;
    if (!error_is_set(&why) && response->status == 304)
        return;
    if (!error_is_set(&why))
        artefact_judge(l->pin->urls[0], response, artefact, &why);
    if (error_is_set(&why)) {
        warn(l->o, arena_printf(&l->o->arena, "what %s pins could not be looked at: %s",
                                l->pin->path, why.message));
        return;
    }
    const char *served = l->pin->kind == PIN_SHA512 ? artefact->hash.sha512 : artefact->hash.sha256;
    if (*served && !slice_equal_nocase(slice_of(served), slice_of(l->pin->old)))
        report_drift(l, served);
}

/* Without a record of these very bytes, only the bytes themselves can tell. */
static void ask(struct look *l)
{
    struct arena *a = &l->o->arena;
    struct request request = {.url = l->pin->urls[0], .kind = BODY_ARTEFACT};
    struct artefact_record record;
    size_t count = 0;
    if (http_record_get(l->http, a, l->url, l->pin->old, &record)) {
        if (record.etag)
            request.headers[count++] = (struct header){"If-None-Match", record.etag};
        if (record.modified)
            request.headers[count++] = (struct header){"If-Modified-Since", record.modified};
    }
    http_submit(l->http, &request, looked, l);
}

static const char *public_url(struct arena *a, const char *url)
{
    struct buf shown = {0};
    url_add_public(&shown, slice_of(url));
    const char *text = arena_text(a, buf_slice(&shown));
    buf_free(&shown);
    return text;
}

static void look_at(struct http *http, const char *root, struct outcome *o)
{
    struct arena *a = &o->arena;
    const struct component *c = o->component;
    struct recipe_file file;
    struct error e = {0};
    struct renewals *pinned = arena_new(a, struct renewals);
    *pinned = (struct renewals){0};
    struct release release = release_of(c, &o->decision);
    if (!recipe_load(a, root, c->file, c->kind != RECIPE_FILE, &file, &e)) {
        warn(o, arena_copy(a, e.message));
        return;
    }
    renewals_pinned(a, c, &file, release.version ? &release : NULL, pinned);
    for (size_t i = 0; i < pinned->list.count; i++) {
        struct look *l = arena_new(a, struct look);
        *l = (struct look){http, o, &pinned->list.items[i], NULL};
        l->url = public_url(a, l->pin->urls[0]);
        ask(l);
    }
}

/* Several components of a file, and the two rows that one may have, pin the same. */
static bool is_first_of_file(const struct results *r, size_t i)
{
    return i == 0 || strcmp(r->items[i - 1]->component->file, r->items[i]->component->file) != 0;
}

static bool is_first_of_component(const struct results *r, size_t i)
{
    return i == 0 || r->items[i - 1]->component != r->items[i]->component;
}

void verify_run(struct http *http, const char *root, struct results *results, bool all)
{
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *o = results->items[i];
        const struct component *c = o->component;
        bool first =
            c->artefacts.count ? is_first_of_component(results, i) : is_first_of_file(results, i);
        if (first && (all || c->verify_pins) && !c->disabled && !error_is_set(&c->error) &&
            !o->unasked)
            look_at(http, root, o);
    }
    http_run(http);
}
