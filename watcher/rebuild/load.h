/* The package indexes that images name: got once each, checked against the keys that the image
 * trusts, joined into one table. */
#ifndef MWATCH_REBUILD_LOAD_H
#define MWATCH_REBUILD_LOAD_H

#include "watcher/base/arena.h"
#include "watcher/http/http.h"
#include "watcher/rebuild/index.h"

/* What one table is made of. */
struct load_query {
    const char *arch;                /* as apk calls it */
    const char *const *repositories; /* [@TAG ]URL, or a folder at or below the root */
    size_t repository_count;
    const char *const *keyring; /* URLs, or files at or below the root */
    size_t key_count;
    struct slice local; /* the text of an index of what the repository itself builds; served after
                           all others, without a tag and with those of folders */
};

/* Is the repository ([@TAG ]URL) a folder, not somewhere on a network? */
bool load_is_folder(const char *repository);

struct loader;

/* Owned by the caller. `root` is where folders and files of keys are looked for; both must outlive
 * the loader. */
struct loader *loader_new(struct http *http, const char *root);
void loader_free(struct loader *l);

/* Ask for all that a table needs which was not asked for yet; it is on its way with the next
 * http_run. The query is not kept. */
void loader_want(struct loader *l, const struct load_query *q);

/* The table, linked and the caller's, once http_run is done. NULL with the repository in the
 * message: ERROR_NETWORK and ERROR_UPSTREAM when it, or a key, cannot be had or read,
 * ERROR_REFUSED when it is not signed by one of the keys, ERROR_RECIPE for an image that names no
 * repository or no key. A folder without an index for the architecture counts as empty: what is to
 * be in it may not be built yet. */
struct index *loader_index(const struct loader *l, const struct load_query *q, struct error *e);

/* The same table bare and not linked: what its roll is made of, for half the price. */
struct index *loader_packages(const struct loader *l, const struct load_query *q, struct error *e);

#endif
