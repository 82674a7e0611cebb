#include "watcher/base/json_path_parse.h"

static struct test *parse_or(struct jpath_parser *p);

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

static const struct json_path *parse_inner_path(struct jpath_parser *p)
{
    size_t start = p->at;
    struct json_path *path = arena_new(p->arena, struct json_path);
    path->absolute = jpath_peek(p, 0) == '$';
    p->at++;
    if (!jpath_segments(p, path))
        return NULL;
    if (path->absolute && !is_singular(path)) {
        jpath_fail(p, start, "within a filter, $ may only be followed by names and indices");
        return NULL;
    }
    return path;
}

static const json_t *parse_number(struct jpath_parser *p)
{
    size_t start = p->at;
    while (is_digit(jpath_peek(p, 0)) || is_letter(jpath_peek(p, 0)) || jpath_peek(p, 0) == '-' ||
           jpath_peek(p, 0) == '+' || jpath_peek(p, 0) == '.')
        p->at++;
    struct slice number = slice_new(p->text.ptr + start, p->at - start);
    const json_t *value = jpath_keep(p, json_loadb(number.ptr, number.len, JSON_DECODE_ANY, NULL));
    if (!value)
        jpath_fail(p, start, "not a number");
    return value;
}

static const json_t *parse_word(struct jpath_parser *p)
{
    size_t start = p->at;
    struct slice word = jpath_take_name(p);
    if (slice_is(word, "true"))
        return json_true();
    if (slice_is(word, "false"))
        return json_false();
    if (slice_is(word, "null"))
        return json_null();
    jpath_fail(p, start,
               jpath_peek(p, 0) == '('
                   ? "functions are not known here; =~ 'expression' searches a text"
                   : "expected @, $, a text in quotes, a number, true, false or null");
    return NULL;
}

static bool parse_operand(struct jpath_parser *p, struct operand *out)
{
    jpath_skip_blanks(p);
    char c = jpath_peek(p, 0);
    if (c == '@' || c == '$') {
        out->path = parse_inner_path(p);
        return out->path != NULL;
    }
    if (c == '\'' || c == '"')
        out->literal = jpath_string(p);
    else if (is_digit(c) || c == '-')
        out->literal = parse_number(p);
    else
        out->literal = parse_word(p);
    return out->literal != NULL;
}

static bool take_comparison(struct jpath_parser *p, enum comparison *out)
{
    static const struct {
        const char *token;
        enum comparison comparison;
    } comparisons[] = {
        {"==", COMPARE_EQ}, {"!=", COMPARE_NE}, {"<=", COMPARE_LE},
        {">=", COMPARE_GE}, {"<", COMPARE_LT},  {">", COMPARE_GT},
    };
    jpath_skip_blanks(p);
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        *out = comparisons[i].comparison;
        if (jpath_take(p, comparisons[i].token))
            return true;
    }
    return false;
}

static struct test *new_test(struct jpath_parser *p, enum test_kind kind)
{
    struct test *t = arena_new(p->arena, struct test);
    t->kind = kind;
    return t;
}

/* What stands right of a comparison, which then takes one value on either side. */
static struct test *parse_right(struct jpath_parser *p, struct test *t, size_t start)
{
    t->kind = TEST_COMPARE;
    size_t right = (jpath_skip_blanks(p), p->at);
    if (!parse_operand(p, &t->b))
        return NULL;
    bool left_many = t->a.path && !is_singular(t->a.path);
    bool right_many = t->b.path && !is_singular(t->b.path);
    if (left_many || right_many) {
        jpath_fail(p, left_many ? start : right,
                   "only a path of names and indices can be compared");
        return NULL;
    }
    return t;
}

static struct test *parse_comparison(struct jpath_parser *p)
{
    struct test *t = new_test(p, TEST_EXISTS);
    jpath_skip_blanks(p);
    size_t start = p->at;
    if (!parse_operand(p, &t->a))
        return NULL;
    jpath_skip_blanks(p);
    if (take_comparison(p, &t->comparison))
        return parse_right(p, t, start);
    if (!t->a.path) {
        jpath_fail(p, p->at, "a text or a number must be compared with something");
        return NULL;
    }
    if (!jpath_take(p, "=~"))
        return t;
    t->kind = TEST_PATTERN;
    jpath_skip_blanks(p);
    t->pattern = jpath_pattern(p);
    return t->pattern ? t : NULL;
}

static struct test *parse_group(struct jpath_parser *p)
{
    if (++p->depth > JPATH_DEEPEST) {
        jpath_fail(p, p->at, "nested too deeply");
        return NULL;
    }
    struct test *t = parse_or(p);
    p->depth--;
    return t && jpath_expect(p, ")", "expected )") ? t : NULL;
}

static struct test *parse_unary(struct jpath_parser *p)
{
    jpath_skip_blanks(p);
    size_t start = p->at;
    bool negated = jpath_take(p, "!");
    jpath_skip_blanks(p);
    bool grouped = jpath_take(p, "(");
    struct test *t = grouped ? parse_group(p) : parse_comparison(p);
    if (!t || !negated)
        return t;
    if (!grouped && t->kind == TEST_COMPARE) {
        jpath_fail(p, start, "a comparison after ! needs parentheses");
        return NULL;
    }
    struct test *outer = new_test(p, TEST_NOT);
    outer->left = t;
    return outer;
}

/* One or more of what `inner` reads, joined by `token`. */
static struct test *parse_joined(struct jpath_parser *p, const char *token, enum test_kind kind,
                                 struct test *(*inner)(struct jpath_parser *))
{
    struct test *left = inner(p);
    while (left && (jpath_skip_blanks(p), jpath_take(p, token))) {
        struct test *t = new_test(p, kind);
        t->left = left;
        t->right = inner(p);
        left = t->right ? t : NULL;
    }
    return left;
}

static struct test *parse_and(struct jpath_parser *p)
{
    return parse_joined(p, "&&", TEST_AND, parse_unary);
}

static struct test *parse_or(struct jpath_parser *p)
{
    return parse_joined(p, "||", TEST_OR, parse_and);
}

bool jpath_filter(struct jpath_parser *p, struct segment *s)
{
    if (++p->depth > JPATH_DEEPEST)
        return jpath_fail(p, p->at, "nested too deeply");
    s->select = SELECT_FILTER;
    s->test = parse_or(p);
    p->depth--;
    return s->test != NULL;
}
