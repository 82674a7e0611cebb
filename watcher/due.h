/* Due: which images would come out different if they were built now, why, and under which tag each
 * is to be published. The steps below are taken in this order; an image that fails in one carries
 * its error and is left alone by the next ones. */
#ifndef MWATCH_DUE_H
#define MWATCH_DUE_H

#include "watcher/base/names.h"
#include "watcher/discover.h"
#include "watcher/http/http.h"
#include "watcher/rebuild/record.h"
#include "watcher/rebuild/secdb.h"
#include "watcher/rebuild/state.h"
#include "watcher/recipes/config_rebuild.h"
#include "watcher/recipes/needs.h"

enum due_fate {
    DUE_SAME,      /* nothing changed */
    DUE_REBUILD,   /* something did, or there is no image yet */
    DUE_TRIGGERED, /* what is due was triggered before, and is not published yet */
    DUE_FAILED,    /* `error` says why it cannot be known */
};

const char *due_fate_name(enum due_fate fate); /* "rebuild" */

/* A melange recipe of the repository, as an index would tell of its packages. */
struct due_recipe {
    const char *name, *file;
    const char *version; /* "8.5.0-r0" */
    struct needs needs;
    struct apko_image environment; /* its lists; packages: what must not be there, too */
    struct apko_list archs;        /* package.target-architecture */
};

struct due_image {
    const char *name, *file;
    struct apko_image image; /* its lists */
    struct needs needs;
    struct rebuild_settings settings;
    VEC(const char *) archs; /* as apk calls them, sorted */
    enum due_fate fate;
    struct error error;

    struct image_state now;     /* what it would consist of */
    struct image_state install; /* the same in the order of installation */
    struct image_state then;    /* what it last did; no sets = it was never built */
    struct state_changes changes;
    struct secdb_fixed *fixed; /* beside the changes: what each has fixed; NULL = not known */
    VEC(const struct due_recipe *) recipes; /* that build packages of it, first what others need */
    const char *primary;                    /* the package that its tags are named after */
    const char *version, *tag; /* "3.14.1", "3.14.1-r0"; tag also of what was triggered;
                                  NULL = none is known */
    bool build;                /* no image, but what a recipe is built with: ... */
    VEC(const char *) wanted;  /* ... the packages that its list asks for itself, some twice */
    bool asked;                /* somebody wants it whatever it consists of */
    unsigned level;            /* from 1; what it is built after has a lower one */
};

/* What a recipe that an image holds is built with. */
struct due_build {
    const struct due_recipe *recipe;
    struct due_image made; /* the environment, as if it were an image; its recipes are those of this
                              repository that the build needs */
    bool known; /* the record has what this version of it was built with; else nothing is compared
                   and no change is told */
    VEC(size_t) causes; /* changes of what is named: why it is DUE_REBUILD; none = it is not */
};

struct due {
    struct arena arena;
    struct config_files files;
    struct http *http;
    const char *root;
    const struct config *config;
    struct record *record; /* of earlier runs; NULL = none is kept */
    bool bumps; /* what recipes are built with is compared until their versions tell of it: images
                   that are built do not make them anew */
    VEC(struct due_image *) images; /* in the order of their files; due_order: by level */
    struct rebuild_recipes settings;
    VEC(struct due_recipe *) recipes;
    struct names builders;          /* struct due_recipe by the packages it builds */
    VEC(struct due_build *) builds; /* in the order of their files */
    struct names build_of;          /* struct due_build by its recipe's file */
    struct loader *loader;          /* indexes that were got */
    VEC(const char *) warnings;
    size_t packages; /* of all indexes that were read */
    unsigned levels;
};

/* Read images and recipes below the root. False, ERROR_USAGE, for a root that cannot be read and a
 * configuration that makes no sense. `http`, `root` and `config` are borrowed. To be released
 * either way. */
bool due_read(struct due *d, const char *root, const struct config *config, struct http *http,
              struct error *e);
void due_release(struct due *d);

/* Read what each image consisted of last, from where its settings say. */
void due_recall(struct due *d);

/* Get the indexes and resolve every image for each of its architectures. */
void due_resolve(struct due *d);

/* Tell what changed. */
void due_compare(struct due *d);

/* Resolve the build environment of every recipe whose packages an image holds, and compare it with
 * the record; nothing where none is kept. Where a recipe's environment names no repositories or no
 * keys, those of the configuration are taken, else those of the first image that holds it; if the
 * configuration names repositories, recipes that no image holds are looked at, too. A recipe is to
 * be built again when a package moved that it, or a pipeline it uses, names, and that the
 * configuration counts; what those bring along is told only. */
void due_builds(struct due *d);

/* Look up what the packages that moved have fixed, where a security database or OSV's ecosystem is
 * configured. What cannot be read is a warning. */
void due_fixed(struct due *d);

/* The images that are called so, or whose file that is, are rebuilt even when nothing changed, and
 * no other is. ERROR_USAGE for a name that no image has. */
bool due_ask_for(struct due *d, const char *const *names, size_t count, struct error *e);

/* Drop the images that nobody asked for. */
void due_keep_asked(struct due *d);

/* Give those that are to be rebuilt their tags: the version of the primary package and the first
 * epoch behind all that the registry has, or that were given before. Where the configuration does
 * not say enough for one, that is the image's error when tags are needed, else a warning. */
void due_tag(struct due *d, bool needed);

/* Put them in order. */
void due_order(struct due *d);

/* Note in the record what was triggered at `now` (seconds since 1970): the images of one level, 0 =
 * all that are to be rebuilt. */
void due_note(struct due *d, unsigned level, int64_t now);

/* Note in the record what recipes are built with that it does not know yet, or not at their
 * version; true when there were any. What due_note notes is built with an image is noted there. */
bool due_note_builds(struct due *d);

/* Write the lock file of every image that did not fail, where it differs from what is there, and
 * say so. */
void due_lock(struct due *d, const struct context *ctx);

/* Images of this fate; and whether one has failed. */
size_t due_count(const struct due *d, enum due_fate fate);

/* The same of builds. */
size_t due_count_builds(const struct due *d, enum due_fate fate);

/* The primary's version as a tag begins with it: without apk's -rN, and what no tag may hold
 * replaced; and the next tag of that version beside these. In the arena. */
const char *due_tag_version(struct arena *a, const char *package_version);
const char *due_next_tag(struct arena *a, const char *version, const char *const *taken,
                         size_t count);

#endif
