#include "watcher/base/json_path.h"

#include <stdlib.h>

enum {
    DEEPEST = 32,  /* filters and parentheses within each other */
    LONGEST = 4096 /* bytes: it also limits how deep a chain of || can make the walk recurse */
};

struct parser {
    struct arena *arena;
    struct slice text;
    size_t at;
    unsigned depth;
    bool descended; /* a `..` was seen: a second one could take time that grows with the square */
    struct error *error;
};

static bool fail(struct parser *p, size_t at, const char *what)
{
    return error_set(p->error, ERROR_USAGE, "path \"%.*s\", offset %zu: %s", SLICE_ARG(p->text), at,
                     what);
}

static char peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->text.len ? p->text.ptr[p->at + ahead] : '\0';
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->text.len && is_blank(p->text.ptr[p->at]))
        p->at++;
}

/* Take `token` if it is what comes next. */
static bool take(struct parser *p, const char *token)
{
    struct slice wanted = slice_of(token);
    if (!slice_starts(slice_from(p->text, p->at), wanted))
        return false;
    p->at += wanted.len;
    return true;
}

static bool expect(struct parser *p, const char *token, const char *message)
{
    skip_blanks(p);
    return take(p, token) || fail(p, p->at, message);
}

static bool is_name_start(char c)
{
    return is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_byte(char c)
{
    return is_name_start(c) || is_digit(c) || c == '-';
}

static struct slice take_name(struct parser *p)
{
    size_t start = p->at;
    while (p->at < p->text.len && is_name_byte(p->text.ptr[p->at]))
        p->at++;
    return slice_new(p->text.ptr + start, p->at - start);
}

/* ---- texts ---- */

/* The raw text between the quotes at p->at, backslashes still in it. */
static bool take_quoted(struct parser *p, struct slice *out)
{
    char quote = peek(p, 0);
    size_t start = p->at++;
    while (p->at < p->text.len && p->text.ptr[p->at] != quote)
        p->at += p->text.ptr[p->at] == '\\' ? 2 : 1;
    if (p->at >= p->text.len)
        return fail(p, start, "the quote is not closed");
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

static const json_t *keep(struct parser *p, json_t *value)
{
    if (value)
        arena_defer(p->arena, release, value);
    return value;
}

static const json_t *parse_string(struct parser *p)
{
    struct slice raw;
    size_t start = p->at;
    if (!take_quoted(p, &raw))
        return NULL;
    const json_t *value = keep(p, decode(raw));
    if (!value)
        fail(p, start, "not a valid text (escapes are those of JSON)");
    return value;
}

/* An expression is taken as it is written, so that no backslash needs doubling; only \' and \" are
 * undone when they stand for the quote around it. */
static const struct pattern *parse_pattern(struct parser *p)
{
    struct slice raw;
    size_t start = p->at;
    char quote = peek(p, 0);
    if (quote != '\'' && quote != '"') {
        fail(p, p->at, "=~ needs an expression in quotes");
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

/* ---- filters ---- */

static bool parse_segments(struct parser *p, struct json_path *path);
static struct test *parse_or(struct parser *p);

/* Leads to one value at most: names and indices only. */
static bool is_singular(const struct json_path *path)
{
    for (size_t i = 0; i < path->segments.count; i++) {
        const struct segment *s = &path->segments.items[i];
        if (s->descend || (s->select != SELECT_NAME && s->select != SELECT_INDEX))
            return false;
    }
    return true;
}

static const struct json_path *parse_inner_path(struct parser *p)
{
    size_t start = p->at;
    struct json_path *path = arena_new(p->arena, struct json_path);
    path->absolute = peek(p, 0) == '$';
    p->at++;
    if (!parse_segments(p, path))
        return NULL;
    if (path->absolute && !is_singular(path)) {
        fail(p, start, "within a filter, $ may only be followed by names and indices");
        return NULL;
    }
    return path;
}

static const json_t *parse_number(struct parser *p)
{
    size_t start = p->at;
    while (is_digit(peek(p, 0)) || is_letter(peek(p, 0)) || peek(p, 0) == '-' ||
           peek(p, 0) == '+' || peek(p, 0) == '.')
        p->at++;
    struct slice number = slice_new(p->text.ptr + start, p->at - start);
    const json_t *value = keep(p, json_loadb(number.ptr, number.len, JSON_DECODE_ANY, NULL));
    if (!value)
        fail(p, start, "not a number");
    return value;
}

static const json_t *parse_word(struct parser *p)
{
    size_t start = p->at;
    struct slice word = take_name(p);
    if (slice_is(word, "true"))
        return json_true();
    if (slice_is(word, "false"))
        return json_false();
    if (slice_is(word, "null"))
        return json_null();
    fail(p, start,
         peek(p, 0) == '(' ? "functions are not known here; =~ 'expression' searches a text"
                           : "expected @, $, a text in quotes, a number, true, false or null");
    return NULL;
}

static bool parse_operand(struct parser *p, struct operand *out)
{
    skip_blanks(p);
    char c = peek(p, 0);
    if (c == '@' || c == '$') {
        out->path = parse_inner_path(p);
        return out->path != NULL;
    }
    if (c == '\'' || c == '"')
        out->literal = parse_string(p);
    else if (is_digit(c) || c == '-')
        out->literal = parse_number(p);
    else
        out->literal = parse_word(p);
    return out->literal != NULL;
}

static bool take_comparison(struct parser *p, enum comparison *out)
{
    static const struct {
        const char *token;
        enum comparison comparison;
    } comparisons[] = {
        {"==", COMPARE_EQ}, {"!=", COMPARE_NE}, {"<=", COMPARE_LE},
        {">=", COMPARE_GE}, {"<", COMPARE_LT},  {">", COMPARE_GT},
    };
    skip_blanks(p);
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        *out = comparisons[i].comparison;
        if (take(p, comparisons[i].token))
            return true;
    }
    return false;
}

static struct test *new_test(struct parser *p, enum test_kind kind)
{
    struct test *t = arena_new(p->arena, struct test);
    t->kind = kind;
    return t;
}

/* What stands right of a comparison, which then takes one value on either side. */
static struct test *parse_right(struct parser *p, struct test *t, size_t start)
{
    t->kind = TEST_COMPARE;
    size_t right = (skip_blanks(p), p->at);
    if (!parse_operand(p, &t->b))
        return NULL;
    bool left_many = t->a.path && !is_singular(t->a.path);
    bool right_many = t->b.path && !is_singular(t->b.path);
    if (left_many || right_many) {
        fail(p, left_many ? start : right, "only a path of names and indices can be compared");
        return NULL;
    }
    return t;
}

static struct test *parse_comparison(struct parser *p)
{
    struct test *t = new_test(p, TEST_EXISTS);
    skip_blanks(p);
    size_t start = p->at;
    if (!parse_operand(p, &t->a))
        return NULL;
    skip_blanks(p);
    if (take_comparison(p, &t->comparison))
        return parse_right(p, t, start);
    if (!t->a.path) {
        fail(p, p->at, "a text or a number must be compared with something");
        return NULL;
    }
    if (!take(p, "=~"))
        return t;
    t->kind = TEST_PATTERN;
    skip_blanks(p);
    t->pattern = parse_pattern(p);
    return t->pattern ? t : NULL;
}

static struct test *parse_group(struct parser *p)
{
    if (++p->depth > DEEPEST) {
        fail(p, p->at, "nested too deeply");
        return NULL;
    }
    struct test *t = parse_or(p);
    p->depth--;
    return t && expect(p, ")", "expected )") ? t : NULL;
}

static struct test *parse_unary(struct parser *p)
{
    skip_blanks(p);
    size_t start = p->at;
    bool negated = take(p, "!");
    skip_blanks(p);
    bool grouped = take(p, "(");
    struct test *t = grouped ? parse_group(p) : parse_comparison(p);
    if (!t || !negated)
        return t;
    if (!grouped && t->kind == TEST_COMPARE) {
        fail(p, start, "a comparison after ! needs parentheses");
        return NULL;
    }
    struct test *outer = new_test(p, TEST_NOT);
    outer->left = t;
    return outer;
}

/* One or more of what `inner` reads, joined by `token`. */
static struct test *parse_joined(struct parser *p, const char *token, enum test_kind kind,
                                 struct test *(*inner)(struct parser *))
{
    struct test *left = inner(p);
    while (left && (skip_blanks(p), take(p, token))) {
        struct test *t = new_test(p, kind);
        t->left = left;
        t->right = inner(p);
        left = t->right ? t : NULL;
    }
    return left;
}

static struct test *parse_and(struct parser *p)
{
    return parse_joined(p, "&&", TEST_AND, parse_unary);
}

static struct test *parse_or(struct parser *p)
{
    return parse_joined(p, "||", TEST_OR, parse_and);
}

/* ---- segments ---- */

static bool parse_index(struct parser *p, struct segment *s)
{
    size_t start = p->at;
    bool negative = take(p, "-");
    struct slice digits = take_name(p);
    unsigned long long n = 0;
    bool odd = digits.len > 1 && digits.ptr[0] == '0';
    if (!slice_number(digits, &n) || n >= 1ULL << 53 || odd || (negative && n == 0))
        return fail(p, start, "not an index");
    if (skip_blanks(p), peek(p, 0) == ':')
        return fail(p, p->at, "ranges of elements are not known here");
    s->select = SELECT_INDEX;
    s->index = negative ? -(json_int_t)n : (json_int_t)n;
    return true;
}

static bool parse_filter(struct parser *p, struct segment *s)
{
    if (++p->depth > DEEPEST)
        return fail(p, p->at, "nested too deeply");
    s->select = SELECT_FILTER;
    s->test = parse_or(p);
    p->depth--;
    return s->test != NULL;
}

static bool parse_bracket(struct parser *p, struct segment *s)
{
    skip_blanks(p);
    char c = peek(p, 0);
    bool good = true;
    if (c == '\'' || c == '"') {
        const json_t *name = parse_string(p);
        s->name = json_string_value(name);
        good = name != NULL;
    } else if (take(p, "*")) {
        s->select = SELECT_ALL;
    } else if (take(p, "?")) {
        good = parse_filter(p, s);
    } else if (c == '-' || is_digit(c)) {
        good = parse_index(p, s);
    } else {
        return fail(p, p->at, "expected a name in quotes, an index, * or ? after [");
    }
    return good && expect(p, "]", "expected ]");
}

static bool parse_dotted(struct parser *p, struct segment *s)
{
    if (take(p, "*")) {
        s->select = SELECT_ALL;
        return true;
    }
    if (!is_name_start(peek(p, 0)))
        return fail(p, p->at, "expected a name or * (other names are written ['...'])");
    s->name = arena_text(p->arena, take_name(p));
    return true;
}

static bool parse_segment(struct parser *p, struct segment *s)
{
    size_t start = p->at;
    if (take(p, ".."))
        s->descend = true;
    else if (take(p, "."))
        return parse_dotted(p, s);
    if (s->descend && p->descended)
        return fail(p, start, "only one .. is allowed");
    p->descended |= s->descend;
    return take(p, "[") ? parse_bracket(p, s) : parse_dotted(p, s);
}

static bool parse_segments(struct parser *p, struct json_path *path)
{
    for (;;) {
        size_t before = p->at;
        skip_blanks(p);
        if (peek(p, 0) != '.' && peek(p, 0) != '[') {
            p->at = before;
            return true;
        }
        if (!parse_segment(p, vec_add(p->arena, &path->segments)))
            return false;
    }
}

const struct json_path *json_path_compile(struct arena *a, struct slice expression, struct error *e)
{
    struct parser p = {.arena = a, .text = slice_trim(expression), .error = e};
    struct json_path *path = arena_new(a, struct json_path);
    path->absolute = true;
    if (p.text.len > LONGEST) {
        error_set(e, ERROR_USAGE, "a path may be %d bytes long, this one has %zu", LONGEST,
                  p.text.len);
        return NULL;
    }
    if (!take(&p, "$")) {
        fail(&p, 0, "a path begins with $");
        return NULL;
    }
    if (!parse_segments(&p, path))
        return NULL;
    path->keys = take(&p, "~");
    if (p.at < p.text.len) {
        fail(&p, p.at, path->keys ? "nothing may follow ~" : "expected . or [");
        return NULL;
    }
    return path;
}
