/* Block scalars given a new value: indicator, comment, indentation and line breaks stay. */
#include "watcher/yaml/change.h"
#include "watcher/yaml/extent.h"
#include "watcher/yaml/scalar.h"

#include <stdint.h>
#include <string.h>

struct body {
    struct block layout;
    struct slice newline;
    bool folded;
};

static bool starts_blank(struct slice line)
{
    return line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
}

static bool has_indicator(const struct change *c, const struct body *b)
{
    for (size_t at = c->scalar->start; at < b->layout.indicator; at++)
        if (is_digit(c->yaml->source.ptr[at]))
            return true;
    return false;
}

static bool is_shown(struct slice line)
{
    struct slice part;
    while (slice_split(&line, '\t', &part))
        if (!scalar_is_visible(part))
            return false;
    return true;
}

/* What cannot stand in this block scalar, whatever is done about line breaks at its end. */
static bool check_lines(const struct change *c, const struct body *b)
{
    struct slice rest = c->value, line;
    for (bool first = true; slice_split(&rest, '\n', &line);) {
        if (!is_shown(line))
            return change_fail(c, "a block scalar cannot hold control or invisible characters");
        if (first && starts_blank(line) && !has_indicator(c, b))
            return change_fail(c, "text that begins with a blank needs an indentation indicator");
        first = first && line.len == 0;
    }
    return true;
}

/* The final line breaks are the indicator's business: `|-` has none, `|` one, `|+` any number. A
 * missing one is added. */
static bool settle_end(struct change *c, const struct body *b)
{
    size_t len = c->value.len, breaks = 0;
    while (breaks < len && c->value.ptr[len - 1 - breaks] == '\n')
        breaks++;
    if (b->layout.chomp == '-' && breaks)
        return change_fail(c, "the indicator '-' allows no line break at the end");
    if (b->layout.chomp == 0 && (breaks > 1 || (breaks == 1 && len == 1)))
        return change_fail(c, "line breaks at the end need the indicator '+'");
    bool ended =
        c->scalar->value.len == 0 || c->scalar->value.ptr[c->scalar->value.len - 1] == '\n';
    if (b->layout.chomp != '-' && breaks == 0 && len && ended)
        c->value = slice_of(arena_printf(c->arena, "%.*s\n", SLICE_ARG(c->value)));
    return true;
}

/* The longest of the empty lines from the body on: as a line of the value it would show blanks. */
static size_t longest_empty(struct slice source, size_t at)
{
    size_t longest = 0;
    for (; at < source.len; at = line_next(source, at)) {
        size_t spaces = count_spaces(source, at);
        if (at + spaces != line_end(source, at))
            break;
        longest = spaces > longest ? spaces : longest;
    }
    return longest;
}

/* Where the old value gives no indentation: two more than the line or list item it stands in. */
static size_t guess_indent(const struct change *c, const struct body *b)
{
    struct slice source = c->yaml->source;
    size_t first = line_start(source, c->scalar->start);
    size_t at = first + count_spaces(source, first);
    while (at + 1 < source.len && source.ptr[at] == '-' && source.ptr[at + 1] == ' ')
        at += 1 + count_spaces(source, at + 1);
    size_t guess = at - first + 2, longest = longest_empty(source, b->layout.body);
    return guess > longest ? guess : longest;
}

static void add_line(struct buf *out, const struct body *b, struct slice line)
{
    if (line.len)
        buf_pad(out, ' ', b->layout.indent);
    buf_add(out, line);
}

static void add_literal(struct buf *out, const struct body *b, struct slice text)
{
    struct slice line;
    while (slice_split(&text, '\n', &line)) {
        add_line(out, b, line);
        if (text.ptr)
            buf_add(out, b->newline);
    }
}

/* Between two lines that begin with no blank one line break is read as a space, so that each run of
 * breaks there is written with one more. */
static void add_folded(struct buf *out, const struct body *b, struct slice text)
{
    struct slice line, last = {0};
    size_t breaks = 0;
    while (slice_split(&text, '\n', &line)) {
        if (line.len) {
            bool folds = last.len && !starts_blank(last) && !starts_blank(line);
            for (size_t i = 0; i < breaks + folds; i++)
                buf_add(out, b->newline);
            add_line(out, b, line);
            last = line;
            breaks = 0;
        }
        breaks += text.ptr != NULL;
    }
    for (size_t i = 0; i < breaks; i++)
        buf_add(out, b->newline);
}

/* The bytes up to the end of the last line that begins both. */
static size_t shared_head(struct slice a, struct slice b)
{
    size_t head = 0;
    for (size_t i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++)
        if (a.ptr[i] == '\n')
            head = i + 1;
    return head;
}

/* The bytes of the whole lines that end both. */
static size_t shared_tail(struct slice a, struct slice b)
{
    size_t tail = 0, i = 0;
    for (; i < a.len && i < b.len && a.ptr[a.len - 1 - i] == b.ptr[b.len - 1 - i]; i++)
        if (i && a.ptr[a.len - 1 - i] == '\n')
            tail = i;
    bool whole_a = i == a.len && (i == b.len || b.ptr[b.len - 1 - i] == '\n');
    bool whole_b = i == b.len && (i == a.len || a.ptr[a.len - 1 - i] == '\n');
    return whole_a || whole_b ? i : tail;
}

static size_t count_lines(struct slice text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len; at = line_next(text, at))
        count++;
    return count;
}

static size_t skip_lines(struct slice source, size_t at, size_t count)
{
    while (count--)
        at = line_next(source, at);
    return at;
}

/* Lines of a literal stand one by one in the file: rewrite only those from the first that changes
 * to the last, so that blanks on empty lines survive elsewhere. */
static void put_literal(const struct change *c, const struct body *b, struct buf *out)
{
    struct slice source = c->yaml->source, old = c->scalar->value, value = c->value;
    size_t start = b->layout.body, end = c->scalar->end;
    struct slice raw = slice_first(slice_from(source, start), end - start);
    size_t lines = count_lines(raw), head = 0, tail = 0;
    if (lines == count_lines(old)) {
        head = shared_head(old, value);
        tail = shared_tail(slice_from(old, head), slice_from(value, head));
    }
    if (tail)
        end = skip_lines(source, start, lines - count_lines(slice_from(old, old.len - tail)));
    start = skip_lines(source, start, count_lines(slice_first(old, head)));
    struct slice middle = slice_first(slice_from(value, head), value.len - head - tail);
    add_literal(out, b, middle);
    struct edit *edit = change_add(c, EDIT_VALUE, start, end, buf_slice(out));
    edit->old_text = arena_text(c->arena, old);
    edit->new_text = arena_text(c->arena, value);
    edit->value_at = head;
    edit->value_len = old.len - head - tail;
    edit->value_new = arena_slice(c->arena, middle);
}

/* Put the lines behind the indicator's line; an empty scalar's file may end on it. */
static void put_lines(const struct change *c, const struct body *b)
{
    struct buf out = {0};
    struct slice source = c->yaml->source;
    bool was_empty = c->scalar->value.len == 0;
    size_t start = b->layout.body;
    if (start == line_end(source, c->scalar->start))
        buf_add(&out, b->newline);
    if (!b->folded && !was_empty) {
        put_literal(c, b, &out);
    } else {
        if (b->folded)
            add_folded(&out, b, c->value);
        else
            add_literal(&out, b, c->value);
        if (was_empty && start < source.len && b->layout.chomp == '-' && c->value.len)
            buf_add(&out, b->newline);
        change_value(c, start, was_empty ? start : c->scalar->end, buf_slice(&out));
    }
    buf_free(&out);
}

bool change_block(struct change *c)
{
    const struct node *node = c->scalar;
    struct body b = {
        .layout = extent_block(c->yaml->source, node->start, node->value),
        .newline = line_break(c->yaml->source, node->start),
        .folded = node->style == STYLE_FOLDED,
    };
    if (!check_lines(c, &b) || !settle_end(c, &b))
        return false;
    if (slice_equal(c->value, node->value))
        return true;
    if (b.layout.indent == SIZE_MAX && has_indicator(c, &b))
        return change_fail(c, "an empty block scalar with an indentation indicator cannot be set");
    if (b.layout.indent == SIZE_MAX)
        b.layout.indent = guess_indent(c, &b);
    put_lines(c, &b);
    return true;
}
