#include "watcher/base/zip_tail.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"

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

/* Where a directory's entry has what (APPNOTE.TXT 4.3.12). */
enum {
    CRC_AT = 16,
    SIZE_AT = 24,
    NAME_LENGTH_AT = 28,
    EXTRA_LENGTH_AT = 30,
    ENTRY_COMMENT_LENGTH_AT = 32,
    ENTRY = 46,
};

static size_t entry_length(struct slice rest)
{
    if (rest.len < ENTRY || memcmp(rest.ptr, "PK\1\2", 4) != 0)
        return 0;
    size_t length = ENTRY + number_at(rest.ptr + NAME_LENGTH_AT, 2) +
                    number_at(rest.ptr + EXTRA_LENGTH_AT, 2) +
                    number_at(rest.ptr + ENTRY_COMMENT_LENGTH_AT, 2);
    return length <= rest.len ? length : 0;
}

static bool add_entry(struct slice entry, struct buf *out)
{
    struct buf line = {0};
    struct slice name = slice_new(entry.ptr + ENTRY, number_at(entry.ptr + NAME_LENGTH_AT, 2));
    buf_addf(&line, "%08x %u ", (unsigned)number_at(entry.ptr + CRC_AT, 4),
             (unsigned)number_at(entry.ptr + SIZE_AT, 4));
    text_add_visible(&line, name);
    buf_add_byte(&line, '\n');
    bool good = buf_add(out, buf_slice(&line));
    buf_free(&line);
    return good;
}

/* The end record's place, SLICE_NONE when there is none. */
static size_t find_end(const struct zip_tail *z)
{
    for (size_t at = z->len; at-- > 0;) {
        size_t rest = z->len - at;
        if (rest >= ZIP_END_RECORD && memcmp(z->bytes + at, "PK\5\6", 4) == 0 &&
            rest - ZIP_END_RECORD == number_at(z->bytes + at + COMMENT_LENGTH_AT, 2))
            return at;
    }
    return SLICE_NONE;
}

bool zip_tail_list(const struct zip_tail *z, struct buf *out)
{
    size_t end = find_end(z);
    uint64_t size = end == SLICE_NONE ? 0 : number_at(z->bytes + end + DIRECTORY_SIZE_AT, 4);
    if (end == SLICE_NONE || size > end)
        return false;
    struct slice rest = slice_new(z->bytes + end - size, size);
    for (size_t length; rest.len; rest = slice_from(rest, length)) {
        length = entry_length(rest);
        if (!length || !add_entry(slice_first(rest, length), out))
            return false;
    }
    return true;
}

const char *zip_tail_end(const struct zip_tail *z)
{
    size_t end = find_end(z);
    if (end == SLICE_NONE)
        return "its end record is missing";
    uint32_t size = number_at(z->bytes + end + DIRECTORY_SIZE_AT, 4);
    uint32_t start = number_at(z->bytes + end + DIRECTORY_START_AT, 4);
    bool elsewhere = size == NOT_HERE || start == NOT_HERE;
    if (!elsewhere && (uint64_t)start + size > z->total - (z->len - end))
        return "its directory is not whole";
    return NULL;
}
