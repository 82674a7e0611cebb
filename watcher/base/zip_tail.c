#include "watcher/base/zip_tail.h"

#include <string.h>

/* Where the end record has what (APPNOTE.TXT 4.3.16). */
enum { DIRECTORY_SIZE_AT = 12, DIRECTORY_START_AT = 16, COMMENT_LENGTH_AT = 20 };

/* In zip64 these fields are filled with ones and the true values stand in another record. */
#define NOT_HERE UINT32_C(0xFFFFFFFF)

void zip_tail_add(struct zip_tail *z, struct slice bytes)
{
    z->total += bytes.len;
    if (bytes.len > ZIP_TAIL)
        bytes = slice_from(bytes, bytes.len - ZIP_TAIL);
    if (bytes.len > sizeof z->bytes - z->len) {
        size_t kept = ZIP_TAIL;
        memmove(z->bytes, z->bytes + z->len - kept, kept);
        z->len = kept;
    }
    if (bytes.len)
        memcpy(z->bytes + z->len, bytes.ptr, bytes.len);
    z->len += bytes.len;
}

static uint32_t number_at(const char *p, size_t len)
{
    uint32_t n = 0;
    while (len-- > 0)
        n = n << 8 | (unsigned char)p[len];
    return n;
}

const char *zip_tail_end(const struct zip_tail *z)
{
    for (size_t at = z->len; at-- > 0;) {
        const char *record = z->bytes + at;
        size_t rest = z->len - at;
        if (rest < ZIP_END_RECORD || memcmp(record, "PK\5\6", 4) != 0 ||
            rest - ZIP_END_RECORD != number_at(record + COMMENT_LENGTH_AT, 2))
            continue;
        uint32_t size = number_at(record + DIRECTORY_SIZE_AT, 4);
        uint32_t start = number_at(record + DIRECTORY_START_AT, 4);
        bool elsewhere = size == NOT_HERE || start == NOT_HERE;
        if (!elsewhere && (uint64_t)start + size > z->total - rest)
            return "its directory is not whole";
        return NULL;
    }
    return "its end record is missing";
}
