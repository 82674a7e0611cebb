#include "watcher/http/replay.h"

#include "watcher/base/json.h"
#include "watcher/base/memory.h"
#include "watcher/base/timestamp.h"
#include "watcher/http/address.h"
#include "watcher/http/digest.h"
#include "watcher/http/exchange.h"

#include <stdlib.h>
#include <string.h>

/* Where an exchange stands in the file. Only this is kept, so that memory stays flat. */
struct entry {
    char key[ANSWER_KEY];
    off_t offset;
    size_t served; /* in the first of equal keys: how many were answered */
};

struct replay {
    FILE *stream;
    const char *name;
    int64_t recorded;
    struct arena arena;
    VEC(struct entry) entries; /* sorted by key, then by offset */
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

/* Skip blanks; the offset of the next object, -1 at the end. */
static off_t next_object(FILE *stream)
{
    int c = getc(stream);
    while (c != EOF && is_blank((char)c))
        c = getc(stream);
    if (c == EOF)
        return -1;
    ungetc(c, stream);
    return ftello(stream);
}

static json_t *load_object(FILE *stream, json_error_t *why)
{
    return json_loadf(stream, JSON_DISABLE_EOF_CHECK, why);
}

static size_t line_at(FILE *stream, off_t offset)
{
    size_t line = 1;
    rewind(stream);
    for (off_t at = 0; at < offset; at++)
        line += getc(stream) == '\n';
    return line;
}

static bool read_header(struct replay *r, struct error *e)
{
    json_error_t why;
    json_t *header = next_object(r->stream) == 0 ? load_object(r->stream, &why) : NULL;
    bool good = header && json_number(header, "mwatch-recording", 0) == 1 &&
                timestamp_parse(json_text(header, "recorded"), &r->recorded);
    json_decref(header);
    return good || error_set(e, ERROR_USAGE,
                             "%s: is no recording (its first object must be "
                             "{\"mwatch-recording\": 1, \"recorded\": \"...\"})",
                             r->name);
}

static bool add_entry(struct replay *r, const json_t *object, off_t offset, struct error *e)
{
    struct entry entry = {.offset = offset};
    if (!exchange_key(object, entry.key, e)) {
        size_t line = line_at(r->stream, offset);
        return error_context(e, "%s:%zu", r->name, line);
    }
    vec_push(&r->arena, &r->entries, entry);
    return true;
}

static bool index_entries(const struct context *ctx, struct replay *r, struct error *e)
{
    json_error_t why;
    off_t offset;
    while ((offset = next_object(r->stream)) >= 0) {
        json_t *object = load_object(r->stream, &why);
        if (!object && json_error_code(&why) == json_error_premature_end_of_input) {
            log_warning(ctx, "%s:%zu: the last exchange was not written to its end; it is left out",
                        r->name, line_at(r->stream, offset));
            break;
        }
        if (!object) {
            size_t line = line_at(r->stream, offset) + (size_t)(why.line > 0 ? why.line - 1 : 0);
            return error_set(e, ERROR_USAGE, "%s:%zu: %s", r->name, line, why.text);
        }
        bool good = add_entry(r, object, offset, e);
        json_decref(object);
        if (!good)
            return false;
    }
    if (r->entries.count)
        qsort(r->entries.items, r->entries.count, sizeof *r->entries.items, compare_entries);
    return true;
}

struct replay *replay_read(const struct context *ctx, FILE *stream, const char *name,
                           struct error *e)
{
    struct replay *r = memory_zalloc(sizeof *r);
    r->stream = stream;
    r->name = name;
    if (read_header(r, e) && index_entries(ctx, r, e))
        return r;
    replay_close(r);
    return NULL;
}

struct replay *replay_open(const struct context *ctx, const char *path, struct error *e)
{
    FILE *stream = fopen(path, "rbe");
    if (stream)
        return replay_read(ctx, stream, path, e);
    error_errno(e, ERROR_USAGE, "cannot read the recording %s", path);
    return NULL;
}

/* The first entry whose key is not below. */
static size_t find_entry(const struct replay *r, const char *key)
{
    size_t low = 0, high = r->entries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(r->entries.items[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool replay_has(const struct replay *r, const struct request *request)
{
    char key[ANSWER_KEY];
    exchange_key_of(request, key);
    size_t first = find_entry(r, key);
    return first < r->entries.count && strcmp(r->entries.items[first].key, key) == 0;
}

/* The entry to answer a key with, NULL when it was not recorded. */
static const struct entry *take_entry(struct replay *r, const char *key)
{
    size_t low = find_entry(r, key), count = 0;
    while (low + count < r->entries.count && strcmp(r->entries.items[low + count].key, key) == 0)
        count++;
    if (count == 0)
        return NULL;
    struct entry *first = &r->entries.items[low];
    size_t index = first->served < count ? first->served : count - 1;
    first->served++;
    return first + index;
}

/* What was recorded of one kind is wanted as the other: a body can still be hashed. */
static void fit_kind(const struct request *request, struct answer *out, struct error *e)
{
    bool wanted = request->kind == BODY_ARTEFACT && out->response.status / 100 == 2;
    if (error_is_set(&out->error) || wanted == out->hashed)
        return;
    if (out->hashed) {
        error_set(e, ERROR_NETWORK, "it is an artefact's, without its bytes");
        return;
    }
    struct digest digest;
    digest_begin(&digest, NULL);
    digest_add(&digest, out->response.body);
    if (request->sink) {
        request->sink->begin(request->sink->arg);
        request->sink->add(request->sink->arg, out->response.body);
    }
    digest_end(&digest, &out->artefact);
    out->hashed = true;
    out->response.body = (struct slice){0};
}

static bool read_entry(struct replay *r, const struct entry *entry, const struct request *request,
                       struct arena *a, struct answer *out, struct error *e)
{
    json_error_t why;
    json_t *object =
        fseeko(r->stream, entry->offset, SEEK_SET) == 0 ? load_object(r->stream, &why) : NULL;
    if (!object)
        error_set(e, ERROR_NETWORK, "the file was changed meanwhile");
    else if (exchange_read(object, a, out, e))
        fit_kind(request, out, e);
    json_decref(object);
    return !error_is_set(e);
}

void replay_answer(struct replay *r, const struct request *request, struct arena *a,
                   struct answer *out)
{
    char key[ANSWER_KEY];
    struct error e = {0};
    const char *url = address_public(a, request->url);
    exchange_key_of(request, key);
    const struct entry *entry = take_entry(r, key);
    *out = (struct answer){0};
    if (entry && read_entry(r, entry, request, a, out, &e))
        return;
    *out = (struct answer){0};
    if (entry)
        error_set(&out->error, ERROR_NETWORK, "%s: the exchange recorded in %s cannot be used: %s",
                  url, r->name, e.message);
    else
        error_set(&out->error, ERROR_NETWORK,
                  "%s: %s was not recorded in %s (record it with --record)", url,
                  request_method(request), r->name);
}

int64_t replay_recorded_at(const struct replay *r)
{
    return r->recorded;
}

void replay_close(struct replay *r)
{
    if (!r)
        return;
    fclose(r->stream);
    arena_free(&r->arena);
    free(r);
}
