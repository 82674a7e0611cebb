#include "watcher/yaml/yaml.h"

#include "watcher/base/buf.h"

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

/* One step of a path: a key or an index. */
struct step {
    struct buf key;
    unsigned long long index;
    bool is_index;
};

/* "['it''s']": the key between quotes, a quote in it doubled. */
static bool read_quoted(struct slice *path, struct buf *key)
{
    char quote = path->ptr[0];
    *path = slice_from(*path, 1);
    for (;;) {
        size_t at = slice_find_byte(*path, quote);
        if (at == SLICE_NONE)
            return false;
        bool doubled = at + 1 < path->len && path->ptr[at + 1] == quote;
        buf_add(key, slice_first(*path, at + doubled));
        *path = slice_from(*path, at + 1 + doubled);
        if (!doubled)
            break;
    }
    bool closed = path->len && path->ptr[0] == ']';
    *path = slice_from(*path, 1);
    return closed;
}

static bool read_bracket(struct slice *path, struct step *step)
{
    *path = slice_from(*path, 1);
    if (path->len && (path->ptr[0] == '\'' || path->ptr[0] == '"'))
        return read_quoted(path, &step->key);
    struct slice number = slice_first(*path, slice_find_byte(*path, ']'));
    if (number.len == path->len || !slice_number(number, &step->index))
        return false;
    step->is_index = true;
    *path = slice_from(*path, number.len + 1);
    return true;
}

static bool read_name(struct slice *path, struct step *step)
{
    size_t len = 0;
    while (len < path->len && path->ptr[len] != '.' && path->ptr[len] != '[')
        len++;
    buf_add(&step->key, slice_first(*path, len));
    *path = slice_from(*path, len);
    return len > 0;
}

/* Take one step off the path; `first` needs no dot before a name. */
static bool read_step(struct slice *path, bool first, struct step *step)
{
    buf_clear(&step->key);
    step->is_index = false;
    if (path->ptr[0] == '[')
        return read_bracket(path, step);
    if (!first) {
        if (path->ptr[0] != '.')
            return false;
        *path = slice_from(*path, 1);
    }
    return read_name(path, step);
}

static const struct node *follow(const struct node *node, const struct step *step)
{
    if (!step->is_index)
        return get(node, buf_slice(&step->key));
    if (node->kind != NODE_SEQUENCE || step->index >= node->count)
        return NULL;
    return node->items[step->index];
}

struct node *node_path(const struct node *root, const char *path)
{
    struct slice rest = slice_of(path);
    struct step step = {0};
    const struct node *node = root;
    for (bool first = true; node && rest.len; first = false)
        node = read_step(&rest, first, &step) ? follow(node, &step) : NULL;
    buf_free(&step.key);
    return (struct node *)node;
}

struct walk {
    bool (*each)(void *arg, struct node *scalar, const char *path);
    void *arg;
    struct buf path;
};

static bool is_simple_name(struct slice key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] == '.' || key.ptr[i] == '[' || (unsigned char)key.ptr[i] < ' ')
            return false;
    return key.len > 0;
}

/* Add the step that read_step reads again. A key that is a collection has no spelling. */
static void add_key(struct buf *path, const struct node *key)
{
    if (key->kind != NODE_SCALAR) {
        buf_add_text(path, "[?]");
        return;
    }
    if (is_simple_name(key->value)) {
        if (path->len)
            buf_add_byte(path, '.');
        buf_add(path, key->value);
        return;
    }
    buf_add_text(path, "['");
    for (size_t i = 0; i < key->value.len; i++) {
        if (key->value.ptr[i] == '\'')
            buf_add_byte(path, '\'');
        buf_add_byte(path, key->value.ptr[i]);
    }
    buf_add_text(path, "']");
}

static bool walk(struct walk *w, struct node *node);

static bool walk_child(struct walk *w, struct node *child, size_t length)
{
    bool more = walk(w, child);
    if (w->path.len > length) {
        w->path.len = length;
        w->path.ptr[length] = '\0';
    }
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
            buf_addf(&w->path, "[%zu]", i);
        else
            add_key(&w->path, node->pairs[i].key);
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
