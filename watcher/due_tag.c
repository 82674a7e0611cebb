/* The tag under which an image is published next: VERSION-rEPOCH, never one that was there. */
#include "sources/source.h"
#include "watcher/due_parts.h"

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

/* An image whose tags are being read. */
struct tagging {
    struct due *d;
    struct due_image *image;
    struct spec spec;
    struct page page;
    struct candidates found;
};

static void ask_page(struct tagging *t);

/* A registry that has no such repository says so in the body of a 404 (the specification's
 * NAME_UNKNOWN, Harbor's NOT_FOUND); any other answer is no word on which tags there are. */
static bool is_unknown(const struct response *response)
{
    return response->status == 404 && (slice_contains(response->body, SLICE("NAME_UNKNOWN")) ||
                                       slice_contains(response->body, SLICE("\"NOT_FOUND\"")));
}

static bool read_page(struct tagging *t, const struct response *response, struct error *e)
{
    t->found.more = false;
    if (is_unknown(response))
        return true;
    if (response->status / 100 != 2)
        return error_set(e, ERROR_UPSTREAM, "the registry answers with status %d",
                         response->status);
    return t->spec.source->parse(&t->spec, &t->page, response, &t->d->arena, &t->found, e);
}

static void fail_tags(struct tagging *t)
{
    error_context(&t->image->error, "the tags of %s cannot be read", t->image->settings.image);
    due_fail(t->image);
}

static void got_page(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct tagging *t = arg;
    (void)artefact;
    if (error_is_set(e))
        t->image->error = *e;
    else if (read_page(t, response, &t->image->error) && t->found.more)
        t->page = t->found.next;
    if (error_is_set(&t->image->error))
        fail_tags(t);
    else if (t->found.more)
        ask_page(t);
}

static void ask_page(struct tagging *t)
{
    struct request request;
    struct error *e = &t->image->error;
    if (t->page.number >= MOST_PAGES)
        error_set(e, ERROR_UPSTREAM, "the list has no end");
    else if (t->spec.source->request(&t->spec, &t->page, &t->d->arena, &request, e))
        http_submit(t->d->http, &request, got_page, t);
    if (error_is_set(e))
        fail_tags(t);
}

static void ask_tags(struct tagging *t)
{
    struct parameter name = {SLICE(""), SLICE("oci"), 0, 0};
    struct parameter image = {SLICE(""), slice_of(t->image->settings.image), 0, 0};
    if (spec_make(&t->d->arena, "mwatch.yaml", &name, &image, 1, &t->spec, &t->image->error))
        ask_page(t);
    else
        fail_tags(t);
}

/* Two images under one name would take each other's tags. */
static bool is_alone(const struct due *d, struct due_image *m)
{
    for (size_t i = 0; m->settings.image && i < d->images.count; i++) {
        const struct due_image *other = d->images.items[i];
        if (other != m && other->settings.image &&
            strcmp(other->settings.image, m->settings.image) == 0)
            return error_set(&m->error, ERROR_USAGE,
                             "%s is published as %s too: name one of them otherwise in mwatch.yaml",
                             other->file, m->settings.image);
    }
    return true;
}

static bool is_named(struct due_image *m)
{
    return m->settings.image ||
           error_set(&m->error, ERROR_USAGE,
                     "mwatch.yaml does not say what it is published as: rebuild: image: "
                     "ghcr.io/OWNER/{recipe}");
}

/* What is not said, rather than wrong. */
static bool is_unsaid(const struct due_image *m)
{
    return m->error.code == ERROR_USAGE && (m->version || !m->settings.primary);
}

/* Whoever only looks needs no tag, and is told what is missing for one. */
static void go_without(struct due *d, struct due_image *m, size_t *unnamed)
{
    if (!m->version)
        vec_push(&d->arena, &d->warnings,
                 arena_printf(&d->arena, "%s: no tag: %s", m->file, m->error.message));
    else
        (*unnamed)++;
    m->error = (struct error){0};
}

static void warn_unnamed(struct due *d, size_t count)
{
    if (count)
        vec_push(&d->arena, &d->warnings,
                 arena_printf(&d->arena,
                              "no tags for %zu image%s: mwatch.yaml does not say what %s published "
                              "as: rebuild: image: ghcr.io/OWNER/{recipe}",
                              count, count == 1 ? "" : "s", count == 1 ? "it is" : "they are"));
}

/* All that the registry has, and all that was given before. */
static void take_tag(struct tagging *t)
{
    struct due_image *m = t->image;
    const struct record_entry *entry = t->d->record ? record_find(t->d->record, m->name) : NULL;
    size_t given = entry ? entry->tags.count : 0, count = 0;
    const char **taken = arena_array(&t->d->arena, t->found.list.count + given + 1, sizeof *taken);
    for (size_t i = 0; i < t->found.list.count; i++)
        taken[count++] = t->found.list.items[i].raw;
    for (size_t i = 0; i < given; i++)
        taken[count++] = entry->tags.items[i];
    m->tag = due_next_tag(&t->d->arena, m->version, taken, count);
    if (strlen(m->tag) > TAG_LONGEST) {
        error_set(&m->error, ERROR_UPSTREAM, "%s is too long for a tag", m->tag);
        due_fail(m);
    }
}

void due_tag(struct due *d, bool needed)
{
    struct tagging *all = arena_array(&d->arena, d->images.count + 1, sizeof *all);
    size_t unnamed = 0;
    for (size_t i = 0; i < d->images.count; i++) {
        struct due_image *m = d->images.items[i];
        all[i] = (struct tagging){.d = d, .image = m};
        if (m->fate != DUE_REBUILD)
            continue;
        bool known = due_find_primary(d, m) && is_named(m);
        if (!known && !needed && is_unsaid(m))
            go_without(d, m, &unnamed);
        else if (!known || !is_alone(d, m))
            due_fail(m);
        else
            ask_tags(&all[i]);
    }
    warn_unnamed(d, unnamed);
    http_run(d->http);
    for (size_t i = 0; i < d->images.count; i++)
        if (all[i].image->fate == DUE_REBUILD && all[i].spec.source)
            take_tag(&all[i]);
}
