#include "watcher/trigger.h"

#include "watcher/base/glob.h"
#include "watcher/base/text.h"
#include "watcher/propose_parts.h"
#include "watcher/trigger_payload.h"
#include "watcher/trigger_send.h"

#include <string.h>

enum { DAY = 24 * 60 * 60 };

struct telling {
    const struct context *ctx;
    struct proposer *p; /* NULL = nothing is sent */
    const char *root;
    const struct config *config;
    struct results *results;
    struct arena *a;
    struct gathering gathering;
    struct trigger_setting setting;

    const struct config_trigger *to;
    const char *name, *key;
    struct buf too_early; /* "#3, #4": merged before the target was named */
};

/* ---- what there is to tell ---- */

static bool wants_recipe(const struct config_trigger *to, const char *recipe)
{
    for (size_t i = 0; i < to->recipes.count; i++)
        if (glob_matches(slice_of(to->recipes.items[i]), slice_of(recipe)))
            return true;
    return to->recipes.count == 0;
}

static void add_item(struct telling *t, struct trigger_items *out, const struct trigger_item *item,
                     struct slice component)
{
    struct trigger_item one = *item;
    one.row = row_of_component(t->a, t->results, component);
    if (!one.row || !wants_recipe(t->to, one.row->component->recipe))
        return;
    if (!one.decision && one.row->decision.version &&
        strcmp(one.row->decision.version, one.to) == 0)
        one.decision = decision_name(one.row->decision.kind);
    one.event = trigger_event(t->a, t->setting.repository, t->key, &one);
    vec_push(t->a, &out->list, one);
}

/* The version of a component in a list of members; NULL when it is not there. */
static const char *member_version(struct arena *a, const char *members, struct slice component)
{
    struct slice rest = slice_of(members), one;
    const char *version;
    while (members && marker_next_member(a, &rest, &one, &version))
        if (slice_equal(one, component))
            return version;
    return NULL;
}

static void add_members(struct telling *t, struct trigger_items *out, struct trigger_item item)
{
    struct slice rest = slice_of(item.marker->members), component;
    while (marker_next_member(t->a, &rest, &component, &item.to)) {
        item.from = member_version(t->a, item.marker->was, component);
        add_item(t, out, &item, component);
    }
}

/* That it was told, beside what else the marker says. */
static bool mark(struct telling *t, struct proposal *pull, const struct marker *marker,
                 struct error *e)
{
    struct marker m = *marker;
    m.told = m.told ? arena_printf(t->a, "%s+%s", m.told, t->key) : t->key;
    struct proposal_text text = {.body = marker_put(t->a, pull->body, &m)};
    if (!t->p->forge->update(t->p->session, pull, &text, e))
        return false;
    pull->body = text.body;
    return true;
}

static void add_pull(struct telling *t, struct trigger_items *out, struct proposal *pull,
                     const struct marker *m)
{
    struct trigger_item item = {.pull = pull, .marker = m};
    if (m->members) {
        add_members(t, out, item);
        return;
    }
    item.from = m->from;
    item.to = m->version;
    item.decision = m->decision;
    add_item(t, out, &item, slice_of(m->component));
}

/* Merged before any run knew of the target, which is said once. */
static void drop_too_early(struct telling *t, struct trigger_items *found, size_t before)
{
    struct error e = {0};
    if (t->to->on != TRIGGER_MERGED || found->list.count == before)
        return;
    const struct trigger_item *item = &found->list.items[before];
    if (trigger_has_key(item->marker->awaits, t->key))
        return;
    found->list.count = before;
    if (mark(t, item->pull, item->marker, &e))
        buf_addf(&t->too_early, "%s#%llu", t->too_early.len ? ", " : "", item->pull->number);
    else
        log_warning(t->ctx, "%s: %s", item->pull->url, e.message);
}

/* What the pull requests of this run's components have that the target does not know of. */
static void find_untold(struct telling *t, const struct proposals *all, struct trigger_items *out)
{
    for (size_t i = 0; i < all->list.count; i++) {
        struct proposal *pull = &all->list.items[i];
        struct marker *m = arena_new(t->a, struct marker);
        if (pull->outsider || !pull->branch || !marker_read(t->a, pull->body, m) || m->ended ||
            trigger_has_key(m->told, t->key))
            continue;
        size_t before = out->list.count;
        add_pull(t, out, pull, m);
        drop_too_early(t, out, before);
    }
}

/* What is only planned, as if it were proposed. */
static void find_planned(struct telling *t, struct trigger_items *out)
{
    for (size_t i = 0; i < t->results->count; i++) {
        struct outcome *o = t->results->items[i];
        if (!o->changes || !o->changes->branch || !wants_recipe(t->to, o->component->recipe))
            continue;
        struct trigger_item item = {
            .row = o,
            .from = o->component->current,
            .to = o->decision.version,
            .decision = decision_name(o->decision.kind),
        };
        vec_push(t->a, &out->list, item);
    }
}

/* ---- telling it ---- */

static void warn(struct telling *t, const struct trigger_item *item, const char *format,
                 const char *more)
{
    struct arena *a = &item->row->arena;
    const char *what = arena_printf(a, format, more);
    vec_push(a, &item->row->warnings, arena_printf(a, "%s: %s", t->name, what));
}

static const char *words(struct telling *t, const struct trigger_item *items, size_t count)
{
    struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&out, i ? ", " : "");
        component_add_title(&out, items[i].row->component);
        buf_addf(&out, " %s%s%s", items[i].from ? items[i].from : "", items[i].from ? " → " : "",
                 items[i].to);
    }
    const char *copy = arena_text(&t->results->arena, buf_slice(&out));
    buf_free(&out);
    return copy;
}

static void send(struct telling *t, struct trigger_item *items, size_t count, const char *payload)
{
    struct error e = {0};
    struct arena *a = &t->results->arena;
    struct told_target told = {
        .name = arena_copy(a, t->name),
        .on = trigger_on_name(t->to->on),
        .what = words(t, items, count),
        .payload = arena_copy(a, payload),
        .sent = t->p && trigger_send(t->p->forge, t->p->session, t->to, payload, &e),
    };
    vec_push(a, &t->results->told, told);
    for (size_t i = 0; i < count; i++)
        items[i].sent = told.sent;
    for (size_t i = 0; i < count && error_is_set(&e); i++)
        warn(t, &items[i], "not told, tried again by the next run: %s", e.message);
}

/* In as few dispatches as the payload has room for. One component alone that is too much for it has
 * its dependents cut, the last of the order first. */
static void tell(struct telling *t, struct trigger_item *items, size_t count)
{
    size_t most = SIZE_MAX;
    const char *payload = trigger_payload(t->a, &t->setting, t->to->on, items, count, most);
    if (count > 1 && !trigger_fits(t->to, payload)) {
        tell(t, items, count / 2);
        tell(t, items + count / 2, count - count / 2);
        return;
    }
    for (most = TRIGGER_PAYLOAD_MOST / 32; most && !trigger_fits(t->to, payload); most /= 2)
        payload = trigger_payload(t->a, &t->setting, t->to->on, items, count, most);
    send(t, items, count, payload);
}

/* A pull request of several components is marked when all of them have been told. */
static void mark_all(struct telling *t, const struct trigger_items *items)
{
    struct error e = {0};
    for (size_t i = 0; i < items->list.count; i++) {
        const struct trigger_item *item = &items->list.items[i];
        bool whole = true;
        for (size_t k = 0; k < items->list.count; k++)
            whole = whole && (items->list.items[k].pull != item->pull || items->list.items[k].sent);
        if (whole && (i == 0 || item[-1].pull != item->pull) &&
            !mark(t, item->pull, item->marker, &e))
            warn(t, item,
                 "told, but that could not be noted, so it is told again by the next run: %s",
                 e.message);
        error_clear(&e);
    }
}

/* Only when there is something to tell: it takes a look at every recipe. */
static void gather_order(struct telling *t)
{
    struct error e = {0};
    if (t->setting.order)
        return;
    if (!gather(t->root, t->config, &t->gathering, &e))
        log_warning(t->ctx, "what is to be rebuilt is not known: %s", e.message);
    t->setting.order = &t->gathering;
}

static void tell_target(struct telling *t, const struct config_trigger *to,
                        const struct proposals *all)
{
    struct trigger_items items = {0};
    struct buf name = {0};
    trigger_add_name(&name, to);
    t->to = to;
    t->name = arena_text(t->a, buf_slice(&name));
    t->key = trigger_key(t->a, to);
    buf_free(&name);
    if (all)
        find_untold(t, all, &items);
    else
        find_planned(t, &items);
    if (t->too_early.len)
        log_warning(t->ctx, "%s: not told of %s, merged before a run knew that it is to be told",
                    t->name, buf_text(&t->too_early));
    buf_free(&t->too_early);
    if (!items.list.count)
        return;
    gather_order(t);
    tell(t, items.list.items, items.list.count);
    if (t->p)
        mark_all(t, &items);
}

static bool wants(const struct config *config, enum trigger_on on)
{
    for (size_t i = 0; i < config->proposing.triggers.count; i++)
        if (config->proposing.triggers.items[i].on == on)
            return true;
    return false;
}

/* Read again after proposing: what was opened just now is among them. */
static bool read_pulls(struct telling *t, enum trigger_on on, struct proposals *out)
{
    struct proposer *p = t->p;
    struct error e = {0};
    int64_t since = context_now(t->ctx) - TRIGGER_DAYS * DAY;
    if (!wants(t->config, on))
        return true;
    bool good = on == TRIGGER_MERGED
                    ? p->forge->merged_pulls(p->session, t->a, BRANCH_PREFIX, since, out, &e)
                    : p->forge->open_pulls(p->session, t->a, BRANCH_PREFIX, out, &e);
    if (!good)
        log_warning(t->ctx, "nobody is told of what was %s, the next run does it: %s",
                    trigger_on_name(on), e.message);
    return good;
}

static void release(struct telling *t)
{
    if (t->setting.order)
        gather_release(&t->gathering);
}

void trigger_run(struct proposer *p, const struct config *config, struct results *results)
{
    struct proposals pulls[2] = {{{0}}, {{0}}};
    struct telling t = {
        .ctx = p->ctx,
        .p = p,
        .root = p->root,
        .config = config,
        .results = results,
        .a = &p->arena,
        .setting = {.repository = p->name},
    };
    for (int on = TRIGGER_PROPOSED; on <= TRIGGER_MERGED; on++)
        if (!read_pulls(&t, (enum trigger_on)on, &pulls[on]))
            pulls[on] = (struct proposals){{0}};
    for (size_t i = 0; i < config->proposing.triggers.count; i++) {
        const struct config_trigger *to = &config->proposing.triggers.items[i];
        if (to->on != TRIGGER_DUE)
            tell_target(&t, to, &pulls[to->on]);
    }
    release(&t);
}

void trigger_preview(const struct context *ctx, const char *root, const struct config *config,
                     const char *repository, struct results *results)
{
    struct arena a = {0};
    struct telling t = {
        .ctx = ctx,
        .root = root,
        .config = config,
        .results = results,
        .a = &a,
        .setting = {.repository = repository},
    };
    for (size_t i = 0; i < config->proposing.triggers.count; i++)
        if (config->proposing.triggers.items[i].on != TRIGGER_DUE)
            tell_target(&t, &config->proposing.triggers.items[i], NULL);
    release(&t);
    arena_free(&a);
}
