/* What must be rebuilt, for programs and for workflows. */
#include "watcher/base/json.h"
#include "watcher/deliver.h"
#include "watcher/rebuild_report.h"
#include "watcher/recipes/needs.h"

static json_t *node_json(const struct rebuild *r, uint32_t node)
{
    const struct graph_node *n = graph_node_at(r->graph, node);
    json_t *object = json_object();
    json_put_text(object, "recipe", n->name);
    json_put_text(object, "file", n->file);
    if (n->file)
        json_put_text(object, "kind", recipe_kind_name(n->image ? RECIPE_APKO : RECIPE_MELANGE));
    return object;
}

/* `because` spells out what is brought along on the way. */
static json_t *need_json(const struct rebuild *r, uint32_t index)
{
    const struct graph_need *need = graph_need_at(r->graph, index);
    struct buf reason = {0};
    json_t *object = json_object();
    rebuild_add_reason(&reason, r, index);
    json_put_text(object, "dependency", need->text);
    json_put_text(object, "kind", need_kind_name((enum need_kind)need->kind));
    json_put_text(object, "of", graph_node_at(r->graph, need->to)->name);
    json_put_text(object, "because", buf_text(&reason));
    json_put_text(object, "file", need->file);
    json_put_count(object, "line", need->line);
    buf_free(&reason);
    return object;
}

static void put_touches(json_t *object, const struct rebuild *r, uint32_t node)
{
    size_t count;
    const struct touch *touches = rebuild_touches(r, node, &count);
    json_t *array = touches ? json_array() : NULL;
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object();
        json_put_text(one, "file", touches[i].file);
        json_put_text(one, "change", rebuild_change_name(touches[i].change));
        json_array_append_new(array, one);
    }
    if (array)
        json_object_set_new(object, "touched", array);
}

static json_t *dependent_json(const struct rebuild *r, const struct graph_dependent *d)
{
    json_t *object = node_json(r, d->node), *needs = json_array();
    json_put_count(object, "level", d->level);
    if (d->cycle != GRAPH_NONE)
        json_put_count(object, "cycle", d->cycle);
    put_touches(object, r, d->node);
    for (size_t i = 0; i < d->need_count; i++)
        json_array_append_new(needs, need_json(r, d->needs[i]));
    json_object_set_new(object, "needs", needs);
    return object;
}

static json_t *names_json(const struct rebuild *r, const uint32_t *nodes, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(graph_node_at(r->graph, nodes[i])->name));
    return array;
}

static json_t *cycles_json(const struct rebuild *r)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->found.cycle_count; i++) {
        const struct graph_cycle *cycle = &r->found.cycles[i];
        json_t *object = json_object();
        json_object_set_new(object, "recipes", names_json(r, cycle->nodes, cycle->count));
        json_object_set_new(object, "way", names_json(r, cycle->way, cycle->way_count));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *summary_json(const struct rebuild *r)
{
    json_t *object = json_object();
    size_t images = 0;
    for (size_t i = 0; i < r->found.count; i++)
        images +=
            r->found.items[i].rebuilt && graph_node_at(r->graph, r->found.items[i].node)->image;
    json_put_count(object, "recipes", r->found.rebuilt - images);
    json_put_count(object, "images", images);
    json_put_count(object, "levels", r->found.levels);
    json_put_count(object, "cycles", r->found.cycle_count);
    return object;
}

struct json_t *rebuild_json(const struct rebuild *r)
{
    json_t *root = json_object(), *moved = json_array(), *rebuild = json_array();
    for (size_t i = 0; i < r->moved_count; i++)
        json_array_append_new(moved, node_json(r, r->moved[i]));
    for (size_t i = 0; i < r->found.count; i++)
        if (r->found.items[i].rebuilt)
            json_array_append_new(rebuild, dependent_json(r, &r->found.items[i]));
    json_put_text(root, "revisions", r->revisions);
    json_object_set_new(root, "moved", moved);
    json_object_set_new(root, "rebuild", rebuild);
    json_object_set_new(root, "cycles", cycles_json(r));
    json_object_set_new(root, "summary", summary_json(r));
    return root;
}

struct json_t *rebuild_matrix(const struct rebuild *r)
{
    json_t *root = json_object(), *include = json_array();
    for (size_t i = 0; i < r->found.count; i++) {
        const struct graph_dependent *d = &r->found.items[i];
        if (!d->rebuilt)
            continue;
        json_t *object = node_json(r, d->node);
        json_put_count(object, "level", d->level);
        json_array_append_new(include, object);
    }
    json_object_set_new(root, "include", include);
    return root;
}

bool rebuild_tell_workflow(const struct rebuild *r, const char *output, const char *summary,
                           struct error *e)
{
    struct deliver_plan plan = {rebuild_matrix(r), r->found.rebuilt, r->found.levels};
    struct buf table = {0};
    rebuild_add_markdown(&table, r);
    bool good = deliver_plan(&plan, buf_slice(&table), output, summary, e);
    buf_free(&table);
    json_decref(plan.matrix);
    return good;
}
