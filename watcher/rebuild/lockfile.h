/* apko's lock files (apko.lock.json; pkg/lock/lock.go of apko): an image's packages with where each
 * is and what it hashes to. */
#ifndef MWATCH_REBUILD_LOCKFILE_H
#define MWATCH_REBUILD_LOCKFILE_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"
#include "watcher/http/http.h"
#include "watcher/rebuild/state.h"

/* Read one. ERROR_RECIPE when it is no lock file of a version that is known, or its packages cannot
 * be read. The result is sorted and in the arena, its texts never `text` itself. */
bool lockfile_read(struct arena *a, struct slice text, struct image_state *out, struct error *e);

/* What a lock file says beside the packages: the image's file, and its lists as it has them, what
 * it includes first. */
struct lock_contents {
    const char *config_name; /* "images/python.yaml" */
    struct slice config;     /* its bytes: apko keeps their hash */
    const char *const *keyring;
    size_t keyring_count;
    const char *const *repositories; /* contents.repositories: of build and running image */
    size_t repository_count;
    const char *const *build_repositories;
    size_t build_repository_count;
    const char *const *runtime_repositories;
    size_t runtime_repository_count;
};

/* Add the lock file that apko would write for the state, whose packages all have url and checksum;
 * the ranges and hashes of their parts come from the packages' files, which are asked for through
 * the engine. Fails as that does, with ERROR_REFUSED for a package that is not the one the index
 * told of. */
bool lockfile_write(struct http *http, const struct lock_contents *contents,
                    const struct image_state *state, struct buf *out, struct error *e);

#endif
