#include "watcher/http/partial.h"

#include "watcher/base/timestamp.h"

#include <string.h>

static bool is_strong_tag(struct slice tag)
{
    return tag.len >= 2 && tag.ptr[0] == '"' && tag.ptr[tag.len - 1] == '"';
}

/* A file may change twice within the second that its date tells. */
static bool is_strong_date(struct slice modified, struct slice date)
{
    int64_t changed, answered;
    return timestamp_parse(modified, &changed) && timestamp_parse(date, &answered) &&
           changed < answered;
}

static void take_validator(struct partial *p, const struct response *r)
{
    struct slice tag = response_header(r, "etag");
    struct slice modified = response_header(r, "last-modified");
    struct slice taken = {0};
    if (is_strong_tag(tag))
        taken = tag;
    else if (!tag.len && is_strong_date(modified, response_header(r, "date")))
        taken = modified;
    bool whole = slice_equal_nocase(response_header(r, "accept-ranges"), SLICE("none")) ||
                 response_header(r, "content-encoding").len;
    p->validator[0] = '\0';
    if (whole || taken.len == 0 || taken.len >= sizeof p->validator)
        return;
    memcpy(p->validator, taken.ptr, taken.len);
    p->validator[taken.len] = '\0';
}

void partial_begin(struct partial *p, const struct response *r, bool list)
{
    unsigned long long total = 0;
    partial_drop(p);
    digest_begin(&p->digest, list ? &p->list : NULL);
    if (slice_number(response_header(r, "content-length"), &total))
        p->total = total;
    take_validator(p, r);
}

void partial_add(struct partial *p, struct slice bytes)
{
    digest_add(&p->digest, bytes);
    p->received += bytes.len;
}

bool partial_can_go_on(const struct partial *p)
{
    return p->digest.hash && p->received && p->validator[0] &&
           (!p->total || p->received < p->total);
}

static bool take_number(struct slice *text, char end, unsigned long long *out)
{
    size_t len = slice_find_byte(*text, end);
    if (len == SLICE_NONE || !slice_number(slice_first(*text, len), out))
        return false;
    *text = slice_from(*text, len + 1);
    return true;
}

/* "bytes 1000-1999/2000"; the length may be "*". */
static bool read_range(struct slice text, unsigned long long *first, unsigned long long *last,
                       unsigned long long *total)
{
    *total = 0;
    if (!slice_starts(text, SLICE("bytes ")))
        return false;
    text = slice_from(text, strlen("bytes "));
    if (!take_number(&text, '-', first) || !take_number(&text, '/', last))
        return false;
    return slice_equal(text, SLICE("*")) || (slice_number(text, total) && *last < *total);
}

/* An ETag that came with the first part must come with the second, and be the same. */
static bool is_same_file(const struct partial *p, const struct response *r)
{
    struct slice tag = response_header(r, "etag");
    bool tagged = p->validator[0] == '"';
    return !tagged || (tag.len && slice_is(tag, p->validator));
}

bool partial_goes_on(struct partial *p, const struct response *r)
{
    unsigned long long first, last, total;
    if (!partial_can_go_on(p) || response_header(r, "content-encoding").len ||
        !read_range(response_header(r, "content-range"), &first, &last, &total))
        return false;
    if (first != p->received || last < first || !is_same_file(p, r))
        return false;
    if (total && p->total && total != p->total)
        return false;
    if (!p->total)
        p->total = total;
    return !p->total || last + 1 == p->total;
}

bool partial_is_whole(const struct partial *p)
{
    return !p->total || p->received == p->total;
}

void partial_drop(struct partial *p)
{
    digest_drop(&p->digest);
    buf_free(&p->list.members);
    *p = (struct partial){0};
}
