/* A folder of recipes with its mwatch.yaml, read as discovery reads it. */
#ifndef MWATCH_TESTS_UNIT_CONFIG_REPOSITORY_H
#define MWATCH_TESTS_UNIT_CONFIG_REPOSITORY_H

#include "watcher/base/file.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/config.h"
#include "watcher/recipes/melange.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

struct repository {
    struct arena arena;
    const char *root;
    const char *overlay; /* a second folder with more files, NULL = none */
    VEC(const char *) names;
    struct config_files files;
};

static inline bool repository_read_in(struct repository *r, const char *root, const char *file,
                                      struct buf *out, struct error *e)
{
    struct buf path = {0};
    out->max = 1 << 20;
    path_join(&path, slice_of(root), slice_of(file));
    bool good = file_read(buf_text(&path), out, e);
    buf_free(&path);
    (void)r;
    return good;
}

/* For struct config_files. The message names the file as the repository does. */
static inline bool repository_read(void *arg, const char *file, struct buf *out, struct error *e)
{
    struct repository *r = arg;
    struct error inner = {0};
    if (repository_read_in(r, r->root, file, out, &inner))
        return true;
    error_clear(&inner);
    if (r->overlay && repository_read_in(r, r->overlay, file, out, &inner))
        return true;
    return error_set(e, ERROR_SYSTEM, "%s cannot be read", file);
}

static inline bool repository_is_yaml(const char *name)
{
    struct slice s = slice_of(name);
    return slice_ends(s, SLICE(".yaml")) && !slice_is(s, "mwatch.yaml");
}

static inline void repository_walk(struct repository *r, const char *root, const char *folder)
{
    const char *path = arena_printf(&r->arena, "%s/%s", root, folder);
    DIR *dir = opendir(path);
    for (struct dirent *d = dir ? readdir(dir) : NULL; d; d = readdir(dir)) {
        if (d->d_name[0] == '.')
            continue;
        const char *name = arena_printf(&r->arena, "%s%s%s", folder, *folder ? "/" : "", d->d_name);
        DIR *sub = opendir(arena_printf(&r->arena, "%s/%s", root, name));
        if (sub) {
            closedir(sub);
            repository_walk(r, root, name);
        } else if (repository_is_yaml(name)) {
            vec_push(&r->arena, &r->names, name);
        }
    }
    if (dir)
        closedir(dir);
}

static inline int repository_order(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static inline void repository_open(struct repository *r, const char *root, const char *overlay)
{
    *r = (struct repository){.root = root, .overlay = overlay};
    repository_walk(r, root, "");
    if (overlay && r->names.count)
        repository_walk(r, overlay, "");
    if (r->names.count)
        qsort(r->names.items, r->names.count, sizeof *r->names.items, repository_order);
    r->files = (struct config_files){r->names.items, r->names.count, repository_read, r};
}

/* One file, with the configuration laid over it when it is a recipe. */
static inline void repository_add(struct repository *r, struct config *config, const char *file,
                                  struct components *out)
{
    struct arena a = {0};
    struct buf content = {0};
    struct error e = {0};
    struct yaml y;
    struct component *c = component_new(file, file, RECIPE_FILE);
    bool parsed =
        repository_read(r, file, &content, &e) && yaml_parse(&a, file, buf_slice(&content), &y, &e);
    bool melange = parsed && melange_is(&y), apko = parsed && apko_is(&y), good = false;
    error_clear(&e);
    if (melange)
        good = melange_read(&y, c, &e);
    else if (apko)
        good = apko_read(&y, c, &e);
    if (good) {
        config_apply(config, &r->files, &y, y.source, c, out);
    } else if (error_is_set(&e)) {
        c->error = e;
        components_add(out, c);
    } else {
        component_free(c);
    }
    buf_free(&content);
    arena_free(&a);
}

/* An entry for a file that is no recipe of its own. */
static inline void repository_add_named(struct repository *r, struct config *config,
                                        struct config_recipe *entry, struct components *out)
{
    struct buf content = {0};
    struct error e = {0};
    const char *file = entry->file ? entry->file : entry->key;
    struct component *c = component_new(entry->key, file, RECIPE_FILE);
    if (repository_read(r, file, &content, &e)) {
        config_apply(config, &r->files, NULL, buf_slice(&content), c, out);
    } else {
        c->error = e;
        components_add(out, c);
    }
    buf_free(&content);
}

static inline void repository_discover(struct repository *r, struct config *config,
                                       struct components *out)
{
    for (size_t i = 0; i < r->names.count; i++)
        repository_add(r, config, r->names.items[i], out);
    for (size_t i = 0; i < config->recipes.count; i++)
        if (!config->recipes.items[i].used)
            repository_add_named(r, config, &config->recipes.items[i], out);
}

static inline int repository_case_order(const void *a, const void *b)
{
    const struct CMUnitTest *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Make each folder in `folder` a test, whose state is the folder's path; MWATCH_CASE=NAME makes
 * only that one. How many there are. */
static inline size_t repository_cases(struct arena *a, const char *folder, CMUnitTestFunction run,
                                      struct CMUnitTest *tests, size_t most)
{
    size_t count = 0;
    const char *only = getenv("MWATCH_CASE");
    DIR *dir = opendir(folder);
    for (struct dirent *d = dir ? readdir(dir) : NULL; d && count < most; d = readdir(dir)) {
        if (d->d_name[0] == '.' || (only && strcmp(d->d_name, only) != 0))
            continue;
        const char *path = arena_printf(a, "%s/%s", folder, d->d_name);
        tests[count++] =
            (struct CMUnitTest){path + strlen(folder) + 1, run, NULL, NULL, (void *)path};
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, repository_case_order);
    return count;
}

static inline void repository_close(struct repository *r)
{
    arena_free(&r->arena);
}

#endif
