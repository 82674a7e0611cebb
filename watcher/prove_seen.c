/* What a release was when mwatch first saw it, held against what it is now: between the two lie
 * the days of a cooldown, or of a proposal that nobody merged yet. */
#include "watcher/prove_parts.h"
#include "watcher/sightings.h"
#include "watcher/verify.h"

#include <string.h>

static void warn(struct outcome *o, const char *text)
{
    for (size_t i = 0; i < o->warnings.count; i++)
        if (strcmp(o->warnings.items[i], text) == 0)
            return;
    vec_push(&o->arena, &o->warnings, text);
}

/* The same files, packed otherwise, are what was seen; anything else is another release under the
 * same name. */
static bool compare_bytes(struct task *t, const struct sighting *seen, const char *url,
                          struct error *e)
{
    struct arena *a = &t->o->arena;
    for (size_t i = 0; i < seen->file_count; i++) {
        const struct sighted_file *f = &seen->files[i];
        if (strcmp(f->url, url) != 0 || strcmp(f->sha256, t->hash.sha256) == 0)
            continue;
        struct drift drift = drift_find(t->prover->http, a, url, f->sha256, t->hash.sha256);
        const char *text = arena_printf(
            a, "artefact %s had hash %s when it was first seen (%s), and has %s now: %s", url,
            f->sha256, sightings_day(a, seen), t->hash.sha256, drift.what);
        if (drift.kind != DRIFT_RECOMPRESSED && drift.kind != DRIFT_REPACKED)
            return error_set(e, ERROR_REFUSED,
                             "%s; see why, then mwatch bump --offline --to %s --sha256 takes it",
                             text, t->o->release.version);
        warn(t->o, text);
    }
    return true;
}

/* Where there is a cooldown, it came to nothing before (cooldown.h). */
static void compare_commit(struct task *t, const struct sighting *seen)
{
    const struct release *r = &t->o->release;
    struct arena *a = &t->o->arena;
    if (seen->commit && r->commit &&
        !slice_equal_nocase(slice_of(seen->commit), slice_of(r->commit)))
        warn(t->o, sightings_moved(a, seen, r->tag, r->commit));
}

bool prove_seen(struct task *t, struct error *e)
{
    const struct component *c = t->o->component;
    const struct release *r = &t->o->release;
    struct http *http = t->prover->http;
    const char *url = prove_public(t, t->url);
    struct sighted_file file = {url, t->hash.sha256, t->hash.sha512, t->hash.size};
    struct sighting seen;
    if (!http_remembers(http) || !r->tag || c->snapshot)
        return true;
    if (sightings_get(http, &t->o->arena, c, r->tag, &seen)) {
        compare_commit(t, &seen);
        if (!compare_bytes(t, &seen, url, e))
            return false;
    }
    seen = (struct sighting){
        .seen = context_now(t->prover->ctx), .commit = r->commit, .files = &file, .file_count = 1};
    sightings_note(http, c, r->tag, &seen);
    return true;
}
