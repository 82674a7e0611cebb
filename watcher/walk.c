#include "watcher/walk.h"

#include "watcher/base/buf.h"
#include "watcher/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST = 40 };

/* A symbolic link to a regular file, and that file by its real path. */
struct file_link {
    const char *name, *target;
};

struct walker {
    struct arena *a;
    const char *root;
    struct file_list *out;
    VEC(struct file_link) links;
};

static bool wanted_name(const char *name)
{
    struct slice s = slice_of(name);
    return slice_ends(s, SLICE(".yaml")) || slice_ends(s, SLICE(".yml"));
}

static bool is_hidden(struct slice name)
{
    return slice_starts(name, SLICE(".")) || slice_is(name, "node_modules");
}

bool walk_wants(const char *name)
{
    struct slice s = slice_of(name);
    bool folder = slice_ends(s, SLICE("/"));
    return !is_hidden(path_base(slice_first(s, s.len - folder))) && (folder || wanted_name(name));
}

bool walk_wants_path(const char *file)
{
    struct slice rest = slice_of(file), part;
    while (slice_split(&rest, '/', &part))
        if (is_hidden(part))
            return false;
    return wanted_name(file);
}

static void add_link(struct walker *w, const char *relative, const char *path)
{
    char *target = realpath(path, NULL);
    struct stat st;
    if (target && stat(target, &st) == 0 && S_ISREG(st.st_mode))
        vec_push(w->a, &w->links, ((struct file_link){relative, arena_copy(w->a, target)}));
    free(target);
}

static void walk(struct walker *w, const char *below, int depth);

static void visit(struct walker *w, const char *relative, int depth)
{
    struct buf path = {0};
    struct stat st;
    path_join(&path, slice_of(w->root), slice_of(relative));
    if (lstat(buf_text(&path), &st) == 0) {
        if (S_ISDIR(st.st_mode))
            walk(w, relative, depth + 1);
        else if (wanted_name(relative) && S_ISREG(st.st_mode))
            vec_push(w->a, &w->out->names, relative);
        else if (wanted_name(relative) && S_ISLNK(st.st_mode))
            add_link(w, relative, buf_text(&path));
    }
    buf_free(&path);
}

static DIR *open_below(struct walker *w, const char *below, int depth)
{
    struct buf path = {0};
    path_join(&path, slice_of(w->root), slice_of(below));
    DIR *dir = depth <= DEEPEST ? opendir(path.len ? buf_text(&path) : ".") : NULL;
    const char *why = depth <= DEEPEST ? strerror(errno) : "too deep";
    if (!dir)
        vec_push(w->a, &w->out->unread, arena_printf(w->a, "%s: %s", below, why));
    buf_free(&path);
    return dir;
}

static void walk(struct walker *w, const char *below, int depth)
{
    DIR *dir = open_below(w, below, depth);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        if (is_hidden(slice_of(entry->d_name)))
            continue;
        visit(w,
              *below ? arena_printf(w->a, "%s/%s", below, entry->d_name)
                     : arena_copy(w->a, entry->d_name),
              depth);
    }
    if (dir)
        closedir(dir);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file_link *)a)->name, ((const struct file_link *)b)->name);
}

static void sort_names(struct file_list *list)
{
    if (list->names.count)
        qsort(list->names.items, list->names.count, sizeof *list->names.items, by_text);
}

static bool is_listed(const struct file_list *list, const char *name)
{
    return list->names.count &&
           bsearch(&name, list->names.items, list->names.count, sizeof *list->names.items, by_text);
}

/* Is the file behind the n-th link found by itself, or by a link before it? */
static bool is_known(const struct walker *w, const char *root, const struct file_list *found,
                     size_t n)
{
    struct slice target = slice_of(w->links.items[n].target), folder = slice_of(root);
    size_t start = slice_is(folder, "/") ? 1 : folder.len + 1;
    if (slice_starts(target, folder) && target.len > start &&
        is_listed(found, w->links.items[n].target + start))
        return true;
    for (size_t i = 0; i < n; i++)
        if (slice_is(target, w->links.items[i].target))
            return true;
    return false;
}

/* A link would list a recipe twice that the walk has found already. */
static void add_links(struct walker *w)
{
    struct file_list found = *w->out;
    char *root = realpath(w->root, NULL);
    if (w->links.count)
        qsort(w->links.items, w->links.count, sizeof *w->links.items, by_name);
    for (size_t i = 0; i < w->links.count; i++)
        if (root && !is_known(w, root, &found, i))
            vec_push(w->a, &w->out->names, w->links.items[i].name);
    free(root);
    sort_names(w->out);
}

bool walk_recipes(struct arena *a, const char *root, struct file_list *out, struct error *e)
{
    struct walker w = {.a = a, .root = root, .out = out};
    DIR *dir = opendir(root);
    if (!dir)
        return error_errno(e, ERROR_USAGE, "%s: cannot read the directory", root);
    closedir(dir);
    walk(&w, "", 0);
    sort_names(out);
    add_links(&w);
    return true;
}
