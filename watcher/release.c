#include "watcher/release.h"

#include "watcher/base/timestamp.h"

#include <string.h>

static bool sets_version(const struct component *c)
{
    for (size_t i = 0; i < c->settings.count; i++)
        if (strcmp(c->settings.items[i].path, "package.version") == 0)
            return true;
    return false;
}

static unsigned long long next_epoch(const struct component *c, const char *version)
{
    bool same = c->current && version && strcmp(c->current, version) == 0;
    if (c->kind != RECIPE_MELANGE || c->keep_epoch)
        return c->epoch;
    return sets_version(c) && !same ? 0 : c->epoch + 1;
}

struct release release_of(const struct component *c, const struct decision *d)
{
    return (struct release){
        .version = d->version,
        .epoch = next_epoch(c, d->version),
        .tag = d->candidate.raw,
        .commit = d->candidate.commit,
        .published = d->candidate.published,
        .assets = d->candidate.assets,
        .asset_count = d->candidate.asset_count,
    };
}

static void put(struct arena *a, struct values *out, const char *name, const char *value)
{
    vec_push(a, &out->list, ((struct template_value){name, value}));
}

/* The n-th number of a version, from 0; NULL when there are fewer. */
static const char *number(struct arena *a, struct slice version, size_t n)
{
    struct slice found = scheme_number(version, n);
    return found.len ? arena_text(a, found) : NULL;
}

static const char *date(struct arena *a, int64_t published)
{
    struct buf out = {0};
    if (!published)
        return NULL;
    timestamp_add_date(&out, published);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

/* What package.version will be. */
static const char *recipe_version(const struct component *c, const struct release *r)
{
    return sets_version(c) || !c->recipe_version ? r->version : c->recipe_version;
}

void release_values(struct arena *a, const struct component *c, const struct release *r,
                    struct values *out)
{
    struct slice version = slice_of(r->version);
    put(a, out, "version", r->version);
    put(a, out, "recipe-version", recipe_version(c, r));
    put(a, out, "major", number(a, version, 0));
    put(a, out, "minor", number(a, version, 1));
    put(a, out, "patch", number(a, version, 2));
    put(a, out, "series", arena_text(a, scheme_series(version, 2)));
    put(a, out, "tag", r->tag);
    put(a, out, "commit", r->commit);
    put(a, out, "date", date(a, r->published));
    put(a, out, "current", c->current);
    put(a, out, "epoch", arena_printf(a, "%llu", r->epoch));
    put(a, out, "stream", c->stream);
    put(a, out, "recipe", c->recipe);
    put(a, out, "component", c->name);
    put(a, out, "name", c->package ? c->package : c->recipe);
    put(a, out, "repository", c->spec.source ? spec_value(&c->spec, "repository") : NULL);
}

bool release_expand(struct arena *a, const struct component *c, const struct release *r,
                    const char *text, const char **out, struct error *e)
{
    struct values values = {0};
    struct buf expanded = {0};
    release_values(a, c, r, &values);
    bool good = template_expand(slice_of(text), values.list.items, values.list.count, &expanded, e);
    if (good)
        *out = arena_text(a, buf_slice(&expanded));
    buf_free(&expanded);
    return good;
}
