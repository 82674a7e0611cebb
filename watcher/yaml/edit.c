#include "watcher/yaml/change.h"
#include "watcher/yaml/extent.h"
#include "watcher/yaml/scalar.h"

bool change_fail(const struct change *c, const char *message)
{
    const struct node *node = c->scalar;
    return error_at(c->error, ERROR_RECIPE, c->yaml->name, node->line, node->column, "%s: %s",
                    c->path, message);
}

bool change_allowed(const struct change *c)
{
    if (c->scalar->kind != NODE_SCALAR)
        return change_fail(c, "is no single value, so it cannot be set");
    if (c->scalar->alias)
        return change_fail(c, "is an alias; set what it stands for");
    return true;
}

bool change_may_be_plain(const struct change *c)
{
    if (!scalar_plain_holds(c->value, c->scalar->flow))
        return false;
    if (c->scalar->tag)
        return true; /* the tag says what it is */
    if (c->string || node_type(c->scalar) == TYPE_STRING)
        return scalar_plain_is_string(c->value);
    return true;
}

struct edit *change_add(const struct change *c, enum edit_kind kind, size_t start, size_t end,
                        struct slice bytes)
{
    struct edit *edit = vec_add(c->arena, &c->edits->list);
    *edit = (struct edit){
        .path = arena_copy(c->arena, c->path),
        .start = start,
        .end = end,
        .bytes = arena_slice(c->arena, bytes),
        .kind = kind,
        .node = c->scalar->start,
        .string = c->string,
    };
    return edit;
}

void change_value(const struct change *c, size_t start, size_t end, struct slice bytes)
{
    struct edit *edit = change_add(c, EDIT_VALUE, start, end, bytes);
    edit->old_text = arena_text(c->arena, c->scalar->value);
    edit->new_text = arena_text(c->arena, c->value);
    edit->value_len = c->scalar->value.len;
    edit->value_new = arena_slice(c->arena, c->value);
}

/* A value that is not there yet is put behind the `:`, `-`, anchor or tag it belongs to; a key
 * without a colon has no such place. */
static bool open_gap(const struct change *c, struct buf *out)
{
    const struct node *node = c->scalar;
    size_t at = node->start;
    while (at > 0 && (c->yaml->source.ptr[at - 1] == ' ' || c->yaml->source.ptr[at - 1] == '\t'))
        at--;
    char before = at > 0 ? c->yaml->source.ptr[at - 1] : '\n';
    if (!node->anchor && !node->tag && before != ':' && before != '-')
        return change_fail(c, "there is no value here that could be replaced");
    return at < node->start || buf_add_byte(out, ' ');
}

/* Write the value in the scalar's own quoting, or in double quotes where plain text will not do. */
static bool write_value(const struct change *c, struct buf *out)
{
    bool empty = c->scalar->start == c->scalar->end;
    bool glued = (c->scalar->anchor || c->scalar->tag) && /* "&a:x" is an anchor and ":x" */
                 !is_blank(c->yaml->source.ptr[c->scalar->start - 1]);
    if ((empty || glued) && !open_gap(c, out))
        return false;
    if (c->scalar->style == STYLE_SINGLE) {
        if (!scalar_is_visible(c->value))
            return change_fail(c, "single quotes cannot hold control or invisible characters");
        scalar_add_single(out, c->value);
    } else if (c->scalar->style == STYLE_PLAIN && change_may_be_plain(c)) {
        buf_add(out, c->value);
    } else {
        scalar_add_double(out, c->value);
    }
    return true;
}

bool edit_scalar(struct arena *a, struct edits *edits, const struct yaml *y,
                 const struct node *scalar, const char *path, struct slice value, bool string,
                 struct error *e)
{
    struct change c = {a, edits, y, scalar, path, value, string, e};
    if (!change_allowed(&c))
        return false;
    if (slice_equal(scalar->value, value))
        return true;
    if (!scalar_is_text(value))
        return change_fail(&c, "the new value is not UTF-8 text");
    if (string && scalar->tag && node_type(scalar) != TYPE_STRING)
        return change_fail(&c, "its tag says that it is no text");
    if (scalar->style == STYLE_LITERAL || scalar->style == STYLE_FOLDED)
        return change_block(&c);
    struct buf bytes = {0};
    bool ok = write_value(&c, &bytes);
    if (ok)
        change_value(&c, scalar->start, scalar->end, buf_slice(&bytes));
    buf_free(&bytes);
    return ok;
}
