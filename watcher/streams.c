#include "watcher/streams_parts.h"

#include "watcher/base/archive.h"
#include "watcher/base/memory.h"
#include "watcher/recipes/apko.h"

#include <stdlib.h>
#include <string.h>

enum { INDEX_TEXT = 1 << 30, MOST_MISSING = 3 };

/* An index, and the images it counts for. */
struct reader {
    struct streams *streams;
    const char *url;
    VEC(struct {
        struct image *image;
        struct stream_arch *arch;
        const char *tag;
    })
    readers;
};

/* ---- looking through an index ---- */

/* Does the repository serve the entry? A tagged one only those that are pinned to it. */
static bool serves(const char *tag, const char *entry)
{
    const char *pin = strrchr(entry, '@');
    return !tag || (pin && strcmp(pin + 1, tag) == 0);
}

static bool may_matter(const struct image *image, const char *tag, struct slice name)
{
    struct slice version;
    for (size_t i = 0; i < image->moved.count; i++)
        if (serves(tag, image->moved.items[i].text) &&
            apko_name_fits(name, image->moved.items[i].name, &version))
            return true;
    return false;
}

static void take_name(struct reader *r, struct slice name)
{
    for (size_t i = 0; i < r->readers.count; i++) {
        if (!may_matter(r->readers.items[i].image, r->readers.items[i].tag, name))
            continue;
        struct names *have = &r->readers.items[i].arch->have;
        if (!names_find(have, name))
            *names_slot(have, arena_slice(&r->streams->arena, name)) = r;
    }
}

/* A package is there by its own name and by those it provides; shared libraries and commands are
 * named by nobody here. */
static void read_index(struct reader *r, struct slice text)
{
    struct slice line, word;
    while (slice_line(&text, &line)) {
        struct slice value = slice_from(line, 2);
        if (slice_starts(line, SLICE("P:")))
            take_name(r, value);
        else if (slice_starts(line, SLICE("p:")))
            while (slice_split(&value, ' ', &word))
                if (slice_find_byte(word, ':') == SLICE_NONE)
                    take_name(r, apko_package_name(word));
    }
}

static void miss(struct reader *r, const char *why)
{
    const char *text = arena_printf(&r->streams->arena, "%s %s", r->url, why);
    for (size_t i = 0; i < r->readers.count; i++)
        if (!r->readers.items[i].arch->unread)
            r->readers.items[i].arch->unread = text;
}

static void read_archive(struct reader *r, struct slice body)
{
    struct buf text = BUF_MAX(INDEX_TEXT);
    struct error e = {0};
    if (archive_entry(body, "APKINDEX", &text, &e))
        read_index(r, buf_slice(&text));
    else
        miss(r, arena_printf(&r->streams->arena, "cannot be read: %s", e.message));
    buf_free(&text);
}

static void answered(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct reader *r = arg;
    struct arena *a = &r->streams->arena;
    (void)artefact;
    if (error_is_set(e))
        miss(r, arena_printf(a, "gave no answer: %s", e->message));
    else if (response->status < 200 || response->status > 299)
        miss(r, arena_printf(a, "answered %d", response->status));
    else
        read_archive(r, response->body);
}

/* ---- asking ---- */

static struct reader *reader_of(struct streams *s, struct names *known, const char *url)
{
    void **slot = names_slot(known, slice_of(url));
    struct reader *r = *slot;
    if (!r) {
        *slot = r = arena_new(&s->arena, struct reader);
        r->streams = s;
        r->url = url;
    }
    return r;
}

static void ask_image(struct streams *s, struct http *http, struct names *known,
                      struct image *image)
{
    for (size_t i = 0; i < image->repositories.count; i++)
        for (size_t k = 0; k < image->archs.count; k++) {
            struct request request;
            const struct stream_repository *from = &image->repositories.items[i];
            struct stream_arch *arch = &image->archs.items[k];
            image_index_request(&s->arena, from->url, arch->name, &request);
            struct reader *r = reader_of(s, known, request.url);
            if (!r->readers.count)
                http_submit(http, &request, answered, r);
            vec_add(&s->arena, &r->readers);
            r->readers.items[r->readers.count - 1].image = image;
            r->readers.items[r->readers.count - 1].arch = arch;
            r->readers.items[r->readers.count - 1].tag = from->tag;
        }
}

static bool moves_by_name(const struct component *c)
{
    return c->kind == RECIPE_APKO && c->names.count && c->current && !c->disabled &&
           !error_is_set(&c->error);
}

static int by_component(const void *a, const void *b)
{
    const struct image *x = a, *y = b;
    return ((uintptr_t)x->component > (uintptr_t)y->component) -
           ((uintptr_t)x->component < (uintptr_t)y->component);
}

struct streams *streams_ask(struct http *http, const char *root,
                            struct component *const *components, size_t count)
{
    struct streams *s = memory_zalloc(sizeof *s);
    struct names known = {0};
    size_t images = 0;
    for (size_t i = 0; i < count; i++)
        images += moves_by_name(components[i]);
    s->images = arena_array(&s->arena, images, sizeof *s->images);
    for (size_t i = 0; i < count; i++)
        if (moves_by_name(components[i]) &&
            image_read(&s->arena, root, components[i], &s->images[s->count]))
            s->count++;
    if (s->count)
        qsort(s->images, s->count, sizeof *s->images, by_component);
    for (size_t i = 0; i < s->count; i++)
        ask_image(s, http, &known, &s->images[i]);
    if (s->count)
        http_run(http);
    names_free(&known);
    return s;
}

void streams_free(struct streams *s)
{
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->images[i].archs.count; k++)
            names_free(&s->images[i].archs.items[k].have);
    arena_free(&s->arena);
    free(s);
}

const struct image *streams_image(const struct streams *s, const struct component *c)
{
    struct image key = {.component = c};
    return s->count ? bsearch(&key, s->images, s->count, sizeof key, by_component) : NULL;
}

/* ---- what is missing ---- */

/* Add "python-3.15-dev is missing for x86_64 and aarch64". */
static bool add_missing(const struct image *image, const char *name, struct buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < image->archs.count; i++) {
        const struct stream_arch *arch = &image->archs.items[i];
        if (names_find(&arch->have, slice_of(name)))
            continue;
        if (count++ == 0)
            buf_addf(out, "%s%s is missing for %s", out->len ? ", " : "", name, arch->name);
        else
            buf_addf(out, " and %s", arch->name);
    }
    return count > 0;
}

static const char *missing(const struct image *image, struct arena *a, struct slice version)
{
    struct buf out = {0};
    size_t count = 0;
    for (size_t i = 0; i < image->moved.count; i++) {
        const char *name = image_entry(a, image->moved.items[i].name, version);
        struct buf more = {0};
        count += add_missing(image, name, count < MOST_MISSING ? &out : &more);
        buf_free(&more);
    }
    if (count > MOST_MISSING)
        buf_addf(&out, ", and %zu more", count - MOST_MISSING);
    const char *text = out.len ? arena_text(a, buf_slice(&out)) : NULL;
    buf_free(&out);
    return text;
}

/* Without the index of an architecture nobody knows what is there. A package that nobody outside
 * has may be built into the image's own folder. */
const char *streams_lack(const struct streams *s, struct arena *a, const struct component *c,
                         struct slice version)
{
    const struct image *image = streams_image(s, c);
    for (size_t i = 0; image && i < image->archs.count; i++)
        if (image->archs.items[i].unread)
            return arena_copy(a, image->archs.items[i].unread);
    return image && !image->local ? missing(image, a, version) : NULL;
}
