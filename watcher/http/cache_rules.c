#include "watcher/base/buf.h"
#include "watcher/base/url.h"
#include "watcher/http/cache.h"

#include <string.h>

/* True when a comma-separated header has the directive, with or without a value. */
static bool has_directive(struct slice header, const char *name)
{
    struct slice part;
    while (slice_split(&header, ',', &part)) {
        size_t equals = slice_find_byte(part, '=');
        if (slice_equal_nocase(slice_trim(slice_first(part, equals)), slice_of(name)))
            return true;
    }
    return false;
}

/* The same over all headers of that name. */
static bool any_has_directive(const struct response *r, const char *header, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (strcmp(r->headers[i].name, header) == 0 &&
            has_directive(slice_of(r->headers[i].value), name))
            return true;
    return false;
}

static bool is_public(const char *url)
{
    struct buf shown = {0};
    url_add_public(&shown, slice_of(url));
    bool same = slice_is(buf_slice(&shown), url);
    buf_free(&shown);
    return same;
}

bool cache_may_keep(const struct request *request, const struct response *response)
{
    return !request->uncached && !request->secret && request->kind == BODY_MEMORY &&
           strcmp(request_method(request), "GET") == 0 && response->status == 200 &&
           (response->body.len <= CACHE_BODY_MOST || response->body.len <= request->keep) &&
           (response_header(response, "etag").len ||
            response_header(response, "last-modified").len) &&
           !any_has_directive(response, "cache-control", "no-store") &&
           !any_has_directive(response, "vary", "*") && is_public(request->url) &&
           is_public(response->url);
}
