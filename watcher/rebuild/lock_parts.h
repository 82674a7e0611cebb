/* What the files of lock files share; nobody else includes this. */
#ifndef MWATCH_REBUILD_LOCK_PARTS_H
#define MWATCH_REBUILD_LOCK_PARTS_H

#include "watcher/rebuild/lockfile.h"

/* As a lock file has them: "bytes=0-684" and "sha1-" or "sha256-" with base64; "" for a signature
 * that is not there. */
struct lock_part {
    const char *range, *checksum;
};

struct lock_package {
    struct lock_part signature, control, data;
    struct error error; /* why they are not known; not set: they are, or were not asked for */
    bool known;
};

/* What is known of a package's file, NULL when it was never asked for or learnt. */
const struct lock_package *lock_parts_find(const struct lock_parts *p, const char *url,
                                           const char *checksum);

/* A hash (lower-case hex) as lock files have it: `kind` ("sha1-") and base64. In the arena. */
const char *lock_hash_text(struct arena *a, const char *kind, const char *hex);

#endif
