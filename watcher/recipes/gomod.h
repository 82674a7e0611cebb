/* go.mod files: which modules they require and replace (go.dev/ref/mod), as far as it takes to see
 * that a recipe's `go/bump` asks for what is there already. */
#ifndef MWATCH_RECIPES_GOMOD_H
#define MWATCH_RECIPES_GOMOD_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

struct gomod_require {
    struct slice module, version;
};

struct gomod_replace {
    struct slice old, old_version; /* the version is empty: whichever */
    struct slice path, version;    /* the version is empty: a folder */
};

struct gomod {
    VEC(struct gomod_require) requires;
    VEC(struct gomod_replace) replaces;
};

/* Read a file; all slices are borrowed from `text`. ERROR_UPSTREAM when it is no go.mod: nothing in
 * it says `module`. What this has no use for is passed over. */
bool gomod_read(struct arena *a, struct slice text, struct gomod *out, struct error *e);

/* "golang.org/x/net@v0.55.0" taken apart: a module whose first part is a host, and a version that
 * names one release (not "latest", a branch or a commit). */
bool gomod_target(struct slice text, struct slice *module, struct slice *version);

/* Order two versions as Go does: semantic versions, pseudo-versions among them, "+incompatible" of
 * no account. False when either is none. */
bool gomod_compare(struct slice a, struct slice b, int *order);

/* The version of the module that is built now, when it is the given one or newer; ptr NULL when it
 * is older, not there, or another module takes its place. */
struct slice gomod_has(const struct gomod *m, struct slice module, struct slice version);

/* The same of "old=path@version", a replacement that go/bump would make: the version that a replace
 * of the file has for it, or that is required where both paths are the same. */
struct slice gomod_has_replace(const struct gomod *m, struct slice old, struct slice path,
                               struct slice version);

#endif
