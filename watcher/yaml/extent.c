#include "watcher/yaml/extent.h"

#include <stdint.h>

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

size_t line_start(struct slice source, size_t at)
{
    while (at > 0 && !is_break(source.ptr[at - 1]))
        at--;
    bool marked = at == 0 && slice_starts(source, SLICE(BYTE_ORDER_MARK));
    return marked ? sizeof BYTE_ORDER_MARK - 1 : at;
}

size_t line_end(struct slice source, size_t at)
{
    while (at < source.len && !is_break(source.ptr[at]))
        at++;
    return at;
}

struct slice line_break(struct slice source, size_t at)
{
    at = line_end(source, at);
    if (at == source.len)
        return SLICE("\n");
    bool pair = source.ptr[at] == '\r' && at + 1 < source.len && source.ptr[at + 1] == '\n';
    return slice_new(source.ptr + at, pair ? 2 : 1);
}

size_t line_next(struct slice source, size_t at)
{
    at = line_end(source, at);
    return at == source.len ? at : at + line_break(source, at).len;
}

size_t count_spaces(struct slice source, size_t at)
{
    size_t count = 0;
    while (at + count < source.len && source.ptr[at + count] == ' ')
        count++;
    return count;
}

size_t skip_blanks(struct slice source, size_t at)
{
    while (at < source.len && (source.ptr[at] == ' ' || source.ptr[at] == '\t'))
        at++;
    return at;
}

/* The byte after an anchor (&name, of the characters libyaml allows) or a tag (!name, !<uri>). */
static size_t skip_property(struct slice source, size_t at, size_t end)
{
    bool anchor = source.ptr[at] == '&';
    bool verbatim = !anchor && at + 1 < end && source.ptr[at + 1] == '<';
    for (at++; at < end && !is_blank(source.ptr[at]); at++) {
        char c = source.ptr[at];
        if (anchor && !is_letter(c) && !is_digit(c) && c != '_' && c != '-')
            break;
        if (verbatim && c == '>')
            return at + 1;
        if (!anchor && !verbatim && c == ',')
            break;
    }
    return at;
}

size_t extent_content(struct slice source, size_t start, size_t end)
{
    size_t at = start;
    while (at < end) {
        char c = source.ptr[at];
        if (c == '&' || c == '!')
            at = skip_property(source, at, end);
        else if (c == '#')
            at = line_end(source, at);
        else if (is_blank(c))
            at++;
        else
            break;
    }
    return at < end ? at : end;
}

/* The blanks before the first line that has more than blanks; SIZE_MAX when there is none. */
static size_t first_indent(struct slice text)
{
    for (size_t at = 0; at < text.len; at = line_next(text, at)) {
        size_t spaces = count_spaces(text, at);
        if (at + spaces < text.len && !is_break(text.ptr[at + spaces]))
            return spaces;
    }
    return SIZE_MAX;
}

struct block extent_block(struct slice source, size_t start, struct slice value)
{
    struct block b = {.indicator = start, .indent = SIZE_MAX};
    if (start < source.len)
        b.indicator++;
    while (b.indicator < source.len) {
        char c = source.ptr[b.indicator];
        if (c == '+' || c == '-')
            b.chomp = c;
        else if (!is_digit(c))
            break;
        b.indicator++;
    }
    b.body = line_next(source, start);
    /* With an explicit indentation the first line may begin with blanks of its own: only those that
     * did not reach the value are indentation. */
    size_t inner = first_indent(value);
    size_t outer = inner == SIZE_MAX ? inner : first_indent(slice_from(source, b.body));
    if (outer != SIZE_MAX && outer >= inner)
        b.indent = outer - inner;
    return b;
}

/* Is the line before `at` nothing but indentation? */
static bool is_empty_line(struct slice source, size_t first, size_t at, size_t indent)
{
    size_t spaces = count_spaces(source, first);
    return spaces <= indent && first + spaces < at && is_break(source.ptr[first + spaces]);
}

static size_t before_break(struct slice source, size_t at)
{
    if (at > 0 && source.ptr[at - 1] == '\n')
        at--;
    if (at > 0 && source.ptr[at - 1] == '\r')
        at--;
    return at;
}

size_t extent_block_end(struct slice source, size_t start, size_t limit, struct slice value)
{
    struct block b = extent_block(source, start, value);
    if (value.len == 0)
        return b.indicator;
    if (b.chomp == '+' || b.indent == SIZE_MAX)
        return limit;
    while (limit > b.body) {
        size_t first = line_start(source, before_break(source, limit));
        if (!is_empty_line(source, first, limit, b.indent))
            break;
        limit = first;
    }
    return b.chomp == '-' ? before_break(source, limit) : limit;
}
