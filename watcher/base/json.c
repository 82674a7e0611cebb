#include "watcher/base/json.h"

#include "watcher/base/buf.h"

#include <stdint.h>

static void release(void *value)
{
    json_decref(value);
}

static size_t number_length(struct slice text, size_t at)
{
    size_t end = at + 1;
    while (end < text.len && (is_digit(text.ptr[end]) || is_letter(text.ptr[end]) ||
                              text.ptr[end] == '.' || text.ptr[end] == '+' || text.ptr[end] == '-'))
        end++;
    return end - at;
}

/* A whole number that a json_int_t cannot hold. */
static bool too_large(struct slice number)
{
    unsigned long long n = 0;
    bool negative = number.ptr[0] == '-';
    struct slice digits = slice_from(number, negative ? 1 : 0);
    if (!slice_all_digits(digits))
        return false;
    return !slice_number(digits, &n) || n > (unsigned long long)INT64_MAX + (negative ? 1 : 0);
}

static size_t string_length(struct slice text, size_t at)
{
    size_t end = at + 1;
    while (end < text.len && text.ptr[end] != '"')
        end += text.ptr[end] == '\\' && end + 1 < text.len ? 2 : 1;
    return end < text.len ? end + 1 - at : text.len - at;
}

/* Copy `text` with the whole numbers that are too large written as reals ("...e0"). jansson's own
 * switch would make every number of the document a real. */
static void widen(struct slice text, struct buf *out)
{
    for (size_t i = 0, len; i < text.len; i += len) {
        bool number = is_digit(text.ptr[i]) || text.ptr[i] == '-';
        len = number ? number_length(text, i) : text.ptr[i] == '"' ? string_length(text, i) : 1;
        struct slice token = slice_new(text.ptr + i, len);
        buf_add(out, token);
        if (number && too_large(token))
            buf_add_text(out, "e0");
    }
}

static json_t *load(struct slice text, json_error_t *why)
{
    json_t *value = json_loadb(text.ptr ? text.ptr : "", text.len, JSON_DECODE_ANY, why);
    if (value || json_error_code(why) != json_error_numeric_overflow)
        return value;
    struct buf wide = {0};
    widen(text, &wide);
    value = json_loadb(buf_text(&wide), wide.len, JSON_DECODE_ANY, why);
    buf_free(&wide);
    return value;
}

/* Some servers put a byte order mark first; RFC 8259 lets a reader pass over it. */
static struct slice without_mark(struct slice text)
{
    struct slice mark = SLICE("\xEF\xBB\xBF");
    return slice_starts(text, mark) ? slice_from(text, mark.len) : text;
}

json_t *json_parse(struct arena *a, struct slice text, struct error *e)
{
    json_error_t why;
    json_t *value = load(without_mark(text), &why);
    if (value) {
        arena_defer(a, release, value);
        return value;
    }
    error_set(e, ERROR_UPSTREAM, "line %d, column %d: %s", why.line, why.column, why.text);
    return NULL;
}

struct slice json_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return slice_new(json_string_value(value), json_string_length(value));
}

const char *json_string_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

bool json_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

long long json_number(const json_t *object, const char *key, long long fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

void json_put_text(json_t *object, const char *key, const char *text)
{
    json_t *value = text ? json_string(text) : NULL;
    if (value)
        json_object_set_new(object, key, value);
}

void json_put_count(json_t *object, const char *key, size_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}
