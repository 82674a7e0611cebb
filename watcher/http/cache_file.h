/* The files around the cache's database: who has it open, and how a broken one is put aside. */
#ifndef MWATCH_HTTP_CACHE_FILE_H
#define MWATCH_HTTP_CACHE_FILE_H

#include "watcher/base/error.h"

/* A lock file beside the database. It is shared while the database is open; only who holds it alone
 * may create, repair or replace the database, because SQLite's files must not be renamed under
 * another process. The kernel drops it with the process, however that ends. */
struct cache_lock {
    int fd; /* -1 = not open */
    bool alone;
};

/* Make the folder (0700) and the database file (0600) where missing, and take the lock: alone when
 * nobody else has it, else shared. ERROR_SYSTEM. */
bool cache_lock_take(struct cache_lock *lock, const char *path, struct error *e);

/* Try to have it alone (true) or let others in. False when others are there; the lock is then
 * held no more. */
bool cache_lock_alone(struct cache_lock *lock, bool alone);
void cache_lock_release(struct cache_lock *lock);

/* Rename the database to "PATH.broken" and remove what SQLite keeps beside it; only when the lock
 * is held alone and nothing has it open. ERROR_SYSTEM. */
bool cache_file_put_aside(const char *path, struct error *e);

#endif
