/* Answers kept in SQLite, which stays in here: across runs in a file, and for the length of a run
 * in a private one that vanishes with it. */
#ifndef MWATCH_HTTP_CACHE_H
#define MWATCH_HTTP_CACHE_H

#include "watcher/base/context.h"
#include "watcher/http/answer.h"

struct cache;

enum {
    CACHE_UNUSED_DAYS = 30,            /* what nobody asked for in so long is dropped */
    CACHE_NOTE_DAYS = 400,             /* likewise of notes */
    CACHE_BODY_MOST = 8 * 1024 * 1024, /* bytes; larger bodies are kept if the request says so */
    CACHE_BYTES = 512 * 1024 * 1024,   /* of bodies and headers; the longest unused go first */
};

/* Open the cache that persists, making its folder and the file (mode 0600) when they are missing.
 * Many processes may have it open. A broken file is moved aside to "FILE.broken" with a warning
 * when no other process has it open. NULL, with a warning, when it cannot be used. `ctx` must
 * outlive it. */
struct cache *cache_open(const struct context *ctx, const char *path, uint64_t bytes);

/* Open the store of one run: a nameless temporary file that no other process sees. */
struct cache *cache_open_private(const struct context *ctx);

/* What to ask a server with: the stored answer's ETag and Last-Modified (NULL = it had none), in
 * the arena. False when there is no such answer. */
bool cache_validators(struct cache *c, const char *key, struct arena *a, const char **etag,
                      const char **modified);

/* The stored answer, in the arena; false when there is none. `c` may be NULL here and below. */
bool cache_get(struct cache *c, const char *key, struct arena *a, struct answer *out);

/* Store an answer in place of an older one. Failures are at most a warning. A persistent cache
 * takes only plain answers, a private one also artefacts' results and errors. */
void cache_put(struct cache *c, const char *key, const struct answer *answer);

/* A number kept under a key across runs; false when there is none. `c` may be NULL here and below.
 */
bool cache_note_get(struct cache *c, const char *key, int64_t *value);
void cache_note_put(struct cache *c, const char *key, int64_t value);

/* Keep the record of an artefact that was fetched, under its public URL: see sighting.h. */
void cache_remember(struct cache *c, const struct request *request, const struct answer *answer,
                    const struct archive_list *list);

/* Drop what is too old and too much, and release. */
void cache_close(struct cache *c);

/* True when the rules let an answer be kept across runs: 200 to a GET with a body in memory of at
 * most CACHE_BODY_MOST or what the request says, an ETag or Last-Modified to ask again with, no
 * `Cache-Control: no-store`, no `Vary: *` (RFC 9111, 3 and 4.1), a URL without secrets, and a
 * request that allows it. */
bool cache_may_keep(const struct request *request, const struct response *response);

#endif
