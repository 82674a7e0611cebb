#include "watcher/base/slice.h"

#include <limits.h>
#include <string.h>

int slice_width(struct slice s)
{
    return s.len > INT_MAX ? INT_MAX : (int)s.len;
}

struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

struct slice slice_new(const char *ptr, size_t len)
{
    return (struct slice){ptr, len};
}

bool slice_empty(struct slice s)
{
    return s.len == 0;
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_is(struct slice s, const char *text)
{
    return slice_equal(s, slice_of(text));
}

int slice_compare(struct slice a, struct slice b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool slice_starts(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && slice_equal(slice_first(s, prefix.len), prefix);
}

bool slice_ends(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len && slice_equal(slice_from(s, s.len - suffix.len), suffix);
}

size_t slice_find(struct slice s, struct slice needle)
{
    if (needle.len == 0)
        return 0;
    for (size_t i = 0; i + needle.len <= s.len; i++) {
        const char *hit = memchr(s.ptr + i, needle.ptr[0], s.len - needle.len - i + 1);
        if (!hit)
            return SLICE_NONE;
        i = (size_t)(hit - s.ptr);
        if (memcmp(hit, needle.ptr, needle.len) == 0)
            return i;
    }
    return SLICE_NONE;
}

size_t slice_find_byte(struct slice s, char byte)
{
    const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : SLICE_NONE;
}

size_t slice_find_last_byte(struct slice s, char byte)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == byte)
            return i - 1;
    return SLICE_NONE;
}

bool slice_contains(struct slice s, struct slice needle)
{
    return slice_find(s, needle) != SLICE_NONE;
}

struct slice slice_from(struct slice s, size_t start)
{
    if (start > s.len)
        start = s.len;
    return (struct slice){s.ptr ? s.ptr + start : NULL, s.len - start};
}

struct slice slice_first(struct slice s, size_t len)
{
    return (struct slice){s.ptr, len < s.len ? len : s.len};
}

struct slice slice_trim(struct slice s)
{
    while (s.len && is_blank(s.ptr[0]))
        s = slice_from(s, 1);
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool slice_split(struct slice *rest, char separator, struct slice *part)
{
    if (!rest->ptr)
        return false;
    size_t at = slice_find_byte(*rest, separator);
    *part = slice_first(*rest, at);
    *rest = at == SLICE_NONE ? (struct slice){NULL, 0} : slice_from(*rest, at + 1);
    return true;
}

bool slice_line(struct slice *rest, struct slice *line)
{
    if (rest->len == 0)
        return false;
    slice_split(rest, '\n', line);
    if (line->len && line->ptr[line->len - 1] == '\r')
        line->len--;
    return true;
}

bool slice_number(struct slice s, unsigned long long *out)
{
    unsigned long long n = 0;
    if (!slice_all_digits(s))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(s.ptr[i] - '0');
        if (n > (ULLONG_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

bool slice_all_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return s.len > 0;
}

bool slice_all_hex(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_hex(s.ptr[i]))
            return false;
    return s.len > 0;
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool is_letter(char c)
{
    return is_lower(c) || is_upper(c);
}

bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (to_lower(a.ptr[i]) != to_lower(b.ptr[i]))
            return false;
    return true;
}
