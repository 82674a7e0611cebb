/* What an image consists of, whoever says so: an apko lock file, the SBOM or the labels of the
 * published image, mwatch's own record, or a resolution. Two states differ by packages. */
#ifndef MWATCH_REBUILD_STATE_H
#define MWATCH_REBUILD_STATE_H

#include "watcher/base/arena.h"

/* NULL = not told by what the state was read from. */
struct image_package {
    const char *name;     /* never NULL */
    const char *version;  /* never NULL: "3.14.0-r2" */
    const char *checksum; /* of the control part, as an index has it: "Q1" and base64 of its SHA-1
                           */
    const char *origin;   /* the recipe it was built by */
    const char *url;      /* of the package's file */
};

/* One architecture's packages, sorted by name (state_sort), each name once. */
struct image_set {
    const char *arch; /* as apk calls it: x86_64, aarch64 */
    VEC(struct image_package) packages;
};

struct image_state {
    VEC(struct image_set) sets; /* by architecture, sorted by its name; none = there is no state */
    const char *digest;         /* labels: only a digest of the state is known (state_digest), and
                                   the sets are empty; NULL otherwise */
    const char *tag;            /* the tag it was published or triggered under, NULL = not told */
};

/* How apk calls an architecture that containers or people call otherwise ("amd64", "arm64",
 * "arm/v7"); borrowed from `arch` when it has no other name. */
struct slice state_arch(struct slice arch);

/* The architecture's set, made when it is not there. Valid until the next call. */
struct image_set *state_set(struct arena *a, struct image_state *s, const char *arch);

/* Sort sets and packages; of a package that is listed twice the first stays. */
void state_sort(struct image_state *s);

/* 64 hexadecimal digits over architectures, names, versions and those checksums that are known: the
 * same for the same packages in whatever order they were added. The state must be sorted. In the
 * arena. */
const char *state_digest(struct arena *a, const struct image_state *s);

enum state_change_kind {
    STATE_ADDED,
    STATE_REMOVED,
    STATE_MOVED,   /* another version */
    STATE_REBUILT, /* the same version, with another checksum on both sides */
};

struct state_change {
    enum state_change_kind kind;
    const char *name;
    const char *from, *to; /* versions; NULL = not there */
    const char *archs;     /* "aarch64, x86_64"; NULL = all of the image's */
};

struct state_changes {
    VEC(struct state_change) list; /* by name; architectures that changed alike are one */
    size_t added, removed, moved, rebuilt;
};

/* What makes `now` another state than `then`; both sorted, neither with a digest alone. An
 * architecture that only one of them has is added or removed with all its packages. In the arena.
 */
void state_difference(struct arena *a, const struct image_state *then,
                      const struct image_state *now, struct state_changes *out);

#endif
