/* From a recipe to its first entry, one step a file. Only the files init*.c see this. */
#ifndef MWATCH_RECIPES_INIT_PARTS_H
#define MWATCH_RECIPES_INIT_PARTS_H

#include "watcher/recipes/init.h"

/* Something a recipe fetches, evaluated as it stands. */
struct init_address {
    const char *url;
    const char *tag; /* of a checkout: evaluated too; NULL = a file, or a checkout without one */
    bool checkout;
    bool pinned; /* its hash stands beside it: a bump renews that without being told */
};

/* A variable that holds a hash which no step names. */
struct init_hash {
    const char *path; /* "vars.sha256" */
    bool is_512;
};

struct init_scan {
    VEC(struct init_address) addresses; /* in the recipe's order */
    VEC(struct init_hash) hashes;
};

/* What the main pipeline of a melange recipe fetches, and the hashes it compares by hand. */
void init_scan(struct arena *a, const struct yaml *y, struct init_scan *out);

/* What an address says about its upstream. `source` is YAML; the others are plain texts. */
struct init_guess {
    const char *source;       /* "{github: redis/redis}", NULL = no idea */
    const char *tag;          /* the tag that the version came from, NULL = no tag in the address */
    bool fits;                /* the version stands in the tag: prefix, suffix, separator */
    const char *strip_prefix; /* NULL = none */
    const char *strip_suffix;
    const char *separator; /* the tag has it for the version's dots; NULL = dots */
};

/* Guess from one address; false when it says nothing. */
bool init_guess(struct arena *a, const struct init_address *address, struct slice version,
                struct init_guess *out);

/* The steps of it: by a table of well-known addresses, NULL when it is none; from a folder that may
 * list its files, NULL when it is no such address. Both give YAML. */
const char *init_ruled(struct arena *a, const char *address, struct slice version);
const char *init_listing(struct arena *a, const char *address, struct slice version);

/* Is the YAML a source as mwatch.yaml may name it? One whose name or keys are not there (any more)
 * would make a file that nobody can read. */
bool init_is_source(struct arena *a, const char *source);

/* A text as a YAML scalar within brackets, and the part of a path before the next slash or mark. */
const char *init_quoted(struct arena *a, struct slice text);
struct slice init_next_part(struct slice rest);

/* The address as a template for artefacts: the version and the tag are placeholders. NULL when the
 * version is not in it, or a shell variable is. */
const char *init_template(struct arena *a, const char *url, struct slice version,
                          const struct init_guess *guess);

/* All that is written: entries first, then what a person has to fill in. */
struct init_writer {
    struct arena a;
    const struct config_files *files;
    const struct components *found;
    struct buf entries;
    struct buf open;               /* comments */
    VEC(const char *) versionless; /* keys of images that have nothing to bump */
    size_t told;                   /* recipes that say everything themselves */
};

/* One recipe under way. */
struct init_draft {
    struct init_writer *w;
    const struct component *c;
    const char *key; /* YAML */
    struct init_scan scan;
    struct init_guess guess; /* of the address that moves with the version */
    struct buf lines;        /* of its entry, each with four blanks before it */
};

/* Write the entry, unless it has no lines. */
void init_entry(struct init_draft *d);

/* A melange recipe: its entry, or a comment, or a count. */
void init_melange(struct init_draft *d, const struct yaml *y);

/* Add the lines of an image's entry. False, with nothing added, when its packages name no stream.
 */
bool init_image(const struct yaml *y, struct buf *out);

/* Add a text as a YAML scalar: plain where that reads as the same text (`flow`: also within
 * brackets), else double-quoted. */
void init_scalar(struct buf *out, struct slice text, bool flow);

/* A text as a comment can hold it, in the writer's arena. */
const char *init_visible(struct init_writer *w, const char *text);

#endif
