#include "watcher/decision.h"

#include <string.h>

const char *decision_name(enum decision_kind kind)
{
    static const char *const names[DECISION_KINDS] = {
        [DECISION_CURRENT] = "current",       [DECISION_PATCH] = "patch",
        [DECISION_MINOR] = "minor",           [DECISION_MAJOR] = "major",
        [DECISION_NEW_STREAM] = "new-stream", [DECISION_REGRESSED] = "regressed",
        [DECISION_RETAGGED] = "retagged",     [DECISION_HELD] = "held",
        [DECISION_MANUAL] = "manual",         [DECISION_DISABLED] = "disabled",
        [DECISION_REBUILD] = "rebuild",       [DECISION_ERROR] = "error",
    };
    return names[kind];
}

const char *fate_name(enum fate fate)
{
    static const char *const names[FATES] = {
        [FATE_DRAFT] = "draft",
        [FATE_YANKED] = "withdrawn",
        [FATE_TAG] = "only a tag",
        [FATE_UNSAFE] = "unsafe text",
        [FATE_TAG_PREFIX] = "tag-filter-prefix",
        [FATE_TAG_CONTAINS] = "tag-filter-contains",
        [FATE_NO_MATCH] = "match",
        [FATE_IGNORED] = "ignored",
        [FATE_PRERELEASE] = "pre-release",
        [FATE_UNPARSABLE] = "no version",
        [FATE_OTHER_STREAM] = "other stream",
        [FATE_INCOMPLETE] = "not complete",
        [FATE_TOO_YOUNG] = "minimum-age",
        [FATE_OLDER] = "older",
        [FATE_CURRENT] = "current",
        [FATE_NEWER] = "newer, not newest",
        [FATE_NEXT] = "next line",
        [FATE_WON] = "newest",
    };
    return names[fate];
}

bool decision_proposes(const struct decision *d)
{
    switch (d->kind) {
    case DECISION_PATCH:
    case DECISION_MINOR:
    case DECISION_MAJOR:
    case DECISION_NEW_STREAM:
    case DECISION_MANUAL:
    case DECISION_REBUILD:
        return d->action != ACTION_IGNORE;
    case DECISION_RETAGGED:
        return d->action == ACTION_PR;
    default:
        return false;
    }
}

static struct asset *copy_assets(struct arena *a, const struct candidate *from)
{
    if (from->asset_count == 0)
        return NULL;
    struct asset *assets = arena_array(a, from->asset_count, sizeof *assets);
    for (size_t i = 0; i < from->asset_count; i++)
        assets[i] = (struct asset){
            .name = arena_copy(a, from->assets[i].name),
            .url = arena_copy(a, from->assets[i].url),
            .sha256 = arena_copy(a, from->assets[i].sha256),
            .sha512 = arena_copy(a, from->assets[i].sha512),
            .size = from->assets[i].size,
        };
    return assets;
}

struct candidate candidate_copy(struct arena *a, const struct candidate *c)
{
    struct candidate copy = *c;
    copy.raw = arena_copy(a, c->raw);
    copy.commit = arena_copy(a, c->commit);
    copy.url = arena_copy(a, c->url);
    copy.notes = arena_copy(a, c->notes);
    copy.assets = copy_assets(a, c);
    return copy;
}

struct decision decision_copy(struct arena *a, const struct decision *d)
{
    struct decision copy = *d;
    copy.version = arena_copy(a, d->version);
    copy.reason = arena_copy(a, d->reason);
    copy.candidate = candidate_copy(a, &d->candidate);
    memset(&copy.between, 0, sizeof copy.between);
    for (size_t i = 0; i < d->between.count; i++)
        vec_push(a, &copy.between, candidate_copy(a, &d->between.items[i]));
    return copy;
}
