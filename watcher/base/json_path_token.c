#include "watcher/base/json_path_parse.h"

bool jpath_fail(struct jpath_parser *p, size_t at, const char *what)
{
    return error_set(p->error, ERROR_USAGE, "path \"%.*s\", offset %zu: %s", SLICE_ARG(p->text), at,
                     what);
}

char jpath_peek(const struct jpath_parser *p, size_t ahead)
{
    return p->at + ahead < p->text.len ? p->text.ptr[p->at + ahead] : '\0';
}

void jpath_skip_blanks(struct jpath_parser *p)
{
    while (p->at < p->text.len && is_blank(p->text.ptr[p->at]))
        p->at++;
}

/* Take `token` if it is what comes next. */
bool jpath_take(struct jpath_parser *p, const char *token)
{
    struct slice wanted = slice_of(token);
    if (!slice_starts(slice_from(p->text, p->at), wanted))
        return false;
    p->at += wanted.len;
    return true;
}

bool jpath_expect(struct jpath_parser *p, const char *token, const char *message)
{
    jpath_skip_blanks(p);
    return jpath_take(p, token) || jpath_fail(p, p->at, message);
}

bool jpath_is_name_start(char c)
{
    return is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_byte(char c)
{
    return jpath_is_name_start(c) || is_digit(c) || c == '-';
}

struct slice jpath_take_name(struct jpath_parser *p)
{
    size_t start = p->at;
    while (p->at < p->text.len && is_name_byte(p->text.ptr[p->at]))
        p->at++;
    return slice_new(p->text.ptr + start, p->at - start);
}

/* ---- texts ---- */

/* The raw text between the quotes at p->at, backslashes still in it. */
static bool take_quoted(struct jpath_parser *p, struct slice *out)
{
    char quote = jpath_peek(p, 0);
    size_t start = p->at++;
    while (p->at < p->text.len && p->text.ptr[p->at] != quote)
        p->at += p->text.ptr[p->at] == '\\' ? 2 : 1;
    if (p->at >= p->text.len)
        return jpath_fail(p, start, "the quote is not closed");
    *out = slice_new(p->text.ptr + start + 1, p->at - start - 1);
    p->at++;
    return true;
}

/* Write the text as JSON, whose escapes are the same but for the single quote, and let jansson
 * decode it: it checks surrogates, UTF-8 and U+0000. */
static json_t *decode(struct slice raw)
{
    struct buf quoted = {0};
    buf_add_byte(&quoted, '"');
    for (size_t i = 0; i < raw.len; i++) {
        bool escape = raw.ptr[i] == '\\' && i + 1 < raw.len;
        if (escape && raw.ptr[i + 1] == '\'')
            i++;
        else if (escape)
            buf_add_byte(&quoted, raw.ptr[i++]);
        else if (raw.ptr[i] == '"')
            buf_add_byte(&quoted, '\\');
        buf_add_byte(&quoted, raw.ptr[i]);
    }
    buf_add_byte(&quoted, '"');
    json_t *value = json_loadb(quoted.ptr, quoted.len, JSON_DECODE_ANY, NULL);
    buf_free(&quoted);
    return value;
}

static void release(void *value)
{
    json_decref(value);
}

const json_t *jpath_keep(struct jpath_parser *p, json_t *value)
{
    if (value)
        arena_defer(p->arena, release, value);
    return value;
}

const json_t *jpath_string(struct jpath_parser *p)
{
    struct slice raw;
    size_t start = p->at;
    if (!take_quoted(p, &raw))
        return NULL;
    const json_t *value = jpath_keep(p, decode(raw));
    if (!value)
        jpath_fail(p, start, "not a valid text (escapes are those of JSON)");
    return value;
}

/* An expression is taken as it is written, so that no backslash needs doubling; only \' and \" are
 * undone when they stand for the quote around it. */
const struct pattern *jpath_pattern(struct jpath_parser *p)
{
    struct slice raw;
    size_t start = p->at;
    char quote = jpath_peek(p, 0);
    if (quote != '\'' && quote != '"') {
        jpath_fail(p, p->at, "=~ needs an expression in quotes");
        return NULL;
    }
    if (!take_quoted(p, &raw))
        return NULL;
    struct buf expression = {0};
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] == '\\' && i + 1 < raw.len) {
            if (raw.ptr[++i] != quote)
                buf_add_byte(&expression, '\\');
        }
        buf_add_byte(&expression, raw.ptr[i]);
    }
    const struct pattern *pattern = pattern_compile(p->arena, buf_slice(&expression), p->error);
    buf_free(&expression);
    if (!pattern)
        error_context(p->error, "path \"%.*s\", offset %zu", SLICE_ARG(p->text), start);
    return pattern;
}
