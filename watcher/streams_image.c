/* An apko image as far as a move by name goes: what it names, from where, for which machines. */
#include "watcher/streams_parts.h"

#include "watcher/base/url.h"
#include "watcher/recipes/apko.h"
#include "watcher/renew.h"

#include <string.h>

enum { INDEX_BYTES = 256 << 20 }; /* as the source apkindex has it: one request serves both */

static const struct node *contents_of(const struct yaml *y)
{
    return node_get(y->count ? y->documents[0] : NULL, "contents");
}

/* A list's texts; those of anything else are none. */
static struct slice item_text(const struct node *list, size_t i)
{
    const struct node *item = list->items[i];
    return item->kind == NODE_SCALAR ? slice_trim(item->value) : SLICE("");
}

static size_t item_count(const struct node *list)
{
    return list && list->kind == NODE_SEQUENCE ? list->count : 0;
}

/* "python-3.13-dev" with the pinned version as a star; NULL when nothing in it would move. */
static const char *starred(struct arena *a, const struct component *c, struct slice entry)
{
    struct slice text = entry;
    for (size_t i = 0; i < c->names.count; i++) {
        const char *name = c->names.items[i];
        const char *old = apko_name_fill(a, name, slice_of(c->current));
        if (strchr(name, '*'))
            text = edit_inside_text(a, text, slice_of(old), slice_of(name));
    }
    return slice_find_byte(text, '*') == SLICE_NONE ? NULL : arena_text(a, text);
}

static void read_packages(struct arena *a, const struct node *packages, struct image *out)
{
    for (size_t i = 0; i < item_count(packages); i++) {
        struct slice entry = item_text(packages, i);
        const char *text = starred(a, out->component, entry);
        if (slice_empty(entry))
            continue;
        vec_push(a, &out->world, arena_text(a, entry));
        if (!text || slice_starts(entry, SLICE("!")))
            continue;
        struct slice name = apko_package_name(slice_of(text));
        if (slice_find_byte(name, '*') != SLICE_NONE)
            vec_push(a, &out->moved, ((struct stream_entry){text, arena_text(a, name)}));
    }
}

/* "https://...", "@tag https://...", "@local ./packages". */
static void read_repositories(struct arena *a, const struct node *repositories, struct image *out)
{
    for (size_t i = 0; i < item_count(repositories); i++) {
        struct slice text = item_text(repositories, i), tag = {0};
        struct url parts;
        if (slice_starts(text, SLICE("@"))) {
            size_t blank = slice_find_byte(text, ' ');
            tag = slice_from(slice_first(text, blank), 1);
            text = slice_trim(slice_from(text, blank == SLICE_NONE ? text.len : blank));
        }
        while (slice_ends(text, SLICE("/")))
            text.len--;
        if (!url_parse(text, &parts) ||
            (!slice_is(parts.scheme, "https") && !slice_is(parts.scheme, "http"))) {
            out->local = arena_text(a, text);
            continue;
        }
        struct stream_repository r = {arena_text(a, text), tag.len ? arena_text(a, tag) : NULL};
        vec_push(a, &out->repositories, r);
    }
}

/* Container names of architectures, and apk's: apko takes both (pkg/build/types/architecture.go).
 */
static struct slice apk_arch(struct slice name)
{
    static const struct {
        const char *theirs, *apks;
    } names[] = {{"amd64", "x86_64"},
                 {"arm64", "aarch64"},
                 {"386", "x86"},
                 {"arm/v7", "armv7"},
                 {"arm/v6", "armhf"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(name, names[i].theirs))
            return slice_of(names[i].apks);
    return name;
}

static void add_arch(struct arena *a, struct image *out, struct slice name)
{
    for (size_t i = 0; i < out->archs.count; i++)
        if (slice_is(name, out->archs.items[i].name))
            return;
    vec_push(a, &out->archs, (struct stream_arch){.name = arena_text(a, name)});
}

/* Who does not say is built for both that Wolfi has. */
static void read_archs(struct arena *a, const struct node *archs, struct image *out)
{
    for (size_t i = 0; i < item_count(archs); i++) {
        struct slice name = apk_arch(item_text(archs, i));
        if (!slice_empty(name) && !slice_is(name, "all") && !slice_is(name, "host"))
            add_arch(a, out, name);
    }
    if (out->archs.count)
        return;
    add_arch(a, out, SLICE("x86_64"));
    add_arch(a, out, SLICE("aarch64"));
}

bool image_read(struct arena *a, const char *root, const struct component *c, struct image *out)
{
    struct recipe_file file;
    struct error e = {0};
    *out = (struct image){.component = c};
    if (!recipe_load(a, root, c->file, true, &file, &e))
        return false;
    const struct node *contents = contents_of(&file.yaml);
    read_packages(a, node_get(contents, "packages"), out);
    read_repositories(a, node_get(contents, "repositories"), out);
    read_archs(a, node_get(file.yaml.documents[0], "archs"), out);
    out->includes = node_get(file.yaml.documents[0], "include") != NULL;
    return out->moved.count && out->repositories.count;
}

void image_index_request(struct arena *a, const char *repository, const char *arch,
                         struct request *out)
{
    struct buf url = {0};
    buf_addf(&url, "%s/", repository);
    url_escape(&url, slice_of(arch), false);
    buf_add_text(&url, "/APKINDEX.tar.gz");
    *out = (struct request){
        .url = arena_text(a, buf_slice(&url)), .limit = INDEX_BYTES, .keep = INDEX_BYTES};
    buf_free(&url);
}

const char *image_entry(struct arena *a, const char *starred_text, struct slice version)
{
    return apko_name_fill(a, starred_text, version);
}
