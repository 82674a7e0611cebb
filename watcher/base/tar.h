/* A tar archive followed from header to header without keeping any of it: the formats ustar, GNU
 * and pax, as far as an archive's shape goes. Sizes over 8 GiB are understood as GNU writes them,
 * not as pax records: an archive that needs those is larger than any artefact may be. */
#ifndef MWATCH_BASE_TAR_H
#define MWATCH_BASE_TAR_H

#include "watcher/base/slice.h"

#include <stdint.h>

struct tar_list;

enum { TAR_BLOCK = 512 };

/* Begin with {0}. */
struct tar {
    char block[TAR_BLOCK]; /* the block that is being gathered */
    size_t gathered;
    uint64_t left;         /* bytes of an entry's data, padding included, that are passed over */
    uint64_t doubtful;     /* data a hard link may or may not have: the next block tells */
    uint64_t blocks;       /* dealt with so far */
    bool sparse;           /* the next block continues a GNU sparse map */
    bool ended;            /* a block of zeros came after the last entry */
    bool over;             /* what follows the end is no tar any more and does not matter */
    struct tar_list *list; /* what its members are told to; NULL = nobody */
    const char *broken;    /* why it is no sound archive, NULL while it is */
};

/* Are the first 512 bytes of `head` a header: does its checksum fit? */
bool tar_is_header(struct slice head);

void tar_add(struct tar *t, struct slice bytes);

/* Did the archive end where an entry ends? NULL, or why not. `strict`: it must have its block of
 * zeros too, without which a plain archive may be cut between two entries. */
const char *tar_end(const struct tar *t, bool strict);

#endif
