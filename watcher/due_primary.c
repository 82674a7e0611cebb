/* The package that an image's tags are named after. */
#include "watcher/due_parts.h"
#include "watcher/recipes/apko.h"
#include "watcher/versions/dependency.h"

#include <string.h>

/* The package of the set whose name fits; NULL when none does. */
static const struct image_package *find_package(const struct image_set *set, const char *pattern)
{
    struct slice line;
    for (size_t i = 0; i < set->packages.count; i++)
        if (apko_name_fits(slice_of(set->packages.items[i].name), pattern, &line))
            return &set->packages.items[i];
    return NULL;
}

/* The name in an entry of the image's packages; empty for a conflict. */
static struct slice entry_name(const char *entry)
{
    struct dependency d;
    return dependency_parse(slice_of(entry), &d) && !d.conflict ? d.name : SLICE("");
}

typedef bool primary_rule(const struct due *d, const struct due_image *m, const char *entry,
                          struct slice name);

static bool rule_built(const struct due *d, const struct due_image *m, const char *entry,
                       struct slice name)
{
    (void)entry;
    return m->recipes.count && due_builder(d, name);
}

static bool rule_named(const struct due *d, const struct due_image *m, const char *entry,
                       struct slice name)
{
    size_t length = strlen(m->name);
    (void)d;
    (void)entry;
    return slice_starts(name, slice_of(m->name)) &&
           (name.len == length || name.ptr[length] == '-' || is_digit(name.ptr[length]));
}

static bool rule_stream(const struct due *d, const struct due_image *m, const char *entry,
                        struct slice name)
{
    struct slice line;
    (void)d;
    (void)m;
    (void)entry;
    for (const char *const *stream = apko_stream_names(); *stream; stream++)
        if (apko_name_fits(name, *stream, &line))
            return true;
    return false;
}

static bool rule_versioned(const struct due *d, const struct due_image *m, const char *entry,
                           struct slice name)
{
    struct dependency dependency;
    (void)d;
    (void)m;
    (void)name;
    return dependency_parse(slice_of(entry), &dependency) && dependency.relations;
}

/* Where nobody says it: the package that the repository builds for it, one called like the image,
 * one of a version stream ("python-3.14"), one whose version is given. */
static const char *guess_primary(struct due *d, const struct due_image *m)
{
    static primary_rule *const rules[] = {rule_built, rule_named, rule_stream, rule_versioned};
    const struct apko_list *world = &m->image.packages;
    for (size_t rule = 0; rule < sizeof rules / sizeof *rules; rule++)
        for (size_t i = 0; i < world->list.count; i++) {
            struct slice name = entry_name(world->list.items[i]);
            if (name.len && rules[rule](d, m, world->list.items[i], name))
                return arena_text(&d->arena, name);
        }
    return NULL;
}

/* Take the version on one architecture, which must be that on all others. */
static bool take_version(struct due *d, struct due_image *m, const struct image_set *set,
                         const char *name)
{
    const struct image_package *p = find_package(set, name);
    if (!p)
        return error_set(&m->error, ERROR_USAGE,
                         "its primary package %s is not in it on %s: say another in mwatch.yaml, "
                         "rebuild: images: %s: primary:",
                         name, set->arch, m->name);
    const char *version = due_tag_version(&d->arena, p->version);
    if (m->version && strcmp(version, m->version) != 0)
        return error_set(&m->error, ERROR_CONFLICT,
                         "its primary package %s is %s on %s, but %s on %s: one of the indexes is "
                         "behind",
                         p->name, version, set->arch, m->version, m->now.sets.items[0].arch);
    m->primary = p->name;
    m->version = version;
    return true;
}

bool due_find_primary(struct due *d, struct due_image *m)
{
    const char *name = m->settings.primary ? m->settings.primary : guess_primary(d, m);
    if (!name)
        return error_set(&m->error, ERROR_USAGE,
                         "which of its packages gives the tags their version is not clear: say it "
                         "in mwatch.yaml, rebuild: images: %s: primary:",
                         m->name);
    for (size_t i = 0; i < m->now.sets.count; i++)
        if (!take_version(d, m, &m->now.sets.items[i], name))
            return false;
    return true;
}
