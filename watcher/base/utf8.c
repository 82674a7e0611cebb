#include "watcher/base/utf8.h"

#include <string.h>

bool utf8_continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The length that a first byte promises, with the bits it carries; 0 for a byte that cannot be
 * first. */
static size_t promised(unsigned char first, uint32_t *bits)
{
    if (first < 0x80) {
        *bits = first;
        return 1;
    }
    if (first >= 0xC2 && first < 0xE0) {
        *bits = first & 0x1F;
        return 2;
    }
    if (first >= 0xE0 && first < 0xF0) {
        *bits = first & 0x0F;
        return 3;
    }
    *bits = first & 0x07;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

size_t utf8_decode(struct slice s, uint32_t *point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t bits = 0;
    size_t len = s.len ? promised((unsigned char)s.ptr[0], &bits) : 0;
    if (len == 0 || len > s.len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if (!utf8_continues(s.ptr[i]))
            return 0;
        bits = bits << 6 | ((unsigned char)s.ptr[i] & 0x3F);
    }
    if (bits < smallest[len] || bits > 0x10FFFF || (bits >= 0xD800 && bits < 0xE000))
        return 0;
    *point = bits;
    return len;
}

/* Bytes at the start that are ASCII, counted in eights. */
static size_t ascii_length(struct slice s)
{
    size_t i = 0;
    for (uint64_t eight; i + sizeof eight <= s.len; i += sizeof eight) {
        memcpy(&eight, s.ptr + i, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    return i;
}

size_t utf8_valid_length(struct slice s)
{
    uint32_t point;
    size_t at = ascii_length(s);
    for (size_t len; at < s.len; at += len) {
        len = utf8_decode(slice_from(s, at), &point);
        if (len == 0)
            break;
        if (len > 1 && at + len < s.len)
            len += ascii_length(slice_from(s, at + len));
    }
    return at;
}
