/* Paths such as "pipeline[0].with['a.b']": written for people, read again by node_path. */
#include "watcher/yaml/path.h"

#include "watcher/base/text.h"

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
        return node_get(node, buf_text(&step->key));
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

static bool needs_brackets(struct slice key)
{
    return key.len == 0 || slice_find_byte(key, '.') != SLICE_NONE ||
           slice_find_byte(key, '[') != SLICE_NONE;
}

static void add_quoted(struct buf *path, struct slice key)
{
    buf_add_text(path, "['");
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '\'')
            buf_add_byte(path, '\'');
        buf_add_byte(path, key.ptr[i]);
    }
    buf_add_text(path, "']");
}

void path_add_key(struct buf *path, const struct node *key)
{
    if (key->kind != NODE_SCALAR || !text_is_visible(key->value)) {
        buf_add_text(path, "[?]");
    } else if (needs_brackets(key->value)) {
        add_quoted(path, key->value);
    } else {
        if (path->len)
            buf_add_byte(path, '.');
        buf_add(path, key->value);
    }
}

void path_add_index(struct buf *path, size_t index)
{
    buf_addf(path, "[%zu]", index);
}

void path_cut(struct buf *path, size_t length)
{
    if (path->len <= length)
        return;
    path->len = length;
    path->ptr[length] = '\0';
}
