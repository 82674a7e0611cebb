/* What a tar archive holds, gathered as it passes: a line a member, none of its bytes. Only tar.c,
 * archive_check.c and their tests include this. */
#ifndef MWATCH_BASE_TAR_LIST_H
#define MWATCH_BASE_TAR_LIST_H

#include "watcher/base/buf.h"
#include "watcher/base/hash.h"

#include <stdint.h>

/* Bytes of the list of one archive, and of a name that comes before its member. */
enum { TAR_LIST_MOST = 64 * 1024, TAR_NAME_MOST = 8 * 1024 };

/* Begin with tar_list_begin. */
struct tar_list {
    struct buf lines;    /* "HASH SIZE NAME\n"; the hash is the first 16 digits of a SHA-256 */
    bool full;           /* there are more members than these */
    struct hash256 *sum; /* of the member at hand, NULL = none is */
    char type;           /* its kind, as its header has it */
    uint64_t size, left; /* bytes of it, and those still to come */
    struct buf name;     /* its name */
    struct buf special;  /* what an entry holds that is about the next one */
    struct buf given;    /* the next one's name, when an entry before it told */
};

void tar_list_begin(struct tar_list *l);

/* A header of an entry with `size` bytes of data; then the data, with its padding, in any pieces.
 */
void tar_list_header(struct tar_list *l, const char *block, uint64_t size);
void tar_list_data(struct tar_list *l, struct slice bytes);

/* The archive's end: the last member is complete. */
void tar_list_end(struct tar_list *l);
void tar_list_free(struct tar_list *l);

#endif
