#include "watcher/http/cache_parts.h"

#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    APPLICATION = 0x6d776174, /* "mwat": this database is ours */
    SCHEMA = 3,       /* raised when a table comes or changes; answers of another one are dropped */
    BUSY_WAIT = 5000, /* ms for another process to finish a write */
    DAY = 24 * 3600,
};

/* What a row holds; all but PLAIN only in a private store, whose bytes never leave the process. */
enum row_kind { ROW_PLAIN, ROW_ARTEFACT, ROW_ERROR };

static const char *const statements[STATEMENTS] = {
    [FIND_VALIDATORS] = "SELECT etag, modified FROM answers WHERE key = ?1",
    [FIND_ANSWER] = "SELECT kind, status, url, headers, extra, body FROM answers WHERE key = ?1",
    [PUT_ANSWER] = "INSERT OR REPLACE INTO answers"
                   " (key, used, size, kind, status, url, etag, modified, headers, extra, body)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [TOUCH] = "UPDATE answers SET used = ?2 WHERE key = ?1 AND used < ?2 - 86400",
    [DROP_UNUSED] = "DELETE FROM answers WHERE used < ?1",
    [COUNT_BYTES] = "SELECT coalesce(sum(size), 0) FROM answers",
    [DROP_OLDEST] = "DELETE FROM answers WHERE id IN"
                    " (SELECT id FROM answers ORDER BY used, id LIMIT 1 + (SELECT count(*) FROM"
                    " answers) / 10)",
    [FIND_NOTE] = "SELECT value FROM notes WHERE key = ?1",
    [PUT_NOTE] = "INSERT OR REPLACE INTO notes (key, used, value) VALUES (?1, ?2, ?3)",
    [TOUCH_NOTE] = "UPDATE notes SET used = ?2 WHERE key = ?1 AND used < ?2 - 86400",
    [DROP_NOTES] = "DELETE FROM notes WHERE used < ?1",
    [FIND_SIGHTING] = "SELECT seen, commit_id FROM sightings WHERE key = ?1",
    [PUT_SIGHTING] = "INSERT INTO sightings (key, used, seen, commit_id) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (key) DO UPDATE SET used = excluded.used,"
                     " commit_id = coalesce(commit_id, excluded.commit_id)",
    [TOUCH_SIGHTING] = "UPDATE sightings SET used = ?2 WHERE key = ?1 AND used < ?2 - 86400",
    [DROP_SIGHTING] = "DELETE FROM sightings WHERE key = ?1",
    [DROP_SIGHTINGS] = "DELETE FROM sightings WHERE used < ?1",
    [FIND_SIGHTED] = "SELECT url, sha256, sha512, size FROM sighted WHERE key = ?1 ORDER BY url",
    [PUT_SIGHTED] = "INSERT OR IGNORE INTO sighted (key, url, sha256, sha512, size)"
                    " VALUES (?1, ?2, ?3, ?4, ?5)",
    [DROP_SIGHTED] = "DELETE FROM sighted WHERE key NOT IN (SELECT key FROM sightings)",
    [FIND_ARTEFACT] = "SELECT sha256, sha512, size, seen, content, etag, modified, members"
                      " FROM artefacts WHERE url = ?1 AND (sha256 = ?2 OR sha512 = ?2)",
    [PUT_ARTEFACT] = "INSERT INTO artefacts (url, sha256, used, seen, size, sha512, content, etag,"
                     " modified, members) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                     " ON CONFLICT (url, sha256) DO UPDATE SET used = excluded.used,"
                     " members = coalesce(members, excluded.members),"
                     " etag = excluded.etag, modified = excluded.modified",
    [TOUCH_ARTEFACT] = "UPDATE artefacts SET used = ?2 WHERE url = ?1 AND used < ?2 - 86400",
    [DROP_ARTEFACTS] = "DELETE FROM artefacts WHERE used < ?1",
    [COUNT_MEMBERS] = "SELECT coalesce(sum(length(members)), 0) FROM artefacts",
    [DROP_MEMBERS] = "UPDATE artefacts SET members = NULL WHERE rowid IN (SELECT rowid FROM"
                     " artefacts WHERE members IS NOT NULL ORDER BY used LIMIT 1 + (SELECT count(*)"
                     " FROM artefacts) / 10)",
};

/* `size` stands before the long columns, so that adding it up reads no bodies. */
static const char schema[] =
    "CREATE TABLE answers (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, used INTEGER NOT NULL,"
    " size INTEGER NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL, url TEXT NOT NULL,"
    " etag TEXT, modified TEXT, headers TEXT NOT NULL, extra BLOB, body BLOB NOT NULL);"
    "CREATE INDEX answers_used ON answers (used, size);";

/* What cannot be asked for again outlives a change of the schema. Times are seconds since 1970. */
static const char kept_schema[] =
    "CREATE TABLE IF NOT EXISTS notes"
    " (key TEXT PRIMARY KEY, used INTEGER NOT NULL, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS sightings"
    " (key TEXT PRIMARY KEY, used INTEGER NOT NULL, seen INTEGER NOT NULL, commit_id TEXT)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS sighted"
    " (key TEXT NOT NULL, url TEXT NOT NULL, sha256 TEXT NOT NULL, sha512 TEXT NOT NULL,"
    " size INTEGER NOT NULL, PRIMARY KEY (key, url)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS artefacts"
    " (url TEXT NOT NULL, sha256 TEXT NOT NULL, used INTEGER NOT NULL, seen INTEGER NOT NULL,"
    " size INTEGER NOT NULL, sha512 TEXT NOT NULL, content TEXT, etag TEXT, modified TEXT,"
    " members BLOB, PRIMARY KEY (url, sha256));"
    "CREATE INDEX IF NOT EXISTS artefacts_used ON artefacts (used);";

static void close_database(struct cache *c)
{
    for (size_t i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(c->prepared[i]);
        c->prepared[i] = NULL;
    }
    sqlite3_close(c->db);
    c->db = NULL;
}

static const char *name_of(const struct cache *c)
{
    return c->path ? c->path : "the temporary store";
}

static bool is_broken(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

static int run_sql(struct cache *c, const char *sql)
{
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL);
}

/* The number a PRAGMA or SELECT gives in its first row. */
static int read_number(struct cache *c, const char *sql, int *out)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(c->db, sql, -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    if (code == SQLITE_ROW) {
        *out = sqlite3_column_int(s, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return code;
}

/* Make the table, or make it anew when another version of mwatch made it; within one transaction,
 * so that two processes cannot both do it. SQLITE_AUTH when the database is somebody else's. */
static int make_tables(struct cache *c)
{
    int application = 0, version = 0, tables = 0;
    int code = run_sql(c, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = read_number(c, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = read_number(c, "PRAGMA user_version", &version);
    if (code == SQLITE_OK)
        code = read_number(c, "SELECT count(*) FROM sqlite_master", &tables);
    if (code == SQLITE_OK && tables && application != APPLICATION)
        code = SQLITE_AUTH;
    if (code == SQLITE_OK && (!tables || version != SCHEMA)) {
        char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS answers; %s %s "
                                    "PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                    schema, kept_schema, APPLICATION, SCHEMA);
        code = run_sql(c, sql);
        sqlite3_free(sql);
    }
    int end = run_sql(c, code == SQLITE_OK ? "COMMIT" : "ROLLBACK");
    return code == SQLITE_OK ? end : code;
}

static int open_file(struct cache *c)
{
    int code = sqlite3_open_v2(c->path, &c->db, SQLITE_OPEN_READWRITE, NULL);
    if (code != SQLITE_OK)
        return code;
    sqlite3_busy_timeout(c->db, BUSY_WAIT);
    code = run_sql(c, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;"
                      "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4096;");
    return code == SQLITE_OK ? make_tables(c) : code;
}

static const char *reason(const struct cache *c, int code)
{
    if (code == SQLITE_AUTH)
        return "it is another program's database";
    return c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(code);
}

/* Put a broken file aside and begin a new one, when nobody else is using it. */
static void replace_file(struct cache *c)
{
    struct error e = {0};
    close_database(c);
    if (!c->lock.alone && !cache_lock_alone(&c->lock, true)) {
        log_warning(c->ctx,
                    "%s: the cache is broken and in use by another mwatch; going on without",
                    c->path);
        return;
    }
    if (!cache_file_put_aside(c->path, &e)) {
        log_warning(c->ctx, "%s; going on without a cache", e.message);
        return;
    }
    log_warning(c->ctx, "%s: the cache was broken; it is now %s.broken, and a new one is begun",
                c->path, c->path);
    int code = open_file(c);
    cache_lock_alone(&c->lock, false);
    if (code == SQLITE_OK)
        return;
    log_warning(c->ctx, "%s: %s; going on without a cache", c->path, reason(c, code));
    close_database(c);
}

/* Begin anew where the file is broken; end the caching for all else. */
static void give_up(struct cache *c, int code)
{
    if (is_broken(code) && c->path) {
        replace_file(c);
        return;
    }
    log_warning(c->ctx, "%s: %s; going on without it", name_of(c), reason(c, code));
    close_database(c);
}

/* React to what a statement came to: another process's write is only bad luck. */
static void take_failure(struct cache *c, int code)
{
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        give_up(c, code);
}

sqlite3_stmt *cache_statement(struct cache *c, enum statement which, const char *key)
{
    if (!c || !c->db)
        return NULL;
    if (!c->prepared[which]) {
        int code = sqlite3_prepare_v3(c->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                      &c->prepared[which], NULL);
        if (code != SQLITE_OK) {
            take_failure(c, code);
            return NULL;
        }
    }
    sqlite3_stmt *s = c->prepared[which];
    if (key)
        sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    return s;
}

bool cache_step(sqlite3_stmt *s)
{
    return s && sqlite3_step(s) == SQLITE_ROW;
}

void cache_leave(struct cache *c, sqlite3_stmt *s)
{
    if (!s)
        return;
    int code = sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    take_failure(c, code);
}

void cache_run(struct cache *c, sqlite3_stmt *s)
{
    if (s)
        sqlite3_step(s);
    cache_leave(c, s);
}

static long long count_bytes(struct cache *c)
{
    sqlite3_stmt *s = cache_statement(c, COUNT_BYTES, NULL);
    long long bytes = cache_step(s) ? sqlite3_column_int64(s, 0) : 0;
    cache_leave(c, s);
    return bytes;
}

static void prune(struct cache *c)
{
    sqlite3_stmt *s = cache_statement(c, DROP_UNUSED, NULL);
    if (s)
        sqlite3_bind_int64(s, 1, context_now(c->ctx) - (int64_t)CACHE_UNUSED_DAYS * DAY);
    cache_run(c, s);
    cache_drop_notes(c);
    cache_drop_sightings(c);
    cache_drop_artefacts(c);
    int dropped = 1; /* 0 also when another process is in the way: then the next run prunes */
    while (dropped && count_bytes(c) > (long long)c->bytes) {
        cache_run(c, cache_statement(c, DROP_OLDEST, NULL));
        dropped = c->db ? sqlite3_changes(c->db) : 0;
    }
    if (c->db)
        run_sql(c, "PRAGMA incremental_vacuum");
}

struct cache *cache_open(const struct context *ctx, const char *path, uint64_t bytes)
{
    struct error e = {0};
    struct cache *c = memory_zalloc(sizeof *c);
    c->ctx = ctx;
    c->bytes = bytes;
    size_t size = strlen(path) + 1;
    c->path = memory_alloc(size);
    memcpy(c->path, path, size);
    if (!cache_lock_take(&c->lock, path, &e)) {
        log_warning(ctx, "%s; going on without a cache", e.message);
        cache_close(c);
        return NULL;
    }
    int code = open_file(c);
    if (code != SQLITE_OK)
        give_up(c, code);
    if (c->db && c->lock.alone)
        cache_lock_alone(&c->lock, false);
    if (!c->db) {
        cache_close(c);
        return NULL;
    }
    prune(c);
    return c;
}

struct cache *cache_open_private(const struct context *ctx)
{
    struct cache *c = memory_zalloc(sizeof *c);
    c->ctx = ctx;
    c->lock.fd = -1;
    int code = sqlite3_open_v2("", &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (code == SQLITE_OK)
        code = run_sql(c, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                          "PRAGMA temp_store = FILE; PRAGMA cache_size = -2048;");
    if (code == SQLITE_OK)
        code = run_sql(c, schema);
    /* Nothing of it is to last, so nothing needs to be written out before the memory is full. */
    if (code == SQLITE_OK)
        code = run_sql(c, "BEGIN");
    if (code != SQLITE_OK)
        give_up(c, code);
    return c;
}

static struct slice column(sqlite3_stmt *s, int index)
{
    const char *bytes = sqlite3_column_blob(s, index);
    return slice_new(bytes, (size_t)sqlite3_column_bytes(s, index));
}

bool cache_validators(struct cache *c, const char *key, struct arena *a, const char **etag,
                      const char **modified)
{
    sqlite3_stmt *s = cache_statement(c, FIND_VALIDATORS, key);
    bool found = cache_step(s);
    if (found) {
        struct slice tag = column(s, 0), date = column(s, 1);
        *etag = tag.len ? arena_text(a, tag) : NULL;
        *modified = date.len ? arena_text(a, date) : NULL;
    }
    cache_leave(c, s);
    return found;
}

static bool take_bytes(struct slice from, void *to, size_t size)
{
    if (from.len != size)
        return false;
    memcpy(to, from.ptr, size);
    return true;
}

static bool read_row(sqlite3_stmt *s, bool persistent, struct arena *a, struct answer *out)
{
    *out = (struct answer){0};
    int kind = sqlite3_column_int(s, 0);
    out->response.status = sqlite3_column_int(s, 1);
    out->response.url = arena_text(a, column(s, 2));
    headers_read(a, arena_slice(a, column(s, 3)), &out->response);
    out->response.body = arena_slice(a, column(s, 5));
    out->response.from_cache = true;
    out->hashed = kind == ROW_ARTEFACT;
    if (kind == ROW_PLAIN || persistent)
        return kind == ROW_PLAIN;
    return out->hashed ? take_bytes(column(s, 4), &out->artefact, sizeof out->artefact)
                       : take_bytes(column(s, 4), &out->error, sizeof out->error);
}

static void touch(struct cache *c, const char *key)
{
    sqlite3_stmt *s = cache_statement(c, TOUCH, key);
    if (s)
        sqlite3_bind_int64(s, 2, context_now(c->ctx));
    cache_run(c, s);
}

bool cache_get(struct cache *c, const char *key, struct arena *a, struct answer *out)
{
    sqlite3_stmt *s = cache_statement(c, FIND_ANSWER, key);
    bool found = cache_step(s) && read_row(s, c->path != NULL, a, out);
    cache_leave(c, s);
    if (found && c->path)
        touch(c, key);
    return found;
}

static void bind(sqlite3_stmt *s, int index, struct slice text)
{
    sqlite3_bind_blob64(s, index, text.ptr ? text.ptr : "", text.len, SQLITE_STATIC);
}

static void bind_extra(sqlite3_stmt *s, int index, const struct answer *answer)
{
    if (error_is_set(&answer->error))
        bind(s, index, slice_new((const char *)&answer->error, sizeof answer->error));
    else if (answer->hashed)
        bind(s, index, slice_new((const char *)&answer->artefact, sizeof answer->artefact));
}

void cache_put(struct cache *c, const char *key, const struct answer *answer)
{
    const struct response *r = &answer->response;
    bool failed = error_is_set(&answer->error);
    sqlite3_stmt *s = cache_statement(c, PUT_ANSWER, key);
    if (!s)
        return;
    struct buf headers = {0};
    headers_write(r, &headers);
    sqlite3_bind_int64(s, 2, context_now(c->ctx));
    sqlite3_bind_int64(s, 3, (sqlite3_int64)(r->body.len + headers.len));
    sqlite3_bind_int(s, 4, failed ? ROW_ERROR : answer->hashed ? ROW_ARTEFACT : ROW_PLAIN);
    sqlite3_bind_int(s, 5, r->status);
    bind(s, 6, slice_of(r->url));
    bind(s, 7, response_header(r, "etag"));
    bind(s, 8, response_header(r, "last-modified"));
    bind(s, 9, buf_slice(&headers));
    bind_extra(s, 10, answer);
    bind(s, 11, r->body);
    cache_run(c, s);
    buf_free(&headers);
    c->changed = true;
}

void cache_close(struct cache *c)
{
    if (!c)
        return;
    if (c->path && c->changed)
        prune(c);
    close_database(c);
    cache_lock_release(&c->lock);
    free(c->path);
    free(c);
}
