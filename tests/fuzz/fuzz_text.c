/* The first line is one text, the rest another: everything that upstream writes and people read
 * goes over them. What is shown must be visible, what is joined must be a URL, what was read as a
 * time must be the same when written and read again. */
#include "watcher/base/request.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/base/url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool good)
{
    if (!good)
        abort();
}

static void show(struct slice text)
{
    struct buf visible = {0}, cut = {0};
    text_add_visible(&visible, text);
    require(text_is_visible(buf_slice(&visible)));
    require(text_is_visible(text) == slice_equal(buf_slice(&visible), text));
    text_add_cut(&cut, text, 20);
    require(text_width(buf_slice(&cut)) <= 20);
    buf_free(&visible);
    buf_free(&cut);
}

static void tell_time(struct slice text)
{
    int64_t time = 0, again = -1;
    struct buf written = {0};
    if (timestamp_parse(text, &time)) {
        timestamp_add(&written, time);
        require(timestamp_parse(buf_slice(&written), &again) && again == time);
    }
    duration_parse(text, &again);
    buf_free(&written);
}

static void locate(struct slice base, struct slice reference)
{
    struct buf joined = {0}, public = {0}, plain = {0};
    struct url u, v;
    bool absolute = url_parse(base, &u);
    require(url_join(&joined, base, reference) == absolute);
    if (absolute && url_parse(buf_slice(&joined), &v) && !slice_contains(reference, SLICE(":")))
        require(slice_equal(u.scheme, v.scheme));
    url_add_public(&public, base);
    require(!absolute || (url_parse(buf_slice(&public), &v) && v.user.len == 0));
    url_unescape(&plain, reference);
    buf_free(&joined);
    buf_free(&public);
    buf_free(&plain);
}

static void follow(struct slice text)
{
    struct buf value = {0};
    size_t end = slice_find_byte(text, '\0');
    buf_add(&value, slice_first(text, end));
    struct header header = {"link", buf_text(&value)};
    struct response r = {.headers = &header, .header_count = 1};
    struct slice next = response_next_link(&r);
    require(!next.len || (next.ptr > header.value && next.ptr[-1] != '\0'));
    buf_free(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const words[] = {"source", "tag-filter", "strip-prefix", NULL};
    struct slice rest = slice_new((const char *)data, size), first;
    if (!slice_split(&rest, '\n', &first))
        return 0;
    show(first);
    show(rest);
    tell_time(first);
    locate(first, rest);
    follow(rest);
    text_nearest(first, words);
    return 0;
}
