/* mwatch's own record of rebuilds: what every image consisted of when it was last triggered, and
 * under which tag, so that the same change is triggered once and no tag is given twice; and what
 * every recipe was last built with. One JSON file. */
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

/* What a melange recipe was built with. */
struct record_build {
    const char *recipe;       /* its file: "php/melange.yaml" */
    const char *version;      /* what was built: "8.5.0-r0" */
    struct image_state state; /* the build environment, sorted */
};

struct record {
    VEC(struct record_entry) entries; /* by image */
    VEC(struct record_build) builds;  /* by recipe */
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

/* The same of what a recipe was built with. */
struct record_build *record_find_build(const struct record *r, const char *recipe);
struct record_build *record_build(struct arena *a, struct record *r, const char *recipe);

#endif
