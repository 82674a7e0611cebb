#include "watcher/base/tar_list.h"

#include "watcher/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Offsets and lengths in a header, POSIX pax "ustar Interchange Format". */
enum {
    NAME_LENGTH = 100,
    TYPE_AT = 156,
    LINK_AT = 157,
    MAGIC_AT = 257,
    PREFIX_AT = 345,
    PREFIX_LENGTH = 155,
    SUM_DIGITS = 16,
};

void tar_list_begin(struct tar_list *l)
{
    *l = (struct tar_list){.lines = BUF_MAX(TAR_LIST_MOST),
                           .name = BUF_MAX(TAR_NAME_MOST),
                           .special = BUF_MAX(TAR_NAME_MOST),
                           .given = BUF_MAX(TAR_NAME_MOST)};
}

static struct slice field(const char *at, size_t most)
{
    const char *end = memchr(at, '\0', most);
    return slice_new(at, end ? (size_t)(end - at) : most);
}

/* The value of "path" in a pax header's records: "LENGTH KEY=VALUE\n". */
static struct slice pax_path(struct slice records)
{
    struct slice found = {0};
    while (records.len) {
        unsigned long long length;
        size_t blank = slice_find_byte(records, ' ');
        if (blank == SLICE_NONE || !slice_number(slice_first(records, blank), &length) ||
            length <= blank + 1 || length > records.len)
            break;
        struct slice record = slice_first(slice_from(records, blank + 1), length - blank - 2);
        if (slice_starts(record, SLICE("path=")))
            found = slice_from(record, strlen("path="));
        records = slice_from(records, length);
    }
    return found;
}

/* An entry that is about the next one is complete: GNU's long name, or pax records. */
static void take_special(struct tar_list *l)
{
    struct slice text = buf_slice(&l->special);
    struct slice name = l->type == 'L' ? field(text.ptr, text.len) : pax_path(text);
    if (name.len) {
        buf_clear(&l->given);
        buf_add(&l->given, name);
    }
}

static bool is_special(char type)
{
    return type == 'L' || type == 'x';
}

/* Entries that are no members: global records, long targets of links. */
static bool is_aside(char type)
{
    return type == 'g' || type == 'K';
}

static void add_line(struct tar_list *l, const char *sum)
{
    struct buf line = {0};
    buf_addf(&line, "%.*s %llu ", SUM_DIGITS, sum, (unsigned long long)l->size);
    text_add_visible(&line, buf_slice(&l->name));
    buf_add_byte(&line, '\n');
    if (l->full || !buf_add(&l->lines, buf_slice(&line)))
        l->full = true;
    buf_free(&line);
}

static void finish(struct tar_list *l)
{
    char sum[SHA256_HEX + 1];
    if (is_special(l->type))
        take_special(l);
    if (!l->sum)
        return;
    hash256_end(l->sum, sum);
    l->sum = NULL;
    add_line(l, sum);
}

static void take_name(struct tar_list *l, const char *block)
{
    struct slice prefix = memcmp(block + MAGIC_AT, "ustar\0", 6) == 0
                              ? field(block + PREFIX_AT, PREFIX_LENGTH)
                              : (struct slice){0};
    buf_clear(&l->name);
    if (l->given.len) {
        buf_add(&l->name, buf_slice(&l->given));
        buf_clear(&l->given);
        return;
    }
    buf_add(&l->name, prefix);
    if (prefix.len)
        buf_add_byte(&l->name, '/');
    buf_add(&l->name, field(block, NAME_LENGTH));
}

void tar_list_header(struct tar_list *l, const char *block, uint64_t size)
{
    finish(l);
    l->type = block[TYPE_AT];
    l->size = l->left = size;
    buf_clear(&l->special);
    if (is_special(l->type) || is_aside(l->type))
        return;
    take_name(l, block);
    l->sum = hash256_begin();
    if (l->type == '1' || l->type == '2') /* where a link leads is what it holds */
        hash256_add(l->sum, field(block + LINK_AT, NAME_LENGTH));
}

void tar_list_data(struct tar_list *l, struct slice bytes)
{
    struct slice own = slice_first(bytes, l->left < bytes.len ? (size_t)l->left : bytes.len);
    l->left -= own.len;
    if (l->sum)
        hash256_add(l->sum, own);
    else if (is_special(l->type))
        buf_add(&l->special, own);
}

void tar_list_end(struct tar_list *l)
{
    finish(l);
    l->type = 0;
}

void tar_list_free(struct tar_list *l)
{
    if (l->sum)
        hash256_drop(l->sum);
    buf_free(&l->lines);
    buf_free(&l->name);
    buf_free(&l->special);
    buf_free(&l->given);
}
