/* What plain text means. The rules are YAML 1.2's core schema (10.3.2) joined with what Go's
 * yaml.v3 reads (its resolve.go): underscores in numbers, 0b, timestamps. Where either sees a type,
 * it is one. */
#include "watcher/yaml/yaml.h"

#include <string.h>

static bool is_one_of(struct slice text, const char *const *words)
{
    for (; *words; words++)
        if (slice_is(text, *words))
            return true;
    return false;
}

static const char *const null_words[] = {"~", "null", "Null", "NULL", NULL};
static const char *const true_words[] = {"true", "True", "TRUE", NULL};
static const char *const false_words[] = {"false", "False", "FALSE", NULL};
static const char *const float_words[] = {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", NULL};

static bool take_sign(struct slice *s)
{
    if (s->len == 0 || (s->ptr[0] != '+' && s->ptr[0] != '-'))
        return false;
    *s = slice_from(*s, 1);
    return true;
}

/* Take digits below `base`, underscores among them; the number of digits. */
static size_t take_digits(struct slice *s, int base)
{
    size_t digits = 0, at = 0;
    for (; at < s->len; at++) {
        char c = s->ptr[at];
        bool fits = base == 16 ? is_hex(c) : c >= '0' && c < '0' + base;
        if (!fits && c != '_')
            break;
        digits += fits;
    }
    *s = slice_from(*s, at);
    return digits;
}

static int prefix_base(struct slice s)
{
    if (s.len < 2 || s.ptr[0] != '0')
        return 0;
    switch (to_lower(s.ptr[1])) {
    case 'x':
        return 16;
    case 'o':
        return 8;
    case 'b':
        return 2;
    default:
        return 0;
    }
}

static bool is_int(struct slice s)
{
    take_sign(&s);
    int base = prefix_base(s);
    if (base)
        s = slice_from(s, 2);
    else if (s.len == 0 || !is_digit(s.ptr[0]))
        return false;
    return take_digits(&s, base ? base : 10) > 0 && s.len == 0;
}

/* [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ([eE][-+]?[0-9]+)? */
static bool is_float(struct slice s)
{
    bool sign = take_sign(&s);
    if (is_one_of(s, float_words))
        return !sign || to_lower(s.ptr[1]) == 'i';
    if (s.len == 0 || s.ptr[0] == '_')
        return false;
    size_t digits = take_digits(&s, 10);
    if (s.len && s.ptr[0] == '.') {
        s = slice_from(s, 1);
        digits += take_digits(&s, 10);
    }
    if (digits == 0)
        return false;
    if (s.len && to_lower(s.ptr[0]) == 'e') {
        s = slice_from(s, 1);
        take_sign(&s);
        if (take_digits(&s, 10) == 0)
            return false;
    }
    return s.len == 0;
}

/* Take between `least` and `most` digits. */
static bool take_field(struct slice *s, size_t least, size_t most)
{
    size_t count = 0;
    while (count < most && count < s->len && is_digit(s->ptr[count]))
        count++;
    *s = slice_from(*s, count);
    return count >= least;
}

static bool take_byte(struct slice *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c)
        return false;
    *s = slice_from(*s, 1);
    return true;
}

/* Z, or an offset such as +2 or -05:30, or nothing. */
static bool is_zone(struct slice s)
{
    s = slice_trim(s);
    if (s.len == 0 || slice_is(s, "Z"))
        return true;
    if (!take_sign(&s) || !take_field(&s, 1, 2))
        return false;
    return s.len == 0 || (take_byte(&s, ':') && take_field(&s, 2, 2) && s.len == 0);
}

static bool is_timestamp(struct slice s)
{
    if (!take_field(&s, 4, 4) || !take_byte(&s, '-') || !take_field(&s, 1, 2) ||
        !take_byte(&s, '-') || !take_field(&s, 1, 2))
        return false;
    if (s.len == 0)
        return true;
    if (!take_byte(&s, 'T') && !take_byte(&s, 't') && !is_blank(s.ptr[0]))
        return false;
    s = slice_trim(s);
    if (!take_field(&s, 1, 2) || !take_byte(&s, ':') || !take_field(&s, 1, 2) ||
        !take_byte(&s, ':') || !take_field(&s, 1, 2))
        return false;
    if (take_byte(&s, '.'))
        take_field(&s, 0, s.len);
    return is_zone(s);
}

enum scalar_type plain_type(struct slice text)
{
    if (text.len == 0 || is_one_of(text, null_words))
        return TYPE_NULL;
    if (is_one_of(text, true_words) || is_one_of(text, false_words))
        return TYPE_BOOL;
    char c = text.ptr[0];
    if (!is_digit(c) && c != '.' && c != '+' && c != '-')
        return TYPE_STRING;
    if (is_int(text))
        return TYPE_INT;
    if (is_float(text))
        return TYPE_FLOAT;
    return is_timestamp(text) ? TYPE_TIMESTAMP : TYPE_STRING;
}

static const struct {
    const char *tag;
    enum scalar_type type;
} tag_types[] = {
    {"tag:yaml.org,2002:null", TYPE_NULL},
    {"tag:yaml.org,2002:bool", TYPE_BOOL},
    {"tag:yaml.org,2002:int", TYPE_INT},
    {"tag:yaml.org,2002:float", TYPE_FLOAT},
    {"tag:yaml.org,2002:timestamp", TYPE_TIMESTAMP},
};

enum scalar_type node_type(const struct node *scalar)
{
    if (!scalar || scalar->kind != NODE_SCALAR)
        return TYPE_NULL;
    if (scalar->tag) {
        for (size_t i = 0; i < sizeof tag_types / sizeof *tag_types; i++)
            if (strcmp(tag_types[i].tag, scalar->tag) == 0)
                return tag_types[i].type;
        return TYPE_STRING;
    }
    return scalar->style == STYLE_PLAIN ? plain_type(scalar->value) : TYPE_STRING;
}

bool node_bool(const struct node *scalar, bool fallback)
{
    if (node_type(scalar) != TYPE_BOOL)
        return fallback;
    if (is_one_of(scalar->value, true_words))
        return true;
    return is_one_of(scalar->value, false_words) ? false : fallback;
}
