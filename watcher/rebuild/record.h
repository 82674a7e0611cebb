/* mwatch's own record of rebuilds: what every image consisted of when it was last triggered, and
 * under which tag, so that the same change is triggered once and no tag is given twice. One JSON
 * file. */
#ifndef MWATCH_REBUILD_RECORD_H
#define MWATCH_REBUILD_RECORD_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"
#include "watcher/rebuild/state.h"

#include <stdint.h>

struct record_entry {
    const char *image;        /* the recipe's name: "python" */
    const char *tag;          /* "3.14.0-r2"; NULL = recorded without a build */
    int64_t triggered;        /* seconds since 1970; 0 = never: the state was only looked at */
    struct image_state state; /* sorted */
    VEC(const char *) tags;   /* every tag that was ever given, this one with them */
};

struct record {
    VEC(struct record_entry) entries; /* by image */
};

/* Read a record; an empty text is an empty record. ERROR_RECIPE, naming what is wrong, for anything
 * else that is no record. In the arena. */
bool record_read(struct arena *a, struct slice text, struct record *out, struct error *e);

/* Add it as JSON: sorted, a line a package, so that it can be kept in the repository. */
void record_write(const struct record *r, struct buf *out);

/* The image's entry, NULL when there is none; and one that is made when there is none, valid until
 * the next call. */
struct record_entry *record_find(const struct record *r, const char *image);
struct record_entry *record_entry(struct arena *a, struct record *r, const char *image);

#endif
