/* Drift: the same version with other bytes under the same address. What is it that changed? */
#ifndef MWATCH_DRIFT_H
#define MWATCH_DRIFT_H

#include "watcher/http/sighting.h"

enum drift_kind {
    DRIFT_RECOMPRESSED, /* what is compressed is the same to the byte */
    DRIFT_REPACKED,     /* the same files, in another order or with other times */
    DRIFT_CHANGED,      /* other files, or files with other content */
    DRIFT_UNKNOWN,      /* mwatch never saw the old bytes, or neither is an archive */
};

struct drift {
    enum drift_kind kind;
    const char *what; /* for people: "changed: 1 file added (x/evil.sh), 2 changed (x/a, x/b)" */
};

/* Compare two records of one address; NULL = there is none. Texts are in the arena. */
struct drift drift_between(struct arena *a, const struct artefact_record *before,
                           const struct artefact_record *after);

/* Tell the bytes with hash `before` (that are pinned) from those with hash `after` (that are served
 * now) at a public address, by the records of both. */
struct drift drift_find(struct http *h, struct arena *a, const char *url, const char *before,
                        const char *after);

#endif
