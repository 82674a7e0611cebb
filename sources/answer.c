#include "sources/answer.h"

#include "watcher/base/archive.h"
#include "watcher/base/text.h"
#include "watcher/base/url.h"

enum { SHOWN_BYTES = 200 };

bool answer_no_page(const struct response *response, const char *due, struct error *e)
{
    if (file_kind_of(response->body) != FILE_HTML)
        return true;
    return error_set(e, ERROR_UPSTREAM, "the answer is a web page where %s is due", due);
}

json_t *answer_json(const struct response *response, struct arena *a, struct error *e)
{
    if (!answer_no_page(response, "JSON", e))
        return NULL;
    if (slice_empty(slice_trim(response->body))) {
        error_set(e, ERROR_UPSTREAM, "the answer is empty where JSON is due");
        return NULL;
    }
    json_t *root = json_parse(a, response->body, e);
    if (!root)
        error_context(e, "the answer is not JSON");
    return root;
}

const char *answer_shown(struct arena *a, struct slice text)
{
    struct buf shown = {0};
    text_add_visible(&shown, slice_first(text, SHOWN_BYTES));
    if (text.len > SHOWN_BYTES)
        buf_add_text(&shown, "...");
    const char *copy = arena_text(a, buf_slice(&shown));
    buf_free(&shown);
    return copy;
}

const char *answer_web_url(struct arena *a, const char *text)
{
    struct url url;
    if (!url_parse(slice_of(text), &url) || !(slice_equal_nocase(url.scheme, SLICE("https")) ||
                                              slice_equal_nocase(url.scheme, SLICE("http"))))
        return NULL;
    return arena_copy(a, text);
}

/* Scheme, host and port, as far as `text` is a URL. */
static bool same_origin(struct slice text, struct slice other)
{
    struct url a, b;
    return url_parse(text, &a) && url_parse(other, &b) && slice_equal_nocase(a.scheme, b.scheme) &&
           slice_equal_nocase(a.host, b.host) && slice_equal(a.port, b.port) &&
           slice_equal(a.user, b.user);
}

bool answer_follow(const struct response *response, const char *base, const struct page *page,
                   struct slice reference, struct arena *a, struct candidates *out, struct error *e)
{
    struct slice from = slice_of(response->url);
    if (slice_empty(reference))
        return true;
    struct buf target = {0};
    bool ok = url_join(&target, slice_empty(from) ? slice_of(base) : from, reference);
    struct slice url = buf_slice(&target);
    if (!ok || !(same_origin(url, from) || same_origin(url, slice_of(base)))) {
        ok = error_set(e, ERROR_REFUSED, "the next page is at another server: %s",
                       answer_shown(a, reference));
        goto out;
    }
    out->more = true;
    out->next = (struct page){.number = page->number + 1, .cursor = arena_text(a, url)};
out:
    buf_free(&target);
    return ok;
}

bool answer_follow_link(const struct response *response, const char *base, const struct page *page,
                        struct arena *a, struct candidates *out, struct error *e)
{
    return answer_follow(response, base, page, response_next_link(response), a, out, e);
}
