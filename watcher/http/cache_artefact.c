/* Artefacts that were read once: what their bytes held, to tell later what became different. */
#include "watcher/base/url.h"
#include "watcher/http/cache_parts.h"
#include "watcher/http/engine.h"
#include "watcher/http/sighting.h"

enum { DAY = 24 * 3600 };

static void touch(struct cache *c, const char *url)
{
    sqlite3_stmt *s = cache_statement(c, TOUCH_ARTEFACT, url);
    if (s)
        sqlite3_bind_int64(s, 2, context_now(c->ctx));
    cache_run(c, s);
}

static void read_record(sqlite3_stmt *s, struct arena *a, struct artefact_record *out)
{
    out->sha256 = cache_text(a, s, 0);
    out->sha512 = cache_text(a, s, 1);
    out->size = (unsigned long long)sqlite3_column_int64(s, 2);
    out->seen = sqlite3_column_int64(s, 3);
    out->content = cache_text(a, s, 4);
    out->etag = cache_text(a, s, 5);
    out->modified = cache_text(a, s, 6);
    out->members =
        arena_slice(a, slice_new(sqlite3_column_blob(s, 7), (size_t)sqlite3_column_bytes(s, 7)));
}

bool http_record_get(struct http *h, struct arena *a, const char *url, const char *hash,
                     struct artefact_record *out)
{
    sqlite3_stmt *s = cache_statement(h->cache, FIND_ARTEFACT, url);
    *out = (struct artefact_record){.url = url};
    if (s)
        cache_bind(s, 2, hash);
    bool found = cache_step(s);
    if (found)
        read_record(s, a, out);
    cache_leave(h->cache, s);
    if (found)
        touch(h->cache, url);
    return found;
}

static void put_record(struct cache *c, const struct artefact_record *r)
{
    sqlite3_stmt *s = cache_statement(c, PUT_ARTEFACT, r->url);
    if (s) {
        cache_bind(s, 2, r->sha256);
        sqlite3_bind_int64(s, 3, context_now(c->ctx));
        sqlite3_bind_int64(s, 4, (sqlite3_int64)r->size);
        cache_bind(s, 5, r->sha512);
        cache_bind(s, 6, r->content);
        cache_bind(s, 7, r->etag);
        cache_bind(s, 8, r->modified);
        if (r->members.len)
            sqlite3_bind_blob64(s, 9, r->members.ptr, r->members.len, SQLITE_STATIC);
    }
    cache_run(c, s);
}

void http_record_put(struct http *h, const struct artefact_record *r)
{
    put_record(h->cache, r);
}

void cache_remember(struct cache *c, const struct request *request, const struct answer *answer,
                    const struct archive_list *list)
{
    const struct hash_result *hash = &answer->artefact.hash;
    struct arena a = {0};
    struct buf url = {0}, members = {0};
    url_add_public(&url, slice_of(request->url));
    buf_add(&members, buf_slice(&list->members));
    if (list->partial)
        buf_add_text(&members, RECORD_MORE);
    struct slice etag = response_header(&answer->response, "etag");
    struct slice modified = response_header(&answer->response, "last-modified");
    struct artefact_record record = {.url = buf_text(&url),
                                     .sha256 = hash->sha256,
                                     .sha512 = hash->sha512,
                                     .size = hash->size,
                                     .content = *list->content ? list->content : NULL,
                                     .etag = etag.len ? arena_text(&a, etag) : NULL,
                                     .modified = modified.len ? arena_text(&a, modified) : NULL,
                                     .members = buf_slice(&members)};
    if (answer->artefact.intact)
        put_record(c, &record);
    buf_free(&members);
    buf_free(&url);
    arena_free(&a);
}

static long long count_members(struct cache *c)
{
    sqlite3_stmt *s = cache_statement(c, COUNT_MEMBERS, NULL);
    long long bytes = cache_step(s) ? sqlite3_column_int64(s, 0) : 0;
    cache_leave(c, s);
    return bytes;
}

void cache_drop_artefacts(struct cache *c)
{
    sqlite3_stmt *s = cache_statement(c, DROP_ARTEFACTS, NULL);
    if (s)
        sqlite3_bind_int64(s, 1, context_now(c->ctx) - (int64_t)RECORD_DAYS * DAY);
    cache_run(c, s);
    int dropped = 1;
    while (dropped && count_members(c) > RECORD_MEMBERS) {
        cache_run(c, cache_statement(c, DROP_MEMBERS, NULL));
        dropped = c->db ? sqlite3_changes(c->db) : 0;
    }
}
