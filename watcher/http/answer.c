#include "watcher/http/answer.h"

#include "watcher/base/buf.h"

#include <string.h>

enum { SHORTEST_SECRET = 8 }; /* bytes */

struct slice authorization_secret(const char *authorization)
{
    struct slice text = slice_of(authorization);
    size_t blank = slice_find_last_byte(text, ' ');
    if (blank != SLICE_NONE)
        text = slice_from(text, blank + 1);
    return text.len < SHORTEST_SECRET ? slice_of("") : text;
}

const char *request_method(const struct request *request)
{
    return request->method ? request->method : "GET";
}

/* Each field is preceded by its length, so that no two lists of fields give the same text. */
static void add_field(struct buf *out, struct slice field)
{
    buf_addf(out, "%zu:", field.len);
    buf_add(out, field);
}

void answer_key(const struct request *request, const char *url, uint64_t limit,
                char key[ANSWER_KEY])
{
    struct buf text = {0};
    struct hash_result hash;
    add_field(&text, slice_of(request_method(request)));
    add_field(&text, slice_of(url));
    add_field(&text, slice_of(request->credential));
    add_field(&text, request->body);
    add_field(&text, slice_of(request->kind == BODY_ARTEFACT ? "artefact" : ""));
    for (size_t i = 0; i < REQUEST_HEADERS && request->headers[i].name; i++) {
        add_field(&text, slice_of(request->headers[i].name));
        add_field(&text, slice_of(request->headers[i].value));
    }
    buf_addf(&text, "%llu", (unsigned long long)limit);
    hash_bytes(buf_slice(&text), &hash);
    memcpy(key, hash.sha256, ANSWER_KEY);
    buf_free(&text);
}

void headers_write(const struct response *response, struct buf *out)
{
    for (size_t i = 0; i < response->header_count; i++)
        buf_addf(out, "%s: %s\n", response->headers[i].name, response->headers[i].value);
}

static size_t count_lines(struct slice text)
{
    struct slice line;
    size_t count = 0;
    while (slice_line(&text, &line))
        count++;
    return count;
}

void headers_read(struct arena *a, struct slice text, struct response *response)
{
    struct slice line;
    response->headers = arena_array(a, count_lines(text), sizeof *response->headers);
    response->header_count = 0;
    while (slice_line(&text, &line)) {
        size_t colon = slice_find_byte(line, ':');
        if (colon == SLICE_NONE)
            continue;
        response->headers[response->header_count++] = (struct header){
            .name = arena_text(a, slice_first(line, colon)),
            .value = arena_text(a, slice_trim(slice_from(line, colon + 1))),
        };
    }
}

void headers_set(struct arena *a, struct response *response, const char *name, struct slice value)
{
    size_t kept = 0;
    struct header *headers = arena_array(a, response->header_count + 1, sizeof *headers);
    for (size_t i = 0; i < response->header_count; i++)
        if (strcmp(response->headers[i].name, name) != 0)
            headers[kept++] = response->headers[i];
    headers[kept++] = (struct header){arena_copy(a, name), arena_text(a, value)};
    response->headers = headers;
    response->header_count = kept;
}
