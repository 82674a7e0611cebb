/* Which entry of mwatch.yaml a recipe belongs to. */
#include "watcher/base/file.h"
#include "watcher/recipes/config_parts.h"

#include <stdlib.h>

/* What an entry is found by: its `file:` where it has one, and then by nothing else. */
static struct slice place_of(const struct config_recipe *entry)
{
    return slice_of(entry->file ? entry->file : entry->key);
}

static int by_place(const void *a, const void *b)
{
    const struct config_recipe *const *x = a, *const *y = b;
    int order = slice_compare(place_of(*x), place_of(*y));
    return order ? order : (*x > *y) - (*x < *y);
}

void config_index(struct config *config)
{
    size_t count = config->recipes.count;
    config->by_place = arena_array(&config->arena, count, sizeof *config->by_place);
    for (size_t i = 0; i < count; i++)
        config->by_place[i] = &config->recipes.items[i];
    qsort(config->by_place, count, sizeof *config->by_place, by_place);
}

/* The first file that is not before `name`. */
static size_t file_at(const struct config_files *files, struct slice name)
{
    size_t low = 0, high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(slice_of(files->names[middle]), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Is there a file `folder` + `below`? */
static bool has_file(const struct config_files *files, struct slice folder, const char *below)
{
    struct buf name = {0};
    buf_addf(&name, "%.*s%s", SLICE_ARG(folder), below);
    size_t i = file_at(files, buf_slice(&name));
    bool there = i < files->count && slice_is(buf_slice(&name), files->names[i]);
    buf_free(&name);
    return there;
}

/* How many images stand right in the folder's `apko`, counted up to two. */
static size_t count_images(const struct config_files *files, struct slice folder)
{
    struct buf start = {0};
    size_t n = 0;
    buf_addf(&start, "%.*s/apko/", SLICE_ARG(folder));
    for (size_t i = file_at(files, buf_slice(&start)); i < files->count && n < 2; i++) {
        struct slice name = slice_of(files->names[i]);
        if (!slice_starts(name, buf_slice(&start)))
            break;
        n += slice_find_byte(slice_from(name, start.len), '/') == SLICE_NONE;
    }
    buf_free(&start);
    return n;
}

bool config_is_place(const struct config_files *files, struct slice key)
{
    return has_file(files, key, "") || has_file(files, key, "/melange.yaml") ||
           count_images(files, key) > 0;
}

struct slice config_folder(const struct config_files *files, struct slice file)
{
    struct slice dir = path_dir(file), above = path_dir(dir);
    if (slice_is(path_base(file), "melange.yaml"))
        return dir;
    if (!slice_is(path_base(dir), "apko") || has_file(files, above, "/melange.yaml") ||
        count_images(files, above) != 1)
        return (struct slice){0};
    return above;
}

struct search {
    struct config *config;
    struct config_recipe *first, *second;
};

/* Note the entries at `place`; `keys` leaves out those that name a file themselves. */
static void look(struct search *s, struct slice place, bool keys)
{
    size_t low = 0, high = s->config->recipes.count;
    struct config_recipe **entries = s->config->by_place;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(place_of(entries[middle]), place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < s->config->recipes.count && slice_equal(place_of(entries[low]), place); low++) {
        if ((keys && entries[low]->file) || entries[low] == s->first)
            continue;
        if (!s->first)
            s->first = entries[low];
        else if (!s->second)
            s->second = entries[low];
    }
}

static bool fail_rivals(const struct config *config, const struct config_recipe *entry,
                        const struct config_recipe *rival, const char *file, struct error *e)
{
    return config_fail(e, ERROR_USAGE, config->file, rival->name->line, rival->name->column,
                       "%s and, on line %zu, %s both fit %s; only one of them may", rival->key,
                       entry->name->line, entry->key, file);
}

bool config_entry(struct config *config, const struct config_files *files, const char *file,
                  const char *recipe, struct config_recipe **out, struct error *e)
{
    struct search s = {.config = config};
    struct slice folder = config_folder(files, slice_of(file));
    look(&s, slice_of(file), false);
    if (!slice_empty(folder))
        look(&s, folder, true);
    if (!config_is_place(files, slice_of(recipe)))
        look(&s, slice_of(recipe), true);
    struct config_recipe *entry = *out = s.first;
    if (!entry)
        return true;
    entry->used = true;
    if (s.second) {
        s.second->used = true;
        return fail_rivals(config, entry, s.second, file, e);
    }
    if (entry->bound && !slice_is(slice_of(entry->bound), file))
        return config_fail(e, ERROR_USAGE, config->file, entry->name->line, entry->name->column,
                           "%s is the name of %s and of %s; take the file as the key", entry->key,
                           entry->bound, file);
    entry->bound = arena_copy(&config->arena, file);
    return true;
}

const char *config_claim(struct config *config, const struct config_files *files, const char *file,
                         const char *recipe)
{
    struct config_recipe *entry = NULL;
    struct error ignored = {0};
    config_entry(config, files, file, recipe, &entry, &ignored);
    return entry ? entry->key : NULL;
}
