#include "watcher/discover.h"

#include "watcher/base/buf.h"
#include "watcher/base/file.h"
#include "watcher/base/glob.h"
#include "watcher/recipes/apko.h"
#include "watcher/recipes/melange.h"
#include "watcher/walk.h"

#include <sys/stat.h>

#include <string.h>

/* The largest recipe of Wolfi os is some 200 kB; 16 MiB are no recipe. */
enum { LARGEST_RECIPE = 16 * 1024 * 1024 };

struct reader {
    const struct context *ctx;
    const char *root;
    struct config *config;
    struct discovery *out;
    struct config_files files;
    struct buf content;
};

/* A word at the start of a line, in quotes or not: cheap to look for before a file is parsed. */
static bool has_line(struct slice text, struct slice start)
{
    for (size_t at = 0;;) {
        size_t hit = slice_find(slice_from(text, at), start);
        if (hit == SLICE_NONE)
            return false;
        at += hit;
        bool quoted = at && (text.ptr[at - 1] == '"' || text.ptr[at - 1] == '\'');
        size_t line = quoted ? at - 1 : at;
        if (line == 0 || text.ptr[line - 1] == '\n')
            return true;
        at++;
    }
}

/* Other YAML lives in such repositories too (workflows, values files); only these can be recipes.
 */
/* All of it written as one mapping in braces, as JSON is; templates of other tools have two. */
static bool is_in_braces(struct slice text)
{
    struct slice line;
    while (slice_line(&text, &line)) {
        line = slice_trim(line);
        if (slice_empty(line) || slice_starts(line, SLICE("#")) || slice_is(line, "---"))
            continue;
        return slice_starts(line, SLICE("{")) && !slice_starts(line, SLICE("{{"));
    }
    return false;
}

bool discovery_may_be_recipe(struct slice text)
{
    if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
        text = slice_from(text, 3);
    if (is_in_braces(text))
        return slice_contains(text, SLICE("package")) || slice_contains(text, SLICE("include"));
    return has_line(text, SLICE("package")) || has_line(text, SLICE("contents")) ||
           has_line(text, SLICE("include"));
}

/* What a recipe that could not be read is called: its folder when the file's own name says nothing.
 */
static struct slice fallback_name(struct slice file)
{
    struct slice base = path_base(file), folder = path_base(path_dir(file));
    struct slice name = slice_first(base, slice_find_last_byte(base, '.'));
    bool generic = slice_is(name, "melange") || slice_is(name, "apko");
    return generic && folder.len ? folder : name;
}

/* `name` is what it calls itself, NULL where that could not be read. */
static void add_broken(struct reader *r, const char *file, const char *name, const struct error *e)
{
    struct component *c = component_new(NULL, file, RECIPE_FILE);
    struct slice text = buf_slice(&r->content);
    if (name)
        c->recipe = arena_copy(&c->arena, name);
    else
        c->recipe = arena_text(&c->arena, fallback_name(slice_of(file)));
    const char *key = config_claim(r->config, &r->files, file, c->recipe);
    if (key)
        c->recipe = arena_copy(&c->arena, key);
    c->name = c->recipe;
    c->kind = has_line(text, SLICE("package")) ? RECIPE_MELANGE : RECIPE_APKO;
    c->error = *e;
    components_add(&r->out->components, c);
}

static void add_recipe(struct reader *r, const char *file, const struct yaml *y)
{
    struct error e = {0};
    bool melange = melange_is(y);
    struct component *c = component_new(NULL, file, melange ? RECIPE_MELANGE : RECIPE_APKO);
    bool good = melange ? melange_read(y, c, &e) : apko_read(y, c, &e);
    if (good) {
        config_apply(r->config, &r->files, y, y->source, c, &r->out->components);
        return;
    }
    add_broken(r, file, c->recipe, &e);
    component_free(c);
}

static void read_recipe(struct reader *r, const char *file)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    if (!yaml_parse(&a, file, buf_slice(&r->content), &y, &e))
        add_broken(r, file, NULL, &e);
    else if (melange_is(&y) || apko_is(&y))
        add_recipe(r, file, &y);
    arena_free(&a);
}

static bool load(void *arg, const char *file, struct buf *out, struct error *e)
{
    const char *root = arg;
    struct buf path = {0};
    path_join(&path, slice_of(root), slice_of(file));
    out->max = LARGEST_RECIPE;
    bool good = file_read(buf_text(&path), out, e);
    buf_free(&path);
    return good;
}

/* A repository may hold data that is called .yaml, too. */
static bool is_too_large(const struct reader *r, const char *file)
{
    struct buf path = {0};
    struct stat st;
    path_join(&path, slice_of(r->root), slice_of(file));
    bool large = stat(buf_text(&path), &st) == 0 && st.st_size > LARGEST_RECIPE;
    if (large)
        log_info(r->ctx, "%s: too large for a recipe, passed over", file);
    buf_free(&path);
    return large;
}

static void read_file(struct reader *r, const char *file)
{
    struct error e = {0};
    r->out->files++;
    if (is_too_large(r, file))
        return;
    if (!r->files.read(r->files.arg, file, &r->content, &e))
        add_broken(r, file, NULL, &e);
    else if (discovery_may_be_recipe(buf_slice(&r->content)))
        read_recipe(r, file);
}

/* Neither a recipe nor a file is called so. */
static bool find_named(const struct reader *r, const struct config_recipe *entry, const char *file,
                       struct error *e)
{
    struct buf path = {0};
    struct stat st;
    path_join(&path, slice_of(r->root), slice_of(file));
    bool there = stat(buf_text(&path), &st) == 0 && S_ISREG(st.st_mode);
    buf_free(&path);
    return there ||
           error_at(e, ERROR_RECIPE, r->config->file, entry->name->line, entry->name->column,
                    "%s: there is no recipe and no file of this name", file);
}

/* A file that only the configuration knows: a Makefile, a values file. */
static void read_named(struct reader *r, struct config_recipe *entry)
{
    struct error e = {0};
    const char *file = entry->file ? entry->file : entry->key;
    struct component *c = component_new(entry->key, file, RECIPE_FILE);
    r->out->files++;
    entry->used = true;
    if (find_named(r, entry, file, &e) && r->files.read(r->files.arg, file, &r->content, &e)) {
        config_apply(r->config, &r->files, NULL, buf_slice(&r->content), c, &r->out->components);
        return;
    }
    c->error = e;
    components_add(&r->out->components, c);
}

bool discovery_excludes(const struct config *config, const char *file)
{
    for (size_t i = 0; i < config->exclude.count; i++)
        if (glob_matches(slice_of(config->exclude.items[i]), slice_of(file)))
            return true;
    return false;
}

bool discovery_files(const struct context *ctx, struct arena *a, const char *root,
                     struct config_files *out, struct error *e)
{
    struct file_list files = {0};
    if (!walk_recipes(a, root, &files, e))
        return false;
    for (size_t i = 0; ctx && i < files.unread.count; i++)
        log_warning(ctx, "%s; recipes in it are passed over", files.unread.items[i]);
    char *kept = arena_alloc(a, strlen(root) + 1);
    memcpy(kept, root, strlen(root));
    *out = (struct config_files){files.names.items, files.names.count, load, kept};
    return true;
}

bool discover(const struct context *ctx, const char *root, struct config *config,
              struct discovery *out, struct error *e)
{
    struct reader r = {.ctx = ctx, .root = root, .config = config, .out = out};
    struct arena a = {0};
    bool good = discovery_files(ctx, &a, root, &r.files, e);
    for (size_t i = 0; good && i < r.files.count; i++)
        if (!discovery_excludes(config, r.files.names[i]))
            read_file(&r, r.files.names[i]);
    for (size_t i = 0; good && i < config->recipes.count; i++)
        if (!config->recipes.items[i].used)
            read_named(&r, &config->recipes.items[i]);
    buf_free(&r.content);
    arena_free(&a);
    return good;
}
