/* Where the pinned version stands, and whether everything that is to move with it is there. */
#include "watcher/recipes/apko.h"
#include "watcher/recipes/config_parts.h"

static bool is_version(const char *template)
{
    return slice_is(slice_of(template), "{version}");
}

static const struct node *item(const struct node *list, size_t i)
{
    return list && i < list->count ? list->items[i] : NULL;
}

static const struct node *key_at(const struct node *mapping, size_t i)
{
    return mapping && i < mapping->count ? mapping->pairs[i].key : NULL;
}

/* `current:` says it itself. */
static bool find_told(struct making *m, const struct node *current, struct spot *out)
{
    struct arena *a = &m->c->arena;
    if (current->kind == NODE_SCALAR)
        return spot_path(m, current, arena_text(a, current->value), out);
    const struct node *file = node_get(current, "file"), *find = node_get(current, "pattern");
    const struct pattern *pattern = layer_line_pattern(a, find);
    return spot_pattern(m, find, file ? arena_text(a, file->value) : m->c->file, pattern, out);
}

/* The index of the setting that is the whole version, package.version before the others. */
static size_t version_setting(const struct component *c)
{
    size_t first = SLICE_NONE;
    for (size_t i = 0; i < c->settings.count; i++) {
        const struct setting *s = &c->settings.items[i];
        if (!is_version(s->value))
            continue;
        if (slice_is(slice_of(s->path), "package.version"))
            return i;
        first = first == SLICE_NONE ? i : first;
    }
    return first;
}

static size_t version_place(const struct component *c)
{
    for (size_t i = 0; i < c->places.count; i++)
        if (is_version(c->places.items[i].value))
            return i;
    return SLICE_NONE;
}

static bool find_name(struct making *m, size_t i, struct spot *out)
{
    const struct node *where = NULL, *names = layers_find(&m->layers, "names");
    const char *name = m->c->names.items[i];
    out->text = apko_name_version(m->target->y, name, &where);
    if (!out->text.ptr)
        return making_fail(m, item(names, i), "no package in %s fits %s", m->c->file, name);
    out->file = m->c->file;
    out->line = where->line;
    return true;
}

static bool find_place(struct making *m, size_t i, struct spot *out)
{
    const struct place *place = &m->c->places.items[i];
    const struct node *row = item(layers_find(&m->layers, "places"), i);
    return spot_pattern(m, node_get(row, "pattern"), place->file, place->pattern, out);
}

/* What is changed first says what is pinned, unless `current:` does. */
static bool find_changed(struct making *m, struct spot *out)
{
    struct component *c = m->c;
    size_t setting = version_setting(c), place = version_place(c);
    const struct node *told = layers_find(&m->layers, "current");
    const struct node *set = layers_find(&m->layers, "set");
    if (told)
        return find_told(m, told, out);
    if (setting != SLICE_NONE)
        return spot_path(m, key_at(set, setting), c->settings.items[setting].path, out);
    if (c->names.count)
        return find_name(m, 0, out);
    if (place != SLICE_NONE)
        return find_place(m, place, out);
    return making_fail(m, NULL, "nothing says which version %s pins; give it current", c->name);
}

bool pinned_find(struct making *m)
{
    struct component *c = m->c;
    struct spot spot = {0};
    if (!find_changed(m, &spot))
        return false;
    struct slice version = slice_trim(spot.text);
    if (slice_empty(version))
        return config_fail(&c->error, ERROR_RECIPE, spot.file, spot.line, 0,
                           "the pinned version of %s is empty", c->name);
    c->current = arena_text(&c->arena, version);
    c->line = slice_is(slice_of(spot.file), c->file) ? spot.line : 0;
    return true;
}

static bool check_hashes(struct making *m)
{
    const struct node *rows = layers_find(&m->layers, "artefacts");
    struct spot spot;
    for (size_t i = 0; i < m->c->artefacts.count; i++) {
        const struct artefact *artefact = &m->c->artefacts.items[i];
        const struct node *row = item(rows, i);
        if (artefact->sha256 && !spot_path(m, node_get(row, "sha256"), artefact->sha256, &spot))
            return false;
        if (artefact->sha512 && !spot_path(m, node_get(row, "sha512"), artefact->sha512, &spot))
            return false;
    }
    return true;
}

bool pinned_check(struct making *m)
{
    const struct node *set = layers_find(&m->layers, "set");
    struct component *c = m->c;
    struct spot spot;
    for (size_t i = 0; i < c->settings.count; i++)
        if (!spot_path(m, key_at(set, i), c->settings.items[i].path, &spot))
            return false;
    for (size_t i = 0; i < c->names.count; i++)
        if (!find_name(m, i, &spot))
            return false;
    for (size_t i = 0; i < c->places.count; i++)
        if (!find_place(m, i, &spot))
            return false;
    return check_hashes(m);
}
