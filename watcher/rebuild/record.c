#include "watcher/rebuild/record.h"

#include "watcher/base/json.h"

#include <stdlib.h>
#include <string.h>

/* {"version": 1, "images": {"python": {"tag", "triggered", "tags": [...],
 *  "packages": {"x86_64": {"glibc": "2.42-r4 Q1..."}}}},
 *  "recipes": {"php/melange.yaml": {"version", "packages": {...}}}} */
enum { RECORD_VERSION = 1 };

struct record_entry *record_find(const struct record *r, const char *image)
{
    for (size_t i = 0; i < r->entries.count; i++)
        if (strcmp(r->entries.items[i].image, image) == 0)
            return &r->entries.items[i];
    return NULL;
}

struct record_entry *record_entry(struct arena *a, struct record *r, const char *image)
{
    struct record_entry *entry = record_find(r, image);
    if (!entry) {
        entry = vec_add(a, &r->entries);
        entry->image = arena_copy(a, image);
    }
    return entry;
}

struct record_build *record_find_build(const struct record *r, const char *recipe)
{
    for (size_t i = 0; i < r->builds.count; i++)
        if (strcmp(r->builds.items[i].recipe, recipe) == 0)
            return &r->builds.items[i];
    return NULL;
}

struct record_build *record_build(struct arena *a, struct record *r, const char *recipe)
{
    struct record_build *build = record_find_build(r, recipe);
    if (!build) {
        build = vec_add(a, &r->builds);
        build->recipe = arena_copy(a, recipe);
    }
    return build;
}

static bool read_package(struct arena *a, struct image_set *set, const char *name,
                         const json_t *value, struct error *e)
{
    struct slice rest = slice_of(json_string_value(value)), version = {0};
    slice_split(&rest, ' ', &version);
    if (version.len == 0)
        return error_set(e, ERROR_RECIPE, "the package %s has no version", name);
    struct image_package *p = vec_add(a, &set->packages);
    p->name = arena_copy(a, name);
    p->version = arena_text(a, version);
    p->checksum = rest.len ? arena_text(a, rest) : NULL;
    return true;
}

static bool read_packages(struct arena *a, struct image_state *state, json_t *archs,
                          struct error *e)
{
    const char *arch, *name;
    json_t *packages, *value;
    json_object_foreach(archs, arch, packages)
    {
        struct image_set *set = state_set(a, state, arch);
        if (!json_is_object(packages))
            return error_set(e, ERROR_RECIPE, "the packages for %s are no object", arch);
        json_object_foreach(packages, name, value)
        {
            if (!read_package(a, set, name, value, e))
                return false;
        }
    }
    state_sort(state);
    return true;
}

static bool read_entry(struct arena *a, struct record *r, const char *image, json_t *object,
                       struct error *e)
{
    struct record_entry *entry = record_entry(a, r, image);
    json_t *packages = json_object_get(object, "packages"), *tag;
    size_t i;
    if (!json_is_object(packages))
        return error_set(e, ERROR_RECIPE, "it has no packages");
    entry->tag = arena_copy(a, json_string_at(object, "tag"));
    entry->triggered = json_number(object, "triggered", 0);
    json_array_foreach(json_object_get(object, "tags"), i, tag)
    {
        if (!json_is_string(tag))
            return error_set(e, ERROR_RECIPE, "tag %zu is no text", i + 1);
        vec_push(a, &entry->tags, arena_copy(a, json_string_value(tag)));
    }
    return read_packages(a, &entry->state, packages, e);
}

static bool read_build(struct arena *a, struct record *r, const char *recipe, json_t *object,
                       struct error *e)
{
    struct record_build *build = record_build(a, r, recipe);
    json_t *packages = json_object_get(object, "packages");
    const char *version = json_string_at(object, "version");
    if (!version)
        return error_set(e, ERROR_RECIPE, "it has no version");
    if (!json_is_object(packages))
        return error_set(e, ERROR_RECIPE, "it has no packages");
    build->version = arena_copy(a, version);
    return read_packages(a, &build->state, packages, e);
}

/* Records of before have none. */
static bool read_builds(struct arena *a, json_t *recipes, struct record *out, struct error *e)
{
    const char *recipe;
    json_t *object;
    json_object_foreach(recipes, recipe, object)
    {
        if (!read_build(a, out, recipe, object, e))
            return error_context(e, "recipe %s", recipe);
    }
    return true;
}

static bool read_all(struct arena *a, json_t *root, struct record *out, struct error *e)
{
    json_t *images = json_object_get(root, "images"), *object;
    const char *image;
    if (json_number(root, "version", 0) != RECORD_VERSION || !json_is_object(images))
        return error_set(e, ERROR_RECIPE, "this is no record of rebuilds of version %d",
                         RECORD_VERSION);
    json_object_foreach(images, image, object)
    {
        if (!read_entry(a, out, image, object, e))
            return error_context(e, "image %s", image);
    }
    return read_builds(a, json_object_get(root, "recipes"), out, e);
}

bool record_read(struct arena *a, struct slice text, struct record *out, struct error *e)
{
    struct arena own = {0};
    *out = (struct record){0};
    if (slice_empty(slice_trim(text)))
        return true;
    json_t *root = json_parse(&own, text, e);
    bool good = root && read_all(a, root, out, e);
    if (!root)
        e->code = ERROR_RECIPE;
    arena_free(&own);
    return good;
}

static json_t *packages_json(const struct image_state *state)
{
    json_t *archs = json_object();
    for (size_t i = 0; i < state->sets.count; i++) {
        const struct image_set *set = &state->sets.items[i];
        json_t *packages = json_object();
        for (size_t k = 0; k < set->packages.count; k++) {
            const struct image_package *p = &set->packages.items[k];
            json_object_set_new(packages, p->name,
                                json_sprintf("%s%s%s", p->version, p->checksum ? " " : "",
                                             p->checksum ? p->checksum : ""));
        }
        json_object_set_new(archs, set->arch, packages);
    }
    return archs;
}

static json_t *entry_json(const struct record_entry *entry)
{
    json_t *object = json_object(), *tags = json_array();
    if (entry->tag)
        json_object_set_new(object, "tag", json_string(entry->tag));
    if (entry->triggered)
        json_object_set_new(object, "triggered", json_integer((json_int_t)entry->triggered));
    for (size_t i = 0; i < entry->tags.count; i++)
        json_array_append_new(tags, json_string(entry->tags.items[i]));
    json_object_set_new(object, "tags", tags);
    json_object_set_new(object, "packages", packages_json(&entry->state));
    return object;
}

static json_t *builds_json(const struct record *r)
{
    json_t *recipes = json_object();
    for (size_t i = 0; i < r->builds.count; i++) {
        const struct record_build *build = &r->builds.items[i];
        json_t *object = json_object();
        json_object_set_new(object, "version", json_string(build->version));
        json_object_set_new(object, "packages", packages_json(&build->state));
        json_object_set_new(recipes, build->recipe, object);
    }
    return recipes;
}

void record_write(const struct record *r, struct buf *out)
{
    json_t *root = json_object(), *images = json_object();
    for (size_t i = 0; i < r->entries.count; i++)
        json_object_set_new(images, r->entries.items[i].image, entry_json(&r->entries.items[i]));
    json_object_set_new(root, "version", json_integer(RECORD_VERSION));
    json_object_set_new(root, "images", images);
    if (r->builds.count)
        json_object_set_new(root, "recipes", builds_json(r));
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_SORT_KEYS);
    buf_addf(out, "%s\n", text);
    free(text);
    json_decref(root);
}
