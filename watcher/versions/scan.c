#include "watcher/versions/scan.h"

#include "watcher/versions/scheme.h"

bool scan_length_ok(struct slice version)
{
    return version.len > 0 && version.len <= SCHEME_LONGEST;
}

char scan_peek(struct slice rest)
{
    return rest.len ? rest.ptr[0] : '\0';
}

bool scan_byte(struct slice *rest, char byte)
{
    if (rest->len == 0 || rest->ptr[0] != byte)
        return false;
    *rest = slice_from(*rest, 1);
    return true;
}

bool scan_text(struct slice *rest, const char *text)
{
    struct slice wanted = slice_of(text);
    if (!slice_starts(*rest, wanted))
        return false;
    *rest = slice_from(*rest, wanted.len);
    return true;
}

struct slice scan_digits(struct slice *rest)
{
    return scan_while(rest, is_digit);
}

struct slice scan_letters(struct slice *rest)
{
    return scan_while(rest, is_letter);
}

struct slice scan_without_v(struct slice version)
{
    bool has_v = version.len > 1 && to_lower(version.ptr[0]) == 'v' && is_digit(version.ptr[1]);
    return slice_from(version, has_v ? 1 : 0);
}

bool is_joint(char c)
{
    return c == '.' || c == '-' || c == '_';
}

static struct slice without_leading_zeros(struct slice digits)
{
    size_t zeros = 0;
    while (zeros < digits.len && digits.ptr[zeros] == '0')
        zeros++;
    return slice_from(digits, zeros);
}

int number_compare(struct slice a, struct slice b)
{
    a = without_leading_zeros(a);
    b = without_leading_zeros(b);
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return slice_compare(a, b);
}

bool number_is_zero(struct slice digits)
{
    return without_leading_zeros(digits).len == 0;
}

int compare_nocase(struct slice a, struct slice b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int order = order_of(to_lower(a.ptr[i]), to_lower(b.ptr[i]));
        if (order)
            return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

int order_of(int a, int b)
{
    return (a > b) - (a < b);
}
