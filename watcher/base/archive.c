#include "watcher/base/archive.h"
#include "watcher/base/archive_bomb.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

/* What an archive in memory may expand to before its entry is found. */
#define LARGEST (UINT64_C(4) << 30)

enum { LIKELY = 256 << 20 };

/* An archive in memory. What is compressed is read by one reader, which counts, and handed on to
 * the other, which knows entries. */
struct opened {
    struct archive *entries;
    struct archive *plain; /* NULL = it is not compressed */
    uint64_t handed;       /* bytes */
    struct error error;    /* why no more are */
};

static bool fail(struct opened *o, struct error *e)
{
    const char *reason = archive_error_string(o->entries);
    if (error_is_set(&o->error))
        return error_set(e, o->error.code, "%s", o->error.message);
    return error_set(e, ERROR_UPSTREAM, "not an archive that can be read: %s",
                     reason ? reason : "no reason given");
}

/* Never archive_read_support_filter_all: it has filters that start other programs. */
static struct archive *new_archive(struct error *e)
{
    struct archive *a = archive_read_new();
    if (!a) {
        error_set(e, ERROR_SYSTEM, "libarchive cannot start");
        return NULL;
    }
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_zstd(a);
    return a;
}

static bool add_plain(struct archive *a, size_t len, uint64_t *total, struct error *e)
{
    *total += len;
    if (*total > LARGEST)
        return error_set(e, ERROR_UPSTREAM, "an archive that expands to more than 4 GiB");
    if (archive_is_bomb(*total, (uint64_t)archive_filter_bytes(a, -1)))
        return error_set(e, ERROR_UPSTREAM, "no archive worth reading: " ARCHIVE_BOMB);
    return true;
}

/* The next block that was decompressed, as archive_read_data_block gives it. */
static int next_plain(struct opened *o, const void **block, size_t *len)
{
    la_int64_t offset;
    int status = archive_read_data_block(o->plain, block, len, &offset);
    bool more = status == ARCHIVE_OK || status == ARCHIVE_WARN;
    return more && !add_plain(o->plain, *len, &o->handed, &o->error) ? ARCHIVE_FATAL : status;
}

/* The tar reader passes over blocks of zeros by itself, however many there are: they are counted
 * here. */
static la_ssize_t hand_on(struct archive *entries, void *arg, const void **block)
{
    struct opened *o = arg;
    size_t len = 0;
    int status = next_plain(o, block, &len);
    if (status == ARCHIVE_EOF)
        return 0;
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
        return (la_ssize_t)len;
    const char *reason = archive_error_string(o->plain);
    archive_set_error(entries, EIO, "%s", reason ? reason : "no reason given");
    return ARCHIVE_FATAL;
}

/* False when it is not compressed, or cannot be told to be: whoever knows entries is to say. */
static bool open_plain(struct opened *o, struct slice bytes, struct error *e)
{
    struct archive_entry *entry;
    o->plain = new_archive(e);
    if (!o->plain)
        return false;
    archive_read_support_format_raw(o->plain);
    if (archive_read_open_memory(o->plain, bytes.ptr, bytes.len) == ARCHIVE_OK &&
        archive_read_next_header(o->plain, &entry) == ARCHIVE_OK &&
        archive_filter_code(o->plain, 0) != ARCHIVE_FILTER_NONE)
        return true;
    archive_read_free(o->plain);
    o->plain = NULL;
    return false;
}

static void close_archive(struct opened *o)
{
    archive_read_free(o->entries);
    archive_read_free(o->plain);
}

/* `o` stays where it is until it is closed. */
static bool open_archive(struct opened *o, struct slice bytes, struct error *e)
{
    *o = (struct opened){.entries = new_archive(e)};
    if (!o->entries)
        return false;
    archive_read_support_format_tar(o->entries);
    archive_read_support_format_zip(o->entries);
    archive_read_set_option(o->entries, "tar", "read_concatenated_archives", "1");
    bool compressed = open_plain(o, bytes, e);
    int status = compressed ? archive_read_open(o->entries, o, NULL, hand_on, NULL)
                            : archive_read_open_memory(o->entries, bytes.ptr, bytes.len);
    if (error_is_set(e) || status != ARCHIVE_OK)
        return error_is_set(e) ? false : fail(o, e);
    return true;
}

/* What stands behind all that was wanted is counted, too, before any of it is believed. */
static bool count_rest(struct opened *o, struct error *e)
{
    const void *block;
    size_t len;
    while (o->plain && next_plain(o, &block, &len) == ARCHIVE_OK)
        ;
    return !error_is_set(&o->error) || fail(o, e);
}

/* The next piece of the entry's data: an empty one at its end. */
static bool next_piece(struct opened *o, struct slice *piece, uint64_t *total, struct error *e)
{
    const void *block = NULL;
    size_t len = 0;
    la_int64_t offset;
    int status = archive_read_data_block(o->entries, &block, &len, &offset);
    *piece = slice_new(block, status == ARCHIVE_EOF ? 0 : len);
    if (status != ARCHIVE_EOF && status < ARCHIVE_WARN)
        return fail(o, e);
    return add_plain(o->entries, piece->len, total, e);
}

/* Read the entry at hand, into *out unless that is NULL. */
static bool read_entry(struct opened *o, struct buf *out, uint64_t *total, struct error *e)
{
    struct slice piece;
    do {
        if (!next_piece(o, &piece, total, e))
            return false;
        if (out && !buf_add(out, piece))
            return error_set(e, ERROR_UPSTREAM, "larger than %zu bytes", out->max);
    } while (piece.len);
    return true;
}

static bool is_called(struct archive_entry *entry, const char *name)
{
    const char *path = archive_entry_pathname(entry);
    if (path && strncmp(path, "./", 2) == 0)
        path += 2;
    return path && strcmp(path, name) == 0;
}

/* Growing on the way copies what is there. An entry that claims more than is likely is believed
 * when it comes. */
static void make_room(struct archive_entry *entry, struct buf *out)
{
    la_int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
    if (size > 0 && size <= LIKELY && (!out->max || (uint64_t)size <= out->max - out->len))
        buf_reserve(out, (size_t)size);
}

static bool find_entry(struct opened *o, const char *name, struct buf *out, struct error *e)
{
    struct archive_entry *entry;
    uint64_t total = 0;
    for (;;) {
        int status = archive_read_next_header(o->entries, &entry);
        if (status == ARCHIVE_EOF)
            return error_set(e, ERROR_UPSTREAM, "the archive has no %s", name);
        if (status < ARCHIVE_WARN)
            return fail(o, e);
        bool found = is_called(entry, name);
        if (found)
            make_room(entry, out);
        if (!read_entry(o, found ? out : NULL, &total, e) || found)
            return !error_is_set(e);
    }
}

bool archive_entry(struct slice archive, const char *name, struct buf *out, struct error *e)
{
    struct opened o;
    bool good = open_archive(&o, archive, e) && find_entry(&o, name, out, e) && count_rest(&o, e);
    close_archive(&o);
    return good;
}

static void visit_all(struct opened *o, size_t max,
                      void (*visit)(void *arg, const char *name, struct slice content), void *arg,
                      struct error *e)
{
    struct archive_entry *entry;
    struct buf content = BUF_MAX(max);
    uint64_t total = 0;
    int status = ARCHIVE_OK;
    while (!error_is_set(e) &&
           (status = archive_read_next_header(o->entries, &entry)) >= ARCHIVE_WARN &&
           status != ARCHIVE_EOF) {
        const char *name = archive_entry_pathname(entry);
        buf_clear(&content);
        if (read_entry(o, &content, &total, e))
            visit(arg, name ? name : "", buf_slice(&content));
    }
    if (status < ARCHIVE_WARN && !error_is_set(e))
        fail(o, e);
    buf_free(&content);
}

bool archive_each(struct slice archive, size_t max,
                  void (*visit)(void *arg, const char *name, struct slice content), void *arg,
                  struct error *e)
{
    struct opened o;
    if (open_archive(&o, archive, e)) {
        visit_all(&o, max, visit, arg, e);
        if (!error_is_set(e))
            count_rest(&o, e);
    }
    close_archive(&o);
    return !error_is_set(e);
}
