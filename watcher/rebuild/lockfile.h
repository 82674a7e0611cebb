/* apko's lock files (image.lock.json; pkg/lock/lock.go and internal/cli/lock.go of apko): an
 * image's packages with where each is and what its parts hash to. */
#ifndef MWATCH_REBUILD_LOCKFILE_H
#define MWATCH_REBUILD_LOCKFILE_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"
#include "watcher/http/http.h"
#include "watcher/rebuild/state.h"

/* Read one. ERROR_RECIPE when it is no lock file of a version that is known, or its packages cannot
 * be read. The result is sorted and in the arena, its texts never `text` itself. */
bool lockfile_read(struct arena *a, struct slice text, struct image_state *out, struct error *e);

/* What is known of packages' files: where their parts begin and end, and what these hash to. It
 * stands in no index, so the front of each file is read, once: the control part must have the hash
 * that the index told, and has in it the hash of the data. */
struct lock_parts;

/* Owned by the caller. Packages whose URL is none are files below `root`, which must outlive it. */
struct lock_parts *lock_parts_new(const char *root);
void lock_parts_free(struct lock_parts *p);

/* Take over what an older lock file knows, so that it need not be asked again. What cannot be read
 * is passed over. */
void lock_parts_learn(struct lock_parts *p, struct slice lock);

/* Ask for the front of every package of the state that is not known; it is there when http_run is
 * done. The state need not stay. */
void lock_parts_ask(struct lock_parts *p, struct http *http, const struct image_state *state);

/* What a lock file says beside the packages: the image's lists as its file has them, what it
 * includes first. */
struct lock_list {
    const char *const *items;
    size_t count;
};

struct lock_contents {
    const char *config_name; /* "images/python.yaml", as apko is given it */
    struct slice config;     /* its bytes, and after them those of what it includes: apko keeps
                                their hash, and takes no lock file of another configuration */
    struct lock_list keyring;
    struct lock_list repositories, build_repositories, runtime_repositories; /* [@TAG ]URL */
};

/* Add the lock file that apko would write. Architectures and packages keep the state's order, which
 * is to be that of installation, so the state is not to be sorted; all packages have url and
 * checksum. ERROR_REFUSED for a package that is not the one the index told of, ERROR_NETWORK and
 * ERROR_UPSTREAM for one that cannot be had or read. */
bool lockfile_write(const struct lock_parts *p, const struct lock_contents *contents,
                    const struct image_state *state, struct buf *out, struct error *e);

#endif
