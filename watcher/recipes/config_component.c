/* An entry of mwatch.yaml laid over what the recipe itself says. */
#include "watcher/base/text.h"
#include "watcher/recipes/config_parts.h"

/* What stands for all of the component in messages; NULL when the configuration says nothing. */
static const struct node *whole(const struct making *m)
{
    if (m->part)
        return m->part;
    return m->target->entry ? m->target->entry->name : m->target->config->defaults;
}

bool making_fail(struct making *m, const struct node *at, const char *format, ...)
{
    struct buf text = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&text, format, args);
    va_end(args);
    at = at ? at : whole(m);
    config_fail(&m->c->error, ERROR_RECIPE, at ? m->target->config->file : m->target->file,
                at ? at->line : 0, at ? at->column : 0, "%s", buf_text(&text));
    buf_free(&text);
    return false;
}

/* A source in mwatch.yaml replaces all that the recipe's `update:` block says about finding
 * versions; what it says about proposing them (manual, shared, ...) is about the recipe and stays.
 */
static bool take_source(struct making *m)
{
    struct component *c = m->c;
    const struct node *source = layers_find(&m->layers, "source");
    if (!source)
        return true;
    c->filters = (struct filters){0};
    c->snapshot = NULL;
    c->disabled = NULL;
    if (c->kind != RECIPE_MELANGE)
        c->scheme = NULL;
    error_clear(&c->error);
    return config_source(&c->arena, m->target->config->file, source, m->entry ? c->name : NULL,
                         &c->spec, &c->error);
}

static void take_enabled(struct making *m)
{
    struct component *c = m->c;
    const struct node *enabled = layers_find(&m->layers, "enabled");
    const struct node *reason = layers_find(&m->layers, "exclude-reason");
    if (enabled)
        c->disabled = node_bool(enabled, true) ? NULL : "disabled in mwatch.yaml";
    if (reason && c->disabled)
        c->disabled = arena_text(&c->arena, reason->value);
}

/* A package's name with one star in it, and not a pattern or an address that happens to have one.
 */
static bool is_starred(const struct node *value)
{
    size_t stars = 0;
    struct slice s = value->value;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) &&
            slice_find_byte(SLICE("+._-*"), s.ptr[i]) == SLICE_NONE)
            return false;
        stars += s.ptr[i] == '*';
    }
    return stars == 1;
}

struct slice config_starred(const struct node *source)
{
    const struct node *value = source && source->count ? source->pairs[0].value : NULL;
    if (value && value->kind == NODE_SCALAR && is_starred(value))
        return value->value;
    for (size_t i = 0; value && value->kind == NODE_MAPPING && i < value->count; i++)
        if (is_starred(value->pairs[i].value))
            return value->pairs[i].value->value;
    return (struct slice){0};
}

/* In an image, the names that its source is for move unless others are given. (What moves in a
 * melange recipe came with it.) */
static void take_names(struct making *m)
{
    struct component *c = m->c;
    struct slice name = config_starred(layers_find(&m->layers, "source"));
    if (c->kind == RECIPE_APKO && !layers_find(&m->layers, "names") && !slice_empty(name))
        vec_push(&c->arena, &c->names, arena_text(&c->arena, name));
}

static bool sets_package_version(const struct component *c)
{
    for (size_t i = 0; i < c->settings.count; i++)
        if (slice_is(slice_of(c->settings.items[i].path), "package.version"))
            return true;
    return false;
}

/* Which scheme orders what is not the package's own version, the source knows best. */
static const struct scheme *default_scheme(const struct component *c)
{
    const char *name = c->spec.source ? c->spec.source->scheme : NULL;
    const struct preset *preset = c->spec.preset ? preset_find(c->spec.preset) : NULL;
    if (c->kind == RECIPE_MELANGE && (sets_package_version(c) || !name))
        return &scheme_apk;
    if (preset && preset->scheme)
        name = preset->scheme;
    return name ? scheme_find(name) : &scheme_natural;
}

static bool can_be_watched(struct making *m)
{
    struct component *c = m->c;
    if (error_is_set(&c->error))
        return false;
    if (!c->spec.source)
        return making_fail(m, NULL, "%s has no source%s", c->name,
                           c->kind == RECIPE_MELANGE ? ", nor an update: block that is enabled"
                                                     : "");
    if (!c->settings.count && !c->names.count && !c->places.count)
        return making_fail(m, NULL, "nothing in %s would change; give it set, names or places",
                           c->file);
    if (c->names.count && (c->kind != RECIPE_APKO || !m->target->y))
        return making_fail(m, NULL, "names are for apko images; %s is none", c->file);
    return true;
}

/* "major" and "minor" are as many numbers of the pinned version. */
static void take_stream(struct making *m)
{
    struct component *c = m->c;
    struct slice version = slice_of(c->current), stream = slice_of(c->stream);
    const struct node *at = layers_find(&m->layers, "stream");
    size_t numbers = slice_is(stream, "major") ? 1 : slice_is(stream, "minor") ? 2 : 0;
    if (numbers)
        c->stream = arena_text(&c->arena, scheme_series(version, numbers));
    else if (at && c->stream && !scheme_in_stream(version, stream))
        vec_push(&c->arena, &c->warnings,
                 arena_printf(&c->arena, "%s:%zu:%zu: %s pins %s, which is not on the stream %s",
                              m->target->config->file, at->line, at->column, c->name, c->current,
                              c->stream));
}

static bool check_version(struct making *m)
{
    struct component *c = m->c;
    struct slice version = slice_of(c->current);
    if (c->scheme->valid(version))
        return true;
    c->current = text_is_visible(version) ? c->current : NULL;
    return config_fail(&c->error, ERROR_RECIPE, c->file, c->line, 0,
                       "the pinned version %.*s is none of the scheme %s", SLICE_ARG(version),
                       c->scheme->name);
}

/* What is not watched is still listed, with its version where one can be found. */
static void show_pinned(struct making *m)
{
    struct error kept = m->c->error;
    pinned_find(m);
    m->c->error = kept;
}

/* What `optional: true` says of a component that nothing pins. */
static bool is_not_there(struct making *m)
{
    struct component *c = m->c;
    if (!node_bool(layers_find(&m->layers, "optional"), false) || pinned_find(m))
        return false;
    c->disabled = arena_printf(&c->arena, "optional, and not pinned: %s", c->error.message);
    error_clear(&c->error);
    return true;
}

/* One entry of a list moves in its own line and nowhere else. */
static void take_entry(struct making *m)
{
    struct component *c = m->c;
    const struct node *each = layers_find(&m->layers, "each");
    if (!m->entry)
        return;
    struct place place = {arena_text(&c->arena, node_get(each, "file")->value), m->entry,
                          "{version}"};
    vec_push(&c->arena, &c->places, place);
}

static void make(struct making *m)
{
    struct component *c = m->c;
    bool good = take_source(m);
    layers_put(&m->layers, c);
    take_enabled(m);
    take_names(m);
    take_entry(m);
    /* The pinned commit is that of the package's own upstream. */
    if (!sets_package_version(c))
        c->commit = NULL;
    if (!c->scheme)
        c->scheme = default_scheme(c);
    if (c->spec.source)
        c->spec.prefix = c->filters.tag_prefix;
    if (c->disabled)
        show_pinned(m);
    else if (good && can_be_watched(m) && !is_not_there(m) && pinned_find(m) && pinned_check(m) &&
             check_version(m))
        take_stream(m);
}

/* The entry's key is what people call the recipe, but for one that only says where it is. */
static void rename_recipe(struct component *c, const struct config_recipe *entry)
{
    if (slice_is(slice_of(entry->key), c->file) || slice_is(slice_of(entry->key), c->recipe))
        return;
    c->package = c->recipe;
    c->recipe = c->name = arena_copy(&c->arena, entry->key);
}

/* One of several components: it has the recipe's facts, but nothing of its `update:` block. */
static struct component *part_of(const struct component *found, struct slice name)
{
    struct component *c = component_new(found->recipe, found->file, found->kind);
    c->package = arena_copy(&c->arena, found->package);
    c->name = arena_text(&c->arena, name);
    c->epoch = found->epoch;
    c->recipe_version = arena_copy(&c->arena, found->current);
    c->commit = arena_copy(&c->arena, found->commit);
    return c;
}

/* A component for every entry of a list; one that says so where there are none. */
static void make_each(struct making *m, const struct component *found, const struct node *each,
                      struct components *out)
{
    struct arena a = {0};
    struct entries entries = {0};
    struct component *list = m->c;
    bool optional = node_bool(layers_find(&m->layers, "optional"), false);
    layers_put(&m->layers, list);
    take_enabled(m);
    if (!list->disabled && each_find(m, each, &a, &entries) && !entries.names.count)
        making_fail(m, node_get(each, "pattern"), "nothing in %.*s fits %.*s",
                    SLICE_ARG(node_get(each, "file")->value),
                    SLICE_ARG(node_get(each, "pattern")->value));
    if (optional && error_is_set(&list->error)) {
        list->disabled =
            arena_printf(&list->arena, "optional, and not there: %s", list->error.message);
        error_clear(&list->error);
    }
    for (size_t i = 0; i < entries.names.count; i++) {
        struct making one = *m;
        one.c = part_of(found, slice_of(entries.names.items[i]));
        one.entry = each_pattern(&one.c->arena, each, entries.names.items[i]);
        make(&one);
        components_add(out, one.c);
    }
    if (entries.names.count)
        component_free(list);
    else
        components_add(out, list);
    arena_free(&a);
}

static void make_part(struct target *t, const struct component *found, const struct pair *part,
                      struct components *out)
{
    struct making m = {
        .target = t,
        .part = part->key,
        .layers = {{t->config->defaults, t->entry->node, part->value}},
        .c = part_of(found, part->key->value),
    };
    const struct node *each = layers_find(&m.layers, "each");
    if (each) {
        make_each(&m, found, each, out);
        return;
    }
    make(&m);
    components_add(out, m.c);
}

static void make_only(struct target *t, struct component *found, struct components *out)
{
    found->recipe_version = found->current;
    struct making m = {
        .target = t,
        .layers = {{t->config->defaults, t->entry ? t->entry->node : NULL}},
        .c = found,
    };
    make(&m);
    components_add(out, found);
}

static void make_all(struct target *t, struct component *found, struct components *out)
{
    const struct node *parts = t->entry ? node_get(t->entry->node, "components") : NULL;
    if (!parts) {
        make_only(t, found, out);
        return;
    }
    for (size_t i = 0; i < parts->count; i++)
        make_part(t, found, &parts->pairs[i], out);
    component_free(found);
}

/* Any file can be named; the paths of `set` need one that is YAML. */
static void read_yaml(struct target *t, struct yaml *y)
{
    struct slice name = slice_of(t->file);
    if (t->y || (!slice_ends(name, SLICE(".yaml")) && !slice_ends(name, SLICE(".yml"))))
        return;
    if (yaml_parse(&t->arena, t->file, t->source, y, &t->unread))
        t->y = y;
}

void config_apply(struct config *config, const struct config_files *files, const struct yaml *y,
                  struct slice source, struct component *found, struct components *out)
{
    struct yaml own;
    struct error e = {0};
    struct config_recipe *entry = NULL;
    bool good = config_entry(config, files, found->file, found->recipe, &entry, &e);
    if (entry)
        rename_recipe(found, entry);
    if (!good) {
        found->error = e;
        found->disabled = NULL;
        components_add(out, found);
        return;
    }
    struct target t = {
        .config = config,
        .entry = entry,
        .files = files,
        .file = found->file,
        .y = y,
        .source = source,
    };
    read_yaml(&t, &own);
    make_all(&t, found, out);
    arena_free(&t.arena);
}
