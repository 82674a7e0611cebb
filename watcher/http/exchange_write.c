#include "watcher/http/exchange.h"

#include "watcher/base/url.h"

#include <stdlib.h>
#include <string.h>

/* The headers that adapters or the engine look at, beside x-ratelimit-*. */
static const char *const kept_headers[] = {
    "content-type", "date", "etag", "last-modified", "link", "location", "retry-after", NULL,
};

static bool keeps_header(const char *name)
{
    if (slice_starts(slice_of(name), SLICE("x-ratelimit-")))
        return true;
    for (const char *const *kept = kept_headers; *kept; kept++)
        if (strcmp(*kept, name) == 0)
            return true;
    return false;
}

/* Add text with every secret in it as "***". */
static void add_hidden(struct buf *out, struct slice text, secrets hidden)
{
    while (text.len) {
        size_t first = text.len, length = 0;
        for (const char *const *s = hidden; s && *s; s++) {
            size_t at = slice_find(text, slice_of(*s));
            if (at < first) {
                first = at;
                length = strlen(*s);
            }
        }
        buf_add(out, slice_first(text, first));
        if (length)
            buf_add_text(out, "***");
        text = slice_from(text, first + length);
    }
}

/* A JSON string without secrets; NULL when the text is not UTF-8. */
static json_t *string_of(struct slice text, secrets hidden)
{
    struct buf shown = {0};
    add_hidden(&shown, text, hidden);
    json_t *string = json_stringn(buf_text(&shown), shown.len);
    buf_free(&shown);
    return string;
}

static json_t *url_of(const char *url, secrets hidden)
{
    struct buf shown = {0};
    url_add_public(&shown, slice_of(url));
    json_t *string = string_of(buf_slice(&shown), hidden);
    buf_free(&shown);
    return string ? string : json_string("");
}

/* Lines joined by "\n" give the body back; NULL when it is not text. */
static json_t *lines_of(struct slice body)
{
    json_t *lines = json_array();
    struct slice line;
    if (body.len && memchr(body.ptr, '\0', body.len)) {
        json_decref(lines);
        return NULL;
    }
    if (body.len == 0)
        return lines;
    while (slice_split(&body, '\n', &line)) {
        json_t *string = json_stringn(line.ptr, line.len);
        if (!string) {
            json_decref(lines);
            return NULL;
        }
        json_array_append_new(lines, string);
    }
    return lines;
}

static void set_body(json_t *object, struct slice body, secrets hidden)
{
    struct buf shown = {0}, encoded = {0};
    add_hidden(&shown, body, hidden);
    json_t *lines = lines_of(buf_slice(&shown));
    if (lines) {
        json_object_set_new(object, "body", lines);
    } else {
        base64_encode(buf_slice(&shown), &encoded);
        json_object_set_new(object, "base64", json_stringn(buf_text(&encoded), encoded.len));
    }
    buf_free(&shown);
    buf_free(&encoded);
}

/* Link and Location hold addresses, which are written in their public form. */
static json_t *header_of(const struct header *header, secrets hidden)
{
    struct slice value = slice_of(header->value);
    if (strcmp(header->name, "location") == 0)
        return url_of(header->value, hidden);
    struct buf shown = {0};
    while (strcmp(header->name, "link") == 0 && slice_contains(value, SLICE("<"))) {
        size_t open = slice_find_byte(value, '<') + 1;
        buf_add(&shown, slice_first(value, open));
        value = slice_from(value, open);
        size_t close = slice_find_byte(value, '>');
        url_add_public(&shown, slice_first(value, close));
        value = slice_from(value, close);
    }
    buf_add(&shown, value);
    json_t *string = string_of(buf_slice(&shown), hidden);
    buf_free(&shown);
    return string;
}

/* Headers of one name are joined as RFC 9110 (5.3) has it. */
static void set_header(json_t *headers, const struct header *header, secrets hidden)
{
    json_t *value = header_of(header, hidden);
    const char *before = json_string_value(json_object_get(headers, header->name));
    if (!value)
        return; /* not UTF-8: nothing that an adapter could use */
    if (before) {
        json_t *joined = json_sprintf("%s, %s", before, json_string_value(value));
        json_decref(value);
        value = joined;
    }
    json_object_set_new(headers, header->name, value);
}

/* The length says something only where there is no body. */
static json_t *headers_of(const struct request *request, const struct response *r, secrets hidden)
{
    json_t *headers = json_object();
    bool head = strcmp(request_method(request), "HEAD") == 0;
    for (size_t i = 0; i < r->header_count; i++)
        if (keeps_header(r->headers[i].name) ||
            (head && strcmp(r->headers[i].name, "content-length") == 0))
            set_header(headers, &r->headers[i], hidden);
    return headers;
}

static json_t *artefact_of(const struct answer *answer, secrets hidden)
{
    const struct artefact_result *a = &answer->artefact;
    json_t *object =
        json_pack("{s:I, s:s}", "size", (json_int_t)a->hash.size, "sha256", a->hash.sha256);
    if (*a->hash.sha512)
        json_object_set_new(object, "sha512", json_string(a->hash.sha512));
    json_object_set_new(object, "kind", json_string(file_kind_name(a->kind)));
    json_object_set_new(object, "intact", json_boolean(a->intact));
    json_t *reason = a->intact ? NULL : string_of(slice_of(a->reason), hidden);
    if (reason)
        json_object_set_new(object, "reason", reason);
    json_object_set_new(object, "final-url", url_of(answer->response.url, hidden));
    return object;
}

static json_t *request_of(const struct request *request, secrets hidden)
{
    json_t *object = json_object();
    json_object_set_new(object, "method", json_string(request_method(request)));
    json_object_set_new(object, "url", url_of(request->url, hidden));
    if (request->body.len)
        set_body(object, request->body, hidden);
    return object;
}

static json_t *response_of(const struct request *request, const struct answer *answer,
                           secrets hidden)
{
    const struct response *r = &answer->response;
    json_t *object = json_object();
    json_object_set_new(object, "status", json_integer(r->status));
    if (!answer->hashed && strcmp(r->url, request->url) != 0)
        json_object_set_new(object, "final-url", url_of(r->url, hidden));
    json_object_set_new(object, "headers", headers_of(request, r, hidden));
    if (answer->hashed)
        json_object_set_new(object, "artefact", artefact_of(answer, hidden));
    else
        set_body(object, r->body, hidden);
    return object;
}

static void set_error(json_t *object, const struct error *error, secrets hidden)
{
    json_t *text = string_of(slice_of(error->message), hidden);
    json_object_set_new(object, "error", text ? text : json_string("no answer"));
    json_object_set_new(object, "code",
                        json_string(error->code == ERROR_REFUSED ? "refused" : "network"));
}

void exchange_write(const struct request *request, const struct answer *answer, secrets hidden,
                    struct buf *out)
{
    json_t *object = json_object();
    json_object_set_new(object, "request", request_of(request, hidden));
    if (error_is_set(&answer->error))
        set_error(object, &answer->error, hidden);
    else
        json_object_set_new(object, "response", response_of(request, answer, hidden));
    char *text = json_dumps(object, JSON_INDENT(2));
    buf_add_text(out, text);
    buf_add_byte(out, '\n');
    free(text);
    json_decref(object);
}
