#include "watcher/touched.h"

#include "watcher/base/file.h"
#include "watcher/base/names.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"
#include "watcher/walk.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_RECIPE = 16 << 20 };

/* A folder whose files count for a node: the one it stands in, or one that is named like it. */
struct folder {
    struct slice name;
    uint32_t node;
    bool inside; /* the node stands in it */
};

struct finder {
    struct touched *out;
    struct arena *a; /* the gathering's */
    const struct config *config;
    struct comparison *comparison;
    struct config_files files;
    struct names recipes; /* by file: its node + 1 */
    VEC(struct folder) folders;
    struct pipelines *pipelines; /* for reading what recipes were */
};

static void touch(struct finder *f, uint32_t node, const struct changed_file *file)
{
    const struct graph_node *n = graph_node_at(f->out->gathering.graph, node);
    struct touch one = {
        .node = node,
        .file = arena_copy(f->a, file->name),
        .change = file->change,
        .own = n->file && strcmp(n->file, file->name) == 0,
    };
    vec_push(f->a, &f->out->list, one);
}

/* -- tables to look files up in */

static int by_folder(const void *left, const void *right)
{
    const struct folder *a = left, *b = right;
    int order = slice_compare(a->name, b->name);
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

static void add_folder(struct finder *f, struct slice name, uint32_t node, bool inside)
{
    vec_push(f->a, &f->folders, ((struct folder){name, node, inside}));
}

/* A recipe's files are in NAME/ beside NAME.yaml, as in Wolfi os, or beside the recipe itself. */
static void add_folders(struct finder *f, uint32_t node, const struct graph_node *n)
{
    struct slice file = slice_of(n->file), dir = path_dir(file), base = path_base(file);
    struct slice stem = slice_first(base, slice_find_last_byte(base, '.'));
    struct slice names[] = {stem, slice_of(n->name)};
    add_folder(f, dir, node, true);
    for (size_t i = 0; i < 2; i++) {
        struct buf path = {0};
        path_join(&path, dir, names[i]);
        if (i == 0 || !slice_equal(names[0], names[1]))
            add_folder(f, arena_slice(f->a, buf_slice(&path)), node, false);
        buf_free(&path);
    }
}

static int by_part(const void *left, const void *right)
{
    const struct made_of *a = left, *b = right;
    int order = strcmp(a->file, b->file);
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

static void make_tables(struct finder *f)
{
    struct gathering *g = &f->out->gathering;
    for (uint32_t i = 0; i < graph_nodes(g->graph); i++) {
        const struct graph_node *n = graph_node_at(g->graph, i);
        if (!n->file)
            continue;
        *names_slot(&f->recipes, slice_of(n->file)) = (void *)(uintptr_t)(i + 1);
        add_folders(f, i, n);
    }
    if (f->folders.count)
        qsort(f->folders.items, f->folders.count, sizeof *f->folders.items, by_folder);
    if (g->parts.count)
        qsort(g->parts.items, g->parts.count, sizeof *g->parts.items, by_part);
}

/* -- what a file counts for */

/* Whoever is made of it. */
static bool touch_users(struct finder *f, const struct changed_file *file)
{
    const struct gathering *g = &f->out->gathering;
    size_t from = 0, end = g->parts.count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (strcmp(g->parts.items[middle].file, file->name) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    size_t first = from;
    for (; from < g->parts.count && strcmp(g->parts.items[from].file, file->name) == 0; from++)
        touch(f, g->parts.items[from].node, file);
    return from > first;
}

/* The first folder that is not before `name`. */
static size_t find_folder(const struct finder *f, struct slice name)
{
    size_t from = 0, end = f->folders.count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (slice_compare(f->folders.items[middle].name, name) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

static bool touch_of_folder(struct finder *f, struct slice folder, const struct changed_file *file)
{
    size_t first = find_folder(f, folder), i = first;
    for (; i < f->folders.count && slice_equal(f->folders.items[i].name, folder); i++)
        touch(f, f->folders.items[i].node, file);
    return i > first;
}

static bool touch_below(struct finder *f, struct slice folder, const struct changed_file *file)
{
    struct buf start = {0};
    bool any = false;
    buf_add(&start, folder);
    buf_add_byte(&start, '/');
    for (size_t i = find_folder(f, buf_slice(&start)); i < f->folders.count; i++) {
        if (!slice_starts(f->folders.items[i].name, buf_slice(&start)))
            break;
        if (f->folders.items[i].inside) {
            touch(f, f->folders.items[i].node, file);
            any = true;
        }
    }
    buf_free(&start);
    return any;
}

static bool is_for_people(struct slice file)
{
    struct slice base = path_base(file);
    return slice_ends(base, SLICE(".md")) || slice_is(base, ".gitignore") ||
           slice_is(base, ".gitattributes");
}

static void touch_neighbours(struct finder *f, const struct changed_file *file)
{
    struct slice dir = path_dir(slice_of(file->name));
    if (is_for_people(slice_of(file->name)))
        return;
    for (; dir.len; dir = path_dir(dir))
        if (touch_of_folder(f, dir, file) || touch_below(f, dir, file))
            return;
}

/* -- what recipes were */

/* Who needs what is not built any more gets it from elsewhere now, or fails to. */
static void touch_lost(struct finder *f, const struct needs *was, const struct changed_file *file)
{
    const struct graph *graph = f->out->gathering.graph;
    uintptr_t here = (uintptr_t)names_find(&f->recipes, slice_of(file->name));
    for (size_t i = 0; i < was->provides.count; i++) {
        const char *name = was->provides.items[i].name;
        size_t count = 0;
        if (here && graph_provides(graph, (uint32_t)here - 1, name))
            continue;
        const uint32_t *found = graph_find_package(graph, f->a, name, &count);
        for (size_t k = 0; k < count; k++)
            touch(f, found[k], file);
    }
}

static bool is_recipe(struct arena *a, const char *name, struct slice text, struct yaml *y)
{
    struct error ignored = {0};
    *y = (struct yaml){0};
    return discovery_may_be_recipe(text) &&
           (!yaml_parse(a, name, text, y, &ignored) || melange_is(y) || apko_is(y));
}

/* What could not be read at that time built nothing. */
static void look_back(struct finder *f, struct arena *a, const struct yaml *y,
                      const struct changed_file *file)
{
    struct error ignored = {0};
    struct needs was = {0};
    if (melange_is(y) && melange_needs(a, y, f->pipelines, &was, &ignored))
        touch_lost(f, &was, file);
}

/* Read one side of a YAML file. A recipe that was deleted or is broken is nobody's neighbour. */
static bool look_at(struct finder *f, enum comparison_side side, const struct changed_file *file,
                    bool *recipe, struct error *e)
{
    struct buf text = BUF_MAX(LARGEST_RECIPE);
    struct arena a = {0};
    struct yaml y;
    struct error failed = {0};
    bool good = comparison_read(f->comparison, side, file->name, &text, &failed);
    if (!good && !text.overflow)
        *e = failed;
    if (good && is_recipe(&a, file->name, buf_slice(&text), &y)) {
        *recipe = true;
        if (side == SIDE_OLD && y.count)
            look_back(f, &a, &y, file);
    }
    good = good || text.overflow;
    arena_free(&a);
    buf_free(&text);
    return good;
}

static bool look(struct finder *f, const struct changed_file *file, bool *recipe, struct error *e)
{
    if (!walk_wants_path(file->name) || file->link)
        return true;
    return (file->change == CHANGE_ADDED || look_at(f, SIDE_OLD, file, recipe, e)) &&
           (file->change == CHANGE_DELETED || *recipe || look_at(f, SIDE_NEW, file, recipe, e));
}

/* -- all together */

static bool touch_file(struct finder *f, const struct changed_file *file, struct error *e)
{
    bool used = touch_users(f, file);
    uintptr_t node = (uintptr_t)names_find(&f->recipes, slice_of(file->name));
    bool recipe = node != 0;
    if (discovery_excludes(f->config, file->name))
        return true;
    if (node)
        touch(f, (uint32_t)node - 1, file);
    if (!look(f, file, &recipe, e))
        return false;
    if (!recipe && !used)
        touch_neighbours(f, file);
    return true;
}

static int by_node(const void *left, const void *right)
{
    const struct touch *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return a->own != b->own ? b->own - a->own : strcmp(a->file, b->file);
}

/* Sort, drop what is said twice, and list the nodes. */
static void sort_touches(struct finder *f)
{
    struct touched *t = f->out;
    size_t kept = 0;
    if (t->list.count)
        qsort(t->list.items, t->list.count, sizeof *t->list.items, by_node);
    for (size_t i = 0; i < t->list.count; i++) {
        struct touch one = t->list.items[i];
        if (kept && by_node(&one, &t->list.items[kept - 1]) == 0)
            continue;
        if (kept == 0 || one.node != t->list.items[kept - 1].node)
            vec_push(f->a, &t->nodes, one.node);
        t->list.items[kept++] = one;
    }
    t->list.count = kept;
}

static bool read_new(void *arg, const char *file, struct buf *out, struct error *e)
{
    return comparison_read(arg, SIDE_NEW, file, out, e);
}

static bool find(struct finder *f, struct error *e)
{
    struct arena a = {0};
    struct comparison_files list = {0};
    bool good = comparison_list(f->comparison, SIDE_NEW, walk_wants, &a, &list, e);
    if (good) {
        f->files =
            (struct config_files){list.names.items, list.names.count, read_new, f->comparison};
        gather_files(&f->files, f->config, &f->out->gathering);
        f->pipelines = pipelines_new(&f->files);
        make_tables(f);
    }
    const struct changed_file *changes = comparison_changes(f->comparison, &f->out->files);
    for (size_t i = 0; good && i < f->out->files; i++)
        good = touch_file(f, &changes[i], e);
    sort_touches(f);
    pipelines_free(f->pipelines);
    arena_free(&a);
    return good;
}

bool touched_find(const char *root, const struct config *config, const char *revisions,
                  struct touched *out, struct error *e)
{
    struct finder f = {.out = out, .a = &out->gathering.arena, .config = config};
    *out = (struct touched){0};
    f.comparison = comparison_open(root, revisions, e);
    bool good = f.comparison && find(&f, e);
    comparison_close(f.comparison);
    names_free(&f.recipes);
    return good;
}

void touched_release(struct touched *t)
{
    gather_release(&t->gathering);
    *t = (struct touched){0};
}
