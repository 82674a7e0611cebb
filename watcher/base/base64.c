#include "watcher/base/buf.h"
#include "watcher/base/hash.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct slice bytes, struct buf *out)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t bits = (uint32_t)(unsigned char)bytes.ptr[i] << 16;
        if (left > 1)
            bits |= (uint32_t)(unsigned char)bytes.ptr[i + 1] << 8;
        if (left > 2)
            bits |= (unsigned char)bytes.ptr[i + 2];
        char four[] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                       left > 1 ? alphabet[bits >> 6 & 63] : '=',
                       left > 2 ? alphabet[bits & 63] : '='};
        buf_add(out, slice_new(four, sizeof four));
    }
}

/* Four characters, of which the last `padding` are "=". Bits that the padding leaves over must be
 * zero: one text for one value. */
static bool decode_four(const char *four, size_t padding, struct buf *out)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *at = i < 4 - padding ? memchr(alphabet, four[i], 64) : alphabet;
        if (!at)
            return false;
        bits = bits << 6 | (uint32_t)(at - alphabet);
    }
    char three[] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
    buf_add(out, slice_new(three, 3 - padding));
    return (bits & ((1u << 8 * padding) - 1)) == 0;
}

bool base64_decode(struct slice text, struct buf *out)
{
    size_t before = out->len;
    bool good = text.len % 4 == 0;
    for (size_t i = 0; good && i < text.len; i += 4) {
        size_t padding = 0;
        if (i + 4 == text.len)
            padding = slice_ends(text, SLICE("==")) ? 2 : slice_ends(text, SLICE("="));
        good = decode_four(text.ptr + i, padding, out);
    }
    if (!good)
        buf_cut(out, before);
    return good;
}
