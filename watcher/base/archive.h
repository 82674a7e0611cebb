/* Archives read as a stream: does it read to its end, and what is in it. libarchive stays in here.
 */
#ifndef MWATCH_BASE_ARCHIVE_H
#define MWATCH_BASE_ARCHIVE_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"
#include "watcher/base/hash.h"

/* The kinds told apart by their first bytes. */
enum file_kind {
    FILE_OTHER,
    FILE_HTML,
    FILE_GZIP,
    FILE_XZ,
    FILE_BZIP2,
    FILE_ZSTD,
    FILE_ZIP, /* .jar and .war too */
    FILE_TAR,
    FILE_ELF,
    FILE_JSON,
};

/* Look at the first bytes (512 are enough). HTML: after a BOM and blanks, <!doctype html, <html,
 * <head, or an XML prolog followed by <html. */
enum file_kind file_kind_of(struct slice head);
const char *file_kind_name(enum file_kind kind);

/* The kind that a file's name promises (.tar.gz, .tgz, .war, .zip, ...; ELF for x-linux-amd64 and
 * its kin); FILE_OTHER when none. */
enum file_kind file_kind_promised(struct slice name);

/* Read the entry called `name` of an archive in memory into *out (limit: out->max). Several gzip
 * streams back to back count as one, as APKINDEX.tar.gz has them. ERROR_UPSTREAM when the archive
 * is broken or has no such entry. */
bool archive_entry(struct slice archive, const char *name, struct buf *out, struct error *e);

/* Hand each entry of an archive in memory to `visit`, in order, with its name and content, which
 * are borrowed. ERROR_UPSTREAM when the archive is broken or an entry is larger than `max` bytes;
 * what stands before that has been visited. */
bool archive_each(struct slice archive, size_t max,
                  void (*visit)(void *arg, const char *name, struct slice content), void *arg,
                  struct error *e);

/* A check that takes bytes as they arrive and keeps none: decompresses gzip, xz, bzip2 and zstd and
 * follows tar headers; zip needs its end-of-central-directory record. What expands to more than 256
 * MiB and 1000 times its size is given up. Owned until
 * archive_check_end. */
struct archive_check;
struct archive_check *archive_check_begin(void);
void archive_check_add(struct archive_check *c, struct slice bytes);

/* What an archive holds, to tell later what another of its name holds instead. */
struct archive_list {
    char content[SHA256_HEX + 1]; /* of all that a compressed file holds; "" = it is not compressed
                                     by itself */
    struct buf members;           /* "SUM SIZE NAME\n" a member, in the archive's order */
    bool partial;                 /* there are more members than these */
};

/* Ask for the list, before the first bytes; `out` must live until archive_check_end, and is the
 * caller's to free. */
void archive_check_list(struct archive_check *c, struct archive_list *out);

/* Finish and release; false with ERROR_REFUSED when the archive did not read to its end. Bytes of
 * kind FILE_OTHER pass. */
bool archive_check_end(struct archive_check *c, struct error *e);

#endif
