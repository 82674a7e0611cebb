/* Security databases of apk distributions (secdb): which version of which package fixed what.
 * https://packages.wolfi.dev/os/security.json, https://secdb.alpinelinux.org; the format:
 * https://github.com/wolfi-dev/wolfictl/blob/main/docs/secdb.md */
#ifndef MWATCH_REBUILD_SECDB_H
#define MWATCH_REBUILD_SECDB_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

struct secdb;

/* Owned by the caller; secdb_free of NULL does nothing. */
struct secdb *secdb_new(void);
void secdb_free(struct secdb *db);

/* Add a database. ERROR_UPSTREAM when it is none. Entries that cannot be understood are passed
 * over, as those of version "0" are: they never applied. */
bool secdb_add(struct secdb *db, struct slice text, struct error *e);

/* The ids ("CVE-2026-1234", "GHSA-...") that were fixed in a package of this origin after version
 * `from`, up to version `to`; sorted, each once, in the arena. */
struct secdb_fixed {
    VEC(const char *) ids;
};
void secdb_find(const struct secdb *db, struct arena *a, const char *origin, const char *from,
                const char *to, struct secdb_fixed *out);

#endif
