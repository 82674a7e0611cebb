#include "watcher/base/request.h"

struct slice response_header(const struct response *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (slice_is(slice_of(r->headers[i].name), name))
            return slice_of(r->headers[i].value);
    return (struct slice){NULL, 0};
}

/* Take a token or a quoted text off the front; the quotes are left out. */
static struct slice take_value(struct slice *rest)
{
    size_t end = 0;
    if (slice_starts(*rest, SLICE("\""))) {
        struct slice inner = slice_from(*rest, 1);
        while (end < inner.len && inner.ptr[end] != '"')
            end += inner.ptr[end] == '\\' ? 2 : 1;
        *rest = slice_from(inner, end + 1);
        return slice_first(inner, end);
    }
    while (end < rest->len && !is_blank(rest->ptr[end]) && rest->ptr[end] != ';' &&
           rest->ptr[end] != ',')
        end++;
    struct slice value = slice_first(*rest, end);
    *rest = slice_from(*rest, end);
    return value;
}

/* One of the relations in "prev next". */
static bool names_next(struct slice relations)
{
    struct slice one;
    while (slice_split(&relations, ' ', &one))
        if (slice_equal_nocase(slice_trim(one), SLICE("next")))
            return true;
    return false;
}

/* Take the parameters after a link's target off the front. Only the first `rel` counts (RFC 8288,
 * 3.3). */
static bool take_parameters(struct slice *rest)
{
    bool next = false, seen = false;
    for (;;) {
        *rest = slice_trim(*rest);
        if (!slice_starts(*rest, SLICE(";")))
            return next;
        *rest = slice_trim(slice_from(*rest, 1));
        size_t end = 0;
        while (end < rest->len && rest->ptr[end] != '=' && rest->ptr[end] != ';' &&
               rest->ptr[end] != ',')
            end++;
        struct slice name = slice_trim(slice_first(*rest, end));
        *rest = slice_trim(slice_from(*rest, end));
        if (!slice_starts(*rest, SLICE("=")))
            continue;
        *rest = slice_trim(slice_from(*rest, 1));
        struct slice value = take_value(rest);
        bool relation = slice_equal_nocase(name, SLICE("rel"));
        if (relation && !seen)
            next = names_next(value);
        seen |= relation;
    }
}

/* The next target in one Link field: <url>; rel="next", <url>; rel="last". */
static struct slice find_next(struct slice field)
{
    struct slice none = {NULL, 0};
    for (;;) {
        size_t open = slice_find_byte(field, '<');
        if (open == SLICE_NONE)
            return none;
        field = slice_from(field, open + 1);
        size_t close = slice_find_byte(field, '>');
        if (close == SLICE_NONE)
            return none;
        struct slice target = slice_trim(slice_first(field, close));
        field = slice_from(field, close + 1);
        if (take_parameters(&field))
            return target;
    }
}

struct slice response_next_link(const struct response *r)
{
    for (size_t i = 0; i < r->header_count; i++) {
        if (!slice_is(slice_of(r->headers[i].name), "link"))
            continue;
        struct slice target = find_next(slice_of(r->headers[i].value));
        if (target.len)
            return target;
    }
    return (struct slice){NULL, 0};
}
