#include "watcher/http/exchange.h"

#include "watcher/base/url.h"

#include <string.h>

/* The bytes of "body" or "base64"; false when they are not what exchange_write makes. */
static bool read_body(const json_t *object, struct buf *out)
{
    const json_t *lines = json_object_get(object, "body");
    if (!lines)
        return base64_decode(json_text(object, "base64"), out);
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        if (!json_is_string(line))
            return false;
        if (i > 0)
            buf_add_byte(out, '\n');
        buf_add(out, slice_new(json_string_value(line), json_string_length(line)));
    }
    return json_is_array(lines);
}

static void make_key(struct slice method, struct slice url, struct slice body, char key[ANSWER_KEY])
{
    struct buf text = {0};
    struct hash_result hash;
    buf_addf(&text, "%.*s %.*s\n", SLICE_ARG(method), SLICE_ARG(url));
    buf_add(&text, body);
    hash_bytes(buf_slice(&text), &hash);
    memcpy(key, hash.sha256, ANSWER_KEY);
    buf_free(&text);
}

void exchange_key_of(const struct request *request, char key[ANSWER_KEY])
{
    struct buf url = {0};
    url_add_public(&url, slice_of(request->url));
    make_key(slice_of(request_method(request)), buf_slice(&url), request->body, key);
    buf_free(&url);
}

bool exchange_key(const json_t *object, char key[ANSWER_KEY], struct error *e)
{
    const json_t *request = json_object_get(object, "request");
    struct slice method = json_text(request, "method"), url = json_text(request, "url");
    struct buf body = {0};
    if (!url.len)
        return error_set(e, ERROR_USAGE, "an exchange must have a request with a url");
    if (!json_object_get(object, "response") && !json_object_get(object, "error"))
        return error_set(e, ERROR_USAGE, "an exchange must have a response or an error");
    if (!read_body(request, &body))
        error_set(e, ERROR_USAGE, "the request's body must be an array of lines or base64");
    else
        make_key(method.len ? method : SLICE("GET"), url, buf_slice(&body), key);
    buf_free(&body);
    return !error_is_set(e);
}

static void read_headers(json_t *object, struct arena *a, struct response *r)
{
    const char *name;
    json_t *value;
    r->headers = arena_array(a, json_object_size(object), sizeof *r->headers);
    json_object_foreach(object, name, value) if (json_is_string(value))
        r->headers[r->header_count++] =
        (struct header){arena_copy(a, name), arena_copy(a, json_string_value(value))};
}

static enum file_kind read_kind(struct slice name)
{
    for (int kind = FILE_OTHER; kind <= FILE_JSON; kind++)
        if (slice_is(name, file_kind_name(kind)))
            return kind;
    return FILE_OTHER;
}

static bool copy_hash(char *out, const json_t *object, const char *key, size_t length)
{
    struct slice hex = json_text(object, key);
    if (hex.len != length || !slice_all_hex(hex))
        return false;
    memcpy(out, hex.ptr, length);
    out[length] = '\0';
    return true;
}

/* A recording written by hand may know an artefact by its SHA-256 alone: size 0 and an empty
 * SHA-512 mean "not known". */
static bool read_artefact(const json_t *object, struct artefact_result *out)
{
    struct slice reason = slice_first(json_text(object, "reason"), sizeof out->reason - 1);
    out->hash.size = (unsigned long long)json_number(object, "size", 0);
    out->kind = read_kind(json_text(object, "kind"));
    out->intact = json_flag(object, "intact");
    if (reason.len)
        memcpy(out->reason, reason.ptr, reason.len);
    bool has_512 = json_object_get(object, "sha512") != NULL;
    return copy_hash(out->hash.sha256, object, "sha256", SHA256_HEX) &&
           (!has_512 || copy_hash(out->hash.sha512, object, "sha512", SHA512_HEX));
}

static bool read_response(const json_t *object, const char *asked, struct arena *a,
                          struct answer *out, struct error *e)
{
    const json_t *artefact = json_object_get(object, "artefact");
    struct response *r = &out->response;
    struct buf body = {0};
    struct slice url = json_text(artefact ? artefact : object, "final-url");
    r->status = (int)json_number(object, "status", 200);
    r->url = url.len ? arena_text(a, url) : arena_copy(a, asked);
    read_headers(json_object_get(object, "headers"), a, r);
    out->hashed = artefact != NULL;
    if (!artefact && !read_body(object, &body))
        error_set(e, ERROR_USAGE, "the response's body must be an array of lines or base64");
    if (artefact && !read_artefact(artefact, &out->artefact))
        error_set(e, ERROR_USAGE, "an artefact must have its sha256 in hex, and its sha512 if any");
    r->body = arena_slice(a, buf_slice(&body));
    buf_free(&body);
    return !error_is_set(e);
}

bool exchange_read(const json_t *object, struct arena *a, struct answer *out, struct error *e)
{
    const char *message = json_string_at(object, "error");
    *out = (struct answer){0};
    if (!message)
        return read_response(json_object_get(object, "response"),
                             json_string_at(json_object_get(object, "request"), "url"), a, out, e);
    bool refused = slice_is(json_text(object, "code"), "refused");
    error_set(&out->error, refused ? ERROR_REFUSED : ERROR_NETWORK, "%s", message);
    return true;
}
