#include "watcher/recipes/init.h"

#include "watcher/base/file.h"
#include "watcher/base/text.h"
#include "watcher/recipes/config_parts.h"
#include "watcher/recipes/init_parts.h"

#include <string.h>

enum { LARGEST_RECIPE = 16 * 1024 * 1024, COLUMNS = 100 };

static size_t count_named(const struct components *found, const char *recipe)
{
    size_t n = 0;
    for (size_t i = 0; i < found->count; i++)
        n += strcmp(found->items[i]->recipe, recipe) == 0;
    return n;
}

/* The shortest key that config_apply finds the recipe by. */
static struct slice key_of(const struct init_writer *w, const struct component *c)
{
    struct slice folder = config_folder(w->files, slice_of(c->file));
    if (!slice_empty(folder))
        return folder;
    if (count_named(w->found, c->recipe) == 1 && !config_is_place(w->files, slice_of(c->recipe)))
        return slice_of(c->recipe);
    return slice_of(c->file);
}

const char *init_visible(struct init_writer *w, const char *text)
{
    struct buf out = {0};
    text_add_visible(&out, slice_of(text));
    const char *copy = arena_text(&w->a, buf_slice(&out));
    buf_free(&out);
    return copy;
}

void init_entry(struct init_draft *d)
{
    if (!d->lines.len)
        return;
    buf_addf(&d->w->entries, "  %s:\n", d->key);
    buf_add(&d->w->entries, buf_slice(&d->lines));
}

static bool is_built_here(const struct init_writer *w, struct slice package)
{
    for (size_t i = 0; i < w->found->count; i++)
        if (w->found->items[i]->kind == RECIPE_MELANGE &&
            slice_is(package, w->found->items[i]->recipe))
            return true;
    return false;
}

/* An image of a recipe found here moves with that. */
static bool is_made_here(const struct init_writer *w, const struct yaml *y)
{
    const struct node *packages = node_get(node_get(y->documents[0], "contents"), "packages");
    for (size_t i = 0; packages && packages->kind == NODE_SEQUENCE && i < packages->count; i++)
        if (is_built_here(w, packages->items[i]->value))
            return true;
    return false;
}

static void add_image(struct init_draft *d, const struct yaml *y)
{
    if (is_made_here(d->w, y))
        return;
    if (init_image(y, &d->lines))
        init_entry(d);
    else
        vec_push(&d->w->a, &d->w->versionless, d->key);
}

static bool read_recipe(struct init_writer *w, const char *file, struct arena *a, struct yaml *y)
{
    struct buf content = BUF_MAX(LARGEST_RECIPE);
    struct error e = {0};
    bool good = w->files->read(w->files->arg, file, &content, &e) &&
                yaml_parse(a, file, arena_slice(a, buf_slice(&content)), y, &e) && y->count;
    buf_free(&content);
    return good;
}

static void add_component(struct init_writer *w, const struct component *c)
{
    struct arena a = {0};
    struct yaml y;
    struct slice key = key_of(w, c);
    struct init_draft d = {.w = w, .c = c, .key = init_quoted(&w->a, key)};
    bool broken = c->kind == RECIPE_FILE || (c->kind == RECIPE_MELANGE && !c->current);
    if (broken || !text_is_visible(key) || !read_recipe(w, c->file, &a, &y))
        buf_addf(&w->open, "  # %s is left out: %s\n", init_visible(w, c->file),
                 error_is_set(&c->error) ? init_visible(w, c->error.message) : "see `mwatch list`");
    else if (c->kind == RECIPE_MELANGE)
        init_melange(&d, &y);
    else
        add_image(&d, &y);
    buf_free(&d.lines);
    arena_free(&a);
}

static void add_versionless(struct init_writer *w)
{
    size_t column = COLUMNS;
    if (w->versionless.count)
        buf_add_text(&w->open, "  # These images name no version and have nothing to bump; a "
                               "rebuild follows their packages:");
    for (size_t i = 0; i < w->versionless.count; i++) {
        size_t len = strlen(w->versionless.items[i]) + 2;
        if (column + len > COLUMNS) {
            buf_add_text(&w->open, "\n  #  ");
            column = 5;
        }
        column += len;
        buf_addf(&w->open, " %s%s", w->versionless.items[i],
                 i + 1 < w->versionless.count ? "," : "\n");
    }
}

static void write_file(const struct init_writer *w, struct buf *out)
{
    buf_add_text(out, "# What mwatch follows beside what the recipes say themselves. A first draft "
                      "by `mwatch init`:\n"
                      "# read it, fill in what it could not guess, and see `mwatch check`.\n");
    if (w->told)
        buf_addf(out, "# %zu %s nothing here: the `update:` %s.\n", w->told,
                 w->told == 1 ? "recipe needs" : "recipes need",
                 w->told == 1 ? "block says it all" : "blocks say it all");
    buf_add_text(out, "\ndefaults:\n  labels: [dependencies]\n\n");
    buf_add_text(out, w->entries.len ? "recipes:\n" : "recipes: {}\n");
    buf_add(out, buf_slice(&w->entries));
    if (w->open.len && w->entries.len)
        buf_add_byte(out, '\n');
    buf_add(out, buf_slice(&w->open));
}

void init_write(const struct config_files *files, const struct components *found, struct buf *out)
{
    struct init_writer w = {.files = files, .found = found};
    for (size_t i = 0; i < found->count; i++)
        add_component(&w, found->items[i]);
    add_versionless(&w);
    write_file(&w, out);
    buf_free(&w.entries);
    buf_free(&w.open);
    arena_free(&w.a);
}
