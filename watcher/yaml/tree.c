#include "watcher/yaml/tree.h"

#include "watcher/base/memory.h"
#include "watcher/base/text.h"

#include <stdlib.h>
#include <string.h>

struct anchor {
    struct node *node;
    size_t nodes, height;
    bool open; /* the node is still being read */
};

void tree_release(struct tree *t)
{
    names_free(&t->anchors);
    names_free(&t->keys);
    free(t->pending);
}

void tree_document(struct tree *t)
{
    names_clear(&t->anchors);
}

bool tree_in_flow(const struct tree *t)
{
    return t->depth && t->frames[t->depth - 1].node->style == STYLE_FLOW;
}

static struct spot spot_of(const struct node *node)
{
    return (struct spot){node->start, node->line, node->column};
}

static bool fail(struct tree *t, struct spot at, const char *message)
{
    return error_at(t->error, ERROR_RECIPE, t->name, at.line, at.column, "%s", message);
}

static bool count_nodes(struct tree *t, size_t nodes, struct spot at)
{
    t->nodes += nodes;
    if (t->depth)
        t->frames[t->depth - 1].nodes += nodes;
    return t->nodes <= YAML_NODES || fail(t, at, "more than 1,000,000 nodes, aliases included");
}

/* Hand a finished node to the collection or document it belongs to. */
static void deliver(struct tree *t, struct node *node, size_t height)
{
    if (t->depth == 0) {
        vec_push(t->arena, &t->documents, node);
        return;
    }
    struct frame *parent = &t->frames[t->depth - 1];
    if (height > parent->height)
        parent->height = height;
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 256;
        t->pending = memory_resize(t->pending, memory_product(t->capacity, sizeof *t->pending));
    }
    t->pending[t->count++] = node;
}

/* Make an anchor known from its start on, so that an alias inside what it stands for is seen. */
static void remember(struct tree *t, struct node *node)
{
    if (!node->anchor)
        return;
    struct anchor *anchor = arena_new(t->arena, struct anchor);
    *anchor = (struct anchor){.node = node, .nodes = 1, .open = node->kind != NODE_SCALAR};
    *names_slot(&t->anchors, slice_of(node->anchor)) = anchor;
}

bool tree_scalar(struct tree *t, struct node *scalar)
{
    remember(t, scalar);
    if (!count_nodes(t, 1, spot_of(scalar)))
        return false;
    deliver(t, scalar, 0);
    return true;
}

static const struct anchor *find_anchor(struct tree *t, struct slice name, struct spot at)
{
    const struct anchor *anchor = names_find(&t->anchors, name);
    const char *problem = NULL;
    if (!anchor)
        problem = "has no anchor before it";
    else if (anchor->open)
        problem = "stands inside what it stands for";
    if (!problem)
        return anchor;
    error_at(t->error, ERROR_RECIPE, t->name, at.line, at.column, "the alias *%.*s %s",
             SLICE_ARG(name), problem);
    return NULL;
}

bool tree_alias(struct tree *t, struct slice name, struct spot at, size_t end)
{
    const struct anchor *anchor = find_anchor(t, name, at);
    if (!anchor)
        return false;
    if (t->depth + anchor->height > YAML_DEPTH)
        return fail(t, at, "nested more than 100 deep through this alias");
    if (!count_nodes(t, anchor->nodes, at))
        return false;
    struct node *node = arena_new(t->arena, struct node);
    *node = *anchor->node;
    node->alias = true;
    node->flow = tree_in_flow(t);
    node->start = at.offset;
    node->end = end;
    node->line = at.line;
    node->column = at.column;
    deliver(t, node, anchor->height);
    return true;
}

bool tree_open(struct tree *t, struct node *collection)
{
    struct spot at = spot_of(collection);
    if (t->depth == YAML_DEPTH)
        return fail(t, at, "nested more than 100 deep");
    remember(t, collection);
    if (!count_nodes(t, 1, at))
        return false;
    t->frames[t->depth++] = (struct frame){.node = collection, .first = t->count, .nodes = 1};
    return true;
}

static bool fail_twice(struct tree *t, const struct node *first, const struct node *again)
{
    enum { SHOWN = 100 };
    struct buf key = {0};
    text_add_visible(&key, slice_first(again->value, SHOWN));
    error_at(t->error, ERROR_RECIPE, t->name, again->line, again->column,
             "the key \"%s%s\" appears twice in one mapping, first at %zu:%zu", buf_text(&key),
             again->value.len > SHOWN ? "..." : "", first->line, first->column);
    buf_free(&key);
    return false;
}

/* Most mappings are small: comparing all pairs is quickest there. */
static bool check_few_keys(struct tree *t, const struct node *mapping)
{
    for (size_t i = 1; i < mapping->count; i++) {
        const struct node *key = mapping->pairs[i].key;
        for (size_t j = 0; j < i; j++) {
            const struct node *before = mapping->pairs[j].key;
            if (key->kind == NODE_SCALAR && before->kind == NODE_SCALAR &&
                slice_equal(key->value, before->value))
                return fail_twice(t, before, key);
        }
    }
    return true;
}

static bool check_many_keys(struct tree *t, const struct node *mapping)
{
    names_clear(&t->keys);
    for (size_t i = 0; i < mapping->count; i++) {
        struct node *key = mapping->pairs[i].key;
        if (key->kind != NODE_SCALAR)
            continue;
        void **slot = names_slot(&t->keys, key->value);
        if (*slot)
            return fail_twice(t, *slot, key);
        *slot = key;
    }
    return true;
}

static void adopt_children(struct tree *t, struct node *node, struct node **children, size_t count)
{
    if (node->kind == NODE_SEQUENCE) {
        node->count = count;
        node->items = arena_array(t->arena, count, sizeof(struct node *));
        if (count)
            memcpy(node->items, children, count * sizeof(struct node *));
        return;
    }
    node->count = count / 2;
    node->pairs = arena_array(t->arena, node->count, sizeof(struct pair));
    for (size_t i = 0; i < node->count; i++)
        node->pairs[i] = (struct pair){children[2 * i], children[2 * i + 1]};
}

/* Now that the node is whole, its anchor may be used. */
static void complete(struct tree *t, const struct frame *frame)
{
    if (!frame->node->anchor)
        return;
    struct anchor *anchor = names_find(&t->anchors, slice_of(frame->node->anchor));
    if (anchor && anchor->node == frame->node)
        *anchor = (struct anchor){
            .node = frame->node, .nodes = frame->nodes, .height = frame->height + 1};
}

bool tree_close(struct tree *t, size_t end)
{
    enum { FEW = 12 };
    struct frame frame = t->frames[--t->depth];
    struct node *node = frame.node, **children = t->pending ? t->pending + frame.first : NULL;
    size_t count = t->count - frame.first;
    bool ends_with_child = node->style == STYLE_BLOCK && count;
    node->end = ends_with_child ? children[count - 1]->end : end;
    adopt_children(t, node, children, count);
    t->count = frame.first;
    if (t->depth)
        t->frames[t->depth - 1].nodes += frame.nodes - 1;
    complete(t, &frame);
    deliver(t, node, frame.height + 1);
    if (node->kind == NODE_SEQUENCE)
        return true;
    return node->count <= FEW ? check_few_keys(t, node) : check_many_keys(t, node);
}
