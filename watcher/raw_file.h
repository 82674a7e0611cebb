/* Where a single file of a repository can be had, by what is known of the hosts. */
#ifndef MWATCH_RAW_FILE_H
#define MWATCH_RAW_FILE_H

#include "watcher/base/arena.h"

/* The address of `path` at a tag, or else at a commit; one of them is not NULL. NULL for a host
 * whose addresses are not known, and for a repository that is no URL. In the arena. */
const char *raw_file_address(struct arena *a, const char *repository, const char *tag,
                             const char *commit, const char *path);

#endif
