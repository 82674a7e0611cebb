/* Atom feeds (RFC 4287), read with libxml2. */
#ifndef MWATCH_SOURCES_FEED_H
#define MWATCH_SOURCES_FEED_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

#include <stdint.h>

/* An entry; a text that it does not have is empty. */
struct feed_entry {
    struct slice id;
    struct slice link; /* of rel="alternate", as it is written */
    int64_t updated;   /* seconds since 1970, 0 = not known */
};

struct feed {
    VEC(struct feed_entry) entries; /* in the feed's order */
};

/* Read a whole feed into the arena. ERROR_UPSTREAM when it is no XML, has a document type (so no
 * entity is ever expanded), or is no feed. */
bool feed_read(struct arena *a, struct slice xml, struct feed *out, struct error *e);

#endif
