/* The tag under which an image is published next: VERSION-rEPOCH, never one that was there. */
#include "sources/source.h"
#include "watcher/due_parts.h"
#include "watcher/recipes/apko.h"
#include "watcher/versions/dependency.h"

#include <string.h>

enum { MOST_PAGES = 1000, TAG_LONGEST = 128 };

/* A tag's letters (OCI Distribution Specification 1.1, "Pulling manifests"). */
static bool is_tag_byte(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
}

static struct slice without_revision(struct slice version)
{
    size_t dash = slice_find_last_byte(version, '-');
    struct slice rest = slice_from(version, dash == SLICE_NONE ? version.len : dash + 1);
    bool revision = slice_starts(rest, SLICE("r")) && slice_all_digits(slice_from(rest, 1));
    return revision ? slice_first(version, dash) : version;
}

const char *due_tag_version(struct arena *a, const char *package_version)
{
    struct slice version = without_revision(slice_of(package_version));
    char *out = arena_alloc(a, version.len + 1);
    for (size_t i = 0; i < version.len; i++)
        out[i] = is_tag_byte(version.ptr[i]) ? version.ptr[i] : '_';
    return out;
}

/* The epoch of a tag of this version; false for every other. "1.2-r3-amd64" takes r3 too. */
static bool epoch_of(struct slice tag, struct slice version, unsigned long long *epoch)
{
    size_t digits = 0;
    if (!slice_starts(tag, version))
        return false;
    tag = slice_from(tag, version.len);
    if (!slice_starts(tag, SLICE("-r")))
        return false;
    tag = slice_from(tag, 2);
    while (digits < tag.len && is_digit(tag.ptr[digits]))
        digits++;
    bool whole = digits == tag.len || tag.ptr[digits] == '-' || tag.ptr[digits] == '.';
    return whole && slice_number(slice_first(tag, digits), epoch);
}

const char *due_next_tag(struct arena *a, const char *version, const char *const *taken,
                         size_t count)
{
    unsigned long long next = 0, epoch;
    for (size_t i = 0; i < count; i++)
        if (epoch_of(slice_of(taken[i]), slice_of(version), &epoch) && epoch >= next &&
            epoch < 1000000000)
            next = epoch + 1;
    return arena_printf(a, "%s-r%llu", version, next);
}

struct tag_list {
    VEC(const char *) list;
};

/* A registry that has no such repository says so in the body of a 404 (the specification's
 * NAME_UNKNOWN); any other answer is no word on which tags there are. */
static bool is_unknown(const struct response *response)
{
    return response->status == 404 && slice_contains(response->body, SLICE("NAME_UNKNOWN"));
}

static bool read_page(const struct spec *spec, const struct page *page, struct due *d,
                      struct candidates *found, struct error *e)
{
    struct request request;
    struct response response;
    if (!spec->source->request(spec, page, &d->arena, &request, e) ||
        !http_fetch(d->http, &d->arena, &request, &response, NULL, e))
        return false;
    if (is_unknown(&response))
        return true;
    if (response.status / 100 != 2)
        return error_set(e, ERROR_UPSTREAM, "the registry answers with status %d", response.status);
    return spec->source->parse(spec, page, &response, &d->arena, found, e);
}

/* All tags that the registry has, page by page. */
static bool registry_tags(struct due *d, const char *image, struct tag_list *out, struct error *e)
{
    struct parameter name = {SLICE(""), SLICE("oci"), 0, 0},
                     given = {SLICE(""), slice_of(image), 0, 0};
    struct candidates found = {0};
    struct page page = {0};
    struct spec spec;
    bool good = spec_make(&d->arena, "mwatch.yaml", &name, &given, 1, &spec, e);
    for (size_t pages = 0; good && (pages == 0 || found.more); pages++) {
        found.more = false;
        good = pages < MOST_PAGES ? read_page(&spec, &page, d, &found, e)
                                  : error_set(e, ERROR_UPSTREAM, "its list of tags has no end");
        page = found.next;
    }
    for (size_t i = 0; good && i < found.list.count; i++)
        vec_push(&d->arena, &out->list, found.list.items[i].raw);
    return good || error_context(e, "the tags of %s cannot be read", image);
}

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

static bool find_primary(struct due *d, struct due_image *m)
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

static void add_given(struct due *d, const struct due_image *m, struct tag_list *taken)
{
    const struct record_entry *entry = d->record ? record_find(d->record, m->name) : NULL;
    for (size_t i = 0; entry && i < entry->tags.count; i++)
        vec_push(&d->arena, &taken->list, entry->tags.items[i]);
}

static bool tag_image(struct due *d, struct due_image *m)
{
    struct tag_list taken = {0};
    if (!find_primary(d, m))
        return false;
    if (!m->settings.image)
        return error_set(&m->error, ERROR_USAGE,
                         "mwatch.yaml does not say what it is published as: rebuild: image: "
                         "ghcr.io/OWNER/{recipe}");
    if (!registry_tags(d, m->settings.image, &taken, &m->error))
        return false;
    add_given(d, m, &taken);
    m->tag = due_next_tag(&d->arena, m->version, taken.list.items, taken.list.count);
    return strlen(m->tag) <= TAG_LONGEST ||
           error_set(&m->error, ERROR_UPSTREAM, "%s is too long for a tag", m->tag);
}

void due_tag(struct due *d)
{
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_REBUILD && !tag_image(d, d->images.items[i]))
            due_fail(d->images.items[i]);
}
