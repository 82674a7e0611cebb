#include "watcher/http/transfer.h"

#include "watcher/base/memory.h"
#include "watcher/http/address.h"
#include "watcher/http/failure.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADERS_MOST = 256 * 1024, /* bytes of header lines, those of 1xx answers counted */
    DISCARD_MOST = 64 * 1024,  /* bytes of a body nobody wants before the connection is given up */
};

struct transfer {
    CURL *easy;
    void *owner;
    struct order order;
    bool under_way;
    struct curl_slist *lines; /* request headers */
    char detail[CURL_ERROR_SIZE];
    enum stop stop;
    struct arena arena; /* response headers and URL */
    VEC(struct header) headers;
    size_t header_bytes;
    uint64_t received; /* bytes of body, after decoding */
    struct buf body;
    bool begun; /* the artefact's bytes are coming */
};

struct transfer *transfer_new(void)
{
    struct transfer *t = memory_zalloc(sizeof *t);
    t->easy = curl_easy_init();
    if (!t->easy)
        memory_exhausted(); /* nothing else can be missing */
    return t;
}

void *transfer_owner(const struct transfer *t)
{
    return t->owner;
}

struct transfer *transfer_of(CURL *easy)
{
    struct transfer *t = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
    return t;
}

static long status_of(const struct transfer *t)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static bool is_file(const struct transfer *t)
{
    return strcmp(t->order.scheme, "file") == 0;
}

static bool is_artefact(const struct transfer *t)
{
    return t->order.request->kind == BODY_ARTEFACT;
}

/* An answer's first line; whatever came before belonged to a 1xx answer. */
static bool is_status_line(struct slice line)
{
    return slice_starts(line, SLICE("HTTP/"));
}

static void add_header(struct transfer *t, struct slice line)
{
    size_t colon = slice_find_byte(line, ':');
    if (colon == SLICE_NONE || colon == 0 || is_blank(line.ptr[0]))
        return;
    /* A cookie is never sent back, so it is never kept either. */
    if (slice_equal_nocase(slice_first(line, colon), SLICE("set-cookie")))
        return;
    char *name = arena_alloc(&t->arena, colon + 1);
    for (size_t i = 0; i < colon; i++)
        name[i] = to_lower(line.ptr[i]);
    struct header *header = vec_add(&t->arena, &t->headers);
    header->name = name;
    header->value = arena_text(&t->arena, slice_trim(slice_from(line, colon + 1)));
}

static size_t take_header(char *ptr, size_t size, size_t count, void *arg)
{
    struct transfer *t = arg;
    struct slice line = slice_new(ptr, size * count);
    t->header_bytes += line.len;
    if (t->header_bytes > HEADERS_MOST) {
        t->stop = STOP_HEADERS;
        return 0;
    }
    if (is_status_line(line))
        t->headers.count = 0;
    else if (t->received == 0) /* later ones are trailers, which nobody asked for */
        add_header(t, slice_trim(line));
    return line.len;
}

/* Redirects' bodies are never looked at, nor are those of errors where a file was wanted. */
static bool is_unwanted(const struct transfer *t)
{
    long status = status_of(t);
    return (status >= 300 && status < 400) || (is_artefact(t) && status != 0 && status / 100 != 2);
}

/* True when more has come, or is announced, than may. What is announced may be compressed, but not
 * to more than it is. */
static bool is_too_large(const struct transfer *t)
{
    curl_off_t announced = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    return t->received > t->order.limit || (announced > 0 && (uint64_t)announced > t->order.limit);
}

static struct response head_of(const struct transfer *t)
{
    return (struct response){
        .status = (int)status_of(t), .headers = t->headers.items, .header_count = t->headers.count};
}

/* The first bytes of an artefact are there: they are its beginning, or the rest that was asked for.
 * A part that does not fit ends this try; the next one begins from nothing. */
static bool begin_artefact(struct transfer *t)
{
    struct partial *p = t->order.partial;
    struct response head = head_of(t);
    t->begun = true;
    if (head.status != 206) {
        partial_begin(p, &head, t->order.list);
        if (t->order.request->sink)
            t->order.request->sink->begin(t->order.request->sink->arg);
    } else if (partial_goes_on(p, &head)) {
        t->received = p->received;
    } else {
        partial_drop(p);
        return false;
    }
    return true;
}

static void take_artefact(struct transfer *t, struct slice bytes)
{
    const struct sink *sink = t->order.request->sink;
    partial_add(t->order.partial, bytes);
    if (sink)
        sink->add(sink->arg, bytes);
}

static size_t take_body(char *ptr, size_t size, size_t count, void *arg)
{
    struct transfer *t = arg;
    struct slice bytes = slice_new(ptr, size * count);
    bool unwanted = is_unwanted(t), hashed = !unwanted && is_artefact(t);
    if (hashed && !t->begun && !begin_artefact(t))
        t->stop = STOP_RANGE;
    t->received += bytes.len;
    if (unwanted && t->received > DISCARD_MOST)
        t->stop = STOP_ENOUGH;
    else if (!unwanted && is_too_large(t))
        t->stop = STOP_LIMIT;
    if (t->stop != STOP_NONE)
        return 0;
    if (hashed)
        take_artefact(t, bytes);
    else if (!unwanted)
        buf_add(&t->body, bytes);
    return bytes.len;
}

static void set_receivers(struct transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->detail);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
}

bool transfer_start(struct transfer *t, CURLM *multi, const struct order *order, void *owner)
{
    transfer_reset(t, multi);
    t->order = *order;
    t->order.authorization = arena_copy(&t->arena, order->authorization);
    t->owner = owner;
    set_receivers(t);
    t->lines = order_apply(t->easy, order);
    t->under_way = curl_multi_add_handle(multi, t->easy) == CURLM_OK;
    return t->under_way;
}

/* The status; a file has none, so it gets the one a server would give. */
static int answer_status(const struct transfer *t, CURLcode code)
{
    if (!is_file(t))
        return (int)status_of(t);
    return code == CURLE_OK ? 200 : 404;
}

static bool is_answer(const struct transfer *t, CURLcode code)
{
    return code == CURLE_OK || (code == CURLE_WRITE_ERROR && t->stop == STOP_ENOUGH) ||
           (code == CURLE_FILE_COULDNT_READ_FILE && is_file(t));
}

/* An empty file has no first bytes; a whole one is as long as was announced. */
static CURLcode end_artefact(struct transfer *t)
{
    struct partial *p = t->order.partial;
    if (!t->begun && !begin_artefact(t)) {
        t->stop = STOP_RANGE;
        return CURLE_WRITE_ERROR;
    }
    return partial_is_whole(p) ? CURLE_OK : CURLE_PARTIAL_FILE;
}

/* A server may say what it was given, and what it says gets into messages. */
static void hide_secret(struct transfer *t)
{
    struct slice secret = authorization_secret(t->order.authorization), rest = buf_slice(&t->body);
    size_t at;
    if (!secret.len)
        return;
    for (; (at = slice_find(rest, secret)) != SLICE_NONE; rest = slice_from(rest, at + secret.len))
        memset(t->body.ptr + (rest.ptr - t->body.ptr) + at, '*', secret.len);
}

void transfer_finish(struct transfer *t, CURLM *multi, CURLcode code, struct answer *answer,
                     struct failure *failure)
{
    curl_multi_remove_handle(multi, t->easy);
    t->under_way = false;
    *failure = (struct failure){0};
    *answer = (struct answer){0};
    bool hashed = is_artefact(t) && answer_status(t, code) / 100 == 2;
    if (code == CURLE_OK && hashed)
        code = end_artefact(t);
    if (!is_answer(t, code)) {
        const char *shown = address_public(&t->arena, t->order.url);
        struct failed_try failed = {t->easy, code, t->stop, t->detail, t->order.limit};
        *failure = failure_judge(&failed, shown, &answer->error);
        return;
    }
    hide_secret(t);
    answer->response = (struct response){
        .status = answer_status(t, code),
        .url = arena_copy(&t->arena, t->order.url),
        .headers = t->headers.items,
        .header_count = t->headers.count,
        .body = buf_slice(&t->body),
    };
    answer->hashed = hashed;
    if (hashed) {
        answer->response.status = 200; /* all of it came, in whatever parts */
        digest_end(&t->order.partial->digest, &answer->artefact);
    }
}

unsigned long long transfer_bytes(const struct transfer *t)
{
    curl_off_t bytes = 0;
    curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    return bytes > 0 ? (unsigned long long)bytes : 0;
}

void transfer_reset(struct transfer *t, CURLM *multi)
{
    if (t->under_way)
        curl_multi_remove_handle(multi, t->easy);
    curl_easy_reset(t->easy);
    curl_slist_free_all(t->lines);
    buf_free(&t->body);
    arena_free(&t->arena);
    *t = (struct transfer){.easy = t->easy};
}

void transfer_free(struct transfer *t)
{
    if (!t)
        return;
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->lines);
    buf_free(&t->body);
    arena_free(&t->arena);
    free(t);
}

const char *transfer_authorization(const struct transfer *t)
{
    return t->order.authorization;
}
