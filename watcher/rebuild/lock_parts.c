#include "watcher/rebuild/lock_parts.h"

#include "watcher/base/file.h"
#include "watcher/base/json.h"
#include "watcher/base/memory.h"
#include "watcher/base/names.h"
#include "watcher/rebuild/apk_file.h"
#include "watcher/rebuild/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A control part is some kilobytes; one with thousands of provides some hundred. A server that
 * knows no ranges sends all. */
enum { LEAST_FRONT = 64 << 10, FRONT_GROWTH = 8, MOST_FRONT = 4 << 20, MOST_WHOLE = 256 << 20 };

struct lock_parts {
    struct arena arena;
    const char *root;
    struct names known; /* struct lock_package by URL and checksum */
};

/* A package on its way. */
struct asked {
    struct lock_parts *parts;
    struct http *http;
    struct lock_package *package;
    const char *url, *checksum;
    size_t front; /* bytes asked for */
};

struct lock_parts *lock_parts_new(const char *root)
{
    struct lock_parts *p = memory_zalloc(sizeof *p);
    p->root = root;
    return p;
}

void lock_parts_free(struct lock_parts *p)
{
    if (!p)
        return;
    names_free(&p->known);
    arena_free(&p->arena);
    free(p);
}

static struct slice key_of(struct arena *a, const char *url, const char *checksum)
{
    return slice_of(arena_printf(a, "%s\n%s", url, checksum));
}

const struct lock_package *lock_parts_find(const struct lock_parts *p, const char *url,
                                           const char *checksum)
{
    struct arena a = {0};
    const struct lock_package *found = names_find(&p->known, key_of(&a, url, checksum));
    arena_free(&a);
    return found;
}

/* -- from an older lock file */

static bool is_range(struct slice text)
{
    struct slice prefix = SLICE("bytes=");
    struct slice first, last = slice_from(text, prefix.len);
    unsigned long long from, to;
    return slice_starts(text, prefix) && slice_split(&last, '-', &first) &&
           slice_number(first, &from) && slice_number(last, &to) && from <= to;
}

static bool learn_part(struct arena *a, const json_t *package, const char *key, const char *kind,
                       struct lock_part *out)
{
    const json_t *part = json_object_get(package, key);
    struct slice range = json_text(part, "range"), checksum = json_text(part, "checksum");
    *out = (struct lock_part){arena_text(a, range), words_name(a, checksum)};
    return is_range(range) && out->checksum && slice_starts(checksum, slice_of(kind));
}

/* The control part's two hashes must agree, as nothing else is told twice. */
static void learn(struct lock_parts *p, const json_t *from)
{
    struct arena *a = &p->arena;
    struct lock_package package = {.signature = {"", ""}, .known = true};
    const char *url = words_name(a, json_text(from, "url"));
    const char *checksum = words_name(a, json_text(from, "checksum"));
    bool is_signed = json_text(json_object_get(from, "signature"), "range").len != 0;
    if (!url || !checksum || strlen(checksum) < 2 ||
        (is_signed && !learn_part(a, from, "signature", "sha1-", &package.signature)) ||
        !learn_part(a, from, "control", "sha1-", &package.control) ||
        !learn_part(a, from, "data", "sha256-", &package.data) ||
        strcmp(package.control.checksum + strlen("sha1-"), checksum + strlen("Q1")) != 0)
        return;
    void **slot = names_slot(&p->known, key_of(a, url, checksum));
    if (*slot)
        return;
    *slot = arena_new(a, struct lock_package);
    *(struct lock_package *)*slot = package;
}

void lock_parts_learn(struct lock_parts *p, struct slice lock)
{
    struct arena a = {0};
    struct error ignored = {0};
    const json_t *root = json_parse(&a, lock, &ignored), *one;
    size_t i;
    json_array_foreach(json_object_get(json_object_get(root, "contents"), "packages"), i, one)
        learn(p, one);
    arena_free(&a);
}

/* -- from the file itself */

const char *lock_hash_text(struct arena *a, const char *kind, const char *hex)
{
    struct buf bytes = {0}, out = {0};
    for (size_t i = 0; hex[i]; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};
        buf_add_byte(&bytes, (char)strtoul(pair, NULL, 16));
    }
    buf_add_text(&out, kind);
    base64_encode(buf_slice(&bytes), &out);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&bytes);
    buf_free(&out);
    return text;
}

static const char *range_text(struct arena *a, unsigned long long from, unsigned long long end)
{
    return arena_printf(a, "bytes=%llu-%llu", from, end - 1);
}

static void fill(struct asked *q, const struct apk_file *file, unsigned long long size)
{
    struct arena *a = &q->parts->arena;
    struct lock_package *package = q->package;
    size_t data = file->signature + file->control;
    package->signature = (struct lock_part){"", ""};
    if (file->signature)
        package->signature = (struct lock_part){range_text(a, 0, file->signature),
                                                lock_hash_text(a, "sha1-", file->signature_sha1)};
    package->control = (struct lock_part){range_text(a, file->signature, data),
                                          lock_hash_text(a, "sha1-", file->control_sha1)};
    package->data = (struct lock_part){range_text(a, data, size),
                                       lock_hash_text(a, "sha256-", file->data_sha256)};
    package->known = true;
}

static void ask_front(struct asked *q);

/* Look into the front of a file of `size` bytes. */
static void look(struct asked *q, struct slice front, unsigned long long size)
{
    struct apk_file file;
    struct error *e = &q->package->error;
    if (apk_file_read(front, q->checksum, &file, e)) {
        if (size > file.signature + file.control)
            fill(q, &file, size);
        else
            error_set(e, ERROR_REFUSED, "%s: has no data", q->url);
    } else if (error_is_set(e)) {
        error_context(e, "%s", q->url);
    } else if (front.len < size && q->front < MOST_FRONT) {
        q->front *= FRONT_GROWTH;
        ask_front(q);
    } else {
        error_set(e, ERROR_REFUSED, "%s: not the package that the index tells of (%s)", q->url,
                  q->checksum);
    }
}

/* "bytes 0-65535/1234567"; 0 when it does not say. */
static unsigned long long whole_size(const struct response *r)
{
    struct slice range = response_header(r, "content-range");
    unsigned long long size = 0;
    size_t slash = slice_find_byte(range, '/');
    if (!slice_starts(range, SLICE("bytes 0-")) || slash == SLICE_NONE ||
        !slice_number(slice_from(range, slash + 1), &size))
        return 0;
    return size;
}

static void front_done(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *failed)
{
    struct asked *q = arg;
    struct error *e = &q->package->error;
    (void)artefact;
    if (error_is_set(failed)) {
        *e = *failed;
        return;
    }
    unsigned long long size = response->status == 206 ? whole_size(response) : response->body.len;
    if (response->status != 200 && response->status != 206)
        error_set(e, ERROR_UPSTREAM, "%s: the server answered %d", q->url, response->status);
    else if (size < response->body.len || size == 0)
        error_set(e, ERROR_UPSTREAM, "%s: the server does not say how large it is", q->url);
    else
        look(q, response->body, size);
}

static bool is_remote(const char *url)
{
    return strstr(url, "://") != NULL;
}

/* The first bytes of a file; false, and the error set, when it cannot be read. */
static bool read_front(struct asked *q, struct buf *front, unsigned long long *size)
{
    struct buf path = {0};
    char piece[8192];
    size_t count = 1;
    path_join(&path, slice_of(q->parts->root), slice_of(q->url));
    FILE *file = fopen(buf_text(&path), "rb");
    while (file && front->len < q->front && (count = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(front, slice_new(piece, count));
    bool good = file && !ferror(file) && fseek(file, 0, SEEK_END) == 0 && ftell(file) >= 0;
    if (good)
        *size = (unsigned long long)ftell(file);
    else
        error_errno(&q->package->error, ERROR_SYSTEM, "%s cannot be read", q->url);
    if (file)
        fclose(file);
    buf_free(&path);
    return good;
}

static void ask_file(struct asked *q)
{
    struct buf front = {0};
    unsigned long long size;
    if (read_front(q, &front, &size))
        look(q, buf_slice(&front), size);
    buf_free(&front);
}

static void ask_front(struct asked *q)
{
    struct request request = {
        .url = q->url,
        .headers = {{"Range", arena_printf(&q->parts->arena, "bytes=0-%zu", q->front - 1)}},
        .limit = MOST_WHOLE,
        .uncached = true,
    };
    if (is_remote(q->url))
        http_submit(q->http, &request, front_done, q);
    else
        ask_file(q);
}

void lock_parts_ask(struct lock_parts *p, struct http *http, const struct image_state *state)
{
    struct arena *a = &p->arena;
    for (size_t i = 0; i < state->sets.count; i++)
        for (size_t k = 0; k < state->sets.items[i].packages.count; k++) {
            const struct image_package *package = &state->sets.items[i].packages.items[k];
            if (!package->url || !package->checksum)
                continue;
            void **slot = names_slot(&p->known, key_of(a, package->url, package->checksum));
            if (*slot)
                continue;
            struct asked *q = arena_new(a, struct asked);
            *slot = arena_new(a, struct lock_package);
            *q = (struct asked){p,
                                http,
                                *slot,
                                arena_copy(a, package->url),
                                arena_copy(a, package->checksum),
                                LEAST_FRONT};
            ask_front(q);
        }
}
