#include "watcher/recipes/pipelines.h"

#include "watcher/base/file.h"
#include "watcher/base/memory.h"
#include "watcher/base/names.h"
#include "watcher/recipes/melange_parts.h"

#include <stdlib.h>
#include <string.h>

/* Wolfi's largest is 20 kB. */
enum { LARGEST_PIPELINE = 1 << 20 };

struct pipelines {
    struct arena arena;
    const struct config_files *files;
    struct names read; /* struct pipeline by file, or by name for melange's own */
};

struct pipelines *pipelines_new(const struct config_files *files)
{
    struct pipelines *p = memory_zalloc(sizeof *p);
    p->files = files;
    return p;
}

void pipelines_free(struct pipelines *p)
{
    if (!p)
        return;
    names_free(&p->read);
    arena_free(&p->arena);
    free(p);
}

static int compare_name(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

/* Only what the repository was found to hold is read, whatever `uses` says. */
static const char *listed(const struct pipelines *p, const char *file)
{
    if (p->files->count == 0)
        return NULL;
    const char *const *hit =
        bsearch(file, p->files->names, p->files->count, sizeof *p->files->names, compare_name);
    return hit ? *hit : NULL;
}

bool pipelines_place(const char *recipe, struct slice uses, size_t nth, struct buf *path)
{
    struct slice dir = path_dir(slice_of(recipe));
    for (size_t i = 0; i < nth; i++) {
        if (dir.len == 0)
            return false;
        dir = path_dir(dir);
    }
    path_join(path, dir, SLICE("pipelines/"));
    buf_add(path, uses);
    buf_add_text(path, ".yaml");
    return true;
}

static const char *find_file(struct pipelines *p, const char *recipe, struct slice uses)
{
    const char *file = NULL;
    struct buf path = {0};
    for (size_t i = 0; !file && pipelines_place(recipe, uses, i, &path); i++) {
        file = listed(p, buf_text(&path));
        buf_clear(&path);
    }
    buf_free(&path);
    return file;
}

static void parse(struct pipelines *p, const char *name, struct slice text, struct pipeline *out)
{
    struct yaml y;
    struct error e = {0};
    struct steps *steps = arena_new(&p->arena, struct steps);
    out->steps = steps;
    if (!yaml_parse(&p->arena, name, text, &y, &e)) {
        out->problem = arena_copy(&p->arena, e.message);
        return;
    }
    out->root = melange_root(&y);
    melange_steps(&p->arena, out->root, "", steps);
}

static const struct pipeline *read_file(struct pipelines *p, const char *file)
{
    struct buf text = BUF_MAX(LARGEST_PIPELINE);
    struct error e = {0};
    struct pipeline *out = arena_new(&p->arena, struct pipeline);
    out->file = file;
    out->steps = arena_new(&p->arena, struct steps);
    if (p->files->read(p->files->arg, file, &text, &e))
        parse(p, file, arena_slice(&p->arena, buf_slice(&text)), out);
    else
        out->problem = arena_copy(&p->arena, e.message);
    buf_free(&text);
    return out;
}

static int compare_builtin(const void *key, const void *item)
{
    const struct slice *name = key;
    const struct builtin_pipeline *b = item;
    return slice_compare(*name, slice_of(b->name));
}

static const struct pipeline *read_builtin(struct pipelines *p, const struct builtin_pipeline *b)
{
    struct pipeline *out = arena_new(&p->arena, struct pipeline);
    parse(p, b->name, slice_of(b->text), out);
    return out;
}

static const struct builtin_pipeline *find_builtin(struct slice uses)
{
    size_t count = 0;
    while (builtin_pipelines[count].name)
        count++;
    return bsearch(&uses, builtin_pipelines, count, sizeof *builtin_pipelines, compare_builtin);
}

const struct pipeline *pipelines_find(struct pipelines *p, const char *recipe, struct slice uses)
{
    const char *file = find_file(p, recipe, uses);
    const struct builtin_pipeline *builtin = file ? NULL : find_builtin(uses);
    if (!file && !builtin)
        return NULL;
    /* The bytes of the name's own storage: files never have the name of a pipeline of melange's,
     * which has no extension. */
    void **slot = names_slot(&p->read, slice_of(file ? file : builtin->name));
    if (!*slot)
        *slot = (void *)(file ? read_file(p, file) : read_builtin(p, builtin));
    return *slot;
}
