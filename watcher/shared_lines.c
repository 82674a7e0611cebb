#include "watcher/shared_lines.h"

#include "watcher/base/names.h"
#include "watcher/renew.h"
#include "watcher/yaml/edit.h"

#include <stdlib.h>
#include <string.h>

struct touch {
    size_t line;
    const struct component *component;
};

/* A file, who writes to it, and where. */
struct shared {
    const char *file;
    VEC(const struct component *) writers;
    VEC(struct touch) touches;
};

static bool is_watched(const struct component *c)
{
    return !c->disabled && !error_is_set(&c->error) && c->spec.source;
}

struct search {
    struct arena arena;
    struct names by_name; /* struct shared */
    VEC(struct shared *) files;
};

static void add_writer(struct search *search, const char *file, const struct component *c)
{
    struct arena *a = &search->arena;
    struct shared *s = names_find(&search->by_name, slice_of(file));
    if (!s) {
        s = arena_new(a, struct shared);
        s->file = file;
        *names_slot(&search->by_name, slice_of(file)) = s;
        vec_push(a, &search->files, s);
    }
    if (s->writers.count == 0 || s->writers.items[s->writers.count - 1] != c)
        vec_push(a, &s->writers, c);
}

static void touch(struct arena *a, struct shared *s, const struct component *c, size_t line)
{
    vec_push(a, &s->touches, ((struct touch){line, c}));
}

static size_t line_of(struct slice text, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < text.len; i++)
        line += text.ptr[i] == '\n';
    return line;
}

static void touch_matches(struct arena *a, struct shared *s, const struct component *c,
                          const struct place *place, struct slice text)
{
    struct edits edits = {0};
    struct error ignored = {0};
    if (!edit_pattern(a, &edits, s->file, text, place->pattern, SLICE("(any)"), &ignored))
        return;
    for (size_t i = 0; i < edits.list.count; i++)
        touch(a, s, c, line_of(text, edits.list.items[i].start));
}

static void touch_path(struct arena *a, struct shared *s, const struct component *c,
                       const struct recipe_file *file, const char *path)
{
    const struct node *node = path ? recipe_node(file, path) : NULL;
    if (node)
        touch(a, s, c, node->line);
}

/* The scalars of its own recipe: what is set, hashes, and the epoch that goes with them. */
static void touch_recipe(struct arena *a, struct shared *s, const struct component *c,
                         const struct recipe_file *file)
{
    for (size_t i = 0; i < c->settings.count; i++)
        touch_path(a, s, c, file, c->settings.items[i].path);
    for (size_t i = 0; i < c->artefacts.count; i++) {
        touch_path(a, s, c, file, c->artefacts.items[i].sha256);
        touch_path(a, s, c, file, c->artefacts.items[i].sha512);
    }
    if (c->kind == RECIPE_MELANGE && !c->keep_epoch)
        touch_path(a, s, c, file, "package.epoch");
}

static int by_line(const void *left, const void *right)
{
    const struct touch *a = left, *b = right;
    return (a->line > b->line) - (a->line < b->line);
}

static bool together(const struct component *a, const struct component *b)
{
    bool grouped = a->group && b->group && strcmp(a->group, b->group) == 0;
    return a == b || (grouped && !a->require_sequential && !b->require_sequential);
}

static void add_once(struct arena *a, struct shared *out, const struct component *c)
{
    for (size_t i = 0; i < out->writers.count; i++)
        if (out->writers.items[i] == c)
            return;
    vec_push(a, &out->writers, c);
}

/* git takes changes for a conflict when no line stands between them. */
static void judge(struct arena *a, struct shared *s, shared_lines_tell *tell, void *arg)
{
    struct shared found = {0};
    size_t count = s->touches.count;
    if (count)
        qsort(s->touches.items, count, sizeof(struct touch), by_line);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1;
             k < count && s->touches.items[k].line <= s->touches.items[i].line + 1; k++) {
            if (together(s->touches.items[i].component, s->touches.items[k].component))
                continue;
            add_once(a, &found, s->touches.items[i].component);
            add_once(a, &found, s->touches.items[k].component);
        }
    if (found.writers.count)
        tell(arg, s->file, found.writers.items, found.writers.count);
}

static void look_at(struct arena *a, const char *root, struct shared *s, shared_lines_tell *tell,
                    void *arg)
{
    struct recipe_file file;
    struct error ignored = {0};
    if (s->writers.count < 2 || !recipe_load(a, root, s->file, false, &file, &ignored))
        return;
    for (size_t i = 0; i < s->writers.count; i++) {
        const struct component *c = s->writers.items[i];
        if (strcmp(c->file, s->file) == 0)
            touch_recipe(a, s, c, &file);
        for (size_t k = 0; k < c->places.count; k++)
            if (strcmp(c->places.items[k].file, s->file) == 0)
                touch_matches(a, s, c, &c->places.items[k], file.source);
    }
    judge(a, s, tell, arg);
}

void shared_lines(const char *root, const struct components *components, shared_lines_tell *tell,
                  void *arg)
{
    struct search search = {0};
    for (size_t i = 0; i < components->count; i++) {
        const struct component *c = components->items[i];
        if (!is_watched(c))
            continue;
        add_writer(&search, c->file, c);
        for (size_t k = 0; k < c->places.count; k++)
            add_writer(&search, c->places.items[k].file, c);
    }
    for (size_t i = 0; i < search.files.count; i++)
        look_at(&search.arena, root, search.files.items[i], tell, arg);
    names_free(&search.by_name);
    arena_free(&search.arena);
}
