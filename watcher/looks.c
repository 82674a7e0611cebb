#include "watcher/looks.h"

#include "watcher/base/timestamp.h"
#include "watcher/schedule.h"

#include <stdlib.h>

/* What was looked at: another source, or another repository, is another look. */
static const char *key_of(struct arena *a, const struct looks *l, const struct component *c)
{
    char *root = realpath(l->root, NULL);
    const char *key = arena_printf(a, "looked %s %s %s %s", root ? root : l->root, c->file, c->name,
                                   spec_identity(a, &c->spec));
    free(root);
    return key;
}

static bool is_scheduled(const struct component *c)
{
    return c->schedule && c->spec.source && !c->disabled && !error_is_set(&c->error);
}

static const char *day(struct arena *a, int64_t seconds)
{
    struct buf out = {0};
    timestamp_add_date(&out, seconds);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static void hold(struct results *rows, const struct component *c, int64_t looked, int64_t next)
{
    struct outcome *o = results_add(rows, c);
    struct arena *a = &o->arena;
    o->unasked = true;
    o->decision.kind = DECISION_HELD;
    o->decision.action = ACTION_IGNORE;
    o->decision.reason = arena_printf(a, "schedule %s: looked at %s, next look %s", c->schedule,
                                      day(a, looked), day(a, next));
    for (size_t i = 0; i < c->warnings.count; i++)
        vec_push(a, &o->warnings, c->warnings.items[i]);
}

/* A clock that was wrong once must not end all looks. */
static bool is_due(const struct looks *l, const struct component *c, struct results *rows)
{
    struct arena a = {0};
    int64_t looked = 0;
    bool known = http_note_get(l->http, key_of(&a, l, c), &looked) && looked <= l->now;
    int64_t next = known ? schedule_next(c->schedule, looked) : l->now;
    if (l->now < next)
        hold(rows, c, looked, next);
    arena_free(&a);
    return l->now >= next;
}

size_t looks_due(const struct looks *l, const struct components *found, struct component **asked,
                 struct results *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) {
        struct component *c = found->items[i];
        if (c->named)
            c->schedule = NULL;
        if (!is_scheduled(c) || is_due(l, c, rows))
            asked[count++] = c;
    }
    return count;
}

/* A component has one row, or two that follow each other. */
static bool proposes(const struct results *rows, size_t i)
{
    const struct component *c = rows->items[i]->component;
    bool any = decision_proposes(&rows->items[i]->decision);
    if (i > 0 && rows->items[i - 1]->component == c)
        any = any || decision_proposes(&rows->items[i - 1]->decision);
    if (i + 1 < rows->count && rows->items[i + 1]->component == c)
        any = any || decision_proposes(&rows->items[i + 1]->decision);
    return any;
}

static void note(const struct looks *l, const struct component *c, int64_t when)
{
    struct arena a = {0};
    http_note_put(l->http, key_of(&a, l, c), when);
    arena_free(&a);
}

/* An earlier one, taken before the release was out, must not keep the next run from asking. */
static void forget(const struct looks *l, const struct component *c)
{
    struct arena a = {0};
    int64_t looked;
    if (c->spec.source && http_note_get(l->http, key_of(&a, l, c), &looked))
        note(l, c, 0);
    arena_free(&a);
}

/* As long as its group's pull request is open, every run must know what belongs into that. */
static bool is_in_open_group(const struct outcome *o)
{
    enum proposed_state state = o->proposed.state;
    return o->group && (state == PROPOSED_OPENED || state == PROPOSED_UPDATED ||
                        state == PROPOSED_UNCHANGED || state == PROPOSED_LEFT);
}

void looks_note(const struct looks *l, const struct results *rows, bool proposed)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct outcome *o = rows->items[i];
        if (proposed && is_in_open_group(o))
            forget(l, o->component);
        else if (!o->unasked && o->decision.kind != DECISION_ERROR && is_scheduled(o->component) &&
                 proposes(rows, i) == proposed)
            note(l, o->component, l->now);
    }
}
