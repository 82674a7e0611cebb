#include "watcher/base/tar.h"

#include "watcher/base/tar_list.h"

#include <string.h>

/* Offsets and lengths in a header, POSIX pax "ustar Interchange Format". */
enum {
    SIZE_AT = 124,
    SIZE_LENGTH = 12,
    CHECKSUM_AT = 148,
    CHECKSUM_LENGTH = 8,
    TYPE_AT = 156,
    SPARSE_MORE_AT = 482,    /* GNU: the map goes on in the next block */
    EXTENSION_MORE_AT = 504, /* the same in that block */
};

/* A number field: octal digits with blanks or zeros around them, or GNU's base 256, marked by the
 * first byte's high bit. False when it is neither or negative. */
static bool read_number(const char *field, size_t len, uint64_t *out)
{
    uint64_t n = 0;
    size_t i = 0;
    if ((unsigned char)field[0] & 0x80) {
        if ((unsigned char)field[0] != 0x80)
            return false;
        for (i = 1; i < len; i++) {
            if (n >> 55)
                return false;
            n = n << 8 | (unsigned char)field[i];
        }
        *out = n;
        return true;
    }
    while (i < len && field[i] == ' ')
        i++;
    for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
        n = n << 3 | (uint64_t)(field[i] - '0');
    *out = n;
    return i == len || field[i] == ' ' || field[i] == '\0';
}

static bool is_zero(const char *block)
{
    for (size_t i = 0; i < TAR_BLOCK; i++)
        if (block[i])
            return false;
    return true;
}

/* Some old tars summed signed bytes. */
bool tar_is_header(struct slice head)
{
    uint64_t wanted = 0;
    int64_t plain = 0, with_sign = 0;
    if (head.len < TAR_BLOCK || !read_number(head.ptr + CHECKSUM_AT, CHECKSUM_LENGTH, &wanted))
        return false;
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        bool own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
        plain += own ? ' ' : (unsigned char)head.ptr[i];
        with_sign += own ? ' ' : (signed char)head.ptr[i];
    }
    bool fits = (int64_t)wanted == plain || (int64_t)wanted == with_sign;
    return fits && !is_zero(head.ptr);
}

static void read_header(struct tar *t)
{
    uint64_t size = 0;
    char type = t->block[TYPE_AT];
    if (!read_number(t->block + SIZE_AT, SIZE_LENGTH, &size) || size > UINT64_MAX - TAR_BLOCK) {
        t->broken = "an entry's size makes no sense";
        return;
    }
    uint64_t padded = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
    t->ended = false;
    if (t->list)
        tar_list_header(t->list, t->block, size);
    t->sparse = type == 'S' && t->block[SPARSE_MORE_AT];
    if (type == '1')
        t->doubtful = padded;
    else if (type < '2' || type > '6') /* links, devices, directories and FIFOs have no data */
        t->left = padded;
}

static void read_block(struct tar *t)
{
    bool first = t->blocks++ == 0;
    uint64_t doubtful = t->doubtful;
    t->doubtful = 0;
    if (t->sparse)
        t->sparse = t->block[EXTENSION_MORE_AT] != 0;
    else if (tar_is_header(slice_new(t->block, TAR_BLOCK)))
        read_header(t);
    else if (is_zero(t->block))
        t->ended = true;
    else if (doubtful)
        t->left = doubtful - TAR_BLOCK;
    else if (t->ended)
        t->over = true;
    else
        t->broken = first ? "it does not begin with a tar header" : "a header's checksum is wrong";
}

/* Pass over data of an entry, or gather a block; how many bytes that took. */
static size_t take(struct tar *t, struct slice bytes)
{
    if (t->left && !t->sparse) {
        size_t count = bytes.len < t->left ? bytes.len : (size_t)t->left;
        t->left -= count;
        if (t->list)
            tar_list_data(t->list, slice_first(bytes, count));
        return count;
    }
    size_t room = TAR_BLOCK - t->gathered;
    size_t count = bytes.len < room ? bytes.len : room;
    memcpy(t->block + t->gathered, bytes.ptr, count);
    t->gathered += count;
    if (t->gathered == TAR_BLOCK) {
        t->gathered = 0;
        read_block(t);
    }
    return count;
}

void tar_add(struct tar *t, struct slice bytes)
{
    while (bytes.len && !t->broken && !t->over)
        bytes = slice_from(bytes, take(t, bytes));
}

const char *tar_end(const struct tar *t, bool strict)
{
    if (t->broken || t->over)
        return t->broken;
    if (t->left || t->doubtful || t->sparse)
        return "it ends within an entry";
    if (t->gathered && !t->ended)
        return "it ends within a header";
    return strict && !t->ended ? "its end is missing" : NULL;
}
