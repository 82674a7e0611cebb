#include "watcher/yaml/path.h"

static bool is_text(const struct node *node, struct slice text)
{
    return node->kind == NODE_SCALAR && slice_equal(node->value, text);
}

static struct node *get(const struct node *mapping, struct slice key);

/* The key in what a merge key's value stands for: one mapping or a list of them, the first wins. */
static struct node *get_merged(const struct node *merged, struct slice key)
{
    if (merged->kind == NODE_MAPPING)
        return get(merged, key);
    for (size_t i = 0; merged->kind == NODE_SEQUENCE && i < merged->count; i++) {
        struct node *found = get(merged->items[i], key);
        if (found)
            return found;
    }
    return NULL;
}

static struct node *get(const struct node *mapping, struct slice key)
{
    if (!mapping || mapping->kind != NODE_MAPPING)
        return NULL;
    const struct node *merged = NULL;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct pair *pair = &mapping->pairs[i];
        if (is_text(pair->key, key))
            return pair->value;
        if (pair->key->style == STYLE_PLAIN && is_text(pair->key, SLICE("<<")))
            merged = pair->value;
    }
    return merged ? get_merged(merged, key) : NULL;
}

struct node *node_get(const struct node *mapping, const char *key)
{
    return get(mapping, slice_of(key));
}

struct slice node_text(const struct node *mapping, const char *key)
{
    const struct node *node = node_get(mapping, key);
    return node && node->kind == NODE_SCALAR ? node->value : slice_of(NULL);
}

struct walk {
    bool (*each)(void *arg, struct node *scalar, const char *path);
    void *arg;
    struct buf path;
};

static bool walk(struct walk *w, struct node *node);

static bool walk_child(struct walk *w, struct node *child, size_t length)
{
    bool more = walk(w, child);
    path_cut(&w->path, length);
    return more;
}

/* Nodes are at most YAML_DEPTH deep, so recursion is bounded. */
static bool walk(struct walk *w, struct node *node)
{
    size_t length = w->path.len;
    if (node->alias)
        return true;
    if (node->kind == NODE_SCALAR)
        return w->each(w->arg, node, buf_text(&w->path));
    for (size_t i = 0; i < node->count; i++) {
        struct node *child = node->kind == NODE_SEQUENCE ? node->items[i] : node->pairs[i].value;
        if (node->kind == NODE_SEQUENCE)
            path_add_index(&w->path, i);
        else
            path_add_key(&w->path, node->pairs[i].key);
        if (!walk_child(w, child, length))
            return false;
    }
    return true;
}

void yaml_each_scalar(const struct yaml *y,
                      bool (*each)(void *arg, struct node *scalar, const char *path), void *arg)
{
    struct walk w = {.each = each, .arg = arg};
    for (size_t i = 0; i < y->count; i++)
        if (!walk_child(&w, y->documents[i], 0))
            break;
    buf_free(&w.path);
}
