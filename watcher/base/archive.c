#include "watcher/base/archive.h"
#include "watcher/base/archive_bomb.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* What an archive in memory may expand to before its entry is found. */
#define LARGEST (UINT64_C(4) << 30)

enum { LIKELY = 256 << 20 };

static bool fail(struct archive *a, struct error *e)
{
    const char *reason = archive_error_string(a);
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

/* The tar reader passes over blocks of zeros by itself, however many there are, so what is
 * compressed is measured first. Whether it is whole, the reader says. */
static bool measure(struct slice bytes, struct error *e)
{
    struct archive_entry *entry;
    struct archive *a = new_archive(e);
    const void *block;
    size_t len;
    la_int64_t offset;
    uint64_t total = 0;
    if (!a)
        return false;
    archive_read_support_format_raw(a);
    bool open = archive_read_open_memory(a, bytes.ptr, bytes.len) == ARCHIVE_OK &&
                archive_read_next_header(a, &entry) == ARCHIVE_OK &&
                archive_filter_code(a, 0) != ARCHIVE_FILTER_NONE;
    while (open && archive_read_data_block(a, &block, &len, &offset) == ARCHIVE_OK)
        open = add_plain(a, len, &total, e);
    archive_read_free(a);
    return !error_is_set(e);
}

static struct archive *open_archive(struct slice bytes, struct error *e)
{
    struct archive *a = measure(bytes, e) ? new_archive(e) : NULL;
    if (!a)
        return NULL;
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    archive_read_set_option(a, "tar", "read_concatenated_archives", "1");
    if (archive_read_open_memory(a, bytes.ptr, bytes.len) == ARCHIVE_OK)
        return a;
    fail(a, e);
    archive_read_free(a);
    return NULL;
}

/* The next piece of the entry's data: an empty one at its end. */
static bool next_piece(struct archive *a, struct slice *piece, uint64_t *total, struct error *e)
{
    const void *block = NULL;
    size_t len = 0;
    la_int64_t offset;
    int status = archive_read_data_block(a, &block, &len, &offset);
    *piece = slice_new(block, status == ARCHIVE_EOF ? 0 : len);
    if (status != ARCHIVE_EOF && status < ARCHIVE_WARN)
        return fail(a, e);
    return add_plain(a, piece->len, total, e);
}

/* Read the entry at hand, into *out unless that is NULL. */
static bool read_entry(struct archive *a, struct buf *out, uint64_t *total, struct error *e)
{
    struct slice piece;
    do {
        if (!next_piece(a, &piece, total, e))
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

static bool find_entry(struct archive *a, const char *name, struct buf *out, struct error *e)
{
    struct archive_entry *entry;
    uint64_t total = 0;
    for (;;) {
        int status = archive_read_next_header(a, &entry);
        if (status == ARCHIVE_EOF)
            return error_set(e, ERROR_UPSTREAM, "the archive has no %s", name);
        if (status < ARCHIVE_WARN)
            return fail(a, e);
        bool found = is_called(entry, name);
        if (found)
            make_room(entry, out);
        if (!read_entry(a, found ? out : NULL, &total, e) || found)
            return !error_is_set(e);
    }
}

bool archive_entry(struct slice archive, const char *name, struct buf *out, struct error *e)
{
    struct archive *a = open_archive(archive, e);
    if (!a)
        return false;
    bool good = find_entry(a, name, out, e);
    archive_read_free(a);
    return good;
}

bool archive_each(struct slice archive, size_t max,
                  void (*visit)(void *arg, const char *name, struct slice content), void *arg,
                  struct error *e)
{
    struct archive *a = open_archive(archive, e);
    struct archive_entry *entry;
    struct buf content = BUF_MAX(max);
    uint64_t total = 0;
    int status = ARCHIVE_EOF;
    while (a && !error_is_set(e) &&
           (status = archive_read_next_header(a, &entry)) >= ARCHIVE_WARN &&
           status != ARCHIVE_EOF) {
        const char *name = archive_entry_pathname(entry);
        buf_clear(&content);
        if (read_entry(a, &content, &total, e))
            visit(arg, name ? name : "", buf_slice(&content));
    }
    if (a && status < ARCHIVE_WARN && !error_is_set(e))
        fail(a, e);
    archive_read_free(a);
    buf_free(&content);
    return !error_is_set(e);
}
