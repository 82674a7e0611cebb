/* Check a value of mwatch.yaml against the description of what may stand there. */
#include "watcher/recipes/config_check.h"

#include "watcher/base/text.h"

/* More than any hand writes; aliases of aliases get there with a few lines. */
enum { LARGEST_FILE = 1000000 };

enum { FEW_KEYS = 8 };

static bool check(struct checker *c, const struct config_type *type, const struct node *node,
                  const struct crumb *at);

static bool check_list(struct checker *c, const struct config_type *type, const struct node *node,
                       const struct crumb *at)
{
    if (node->kind != NODE_SEQUENCE)
        return where_fail(c, type, node, at);
    for (size_t i = 0; i < node->count; i++) {
        struct crumb item = {.up = at, .kind = CRUMB_ITEM, .index = i};
        if (!check(c, type->item, node->items[i], &item))
            return false;
    }
    return true;
}

static bool check_table(struct checker *c, const struct config_type *type, const struct node *node,
                        const struct crumb *at)
{
    static const struct config_type any_key = {.shape = SHAPE_TEXT};
    if (node->kind != NODE_MAPPING)
        return where_fail(c, type, node, at);
    for (size_t i = 0; i < node->count; i++) {
        const struct node *key = node->pairs[i].key;
        struct crumb member = {.up = at, .kind = CRUMB_MEMBER, .name = key->value};
        struct crumb its_key = {.up = at, .kind = CRUMB_KEY};
        if (!check(c, type->key ? type->key : &any_key, key, &its_key) ||
            !check(c, type->item, node->pairs[i].value, &member))
            return false;
    }
    return true;
}

const struct config_key *config_key_find(const struct config_type *record, struct slice name)
{
    for (; record; record = record->base)
        for (const struct config_key *key = record->keys; key->name; key++)
            if (slice_is(name, key->name))
                return key;
    return NULL;
}

/* The names of a record's keys, NULL-ended. */
static const char *const *key_names(struct checker *c, const struct config_type *record,
                                    size_t *count)
{
    VEC(const char *) names = {0};
    for (; record; record = record->base)
        for (const struct config_key *key = record->keys; key->name; key++)
            vec_push(&c->arena, &names, key->name);
    *count = names.count;
    vec_push(&c->arena, &names, NULL);
    return names.items;
}

static bool unknown_key(struct checker *c, const struct config_type *type, const struct node *key,
                        const struct crumb *at)
{
    size_t count;
    const char *path = where_is(c, at);
    const char *const *names = key_names(c, type, &count);
    const char *near = text_nearest(key->value, names), *hint = "";
    if (near)
        hint = arena_printf(&c->arena, " (%s?)", near);
    else if (count <= FEW_KEYS)
        hint = arena_printf(&c->arena, ", where %s may stand", where_list(c, names, " or "));
    return error_at(c->e, ERROR_USAGE, c->file, key->line, key->column, "unknown key %s%s%s%s",
                    where_visible(c, key->value), *path ? " in " : "", path, hint);
}

static bool check_required(struct checker *c, const struct config_type *type,
                           const struct node *node, const struct crumb *at)
{
    for (const struct config_type *t = type; t; t = t->base)
        for (const struct config_key *key = t->keys; key->name; key++)
            if (key->required && !node_get(node, key->name))
                return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                                "%s needs %s: %s", where_is(c, at), key->name, key->help);
    return true;
}

static size_t count_present(const struct node *node, const char *const *names)
{
    size_t n = 0;
    for (; *names; names++)
        n += node_get(node, *names) != NULL;
    return n;
}

static bool check_combination(struct checker *c, const struct config_type *type,
                              const struct node *node, const struct crumb *at)
{
    size_t one = type->one_of ? count_present(node, type->one_of) : 1;
    if (one > 1)
        return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                        "%s has %s, where only one of them may be", where_is(c, at),
                        where_list(c, type->one_of, " and "));
    if (one == 1 && (!type->any_of || count_present(node, type->any_of)))
        return true;
    return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column, "%s needs %s",
                    where_is(c, at), where_list(c, one ? type->any_of : type->one_of, " or "));
}

static bool check_pairs(struct checker *c, const struct config_type *type, const struct node *node,
                        const struct crumb *at)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct node *name = node->pairs[i].key;
        const struct config_key *key =
            name->kind == NODE_SCALAR ? config_key_find(type, name->value) : NULL;
        struct crumb member = {.up = at, .kind = CRUMB_MEMBER, .name = name->value};
        if (!key)
            return unknown_key(c, type, name, at);
        if (!check(c, key->type, node->pairs[i].value, &member))
            return false;
    }
    return true;
}

static bool check_record(struct checker *c, const struct config_type *type, const struct node *node,
                         const struct crumb *at)
{
    if (type->may_be_empty && config_is_null(node))
        return true;
    if (type->shorter && node->kind == NODE_SCALAR && !config_is_null(node))
        return check(c, type->shorter, node, at);
    if (node->kind != NODE_MAPPING)
        return where_fail(c, type, node, at);
    return check_pairs(c, type, node, at) && check_required(c, type, node, at) &&
           check_combination(c, type, node, at);
}

static bool check_source(struct checker *c, const struct config_type *type, const struct node *node,
                         const struct crumb *at)
{
    struct spec spec;
    if (node->kind == NODE_SEQUENCE || config_is_null(node))
        return where_fail(c, type, node, at);
    if (node->kind == NODE_MAPPING && node->count != 1)
        return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                        "%s must be one source, not %zu of them", where_is(c, at), node->count);
    return config_source(&c->arena, c->file, node, NULL, &spec, c->e);
}

static bool check(struct checker *c, const struct config_type *type, const struct node *node,
                  const struct crumb *at)
{
    if (++c->seen > LARGEST_FILE)
        return error_at(c->e, ERROR_USAGE, c->file, node->line, node->column,
                        "more than %d values (aliases count wherever they stand)", LARGEST_FILE);
    switch (type->shape) {
    case SHAPE_LIST:
        return check_list(c, type, node, at);
    case SHAPE_TABLE:
        return check_table(c, type, node, at);
    case SHAPE_RECORD:
        return check_record(c, type, node, at);
    case SHAPE_SOURCE:
        return check_source(c, type, node, at);
    default:
        return check_scalar(c, type, node, at);
    }
}

bool config_check(const struct config_type *type, const char *file, const struct node *node,
                  struct error *e)
{
    struct checker c = {.file = file, .e = e};
    struct crumb root = {.kind = CRUMB_FILE};
    bool ok = check(&c, type, node, &root);
    arena_free(&c.arena);
    return ok;
}
