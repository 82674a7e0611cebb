/* Components written for people: what the cases of the configuration compare. Only what is not as
 * it is without configuration is written. */
#ifndef MWATCH_TESTS_UNIT_CONFIG_DUMP_H
#define MWATCH_TESTS_UNIT_CONFIG_DUMP_H

#include "watcher/recipes/component.h"

#include <inttypes.h>
#include <string.h>

static inline void dump_text(struct buf *out, const char *name, const char *value)
{
    if (value)
        buf_addf(out, "  %s: %s\n", name, value);
}

static inline void dump_flag(struct buf *out, const char *name, bool value)
{
    if (value)
        buf_addf(out, "  %s\n", name);
}

static inline void dump_pattern(struct buf *out, const char *name, const struct pattern *p)
{
    if (p)
        dump_text(out, name, pattern_text(p));
}

static inline void dump_spec(struct buf *out, const struct spec *spec)
{
    if (!spec->source)
        return;
    buf_addf(out, "  source: %s", spec->preset ? spec->preset : spec->source->name);
    for (size_t i = 0; i < SOURCE_KEYS && spec->source->keys[i].name; i++) {
        const char *value = spec->values[i], *fallback = spec->source->keys[i].fallback;
        if (value && !spec->preset && (!fallback || strcmp(value, fallback) != 0))
            buf_addf(out, " %s=%s", spec->source->keys[i].name, value);
    }
    buf_addf(out, "%s%s\n", spec->prefix ? " prefix=" : "", spec->prefix ? spec->prefix : "");
}

static inline void dump_filters(struct buf *out, const struct filters *f)
{
    dump_text(out, "tag-filter-prefix", f->tag_prefix);
    dump_text(out, "tag-filter-contains", f->tag_contains);
    dump_text(out, "strip-prefix", f->strip_prefix);
    dump_text(out, "strip-suffix", f->strip_suffix);
    dump_pattern(out, "match", f->match);
    for (size_t i = 0; i < f->ignore.count; i++)
        dump_pattern(out, "ignore", f->ignore.items[i]);
    dump_text(out, "separator", f->separator);
    for (size_t i = 0; i < f->transforms.count; i++)
        buf_addf(out, "  transform: %s -> %s\n", pattern_text(f->transforms.items[i].match),
                 f->transforms.items[i].replace);
    dump_flag(out, "prereleases", f->prereleases);
}

static inline void dump_policy(struct buf *out, struct policy p)
{
    struct policy usual = policy_default();
    if (p.patch != usual.patch || p.minor != usual.minor || p.major != usual.major ||
        p.new_stream != usual.new_stream)
        buf_addf(out, "  policy: %s %s %s %s\n", action_name(p.patch), action_name(p.minor),
                 action_name(p.major), action_name(p.new_stream));
    dump_flag(out, "retagged: epoch", p.rebuild_retagged);
}

static inline void dump_artefact(struct buf *out, const struct artefact *a)
{
    buf_addf(out, "  artefact:");
    for (size_t i = 0; i < a->urls.count; i++)
        buf_addf(out, " %s", a->urls.items[i]);
    buf_addf(out, "\n");
    dump_text(out, "  sha256", a->sha256);
    dump_text(out, "  sha512", a->sha512);
    dump_text(out, "  checksum", a->checksum.url);
    dump_pattern(out, "  pattern", a->checksum.pattern);
}

static inline void dump_changes(struct buf *out, const struct component *c)
{
    for (size_t i = 0; i < c->settings.count; i++)
        buf_addf(out, "  set: %s = %s\n", c->settings.items[i].path, c->settings.items[i].value);
    for (size_t i = 0; i < c->names.count; i++)
        dump_text(out, "name", c->names.items[i]);
    for (size_t i = 0; i < c->places.count; i++)
        buf_addf(out, "  place: %s %s -> %s\n", c->places.items[i].file,
                 pattern_text(c->places.items[i].pattern), c->places.items[i].value);
    for (size_t i = 0; i < c->artefacts.count; i++)
        dump_artefact(out, &c->artefacts.items[i]);
    dump_flag(out, "epoch: keep", c->keep_epoch);
}

static inline void dump_proposal(struct buf *out, const struct component *c)
{
    dump_policy(out, c->policy);
    dump_flag(out, "manual", c->manual);
    dump_flag(out, "require-sequential", c->require_sequential);
    dump_flag(out, "shared", c->shared);
    dump_flag(out, "prune-go-bump: false", !c->prune_go_bump);
    if (c->dependents != DEPENDENTS_UNSAID)
        buf_addf(out, "  dependents: %s\n", dependents_name(component_dependents(c)));
    dump_text(out, "schedule", c->schedule);
    if (c->minimum_age)
        buf_addf(out, "  minimum-age: %" PRId64 " s\n", c->minimum_age);
    dump_flag(out, "advisories: osv", c->advisories);
    dump_text(out, "purl", c->purl);
    for (size_t i = 0; i < c->labels.count; i++)
        dump_text(out, "label", c->labels.items[i]);
    for (size_t i = 0; i < c->links.count; i++)
        buf_addf(out, "  link: %s = %s\n", c->links.items[i].title, c->links.items[i].url);
    for (size_t i = 0; i < c->checklist.count; i++)
        dump_text(out, "check", c->checklist.items[i]);
    for (size_t i = 0; i < c->assignees.count; i++)
        dump_text(out, "assignee", c->assignees.items[i]);
    for (size_t i = 0; i < c->reviewers.count; i++)
        dump_text(out, "reviewer", c->reviewers.items[i]);
    for (size_t i = 0; i < c->team_reviewers.count; i++)
        dump_text(out, "team-reviewer", c->team_reviewers.items[i]);
    dump_text(out, "milestone", c->milestone);
    dump_flag(out, "draft", c->draft);
    dump_text(out, "merge-method", c->merge_method);
    dump_text(out, "group", c->group);
    dump_text(out, "image", c->image);
}

static inline void dump_component(struct buf *out, const struct component *c)
{
    buf_addf(out, "%s/%s %s %s", c->recipe, c->name, recipe_kind_name(c->kind), c->file);
    if (c->line)
        buf_addf(out, ":%zu", c->line);
    buf_addf(out, " %s\n", c->current ? c->current : "-");
    dump_text(out, "package", c->package);
    dump_text(out, "commit", c->commit);
    if (c->epoch)
        buf_addf(out, "  epoch: %llu\n", c->epoch);
    dump_text(out, "disabled", c->disabled);
    dump_text(out, "error", error_is_set(&c->error) ? c->error.message : NULL);
    for (size_t i = 0; i < c->warnings.count; i++)
        dump_text(out, "warning", c->warnings.items[i]);
    if (c->disabled || error_is_set(&c->error))
        return;
    dump_spec(out, &c->spec);
    dump_text(out, "scheme", c->scheme ? c->scheme->name : NULL);
    dump_text(out, "stream", c->stream);
    dump_filters(out, &c->filters);
    dump_changes(out, c);
    dump_proposal(out, c);
}

#endif
