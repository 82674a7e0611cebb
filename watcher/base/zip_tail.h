/* The end of a zip archive, where its directory is found: proof that nothing is cut off. Only
 * archive_check.c includes this. */
#ifndef MWATCH_BASE_ZIP_TAIL_H
#define MWATCH_BASE_ZIP_TAIL_H

#include "watcher/base/slice.h"

#include <stdint.h>

/* The end record, with a comment of 65,535 bytes at most behind it. */
enum { ZIP_END_RECORD = 22, ZIP_TAIL = ZIP_END_RECORD + 65535 };

/* Begin with {0}. */
struct zip_tail {
    char bytes[2 * ZIP_TAIL]; /* the last bytes seen, at least ZIP_TAIL once there were as many */
    size_t len;
    uint64_t total; /* bytes seen */
};

void zip_tail_add(struct zip_tail *z, struct slice bytes);

/* NULL when the end-of-central-directory record is there, ends with the file, and the directory it
 * tells of lies before it; else why not. */
const char *zip_tail_end(const struct zip_tail *z);

/* Add a line "CRC SIZE NAME" for each member that the directory tells of; false when not all of it
 * was seen. For after zip_tail_end. */
struct buf;
bool zip_tail_list(const struct zip_tail *z, struct buf *out);

#endif
