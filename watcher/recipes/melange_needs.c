#include "watcher/recipes/needs_parts.h"

#include <stdlib.h>

/* A list of `data:`, its items in the order in which melange takes them. */
struct range {
    const struct pair **items; /* by key */
    size_t count;
};

struct melange_reader {
    struct needs_reader needs;
    const struct node *root;
    const char *version; /* package.full-version */
    struct names ranges; /* struct range by name */
    struct error *e;
};

static int by_key(const void *left, const void *right)
{
    const struct pair *const *a = left, *const *b = right;
    return slice_compare((*a)->key->value, (*b)->key->value);
}

static struct range *sort_items(struct arena *a, const struct node *items)
{
    struct range *range = arena_new(a, struct range);
    if (!items || items->kind != NODE_MAPPING)
        return range;
    range->items = arena_array(a, items->count, sizeof(struct pair *));
    range->count = items->count;
    for (size_t i = 0; i < items->count; i++)
        range->items[i] = &items->pairs[i];
    if (range->count)
        qsort(range->items, range->count, sizeof(struct pair *), by_key);
    return range;
}

/* Of two lists with one name the later counts. */
static void read_data(struct melange_reader *m)
{
    const struct node *data = node_get(m->root, "data");
    for (size_t i = 0; data && data->kind == NODE_SEQUENCE && i < data->count; i++) {
        const struct node *entry = data->items[i];
        struct slice name = node_text(entry, "name");
        if (!slice_empty(name))
            *names_slot(&m->ranges, name) = sort_items(m->needs.a, node_get(entry, "items"));
    }
}

static long long read_priority(struct needs_reader *r, const struct node *dependencies)
{
    const struct node *node = node_get(dependencies, "provider-priority");
    unsigned long long number = 0;
    if (!node || node->kind != NODE_SCALAR)
        return 0;
    struct need_place at = need_place_of(r, node);
    const char *text = needs_expand(r, node->value, &at);
    return text && slice_number(slice_of(text), &number) ? (long long)(number & INT32_MAX) : 0;
}

typedef VEC(const char *) text_list;

static void add_texts(struct needs_reader *r, text_list *out, const struct node *list)
{
    for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++) {
        struct need_place at = need_place_of(r, list->items[i]);
        if (r->entries++ >= MOST_ENTRIES)
            r->exceeded = "dependencies";
        if (r->exceeded || list->items[i]->kind != NODE_SCALAR)
            continue;
        const char *text = needs_expand(r, list->items[i]->value, &at);
        if (text && *text)
            vec_push(r->a, out, text);
    }
}

static void add_built(struct melange_reader *m, const char *name, long long priority,
                      const struct node *dependencies)
{
    struct needs_reader *r = &m->needs;
    struct built built = {.name = name, .version = m->version, .priority = priority};
    text_list runtime = {0}, provides = {0};
    if (!needs_is_new(r, 'b', name))
        return;
    add_texts(r, &runtime, node_get(dependencies, "runtime"));
    add_texts(r, &provides, node_get(dependencies, "provides"));
    built.runtime.items = runtime.items;
    built.runtime.count = runtime.count;
    built.provides.items = provides.items;
    built.provides.count = provides.count;
    vec_push(r->a, &r->out->built, built);
}

/* A package or a subpackage, with what it provides and needs. */
static bool add_package(struct melange_reader *m, const char *name, const struct need_place *at,
                        const struct node *holder)
{
    struct needs_reader *r = &m->needs;
    const struct node *dependencies = node_get(holder, "dependencies");
    long long priority = read_priority(r, dependencies);
    if (r->packages++ >= MOST_PACKAGES)
        r->exceeded = "packages";
    if (!needs_add_package(r, name, m->version, priority, at))
        return false;
    const struct node *provides = node_get(dependencies, "provides");
    for (size_t i = 0; provides && provides->kind == NODE_SEQUENCE && i < provides->count; i++)
        needs_add_provided(r, provides->items[i], priority);
    needs_add_list(r, NEED_RUNTIME, node_get(dependencies, "runtime"), NULL);
    add_built(m, name, priority, dependencies);
    return true;
}

static void add_subpackage(struct melange_reader *m, const struct node *node,
                           const struct steps *steps)
{
    struct needs_reader *r = &m->needs;
    const struct node *name = node_get(node, "name");
    if (!name || name->kind != NODE_SCALAR)
        return;
    struct need_place at = need_place_of(r, name);
    const char *text = needs_expand(r, name->value, &at);
    if (!text)
        return;
    size_t mark = needs_enter(r);
    needs_bind(r, "subpkg.name", text);
    needs_bind(r, "context.name", text);
    add_package(m, text, &at, node);
    needs_add_steps(r, steps, 0, NULL);
    needs_leave(r, mark);
}

static bool add_range(struct melange_reader *m, const struct node *node, const struct node *range,
                      const struct steps *steps)
{
    struct needs_reader *r = &m->needs;
    const struct range *items = names_find(&m->ranges, range->value);
    if (!items)
        return error_at(m->e, ERROR_RECIPE, r->y->name, range->line, range->column,
                        "range \"%s\" is not in `data:`", melange_shown(r->a, range->value));
    for (size_t i = 0; i < items->count && !r->exceeded; i++) {
        const struct pair *item = items->items[i];
        size_t mark = needs_enter(r);
        needs_bind(r, "range.key", arena_text(r->a, item->key->value));
        needs_bind(r, "range.value",
                   item->value->kind == NODE_SCALAR ? arena_text(r->a, item->value->value) : "");
        add_subpackage(m, node, steps);
        needs_leave(r, mark);
    }
    return true;
}

static bool add_subpackages(struct melange_reader *m)
{
    const struct node *list = node_get(m->root, "subpackages");
    for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++) {
        const struct node *node = list->items[i], *range = node_get(node, "range");
        struct steps steps = {0};
        if (m->needs.exceeded)
            break;
        melange_steps(m->needs.a, node, "", &steps);
        if (!range || range->kind != NODE_SCALAR || slice_empty(range->value))
            add_subpackage(m, node, &steps);
        else if (!add_range(m, node, range, &steps))
            return false;
    }
    return true;
}

static bool add_all(struct melange_reader *m)
{
    struct needs_reader *r = &m->needs;
    const struct node *package = node_get(m->root, "package");
    const struct node *contents = node_get(node_get(m->root, "environment"), "contents");
    const char *name = arena_text(r->a, node_text(package, "name"));
    struct need_place at = need_place_of(r, package);
    struct steps steps = {0};
    read_data(m);
    needs_bind(r, "context.name", name);
    if (!add_package(m, name, &at, package))
        return error_set(m->e, ERROR_RECIPE, "%s", r->out->problems.items[0]);
    needs_add_list(r, NEED_BUILD, node_get(contents, "packages"), NULL);
    melange_steps(r->a, m->root, "", &steps);
    needs_add_steps(r, &steps, 0, NULL);
    if (!add_subpackages(m))
        return false;
    return !r->exceeded || error_at(m->e, ERROR_RECIPE, r->y->name, 0, 0,
                                    "it has more %s than can be handled", r->exceeded);
}

bool melange_needs(struct arena *a, const struct yaml *y, struct pipelines *pipelines,
                   struct needs *out, struct error *e)
{
    struct melange_reader m = {
        .needs = {.a = a, .y = y, .out = out, .pipelines = pipelines},
        .root = melange_root(y),
        .e = e,
    };
    const struct node *package = node_get(m.root, "package");
    bool good = melange_variables(a, y, NULL, NULL, &m.needs.vars, e);
    if (good) {
        struct slice epoch = node_text(package, "epoch");
        m.version = arena_printf(a, "%.*s-r%.*s", SLICE_ARG(node_text(package, "version")),
                                 SLICE_ARG(epoch.len ? epoch : SLICE("0")));
        good = add_all(&m);
    }
    names_free(&m.needs.seen);
    names_free(&m.ranges);
    return good;
}
