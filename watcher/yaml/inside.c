/* A word replaced inside a scalar, wherever it stands in it. */
#include "watcher/yaml/change.h"
#include "watcher/yaml/extent.h"
#include "watcher/yaml/scalar.h"

struct hits {
    VEC(size_t) at;
};

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

static bool starts_word(struct slice text, size_t at, bool number)
{
    char before = at > 0 ? text.ptr[at - 1] : ' ', behind = at > 1 ? text.ptr[at - 2] : ' ';
    if (number && to_lower(before) == 'v')
        return !is_word(behind);
    if (number && (before == '.' || (before == '-' && is_digit(behind))))
        return false;
    return !is_word(before);
}

static bool ends_word(struct slice text, size_t end)
{
    char after = end < text.len ? text.ptr[end] : ' ';
    char next = end + 1 < text.len ? text.ptr[end + 1] : ' ';
    return !is_word(after) && !((after == '.' || after == '-') && is_digit(next));
}

static struct hits find_hits(struct arena *a, struct slice text, struct slice old)
{
    struct hits hits = {0};
    for (size_t at = 0; at + old.len <= text.len;) {
        size_t next = slice_find(slice_from(text, at), old);
        if (next == SLICE_NONE)
            break;
        at += next;
        if (starts_word(text, at, is_digit(old.ptr[0])) && ends_word(text, at + old.len)) {
            vec_push(a, &hits.at, at);
            at += old.len;
        } else {
            at++;
        }
    }
    return hits;
}

/* The bytes of the scalar that hold its value. */
static struct slice inner_bytes(const struct change *c, size_t *start)
{
    const struct node *node = c->scalar;
    size_t end = node->end;
    *start = node->start;
    if (node->style == STYLE_LITERAL || node->style == STYLE_FOLDED)
        *start = extent_block(c->yaml->source, node->start, node->value).body;
    else if (node->style != STYLE_PLAIN) {
        ++*start;
        end--;
    }
    return slice_first(slice_from(c->yaml->source, *start), end > *start ? end - *start : 0);
}

/* Does the text mean itself in every style? */
static bool is_tame(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_word(text.ptr[i]) && text.ptr[i] != '.' && text.ptr[i] != '-' &&
            text.ptr[i] != '+' && text.ptr[i] != '~' && text.ptr[i] != '/')
            return false;
    return text.len > 0;
}

static bool is_block(const struct node *node)
{
    return node->style == STYLE_LITERAL || node->style == STYLE_FOLDED;
}

/* Can the words be replaced where they stand, byte by byte? Blanks cannot: line breaks and
 * indentation may be read as blanks, or not at all. */
static bool fits_in_place(const struct change *c, struct slice bytes, struct slice old,
                          struct slice value)
{
    if (!is_tame(old) || !is_tame(value))
        return false;
    if (c->scalar->style == STYLE_DOUBLE)
        return slice_find_byte(bytes, '\\') == SLICE_NONE;
    return c->scalar->style != STYLE_PLAIN || change_may_be_plain(c);
}

static struct slice replaced(struct arena *a, struct slice text, const struct hits *hits,
                             struct slice old, struct slice value)
{
    struct buf out = {0};
    size_t done = 0;
    for (size_t i = 0; i < hits->at.count; i++) {
        buf_add(&out, slice_first(slice_from(text, done), hits->at.items[i] - done));
        buf_add(&out, value);
        done = hits->at.items[i] + old.len;
    }
    buf_add(&out, slice_from(text, done));
    struct slice result = arena_slice(a, buf_slice(&out));
    buf_free(&out);
    return result;
}

struct slice edit_inside_text(struct arena *a, struct slice text, struct slice old,
                              struct slice value)
{
    struct hits hits = {0};
    if (old.len)
        hits = find_hits(a, text, old);
    return hits.at.count ? replaced(a, text, &hits, old, value) : text;
}

/* One edit a word; the words of the value and of the bytes follow each other in the same order. */
static void put_words(const struct change *c, size_t start, const struct hits *in_bytes,
                      const struct hits *in_value, struct slice old, struct slice value)
{
    for (size_t i = 0; i < in_bytes->at.count; i++) {
        size_t at = start + in_bytes->at.items[i];
        struct edit *edit = change_add(c, EDIT_VALUE, at, at + old.len, value);
        edit->old_text = arena_text(c->arena, old);
        edit->new_text = arena_text(c->arena, value);
        edit->value_at = in_value->at.items[i];
        edit->value_len = old.len;
        edit->value_new = arena_slice(c->arena, value);
    }
}

bool edit_inside(struct arena *a, struct edits *edits, const struct yaml *y,
                 const struct node *scalar, const char *path, struct slice old, struct slice value,
                 struct error *e)
{
    struct change c = {a, edits, y, scalar, path, value, false, e};
    if (!change_allowed(&c))
        return false;
    if (old.len == 0)
        return change_fail(&c, "no text to replace is given");
    struct hits in_value = find_hits(a, scalar->value, old);
    if (in_value.at.count == 0 || slice_equal(old, value))
        return true;
    if (is_block(scalar) && !scalar_is_visible(value))
        return change_fail(&c, "line breaks, control and invisible characters cannot be put here");
    c.value = replaced(a, scalar->value, &in_value, old, value);
    size_t start = 0;
    struct slice bytes = inner_bytes(&c, &start);
    struct hits in_bytes = find_hits(a, bytes, old);
    if (in_bytes.at.count != in_value.at.count || !fits_in_place(&c, bytes, old, value))
        return edit_scalar(a, edits, y, scalar, path, c.value, false, e);
    put_words(&c, start, &in_bytes, &in_value, old, value);
    return true;
}
