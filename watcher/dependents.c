#include "watcher/dependents.h"

#include "watcher/base/names.h"
#include "watcher/gather.h"
#include "watcher/plan.h"
#include "watcher/raise.h"
#include "watcher/rebuild_report.h"

#include <string.h>

/* What makes a rebuild due. */
struct cause {
    const char *title; /* "openssl 3.5.3" */
    const char *why;   /* "build openssl-dev, curl.yaml:24" */
};

/* A recipe that is to be rebuilt in a row of its own, whatever number of others moves. */
struct pending {
    uint32_t node;
    VEC(struct cause) causes;
};

struct raiser {
    const struct context *ctx;
    const char *root;
    const struct templates *templates;
    struct components *components;
    struct results *results;
    struct arena arena;
    struct gathering gathering;
    struct names moving; /* files of recipes that a change set moves by itself */
    struct names rows;   /* struct pending by file */
    VEC(struct pending *) pending;
};

static bool is_due(const struct outcome *o)
{
    return o->changes && outcome_rewrites(o) && o->component->kind == RECIPE_MELANGE &&
           component_dependents(o->component) != DEPENDENTS_NO;
}

static const char *title_of(struct arena *a, const struct outcome *o)
{
    struct buf title = {0};
    component_add_title(&title, o->component);
    const char *text = arena_printf(a, "%s %s", buf_text(&title), o->decision.version);
    buf_free(&title);
    return text;
}

/* Those that need it directly and are recipes, in the order in which they can be built. */
static void find(struct raiser *r, struct arena *a, const struct outcome *o, struct rebuild *out)
{
    const struct graph *graph = r->gathering.graph;
    *out = (struct rebuild){.graph = graph};
    out->moved = graph_find(graph, a, o->component->file, &out->moved_count);
    struct graph_query query = {
        .moved = out->moved,
        .count = out->moved_count,
        .builds = 1u << NEED_BUILD | 1u << NEED_PIPELINE,
        .brings = GATHER_BRINGS,
        .direct = true,
    };
    graph_dependents(graph, a, &query, &out->found);
}

static const char *reason_of(struct arena *a, const struct rebuild *found,
                             const struct graph_dependent *d)
{
    const struct graph_need *need = graph_need_at(found->graph, d->needs[0]);
    struct buf text = {0};
    buf_addf(&text, "%s ", need_kind_name((enum need_kind)need->kind));
    rebuild_add_reason(&text, found, d->needs[0]);
    buf_addf(&text, ", %s:%u", need->file, (unsigned)need->line);
    const char *reason = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return reason;
}

static bool holds(const struct change_set *set, const char *file)
{
    for (size_t i = 0; i < set->files.count; i++)
        if (strcmp(set->files.items[i].file, file) == 0)
            return true;
    return false;
}

static void note(struct outcome *o, const char *recipe, const char *reason)
{
    vec_push(&o->arena, &o->changes->notes,
             arena_printf(&o->arena, "%s is not rebuilt with it: %s", recipe, reason));
}

static void join(struct raiser *r, struct outcome *o, const struct graph_node *node,
                 const char *why)
{
    struct recipe_file file;
    struct file_change change;
    struct error e = {0};
    const char *name = arena_copy(&o->arena, node->file);
    const char *recipe = arena_copy(&o->arena, node->name);
    const char *comment = arena_printf(&o->arena, "rebuild for %s", title_of(&o->arena, o));
    if (holds(o->changes, name))
        error_set(&e, ERROR_RECIPE, "%s is changed here already", name);
    else if (recipe_load(&o->arena, r->root, name, true, &file, &e))
        raise_epoch(&o->arena, &file, comment, &change, &e);
    if (error_is_set(&e)) {
        note(o, recipe, e.message);
        return;
    }
    change.recipe = recipe;
    change.why = why;
    vec_push(&o->arena, &o->changes->files, change);
}

static void postpone(struct raiser *r, uint32_t node, const char *title, const char *why)
{
    const char *file = graph_node_at(r->gathering.graph, node)->file;
    struct pending *p = names_find(&r->rows, slice_of(file));
    if (!p) {
        p = arena_new(&r->arena, struct pending);
        p->node = node;
        *names_slot(&r->rows, slice_of(file)) = p;
        vec_push(&r->arena, &r->pending, p);
    }
    vec_push(&r->arena, &p->causes, ((struct cause){title, why}));
}

static void note_unread(struct raiser *r, struct outcome *o)
{
    size_t count = r->gathering.failures.count;
    if (count)
        vec_push(&o->arena, &o->changes->notes,
                 arena_printf(&o->arena,
                              "%zu file%s could not be read: whether %s built with it is not known",
                              count, count == 1 ? "" : "s", count == 1 ? "it is" : "they are"));
}

static void take_along(struct raiser *r, struct outcome *o)
{
    bool together = component_dependents(o->component) == DEPENDENTS_TOGETHER;
    struct rebuild found;
    struct arena scratch = {0};
    find(r, &scratch, o, &found);
    for (size_t i = 0; i < found.found.count; i++) {
        const struct graph_dependent *d = &found.found.items[i];
        const struct graph_node *node = graph_node_at(found.graph, d->node);
        const char *why = reason_of(together ? &o->arena : &r->arena, &found, d);
        if (names_find(&r->moving, slice_of(node->file)))
            note(o, node->name, "it moves by itself in this run");
        else if (together)
            join(r, o, node, why);
        else
            postpone(r, d->node, title_of(&r->arena, o), why);
    }
    note_unread(r, o);
    arena_free(&scratch);
}

static void rewrite_texts(const struct raiser *r, struct outcome *o)
{
    struct error e = {0};
    if (!plan_texts(r->templates, o, &e))
        outcome_fail(o, &e);
}

static const char *join_causes(struct arena *a, const struct pending *p, bool reasons)
{
    struct buf out = {0};
    for (size_t i = 0; i < p->causes.count; i++) {
        const struct cause *c = &p->causes.items[i];
        buf_addf(&out, "%s%s", i ? ", " : "", c->title);
        if (reasons)
            buf_addf(&out, " (%s)", c->why);
    }
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static void add_row(struct raiser *r, const struct pending *p)
{
    const struct graph_node *node = graph_node_at(r->gathering.graph, p->node);
    struct raise raise = {
        .recipe = node->name,
        .file = node->file,
        .comment = join_causes(&r->arena, p, false),
        .reason = arena_printf(&r->arena, "it is built with %s, which moves",
                               join_causes(&r->arena, p, true)),
        .unpublished = true,
    };
    raise_add_row(&raise, r->root, r->templates, r->components, r->results);
}

static void list_moving(struct raiser *r)
{
    for (size_t i = 0; i < r->results->count; i++) {
        const struct outcome *o = r->results->items[i];
        if (o->changes && outcome_rewrites(o))
            *names_slot(&r->moving, slice_of(o->component->file)) = r;
    }
}

static void raise_all(struct raiser *r)
{
    size_t count = r->results->count;
    list_moving(r);
    for (size_t i = 0; i < count; i++) {
        struct outcome *o = r->results->items[i];
        if (!is_due(o))
            continue;
        take_along(r, o);
        rewrite_texts(r, o);
    }
    for (size_t i = 0; i < r->pending.count; i++)
        add_row(r, r->pending.items[i]);
}

void dependents_run(const struct context *ctx, const char *root, const struct config *config,
                    const struct templates *templates, struct components *components,
                    struct results *results)
{
    struct raiser r = {.ctx = ctx,
                       .root = root,
                       .templates = templates,
                       .components = components,
                       .results = results};
    struct error e = {0};
    bool due = false;
    for (size_t i = 0; i < results->count && !due; i++)
        due = is_due(results->items[i]);
    if (due && gather(root, config, &r.gathering, &e))
        raise_all(&r);
    if (error_is_set(&e))
        log_warning(ctx, "%s", e.message);
    gather_release(&r.gathering);
    names_free(&r.moving);
    names_free(&r.rows);
    arena_free(&r.arena);
}
