#include "watcher/rebuild/words.h"

#include "watcher/base/hash.h"

enum { LONGEST_NAME = 1000, LONGEST_TAG = 128 };

const char *words_name(struct arena *a, struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return NULL;
    return text.len && text.len <= LONGEST_NAME ? arena_text(a, text) : NULL;
}

const char *words_tag(struct arena *a, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool inner = c == '.' || c == '-';
        if (!is_letter(c) && !is_digit(c) && c != '_' && (!inner || i == 0))
            return NULL;
    }
    return text.len && text.len <= LONGEST_TAG ? arena_text(a, text) : NULL;
}

const char *words_digest(struct arena *a, struct slice text)
{
    size_t colon = slice_find_byte(text, ':');
    struct slice kind = slice_first(text, colon);
    struct slice hex = colon == SLICE_NONE ? SLICE("") : slice_from(text, colon + 1);
    for (size_t i = 0; i < hex.len; i++)
        if (is_upper(hex.ptr[i]))
            return NULL;
    bool right = (slice_is(kind, "sha256") && hex.len == SHA256_HEX) ||
                 (slice_is(kind, "sha512") && hex.len == SHA512_HEX);
    return right && slice_all_hex(hex) ? arena_text(a, text) : NULL;
}
