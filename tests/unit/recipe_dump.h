/* A recipe as the readers understand it, written for people: what the cases compare. */
#ifndef MWATCH_TESTS_UNIT_RECIPE_DUMP_H
#define MWATCH_TESTS_UNIT_RECIPE_DUMP_H

#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"

#include <inttypes.h>

static void dump_text(struct buf *out, const char *name, const char *value)
{
    if (value)
        buf_addf(out, "%s: %s\n", name, value);
}

static void dump_flag(struct buf *out, const char *name, bool value)
{
    if (value)
        buf_addf(out, "%s\n", name);
}

static void dump_spec(struct buf *out, const struct spec *spec)
{
    if (!spec->source)
        return;
    buf_addf(out, "source: %s", spec->preset ? spec->preset : spec->source->name);
    for (size_t i = 0; i < SOURCE_KEYS && spec->source->keys[i].name; i++) {
        const struct source_key *key = &spec->source->keys[i];
        const char *value = spec->values[i];
        bool plain = value && key->fallback && slice_is(slice_of(value), key->fallback);
        if (value && !plain && !spec->preset)
            buf_addf(out, " %s=%s", key->name, value);
        else if (value && spec->preset && key->type == KEY_URL)
            buf_addf(out, " %s", value);
    }
    buf_addf(out, "%s%s\n", spec->prefix ? " prefix=" : "", spec->prefix ? spec->prefix : "");
}

static void dump_filters(struct buf *out, const struct filters *f)
{
    dump_text(out, "tag-prefix", f->tag_prefix);
    dump_text(out, "tag-contains", f->tag_contains);
    dump_text(out, "strip-prefix", f->strip_prefix);
    dump_text(out, "strip-suffix", f->strip_suffix);
    for (size_t i = 0; i < f->ignore.count; i++)
        dump_text(out, "ignore", pattern_text(f->ignore.items[i]));
    dump_text(out, "separator", f->separator);
    for (size_t i = 0; i < f->transforms.count; i++)
        buf_addf(out, "transform: %s -> %s\n", pattern_text(f->transforms.items[i].match),
                 f->transforms.items[i].replace);
    dump_flag(out, "prereleases", f->prereleases);
}

static void dump_component(struct buf *out, const struct component *c)
{
    buf_addf(out, "%s %s", recipe_kind_name(c->kind), c->recipe);
    if (c->current)
        buf_addf(out, " %s-r%llu, line %zu", c->current, c->epoch, c->line);
    buf_addf(out, "\n");
    if (c->kind == RECIPE_MELANGE && !error_is_set(&c->error) &&
        !(c->settings.count && slice_is(slice_of(c->settings.items[0].path), "package.version")))
        buf_addf(out, "the version is not set\n");
    dump_text(out, "commit", c->commit);
    dump_text(out, "disabled", c->disabled);
    dump_text(out, "error", error_is_set(&c->error) ? c->error.message : NULL);
    for (size_t i = 0; i < c->warnings.count; i++)
        dump_text(out, "warning", c->warnings.items[i]);
    dump_spec(out, &c->spec);
    dump_text(out, "snapshot", c->snapshot);
    dump_filters(out, &c->filters);
    dump_flag(out, "manual", c->manual);
    dump_flag(out, "require-sequential", c->require_sequential);
    dump_flag(out, "shared", c->shared);
    dump_text(out, "schedule", c->schedule);
    for (size_t i = 1; i < c->settings.count; i++)
        buf_addf(out, "set: %s = %s\n", c->settings.items[i].path, c->settings.items[i].value);
}

static void dump_pin(struct buf *out, const struct pin *p)
{
    static const char *const kinds[] = {"sha256", "sha512", "commit"};
    static const char *const follows[] = {"fixed", "version", "branch"};
    buf_addf(out, "pin: %s %s%s %s (line %zu) = %s\n", kinds[p->kind], follows[p->follows],
             p->main ? " main" : "", p->path, p->line, p->old);
    buf_addf(out, "  at %s", p->url ? p->url : "nowhere");
    if (p->kind == PIN_COMMIT)
        buf_addf(out, " %s %s", p->tag ? "tag" : "branch",
                 p->tag      ? p->tag
                 : p->branch ? p->branch
                             : "by default");
    buf_addf(out, "\n");
    dump_text(out, "  problem", p->problem);
}

static void dump_pins(struct buf *out, const struct pins *pins)
{
    for (size_t i = 0; i < pins->list.count; i++)
        dump_pin(out, &pins->list.items[i]);
    for (size_t i = 0; i < pins->left.count; i++)
        dump_text(out, "left", pins->left.items[i]);
}

/* The settings of a component as overrides, for a version. */
static void dump_overrides(struct arena *a, const struct component *c, const char *version,
                           struct variables *out)
{
    for (size_t i = 0; i < c->settings.count; i++)
        vec_push(a, &out->list,
                 ((struct variable){.name = c->settings.items[i].path, .value = version}));
}

/* Everything about one recipe; `to` is the version a bump goes to, NULL = none. */
static void dump_recipe(struct buf *out, struct component *c, const struct yaml *y, const char *to)
{
    struct arena a = {0};
    struct error e = {0};
    struct variables vars = {0}, overrides = {0};
    struct pins pins = {0};
    bool melange = !apko_is(y);
    if (!(melange ? melange_read(y, c, &e) : apko_read(y, c, &e)))
        c->error = e;
    dump_component(out, c);
    if (melange && !error_is_set(&e)) {
        dump_overrides(&a, c, to ? to : c->current, &overrides);
        if (melange_variables(&a, y, to, &overrides, &vars, &e))
            melange_pins(&a, y, &vars, &pins);
        dump_pins(out, &pins);
    }
    arena_free(&a);
}

#endif
