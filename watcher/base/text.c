#include "watcher/base/text.h"

#include "watcher/base/utf8.h"

#include <string.h>

/* Characters that steer a terminal, reorder what it shows or are not seen at all. */
static bool is_steering(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1F},       /* C0, tab and line feed with it */
        {0x7F, 0x9F},       /* DEL and C1 */
        {0xAD, 0xAD},       /* soft hyphen */
        {0x61C, 0x61C},     /* Arabic letter mark */
        {0x180E, 0x180E},   /* Mongolian vowel separator */
        {0x200B, 0x200F},   /* zero-width characters, direction marks */
        {0x2028, 0x202E},   /* line and paragraph separators, embeddings, overrides */
        {0x2060, 0x206F},   /* word joiner, invisible operators, isolates, deprecated controls */
        {0xFEFF, 0xFEFF},   /* byte order mark */
        {0xFFF9, 0xFFFB},   /* interlinear annotation */
        {0xE0000, 0xE007F}, /* tags */
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && c >= ranges[i].first; i++)
        if (c <= ranges[i].last)
            return true;
    return false;
}

/* The bytes at the start of `s` that may be shown as they are. */
static size_t visible_length(struct slice s)
{
    uint32_t point = 0;
    size_t at = 0;
    for (size_t len; at < s.len; at += len) {
        len = utf8_decode(slice_from(s, at), &point);
        if (len == 0 || is_steering(point))
            break;
    }
    return at;
}

void text_add_visible(struct buf *out, struct slice s)
{
    while (s.len) {
        uint32_t point;
        size_t plain = visible_length(s);
        buf_add(out, slice_first(s, plain));
        s = slice_from(s, plain);
        size_t len = utf8_decode(s, &point);
        if (len == 0 && s.len)
            len = 1;
        for (size_t i = 0; i < len; i++)
            buf_addf(out, "\\x%02x", (unsigned)(unsigned char)s.ptr[i]);
        s = slice_from(s, len);
    }
}

bool text_is_visible(struct slice s)
{
    return visible_length(s) == s.len;
}

/* ---- the nearest word ---- */

enum { LONGEST_WORD = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one
 * each. Both are at most LONGEST_WORD long; case does not count. */
static size_t distance(struct slice a, struct slice b)
{
    size_t rows[3][LONGEST_WORD + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = before[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = to_lower(a.ptr[i - 1]), y = to_lower(b.ptr[j - 1]);
            now[j] = smaller(smaller(last[j], now[j - 1]) + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == to_lower(b.ptr[j - 2]) && to_lower(a.ptr[i - 2]) == y)
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b.len];
}

const char *text_nearest(struct slice word, const char *const *words)
{
    const char *nearest = NULL;
    size_t limit = word.len / 3 > 1 ? word.len / 3 : 1;
    if (word.len == 0 || word.len > LONGEST_WORD)
        return NULL;
    for (; *words; words++) {
        struct slice candidate = slice_of(*words);
        if (candidate.len > LONGEST_WORD)
            continue;
        size_t far = distance(word, candidate);
        if (far > limit || far >= candidate.len)
            continue;
        nearest = *words;
        if (far == 0)
            break;
        limit = far - 1;
    }
    return nearest;
}

void text_add_size(struct buf *out, unsigned long long bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        buf_addf(out, "%llu B", bytes);
        return;
    }
    unsigned long long divisor = 100; /* to tenths of the unit */
    size_t unit = 0;
    while (bytes / divisor + (bytes % divisor >= divisor / 2) >= 10000) {
        divisor *= 1000;
        unit++;
    }
    unsigned long long tenths = bytes / divisor + (bytes % divisor >= divisor / 2);
    buf_addf(out, "%llu.%llu %s", tenths / 10, tenths % 10, units[unit]);
}
