#include "watcher/base/json_path_parse.h"

static bool parse_index(struct jpath_parser *p, struct segment *s)
{
    size_t start = p->at;
    bool negative = jpath_take(p, "-");
    struct slice digits = jpath_take_name(p);
    unsigned long long n = 0;
    bool odd = digits.len > 1 && digits.ptr[0] == '0';
    if (!slice_number(digits, &n) || n >= 1ULL << 53 || odd || (negative && n == 0))
        return jpath_fail(p, start, "not an index");
    if (jpath_skip_blanks(p), jpath_peek(p, 0) == ':')
        return jpath_fail(p, p->at, "ranges of elements are not known here");
    s->select = SELECT_INDEX;
    s->index = negative ? -(json_int_t)n : (json_int_t)n;
    return true;
}

static bool parse_bracket(struct jpath_parser *p, struct segment *s)
{
    jpath_skip_blanks(p);
    char c = jpath_peek(p, 0);
    bool good = true;
    if (c == '\'' || c == '"') {
        const json_t *name = jpath_string(p);
        s->name = json_string_value(name);
        good = name != NULL;
    } else if (jpath_take(p, "*")) {
        s->select = SELECT_ALL;
    } else if (jpath_take(p, "?")) {
        good = jpath_filter(p, s);
    } else if (c == '-' || is_digit(c)) {
        good = parse_index(p, s);
    } else {
        return jpath_fail(p, p->at, "expected a name in quotes, an index, * or ? after [");
    }
    return good && jpath_expect(p, "]", "expected ]");
}

static bool parse_dotted(struct jpath_parser *p, struct segment *s)
{
    if (jpath_take(p, "*")) {
        s->select = SELECT_ALL;
        return true;
    }
    if (!jpath_is_name_start(jpath_peek(p, 0)))
        return jpath_fail(p, p->at, "expected a name or * (other names are written ['...'])");
    s->name = arena_text(p->arena, jpath_take_name(p));
    return true;
}

static bool parse_segment(struct jpath_parser *p, struct segment *s)
{
    size_t start = p->at;
    if (jpath_take(p, ".."))
        s->descend = true;
    else if (jpath_take(p, "."))
        return parse_dotted(p, s);
    if (s->descend && p->descended)
        return jpath_fail(p, start, "only one .. is allowed");
    p->descended |= s->descend;
    return jpath_take(p, "[") ? parse_bracket(p, s) : parse_dotted(p, s);
}

bool jpath_segments(struct jpath_parser *p, struct json_path *path)
{
    for (;;) {
        size_t before = p->at;
        jpath_skip_blanks(p);
        if (jpath_peek(p, 0) != '.' && jpath_peek(p, 0) != '[') {
            p->at = before;
            return true;
        }
        if (!parse_segment(p, vec_add(p->arena, &path->segments)))
            return false;
    }
}

const struct json_path *json_path_compile(struct arena *a, struct slice expression, struct error *e)
{
    struct jpath_parser p = {.arena = a, .text = slice_trim(expression), .error = e};
    struct json_path *path = arena_new(a, struct json_path);
    path->absolute = true;
    if (p.text.len > JPATH_LONGEST) {
        error_set(e, ERROR_USAGE, "a path may be %d bytes long, this one has %zu", JPATH_LONGEST,
                  p.text.len);
        return NULL;
    }
    if (!jpath_take(&p, "$")) {
        jpath_fail(&p, 0, "a path begins with $");
        return NULL;
    }
    if (!jpath_segments(&p, path))
        return NULL;
    path->keys = jpath_take(&p, "~");
    if (p.at < p.text.len) {
        jpath_fail(&p, p.at, path->keys ? "nothing may follow ~" : "expected . or [");
        return NULL;
    }
    return path;
}
