/* One call after another: each waits for its answer, for what is written next depends on it. */
#include "git/github_parts.h"
#include "watcher/base/url.h"
#include "watcher/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { PAGES_MOST = 2000 }; /* of 100 items each: a list without an end ends here */

const char *github_path(const struct forge_session *s, struct arena *a, const char *format, ...)
{
    struct buf path = {0};
    va_list args;
    va_start(args, format);
    buf_addf(&path, "/repos/%s/%s", s->owner, s->name);
    buf_vaddf(&path, format, args);
    va_end(args);
    const char *copy = arena_text(a, buf_slice(&path));
    buf_free(&path);
    return copy;
}

const char *github_escape(struct arena *a, const char *text, bool keep_slash)
{
    struct buf escaped = {0};
    url_escape(&escaped, slice_of(text), keep_slash);
    const char *copy = arena_text(a, buf_slice(&escaped));
    buf_free(&escaped);
    return copy;
}

json_t *github_string(const char *text)
{
    struct slice rest = slice_of(text);
    struct buf valid = {0};
    if (!text)
        return NULL;
    while (rest.len) {
        size_t good = utf8_valid_length(rest);
        buf_add(&valid, slice_first(rest, good));
        if (good < rest.len)
            buf_add_text(&valid, "\xEF\xBF\xBD");
        rest = slice_from(rest, good < rest.len ? good + 1 : good);
    }
    json_t *string = json_stringn(buf_text(&valid), valid.len);
    buf_free(&valid);
    return string;
}

static struct slice dump(struct arena *a, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    struct slice copy = arena_slice(a, slice_of(text));
    free(text);
    json_decref(body);
    return copy;
}

static bool is_read(const char *method)
{
    return strcmp(method, "GET") == 0;
}

/* Always fresh, reads too: this run itself changes what is read. */
static struct request request_of(const struct forge_session *s, struct arena *a,
                                 const struct call *call)
{
    struct request request = {
        .method = call->method,
        .url = call->path[0] == '/' ? arena_printf(a, "%s%s", s->api, call->path) : call->path,
        .headers = {{"Accept", "application/vnd.github+json"},
                    {"X-GitHub-Api-Version", "2022-11-28"}},
        .credential = call->credential ? call->credential : s->credential,
        .uncached = true,
        .harmless = call->harmless,
    };
    if (call->body) {
        request.body = dump(a, call->body);
        request.headers[2] = (struct header){"Content-Type", "application/json"};
    }
    return request;
}

static bool read_body(struct reply *out, struct arena *a, struct error *e)
{
    struct error why = {0};
    out->json = NULL;
    if (slice_empty(out->response.body))
        return true;
    out->json = json_parse(a, out->response.body, &why);
    /* A proxy's error page says enough by its status. */
    if (out->json || out->response.status / 100 != 2)
        return true;
    return error_set(e, ERROR_UPSTREAM, "%s: GitHub's answer is no JSON: %s", out->response.url,
                     why.message);
}

bool github_call(struct forge_session *s, struct arena *a, const struct call *call,
                 struct reply *out, struct error *e)
{
    struct request request = request_of(s, a, call);
    *out = (struct reply){.json = NULL};
    if (!is_read(call->method) && strcmp(request.url, s->graphql) != 0 &&
        !pacer_take(&s->pacer, s->ctx, e))
        return false;
    return http_fetch(s->http, a, &request, &out->response, NULL, e) && read_body(out, a, e);
}

bool github_do(struct forge_session *s, struct arena *a, const struct call *call, const char *what,
               struct reply *out, struct error *e)
{
    if (!github_call(s, a, call, out, e))
        return error_context(e, "GitHub: cannot %s", what);
    return github_is_good(out) || github_fail(out, what, e);
}

static bool same_origin(const char *one, const char *other)
{
    struct url a, b;
    return url_parse(slice_of(one), &a) && url_parse(slice_of(other), &b) &&
           slice_equal_nocase(a.scheme, b.scheme) && slice_equal_nocase(a.host, b.host) &&
           slice_equal(a.port, b.port) && slice_equal(a.user, b.user);
}

/* The next page as Link gives it, NULL after the last: it may stand elsewhere on the server
 * (/repositories/ID/...), but never on another, where the token would follow. */
static bool next_page(const struct forge_session *s, struct arena *a, const struct reply *r,
                      const char **next, struct error *e)
{
    struct slice link = response_next_link(&r->response);
    struct buf target = {0};
    *next = NULL;
    if (slice_empty(link))
        return true;
    bool good =
        url_join(&target, slice_of(r->response.url), link) &&
        (same_origin(buf_text(&target), s->api) || same_origin(buf_text(&target), r->response.url));
    if (good)
        *next = arena_text(a, buf_slice(&target));
    else
        error_set(e, ERROR_REFUSED, "the next page is at another server: %.*s", SLICE_ARG(link));
    buf_free(&target);
    return good;
}

static bool each_item(const struct reply *r, bool (*each)(void *, const json_t *, struct error *),
                      void *arg, bool *more, struct error *e)
{
    const json_t *item;
    size_t index;
    if (!json_is_array(r->json))
        return error_set(e, ERROR_UPSTREAM, "%s: GitHub's answer is no list", r->response.url);
    json_array_foreach(r->json, index, item)
    {
        *more = each(arg, item, e);
        if (!*more)
            break;
    }
    return !error_is_set(e);
}

bool github_pages(struct forge_session *s, const char *path, const char *what,
                  bool (*each)(void *arg, const json_t *item, struct error *e), void *arg,
                  struct error *e)
{
    struct arena kept = {0};
    bool good = true, more = true;
    size_t pages = 0;
    while (good && more && path) {
        struct arena page = {0};
        struct reply r;
        const char *next = NULL;
        good = github_do(s, &page, &(struct call){.method = "GET", .path = path}, what, &r, e);
        good = good && each_item(&r, each, arg, &more, e) && next_page(s, &page, &r, &next, e);
        if (good && ++pages == PAGES_MOST && next)
            good = error_set(e, ERROR_UPSTREAM, "GitHub: cannot %s: the list has no end", what);
        path = arena_copy(&kept, next);
        arena_free(&page);
    }
    arena_free(&kept);
    return good;
}
