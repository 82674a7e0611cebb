/* What a proposal once had. GitHub keeps an event for everything that was put on it, also when a
 * person took it off again. */
#include "git/github_parts.h"

#include <string.h>

struct events {
    struct arena *arena;
    const struct proposal *proposal;
    struct history *out;
};

static void keep(struct events *events, struct texts *texts, const json_t *object, const char *key)
{
    const char *text = json_string_at(object, key);
    if (text && !texts_have(texts, text))
        vec_push(events->arena, texts, arena_copy(events->arena, text));
}

/* GitHub names the event after the method ("auto_squash_enabled") or after none. */
static void keep_auto_merge(struct events *events, struct slice kind, const json_t *item)
{
    const char *who = json_string_at(json_object_get(item, "actor"), "login");
    bool ours = who && events->proposal->author && strcmp(who, events->proposal->author) == 0;
    if (slice_is(kind, "auto_merge_disabled"))
        events->out->auto_merge_off = !ours;
    else if (slice_starts(kind, SLICE("auto_")) && slice_ends(kind, SLICE("_enabled")))
        events->out->auto_merge_off = false;
}

static bool take_event(void *arg, const json_t *item, struct error *e)
{
    struct events *events = arg;
    struct history *out = events->out;
    struct slice kind = json_text(item, "event");
    (void)e;
    keep_auto_merge(events, kind, item);
    if (slice_is(kind, "labeled"))
        keep(events, &out->labels, json_object_get(item, "label"), "name");
    else if (slice_is(kind, "assigned"))
        keep(events, &out->assignees, json_object_get(item, "assignee"), "login");
    else if (slice_is(kind, "milestoned"))
        keep(events, &out->milestones, json_object_get(item, "milestone"), "title");
    else if (slice_is(kind, "review_requested")) {
        keep(events, &out->reviewers, json_object_get(item, "requested_reviewer"), "login");
        keep(events, &out->team_reviewers, json_object_get(item, "requested_team"), "slug");
    }
    return true;
}

bool github_history(struct forge_session *s, struct arena *a, const struct proposal *p,
                    struct history *out, struct error *e)
{
    struct events events = {a, p, out};
    const char *path = github_path(s, a, "/issues/%llu/events?per_page=100", p->number);
    *out = (struct history){0};
    return github_pages(s, path, "read a proposal's events", take_event, &events, e);
}
