/* Releases as they were first seen: rows that are added to and never changed. */
#include "watcher/http/cache_parts.h"
#include "watcher/http/engine.h"
#include "watcher/http/sighting.h"

enum { DAY = 24 * 3600 };

const char *cache_text(struct arena *a, sqlite3_stmt *s, int index)
{
    const char *text = (const char *)sqlite3_column_text(s, index);
    return text ? arena_text(a, slice_new(text, (size_t)sqlite3_column_bytes(s, index))) : NULL;
}

void cache_bind(sqlite3_stmt *s, int index, const char *text)
{
    if (text)
        sqlite3_bind_text(s, index, text, -1, SQLITE_STATIC);
}

bool http_remembers(const struct http *h)
{
    return h->cache && h->cache->db;
}

static void touch(struct cache *c, const char *key)
{
    sqlite3_stmt *s = cache_statement(c, TOUCH_SIGHTING, key);
    if (s)
        sqlite3_bind_int64(s, 2, context_now(c->ctx));
    cache_run(c, s);
}

static void read_files(struct cache *c, struct arena *a, const char *key, struct sighting *out)
{
    VEC(struct sighted_file) files = {0};
    sqlite3_stmt *s = cache_statement(c, FIND_SIGHTED, key);
    while (cache_step(s))
        vec_push(a, &files,
                 ((struct sighted_file){.url = cache_text(a, s, 0),
                                        .sha256 = cache_text(a, s, 1),
                                        .sha512 = cache_text(a, s, 2),
                                        .size = (unsigned long long)sqlite3_column_int64(s, 3)}));
    cache_leave(c, s);
    out->files = files.items;
    out->file_count = files.count;
}

bool http_sighting_get(struct http *h, struct arena *a, const char *key, struct sighting *out)
{
    sqlite3_stmt *s = cache_statement(h->cache, FIND_SIGHTING, key);
    bool found = cache_step(s);
    *out = (struct sighting){0};
    if (found) {
        out->seen = sqlite3_column_int64(s, 0);
        out->commit = cache_text(a, s, 1);
    }
    cache_leave(h->cache, s);
    if (found) {
        read_files(h->cache, a, key, out);
        touch(h->cache, key);
    }
    return found;
}

static void put_file(struct cache *c, const char *key, const struct sighted_file *f)
{
    sqlite3_stmt *s = cache_statement(c, PUT_SIGHTED, key);
    if (s) {
        cache_bind(s, 2, f->url);
        cache_bind(s, 3, f->sha256);
        cache_bind(s, 4, f->sha512);
        sqlite3_bind_int64(s, 5, (sqlite3_int64)f->size);
    }
    cache_run(c, s);
}

void http_sighting_put(struct http *h, const char *key, const struct sighting *sighting)
{
    sqlite3_stmt *s = cache_statement(h->cache, PUT_SIGHTING, key);
    if (s) {
        sqlite3_bind_int64(s, 2, context_now(h->ctx));
        sqlite3_bind_int64(s, 3, sighting->seen);
        cache_bind(s, 4, sighting->commit);
    }
    cache_run(h->cache, s);
    for (size_t i = 0; i < sighting->file_count; i++)
        put_file(h->cache, key, &sighting->files[i]);
}

void http_sighting_drop(struct http *h, const char *key)
{
    cache_run(h->cache, cache_statement(h->cache, DROP_SIGHTING, key));
    cache_run(h->cache, cache_statement(h->cache, DROP_SIGHTED, NULL));
}

void cache_drop_sightings(struct cache *c)
{
    sqlite3_stmt *s = cache_statement(c, DROP_SIGHTINGS, NULL);
    if (s)
        sqlite3_bind_int64(s, 1, context_now(c->ctx) - (int64_t)RECORD_DAYS * DAY);
    cache_run(c, s);
    if (c->db && sqlite3_changes(c->db))
        cache_run(c, cache_statement(c, DROP_SIGHTED, NULL));
}
