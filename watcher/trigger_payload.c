#include "watcher/trigger_payload.h"

#include "git/forge.h"
#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/release.h"

#include <stdlib.h>
#include <string.h>

enum { ID_HEX = 16 };

const char *trigger_on_name(enum trigger_on on)
{
    static const char *const names[] = {
        [TRIGGER_PROPOSED] = "proposed", [TRIGGER_MERGED] = "merged", [TRIGGER_DUE] = "due"};
    return names[on];
}

static const char *id_of(struct arena *a, struct slice text)
{
    struct hash_result hash;
    hash_bytes(text, &hash);
    return arena_text(a, slice_first(slice_of(hash.sha256), ID_HEX));
}

const char *trigger_event(struct arena *a, const char *repository, const char *key,
                          const struct trigger_item *item)
{
    return id_of(a, slice_of(arena_printf(a, "%s#%llu\n%s\n%s\n%s", repository ? repository : "",
                                          item->pull ? item->pull->number : 0ULL, key,
                                          marker_component(a, item->row->component), item->to)));
}

/* A version is upstream's text: what is not visible becomes so, and the JSON stays valid. */
static void put(json_t *object, const char *key, const char *text)
{
    struct buf safe = {0};
    if (!text)
        return;
    text_add_visible(&safe, slice_of(text));
    json_object_set_new(object, key, json_string(buf_text(&safe)));
    buf_free(&safe);
}

/* The tag that merging publishes, or has published: then the recipe here is at the version. */
static const char *image_of(struct arena *a, const struct trigger_item *item)
{
    const struct outcome *o = item->row;
    const struct component *c = o->component;
    const char *image = NULL;
    struct error ignored = {0};
    if (o->changes && o->decision.version && strcmp(o->decision.version, item->to) == 0)
        return o->changes->image;
    if (!c->image || !c->current || strcmp(c->current, item->to) != 0)
        return NULL;
    struct release r = {.version = c->current, .tag = c->current, .epoch = c->epoch};
    return release_expand(a, c, &r, c->image, &image, &ignored) ? image : NULL;
}

static json_t *component_json(struct arena *a, const struct trigger_item *item)
{
    const struct component *c = item->row->component;
    json_t *object = json_object();
    put(object, "event", item->event);
    put(object, "recipe", c->recipe);
    put(object, "component", c->name);
    put(object, "file", c->file);
    put(object, "decision", item->decision);
    put(object, "from", item->from);
    put(object, "to", item->to);
    put(object, "image", image_of(a, item));
    if (item->pull) {
        json_object_set_new(object, "number", json_integer((json_int_t)item->pull->number));
        put(object, "url", item->pull->url);
    }
    return object;
}

static void find_moved(struct arena *a, const struct graph *g, const struct trigger_item *items,
                       size_t count, struct graph_query *q)
{
    VEC(uint32_t) moved = {0};
    for (size_t i = 0; i < count; i++) {
        size_t found;
        const uint32_t *nodes = graph_find(g, a, items[i].row->component->file, &found);
        for (size_t k = 0; k < found; k++)
            vec_push(a, &moved, nodes[k]);
    }
    q->moved = moved.items;
    q->count = moved.count;
}

static json_t *node_json(const struct graph_node *node, unsigned level)
{
    json_t *object = json_object();
    put(object, "name", node->name);
    put(object, "file", node->file);
    json_object_set_new(object, "level", json_integer((json_int_t)level));
    return object;
}

/* In dependency order; how many there was no room for. */
static size_t put_order(struct arena *a, const struct gathering *order,
                        const struct trigger_item *items, size_t count, size_t most,
                        json_t *recipes, json_t *images)
{
    struct graph_dependents found;
    struct graph_query q = {.builds = GATHER_BUILDS, .brings = GATHER_BRINGS, .itself = true};
    size_t told = 0, left_out = 0;
    find_moved(a, order->graph, items, count, &q);
    graph_dependents(order->graph, a, &q, &found);
    for (size_t i = 0; i < found.count; i++) {
        const struct graph_dependent *d = &found.items[i];
        const struct graph_node *node = graph_node_at(order->graph, d->node);
        if (!d->rebuilt)
            continue;
        if (told++ < most)
            json_array_append_new(node->image ? images : recipes, node_json(node, d->level));
        else
            left_out++;
    }
    return left_out;
}

const char *trigger_payload(struct arena *a, const struct trigger_setting *s, enum trigger_on on,
                            const struct trigger_item *items, size_t count, size_t most)
{
    json_t *root = json_object(), *components = json_array();
    json_t *recipes = json_array(), *images = json_array();
    struct buf events = {0};
    for (size_t i = 0; i < count; i++) {
        if (items[i].event)
            buf_addf(&events, "%s\n", items[i].event);
        json_array_append_new(components, component_json(a, &items[i]));
    }
    size_t left_out = s->order ? put_order(a, s->order, items, count, most, recipes, images) : 0;
    json_object_set_new(root, "version", json_integer(1));
    put(root, "id", events.len ? id_of(a, buf_slice(&events)) : NULL);
    put(root, "on", trigger_on_name(on));
    put(root, "repository", s->repository);
    json_object_set_new(root, "components", components);
    json_object_set_new(root, "recipes", recipes);
    json_object_set_new(root, "images", images);
    json_object_set_new(root, "left_out", json_integer((json_int_t)left_out));
    char *text = json_dumps(root, JSON_COMPACT);
    const char *copy = arena_copy(a, text);
    free(text);
    json_decref(root);
    buf_free(&events);
    return copy;
}
