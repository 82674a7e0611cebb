#include "watcher/yaml/change.h"
#include "watcher/yaml/extent.h"
#include "watcher/yaml/scalar.h"

/* Where a comment may begin: behind the value, or behind a block scalar's indicator. In a flow
 * collection what closes it may stand between. */
static size_t after_value(const struct yaml *y, const struct node *scalar)
{
    size_t at = scalar->end;
    if (scalar->style == STYLE_LITERAL || scalar->style == STYLE_FOLDED)
        return extent_block(y->source, scalar->start, scalar->value).indicator;
    if (!scalar->flow)
        return at;
    for (size_t next = at; next < y->source.len;) {
        char c = y->source.ptr[next];
        if (c != ',' && c != ']' && c != '}')
            break;
        at = next + 1;
        next = skip_blanks(y->source, at);
    }
    return at;
}

/* The text with its `#`, nothing for nothing. */
static void write_comment(struct buf *out, struct slice text)
{
    text = slice_trim(text);
    if (text.len == 0)
        return;
    if (text.ptr[0] != '#')
        buf_add_text(out, "# ");
    buf_add(out, text);
}

/* Put the edit: `from` is where the blanks before the comment begin, `at` the comment, `end` the
 * line's end. Blanks stay unless the comment goes away. */
static void put_comment(struct change *c, size_t from, size_t at, size_t end, struct buf *text)
{
    struct slice old = slice_first(slice_from(c->yaml->source, at), end - at);
    if (slice_equal(old, buf_slice(text)))
        return;
    struct buf bytes = {0};
    bool removed = text->len == 0;
    if (!removed && from == at)
        buf_add_byte(&bytes, ' ');
    buf_add(&bytes, buf_slice(text));
    struct edit *edit = change_add(c, EDIT_COMMENT, removed ? from : at, end, buf_slice(&bytes));
    edit->path = arena_printf(c->arena, "line %zu", c->scalar->line);
    edit->old_text = arena_text(c->arena, old);
    edit->new_text = arena_text(c->arena, buf_slice(text));
    buf_free(&bytes);
}

bool edit_comment(struct arena *a, struct edits *edits, const struct yaml *y,
                  const struct node *scalar, struct slice comment, struct error *e)
{
    struct change c = {a, edits, y, scalar, "comment", comment, false, e};
    if (scalar->kind != NODE_SCALAR)
        return change_fail(&c, "only a single value has a comment of its own");
    if (!scalar_is_visible(comment))
        return change_fail(&c, "cannot hold line breaks, control or invisible characters");
    size_t from = after_value(y, scalar), at = skip_blanks(y->source, from);
    size_t end = line_end(y->source, from);
    if (at < end && (y->source.ptr[at] != '#' || at == from))
        return change_fail(&c, "something else follows on the line");
    struct buf text = {0};
    write_comment(&text, comment);
    put_comment(&c, from, at, end, &text);
    buf_free(&text);
    return true;
}
