/* The repository's images and recipes. */
#include "watcher/due_parts.h"
#include "watcher/rebuild/load.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"

#include <stdlib.h>
#include <string.h>

const char *due_fate_name(enum due_fate fate)
{
    static const char *const names[] = {
        [DUE_SAME] = "same",
        [DUE_REBUILD] = "rebuild",
        [DUE_TRIGGERED] = "triggered",
        [DUE_FAILED] = "error",
    };
    return names[fate];
}

struct due_reader {
    struct due *due;
    struct pipelines *pipelines;
    struct buf content;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void due_take_archs(struct due *d, const struct apko_list *said, const struct apko_list *own,
                    struct due_image *m)
{
    static const char *const both[] = {"aarch64", "x86_64"};
    const char *const *items = both;
    size_t count = 2, kept = 0;
    if (said->list.count || own->list.count) {
        items = said->list.count ? said->list.items : own->list.items;
        count = said->list.count ? said->list.count : own->list.count;
    }
    for (size_t i = 0; i < count; i++)
        vec_push(&d->arena, &m->archs, arena_text(&d->arena, state_arch(slice_of(items[i]))));
    qsort(m->archs.items, m->archs.count, sizeof *m->archs.items, by_text);
    for (size_t i = 0; i < m->archs.count; i++)
        if (kept == 0 || strcmp(m->archs.items[kept - 1], m->archs.items[i]) != 0)
            m->archs.items[kept++] = m->archs.items[i];
    m->archs.count = kept;
}

static struct due_image *new_image(struct due *d, const char *file)
{
    struct due_image *m = arena_new(&d->arena, struct due_image);
    m->file = arena_copy(&d->arena, file);
    m->name = arena_text(&d->arena, apko_name(slice_of(file)));
    vec_push(&d->arena, &d->images, m);
    return m;
}

/* An image of which a part is missing would be taken for one that changed. */
static bool add_image(struct due *d, const struct yaml *y, const char *file, struct error *e)
{
    struct due_image *m = new_image(d, file);
    if (!config_rebuild(d->config, &d->arena, m->name, m->file, &m->settings, e)) {
        e->code = ERROR_USAGE;
        return false;
    }
    if (m->settings.disabled) {
        d->images.count--;
        return true;
    }
    apko_image(&d->arena, y, &d->files, &m->needs, &m->image);
    due_take_archs(d, &m->settings.archs, &m->image.archs, m);
    if (m->needs.problems.count) {
        error_set(&m->error, ERROR_RECIPE, "%s", m->needs.problems.items[0]);
        due_fail(m);
    }
    return true;
}

static void add_recipe(struct due_reader *r, const struct yaml *y, const char *file)
{
    struct due *d = r->due;
    struct due_recipe *recipe = arena_new(&d->arena, struct due_recipe);
    struct error e = {0};
    const struct node *package = node_get(y->documents[0], "package");
    recipe->file = arena_copy(&d->arena, file);
    recipe->name = arena_text(&d->arena, node_text(package, "name"));
    due_read_environment(&d->arena, y, recipe);
    if (melange_needs(&d->arena, y, r->pipelines, &recipe->needs, &e)) {
        vec_push(&d->arena, &d->recipes, recipe);
        due_add_built(d, recipe);
    } else
        vec_push(&d->arena, &d->warnings, arena_copy(&d->arena, e.message));
}

static bool read_file(struct due_reader *r, const char *file, struct error *e)
{
    struct due *d = r->due;
    struct error own = {0};
    struct yaml y;
    bool good = true;
    if (!d->files.read(d->files.arg, file, &r->content, &own)) {
        vec_push(&d->arena, &d->warnings, arena_copy(&d->arena, own.message));
        return true;
    }
    if (!discovery_may_be_recipe(buf_slice(&r->content)))
        return true;
    struct slice kept = arena_slice(&d->arena, buf_slice(&r->content));
    if (!yaml_parse(&d->arena, arena_copy(&d->arena, file), kept, &y, &own))
        vec_push(&d->arena, &d->warnings, arena_copy(&d->arena, own.message));
    else if (melange_is(&y))
        add_recipe(r, &y, file);
    else if (apko_is(&y))
        good = add_image(d, &y, file, e);
    return good;
}

/* An image is what others include when it names no packages that it could be built of alone. */
static void drop_parts(struct due *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->images.count; i++) {
        struct due_image *m = d->images.items[i];
        bool part = false;
        for (size_t k = 0; k < d->images.count && !part; k++)
            for (size_t f = 0; f < d->images.items[k]->needs.files.count; f++)
                part = part || strcmp(d->images.items[k]->needs.files.items[f], m->file) == 0;
        part = part && m->image.repositories.list.count == 0;
        if (!part)
            d->images.items[kept++] = m;
    }
    d->images.count = kept;
}

/* The record and the configuration know images by name. */
static void refuse_namesakes(struct due *d)
{
    for (size_t i = 0; i < d->images.count; i++)
        for (size_t k = 0; k < i; k++) {
            struct due_image *m = d->images.items[i];
            const struct due_image *other = d->images.items[k];
            if (due_failed(m) || strcmp(m->name, other->name) != 0)
                continue;
            error_set(&m->error, ERROR_USAGE, "%s is called %s too: one of them needs another name",
                      other->file, m->name);
            due_fail(m);
        }
}

static void warn_unused(struct due *d)
{
    const char **names = arena_array(&d->arena, d->images.count + 1, sizeof *names);
    const char **files = arena_array(&d->arena, d->images.count + 1, sizeof *files);
    for (size_t i = 0; i < d->images.count; i++) {
        names[i] = d->images.items[i]->name;
        files[i] = d->images.items[i]->file;
    }
    const char *unused = config_rebuild_unused(d->config, &d->arena, names, files, d->images.count);
    if (unused)
        vec_push(&d->arena, &d->warnings,
                 arena_printf(&d->arena, "%s: rebuild.images.%s is no image that is rebuilt here",
                              d->config->file, unused));
}

bool due_read(struct due *d, const char *root, const struct config *config, struct http *http,
              struct error *e)
{
    struct due_reader r = {.due = d};
    *d = (struct due){.http = http, .root = root, .config = config};
    config_rebuild_recipes(config, &d->arena, &d->settings);
    if (!discovery_files(NULL, &d->arena, root, &d->files, e))
        return false;
    r.pipelines = pipelines_new(&d->files);
    bool good = true;
    for (size_t i = 0; good && i < d->files.count; i++)
        if (!discovery_excludes(config, d->files.names[i]))
            good = read_file(&r, d->files.names[i], e);
    pipelines_free(r.pipelines);
    buf_free(&r.content);
    if (good) {
        drop_parts(d);
        refuse_namesakes(d);
        warn_unused(d);
    }
    return good;
}

void due_release(struct due *d)
{
    loader_free(d->loader);
    names_free(&d->builders);
    names_free(&d->build_of);
    arena_free(&d->arena);
    *d = (struct due){0};
}

size_t due_count(const struct due *d, enum due_fate fate)
{
    size_t count = 0;
    for (size_t i = 0; i < d->images.count; i++)
        count += d->images.items[i]->fate == fate;
    return count;
}
