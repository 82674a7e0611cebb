#include "watcher/walk.h"

#include "watcher/base/buf.h"
#include "watcher/base/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST = 40 };

struct walker {
    struct arena *a;
    const char *root;
    struct file_list *out;
};

static bool wanted_name(const char *name)
{
    struct slice s = slice_of(name);
    return slice_ends(s, SLICE(".yaml")) || slice_ends(s, SLICE(".yml"));
}

static bool passed_over(const char *name)
{
    return name[0] == '.' || strcmp(name, "node_modules") == 0;
}

static void walk(struct walker *w, const char *below, int depth);

/* A link into the tree would list the same recipe twice; whatever it points to is found by itself.
 */
static bool is_regular(const struct walker *w, const char *path, const struct stat *st)
{
    if (S_ISREG(st->st_mode))
        return true;
    if (!S_ISLNK(st->st_mode))
        return false;
    char *root = realpath(w->root, NULL);
    char *target = realpath(path, NULL);
    struct stat behind;
    bool regular = root && target && stat(target, &behind) == 0 && S_ISREG(behind.st_mode);
    size_t len = root ? strlen(root) : 0;
    if (regular && strncmp(target, root, len) == 0 && (target[len] == '/' || len == 1))
        regular = false;
    free(root);
    free(target);
    return regular;
}

static void visit(struct walker *w, const char *relative, int depth)
{
    struct buf path = {0};
    struct stat st;
    path_join(&path, slice_of(w->root), slice_of(relative));
    if (lstat(buf_text(&path), &st) == 0) {
        if (S_ISDIR(st.st_mode))
            walk(w, relative, depth + 1);
        else if (wanted_name(relative) && is_regular(w, buf_text(&path), &st))
            vec_push(w->a, &w->out->names, relative);
    }
    buf_free(&path);
}

static void walk(struct walker *w, const char *below, int depth)
{
    struct buf path = {0};
    path_join(&path, slice_of(w->root), slice_of(below));
    DIR *dir = depth <= DEEPEST ? opendir(path.len ? buf_text(&path) : ".") : NULL;
    buf_free(&path);
    if (!dir)
        return;
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        if (passed_over(entry->d_name))
            continue;
        visit(w,
              *below ? arena_printf(w->a, "%s/%s", below, entry->d_name)
                     : arena_copy(w->a, entry->d_name),
              depth);
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool walk_recipes(struct arena *a, const char *root, struct file_list *out, struct error *e)
{
    struct walker w = {.a = a, .root = root, .out = out};
    DIR *dir = opendir(root);
    if (!dir)
        return error_errno(e, ERROR_USAGE, "%s: cannot read the directory", root);
    closedir(dir);
    walk(&w, "", 0);
    if (out->names.count)
        qsort(out->names.items, out->names.count, sizeof *out->names.items, by_name);
    return true;
}
