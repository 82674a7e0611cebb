#include "watcher/base/template.h"

#include "watcher/base/text.h"

#include <string.h>

enum { DEEPEST = 16 };

enum piece_kind { PIECE_TEXT, PIECE_VALUE, PIECE_SECTION, PIECE_INVERTED, PIECE_END };

struct piece {
    enum piece_kind kind;
    struct slice text; /* the literal text, or the placeholder's name */
    size_t end;        /* sections: the index of their PIECE_END */
};

struct template_text {
    VEC(struct piece) pieces;
};

struct compiler {
    struct arena *arena;
    struct slice text;
    size_t at;      /* the next byte to look at */
    size_t literal; /* where the literal text that is not yet a piece begins */
    const char *const *names;
    struct template_text *out;
    size_t open[DEEPEST]; /* indices of the sections that are not closed yet */
    size_t depth;
    struct error *e;
};

static bool is_name_byte(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

static struct piece *add_piece(struct compiler *c, enum piece_kind kind, struct slice text)
{
    struct piece *p = vec_add(c->arena, &c->out->pieces);
    p->kind = kind;
    p->text = text;
    return p;
}

/* Make a piece of the literal text before `end`, and go on behind `next`. */
static void flush(struct compiler *c, size_t end, size_t next)
{
    if (end > c->literal)
        add_piece(c, PIECE_TEXT, slice_first(slice_from(c->text, c->literal), end - c->literal));
    c->at = c->literal = next;
}

/* `${{...}}` stays in the literal text. */
static bool pass_expression(struct compiler *c)
{
    size_t end = slice_find(slice_from(c->text, c->at), SLICE("}}"));
    if (end == SLICE_NONE)
        return error_set(c->e, ERROR_USAGE, "${{ without its }}");
    c->at += end + 2;
    return true;
}

static bool known_name(struct compiler *c, struct slice name)
{
    for (const char *const *known = c->names; *known; known++)
        if (slice_is(name, *known))
            return true;
    const char *nearest = text_nearest(name, c->names);
    struct buf hint = {0};
    for (const char *const *known = c->names; *known && !nearest; known++)
        buf_addf(&hint, "%s{%s}", hint.len ? ", " : "", *known);
    error_set(c->e, ERROR_USAGE,
              nearest ? "unknown placeholder {%.*s} ({%s}?)"
                      : "unknown placeholder {%.*s}, where %s may stand",
              SLICE_ARG(name), nearest ? nearest : buf_text(&hint));
    buf_free(&hint);
    return false;
}

struct tag {
    char mark; /* '#', '^', '/', or 0 for a value */
    struct slice name;
    size_t len; /* with both braces */
};

/* Read the tag that begins at the brace at c->at. */
static bool read_tag(struct compiler *c, struct tag *tag)
{
    struct slice rest = slice_from(c->text, c->at + 1);
    tag->mark = rest.len && strchr("#^/", rest.ptr[0]) ? rest.ptr[0] : '\0';
    if (tag->mark)
        rest = slice_from(rest, 1);
    size_t n = 0;
    while (n < rest.len && is_name_byte(rest.ptr[n]))
        n++;
    if (n == 0 || !is_letter(rest.ptr[0]) || n == rest.len || rest.ptr[n] != '}')
        return error_set(c->e, ERROR_USAGE,
                         "a brace that starts no placeholder (a literal one is written {{)");
    tag->name = slice_first(rest, n);
    tag->len = n + (tag->mark ? 3 : 2);
    return known_name(c, tag->name);
}

/* Widen start..end to the whole line when only blanks stand beside the tag on it. */
static void take_line(struct slice text, size_t *start, size_t *end)
{
    size_t first = *start, last = *end;
    while (first > 0 && (text.ptr[first - 1] == ' ' || text.ptr[first - 1] == '\t'))
        first--;
    while (last < text.len && (text.ptr[last] == ' ' || text.ptr[last] == '\t'))
        last++;
    if (last < text.len && text.ptr[last] == '\r')
        last++;
    bool begins = first == 0 || text.ptr[first - 1] == '\n';
    bool ends = last == text.len || text.ptr[last] == '\n';
    if (!begins || !ends)
        return;
    *start = first;
    *end = last < text.len ? last + 1 : last;
}

static bool close_section(struct compiler *c, struct slice name)
{
    if (c->depth == 0)
        return error_set(c->e, ERROR_USAGE, "{/%.*s} without its {#%.*s}", SLICE_ARG(name),
                         SLICE_ARG(name));
    size_t open = c->open[--c->depth];
    struct slice expected = c->out->pieces.items[open].text;
    if (!slice_equal(expected, name))
        return error_set(c->e, ERROR_USAGE, "{/%.*s} where {/%.*s} is due", SLICE_ARG(name),
                         SLICE_ARG(expected));
    c->out->pieces.items[open].end = c->out->pieces.count;
    add_piece(c, PIECE_END, name);
    return true;
}

static bool open_section(struct compiler *c, char mark, struct slice name)
{
    if (c->depth == DEEPEST)
        return error_set(c->e, ERROR_USAGE, "sections nested deeper than %d", DEEPEST);
    c->open[c->depth++] = c->out->pieces.count;
    add_piece(c, mark == '#' ? PIECE_SECTION : PIECE_INVERTED, name);
    return true;
}

static bool compile_tag(struct compiler *c)
{
    struct tag tag = {0};
    if (!read_tag(c, &tag))
        return false;
    size_t begin = c->at, start = begin, end = begin + tag.len;
    if (tag.mark)
        take_line(c->text, &start, &end);
    flush(c, start, end);
    if (!tag.mark) {
        add_piece(c, PIECE_VALUE, tag.name);
        return true;
    }
    bool ok = tag.mark == '/' ? close_section(c, tag.name) : open_section(c, tag.mark, tag.name);
    if (!ok)
        c->at = begin;
    return ok;
}

static bool compile_next(struct compiler *c)
{
    struct slice rest = slice_from(c->text, c->at);
    if (slice_starts(rest, SLICE("${{")))
        return pass_expression(c);
    if (slice_starts(rest, SLICE("{{"))) {
        flush(c, c->at + 1, c->at + 2);
        return true;
    }
    if (rest.ptr[0] == '{')
        return compile_tag(c);
    c->at++;
    return true;
}

static bool compile_all(struct compiler *c)
{
    while (c->at < c->text.len)
        if (!compile_next(c))
            return false;
    flush(c, c->at, c->at);
    if (c->depth == 0)
        return true;
    struct slice name = c->out->pieces.items[c->open[c->depth - 1]].text;
    c->at = (size_t)(name.ptr - c->text.ptr) - 2;
    return error_set(c->e, ERROR_USAGE, "{#%.*s} is never closed by {/%.*s}", SLICE_ARG(name),
                     SLICE_ARG(name));
}

const struct template_text *template_compile(struct arena *a, struct slice text,
                                             const char *const *names, size_t *offset,
                                             struct error *e)
{
    struct compiler c = {
        .arena = a,
        .text = arena_slice(a, text),
        .names = names,
        .out = arena_new(a, struct template_text),
        .e = e,
    };
    if (compile_all(&c))
        return c.out;
    if (offset)
        *offset = c.at;
    return NULL;
}

static const char *value_of(const struct template_value *values, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(name, values[i].name))
            return values[i].value;
    return NULL;
}

bool template_render(const struct template_text *t, const struct template_value *values,
                     size_t count, struct buf *out, struct error *e)
{
    for (size_t i = 0; i < t->pieces.count; i++) {
        const struct piece *p = &t->pieces.items[i];
        if (p->kind == PIECE_TEXT) {
            buf_add(out, p->text);
            continue;
        }
        const char *value = value_of(values, count, p->text);
        bool empty = !value || !*value;
        if (p->kind == PIECE_VALUE && !value)
            return error_set(e, ERROR_RECIPE, "{%.*s} is not known here", SLICE_ARG(p->text));
        if (p->kind == PIECE_VALUE)
            buf_add_text(out, value);
        else if ((p->kind == PIECE_SECTION && empty) || (p->kind == PIECE_INVERTED && !empty))
            i = p->end;
    }
    if (out->overflow)
        return error_set(e, ERROR_RECIPE, "text longer than %zu bytes", out->max);
    return true;
}

bool template_expand(struct slice text, const struct template_value *values, size_t count,
                     struct buf *out, struct error *e)
{
    struct arena a = {0};
    const char **names = arena_array(&a, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = values[i].name;
    const struct template_text *t = template_compile(&a, text, names, NULL, e);
    bool ok = t && template_render(t, values, count, out, e);
    arena_free(&a);
    return ok;
}

bool template_uses(const struct template_text *t, const char *name)
{
    for (size_t i = 0; i < t->pieces.count; i++)
        if (t->pieces.items[i].kind != PIECE_TEXT && slice_is(t->pieces.items[i].text, name))
            return true;
    return false;
}
