#include "sources/json_member.h"

#include <stdbool.h>
#include <string.h>

struct scan {
    struct slice text;
    size_t at;
};

static bool at_end(const struct scan *s)
{
    return s->at >= s->text.len;
}

/* The next byte that is no blank, '\0' at the end. */
static char peek(struct scan *s)
{
    while (!at_end(s) && is_blank(s->text.ptr[s->at]))
        s->at++;
    return at_end(s) ? '\0' : s->text.ptr[s->at];
}

static bool take(struct scan *s, char c)
{
    bool found = peek(s) == c && !at_end(s);
    s->at += found;
    return found;
}

/* Take a string; *out is what stands between the quotes. False when it is not closed. */
static bool take_string(struct scan *s, struct slice *out)
{
    if (!take(s, '"'))
        return false;
    size_t start = s->at;
    while (!at_end(s)) {
        size_t quote = slice_find_byte(slice_from(s->text, s->at), '"'), slashes = 0;
        if (quote == SLICE_NONE)
            return false;
        size_t end = s->at + quote;
        while (end - slashes > start && s->text.ptr[end - slashes - 1] == '\\')
            slashes++;
        s->at = end + 1;
        *out = slice_new(s->text.ptr + start, end - start);
        if (slashes % 2 == 0)
            return true;
    }
    return false;
}

/* The bytes at which passing over an object or array has to stop and look. */
static bool is_structure(char c)
{
    return c == '"' || c == '{' || c == '}' || c == '[' || c == ']';
}

/* Pass over an object or array, counting what opens and closes. */
static bool skip_container(struct scan *s)
{
    size_t depth = 0;
    struct slice ignored;
    while (!at_end(s)) {
        char c = s->text.ptr[s->at];
        if (!is_structure(c)) {
            s->at++;
        } else if (c == '"') {
            if (!take_string(s, &ignored))
                return false;
        } else {
            s->at++;
            depth += c == '{' || c == '[' ? 1 : (size_t)-1;
            if (depth == 0)
                return true;
        }
    }
    return false;
}

static bool skip_value(struct scan *s)
{
    struct slice ignored;
    char c = peek(s);
    if (c == '"')
        return take_string(s, &ignored);
    if (c == '{' || c == '[')
        return skip_container(s);
    size_t start = s->at;
    while (!at_end(s) && !strchr(",]}", s->text.ptr[s->at]) && !is_blank(s->text.ptr[s->at]))
        s->at++;
    return s->at > start && !at_end(s);
}

static bool broken(const struct scan *s, struct error *e)
{
    return error_set(e, ERROR_UPSTREAM, "the answer is not JSON: it breaks off at byte %zu", s->at);
}

bool json_member(struct slice text, const char *key, struct slice *out, struct error *e)
{
    struct scan s = {slice_trim(text), 0};
    struct slice name;
    *out = (struct slice){NULL, 0};
    if (!take(&s, '{'))
        return error_set(e, ERROR_UPSTREAM, "the answer is not a JSON object");
    if (!slice_ends(s.text, SLICE("}")))
        return broken(&(struct scan){s.text, s.text.len}, e);
    if (take(&s, '}'))
        return at_end(&s) || broken(&s, e);
    do {
        if (!take_string(&s, &name) || !take(&s, ':'))
            return broken(&s, e);
        peek(&s);
        size_t start = s.at;
        if (!skip_value(&s))
            return broken(&s, e);
        if (slice_is(name, key)) {
            *out = slice_new(s.text.ptr + start, s.at - start);
            return true;
        }
    } while (take(&s, ','));
    return (take(&s, '}') && at_end(&s)) || broken(&s, e);
}
