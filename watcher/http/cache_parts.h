/* What the files of the cache share; nobody else includes this. */
#ifndef MWATCH_HTTP_CACHE_PARTS_H
#define MWATCH_HTTP_CACHE_PARTS_H

#include "watcher/http/cache.h"
#include "watcher/http/cache_file.h"

#include <sqlite3.h>

enum statement {
    FIND_VALIDATORS,
    FIND_ANSWER,
    PUT_ANSWER,
    TOUCH,
    DROP_UNUSED,
    COUNT_BYTES,
    DROP_OLDEST,
    FIND_NOTE,
    PUT_NOTE,
    TOUCH_NOTE,
    DROP_NOTES,
    FIND_SIGHTING,
    PUT_SIGHTING,
    TOUCH_SIGHTING,
    DROP_SIGHTING,
    DROP_SIGHTINGS,
    FIND_SIGHTED,
    PUT_SIGHTED,
    DROP_SIGHTED,
    FIND_ARTEFACT,
    PUT_ARTEFACT,
    TOUCH_ARTEFACT,
    DROP_ARTEFACTS,
    COUNT_MEMBERS,
    DROP_MEMBERS,
    STATEMENTS,
};

struct cache {
    const struct context *ctx;
    char *path; /* NULL = private */
    uint64_t bytes;
    struct cache_lock lock;
    sqlite3 *db;
    sqlite3_stmt *prepared[STATEMENTS];
    bool changed;
};

/* A prepared statement with the key (NULL = none) bound; NULL when it cannot be had. */
sqlite3_stmt *cache_statement(struct cache *c, enum statement which, const char *key);

/* True when the statement (NULL = never) gives a row. */
bool cache_step(sqlite3_stmt *s);

/* Finish with a statement; what went wrong in it is dealt with here. `cache_run` steps it before.
 */
void cache_leave(struct cache *c, sqlite3_stmt *s);
void cache_run(struct cache *c, sqlite3_stmt *s);

/* Drop what nobody read or wrote for long. */
void cache_drop_notes(struct cache *c);
void cache_drop_sightings(struct cache *c);
void cache_drop_artefacts(struct cache *c);

/* A text of a row, in the arena; NULL where the column is NULL. And a text bound: NULL is NULL. */
const char *cache_text(struct arena *a, sqlite3_stmt *s, int index);
void cache_bind(sqlite3_stmt *s, int index, const char *text);

#endif
