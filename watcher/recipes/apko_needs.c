#include "watcher/recipes/needs_parts.h"

#include "watcher/base/file.h"

enum { DEEPEST_INCLUDE = 10, MOST_INCLUDES = 200 };

/* apko's reader: the same lists, no variables. */
struct image_reader {
    struct needs_reader needs;
    const struct config_files *files;
    struct apko_image *image; /* NULL = only its needs are asked for */
    size_t included;
};

/* "a/./b/../c" as "a/c"; false when it leaves the repository. */
static bool tidy_path(struct slice path, struct buf *out)
{
    struct slice part;
    if (path.len && path.ptr[0] == '/')
        return false;
    while (slice_split(&path, '/', &part)) {
        if (part.len == 0 || slice_is(part, "."))
            continue;
        if (slice_is(part, "..")) {
            if (out->len == 0)
                return false;
            size_t slash = slice_find_last_byte(buf_slice(out), '/');
            buf_cut(out, slash == SLICE_NONE ? 0 : slash);
            continue;
        }
        if (out->len)
            buf_add_byte(out, '/');
        buf_add(out, part);
    }
    return out->len > 0;
}

/* Read `include` beside the file that names it, else at the root. *name gets which it was. */
static bool read_include(struct image_reader *m, struct slice include, const char **name,
                         struct slice *text)
{
    struct slice folders[] = {path_dir(slice_of(m->needs.y->name)), SLICE("")};
    bool good = false;
    for (size_t i = 0; i < 2 && !good; i++) {
        struct buf joined = {0}, path = {0}, content = BUF_MAX(1 << 20);
        struct error e = {0};
        path_join(&joined, folders[i], include);
        bool inside = tidy_path(buf_slice(&joined), &path);
        if (inside)
            needs_add_file(&m->needs, buf_slice(&path));
        if (inside)
            good = m->files->read(m->files->arg, buf_text(&path), &content, &e);
        if (good) {
            *name = arena_text(m->needs.a, buf_slice(&path));
            *text = arena_slice(m->needs.a, buf_slice(&content));
        }
        buf_free(&joined);
        buf_free(&path);
        buf_free(&content);
    }
    return good;
}

/* "github.com/org/repo/base.yaml@main" or an address: what apko fetched before it took to
 * reading nothing but files (pkg/build/types/image_configuration.go). */
static bool is_elsewhere(struct slice include)
{
    size_t slash = slice_find_byte(include, '/');
    struct slice host = slice_first(include, slash == SLICE_NONE ? 0 : slash);
    return slice_find(include, SLICE("://")) != SLICE_NONE ||
           slice_starts(include, SLICE("git@")) ||
           (host.len && host.ptr[0] != '.' && slice_find_byte(host, '.') != SLICE_NONE);
}

static bool not_read(struct slice include, const char *shown, struct error *e)
{
    if (!is_elsewhere(include))
        return error_set(e, ERROR_RECIPE, "%s, which is included, cannot be read", shown);
    return error_set(e, ERROR_RECIPE,
                     "%s, which is included, is not in this repository, and apko reads no file "
                     "from another one: copy it here",
                     shown);
}

/* The files that led to the one being read. */
struct chain {
    const struct chain *up;
    const char *file;
    unsigned depth;
};

static bool is_in(const struct chain *c, const char *file)
{
    for (; c; c = c->up)
        if (slice_is(slice_of(file), c->file))
            return true;
    return false;
}

static void read_image(struct image_reader *m, const struct yaml *y, const struct chain *up);

static void read_included(struct image_reader *m, const struct node *include,
                          const struct chain *up)
{
    struct need_place at = need_place_of(&m->needs, include);
    const char *name;
    struct slice text;
    struct yaml y;
    struct error e = {0};
    const char *shown = melange_shown(m->needs.a, include->value);
    if (slice_empty(include->value))
        return;
    if (up->depth >= DEEPEST_INCLUDE || m->included++ >= MOST_INCLUDES)
        error_set(&e, ERROR_RECIPE, "%s: too many includes, or too deep", shown);
    else if (!read_include(m, include->value, &name, &text))
        not_read(include->value, shown, &e);
    else if (is_in(up, name))
        error_set(&e, ERROR_RECIPE, "%s includes itself", name);
    else if (yaml_parse(m->needs.a, name, text, &y, &e))
        read_image(m, &y, up);
    if (error_is_set(&e))
        needs_problem(&m->needs, &at, e.message);
}

static void read_includes(struct image_reader *m, const struct node *include,
                          const struct chain *up)
{
    if (!include)
        return;
    if (include->kind == NODE_SCALAR)
        read_included(m, include, up);
    for (size_t i = 0; include->kind == NODE_SEQUENCE && i < include->count; i++)
        if (include->items[i]->kind == NODE_SCALAR)
            read_included(m, include->items[i], up);
}

static void add_texts(struct image_reader *m, struct apko_list *out, const struct node *list)
{
    for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++)
        if (list->items[i]->kind == NODE_SCALAR && !slice_empty(slice_trim(list->items[i]->value)))
            vec_push(m->needs.a, &out->list,
                     arena_text(m->needs.a, slice_trim(list->items[i]->value)));
}

/* All lists, those of what is included first, as apko joins them; but of architectures those of the
 * file itself, if it names any (pkg/build/types/image_configuration.go, MergeInto). */
static void add_lists(struct image_reader *m, const struct node *root)
{
    const struct node *contents = node_get(root, "contents");
    struct apko_image *image = m->image;
    add_texts(m, &image->packages, node_get(contents, "packages"));
    add_texts(m, &image->repositories, node_get(contents, "repositories"));
    add_texts(m, &image->build_repositories, node_get(contents, "build_repositories"));
    add_texts(m, &image->runtime_repositories, node_get(contents, "runtime_repositories"));
    add_texts(m, &image->keyring, node_get(contents, "keyring"));
    struct apko_list own = {0};
    add_texts(m, &own, node_get(root, "archs"));
    if (own.list.count)
        image->archs = own;
}

static void read_image(struct image_reader *m, const struct yaml *y, const struct chain *up)
{
    const struct yaml *outer = m->needs.y;
    const struct node *root = melange_root(y);
    struct chain here = {up, y->name, up ? up->depth + 1 : 0};
    m->needs.y = y;
    read_includes(m, node_get(root, "include"), &here);
    needs_add_list(&m->needs, NEED_CONTENTS, node_get(node_get(root, "contents"), "packages"),
                   NULL);
    if (m->image)
        add_lists(m, root);
    m->needs.y = outer;
}

void apko_image(struct arena *a, const struct yaml *y, const struct config_files *files,
                struct needs *needs, struct apko_image *out)
{
    struct image_reader m = {.needs = {.a = a, .y = y, .out = needs}, .files = files, .image = out};
    read_image(&m, y, NULL);
    names_free(&m.needs.seen);
}

void apko_needs(struct arena *a, const struct yaml *y, const struct config_files *files,
                struct needs *out)
{
    apko_image(a, y, files, out, NULL);
}
