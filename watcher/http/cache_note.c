/* Numbers remembered across runs, in a table of their own beside the answers. */
#include "watcher/http/cache_parts.h"

enum { DAY = 24 * 3600 };

bool cache_note_get(struct cache *c, const char *key, int64_t *value)
{
    sqlite3_stmt *s = cache_statement(c, FIND_NOTE, key);
    bool found = cache_step(s);
    if (found)
        *value = sqlite3_column_int64(s, 0);
    cache_leave(c, s);
    s = found ? cache_statement(c, TOUCH_NOTE, key) : NULL;
    if (s)
        sqlite3_bind_int64(s, 2, context_now(c->ctx));
    cache_run(c, s);
    return found;
}

void cache_note_put(struct cache *c, const char *key, int64_t value)
{
    sqlite3_stmt *s = cache_statement(c, PUT_NOTE, key);
    if (s) {
        sqlite3_bind_int64(s, 2, context_now(c->ctx));
        sqlite3_bind_int64(s, 3, value);
    }
    cache_run(c, s);
}

void cache_drop_notes(struct cache *c)
{
    sqlite3_stmt *s = cache_statement(c, DROP_NOTES, NULL);
    if (s)
        sqlite3_bind_int64(s, 1, context_now(c->ctx) - (int64_t)CACHE_NOTE_DAYS * DAY);
    cache_run(c, s);
}
