/* Where what was triggered and built is remembered. */
#include "watcher/base/file.h"
#include "watcher/cmd_rebuild_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { LARGEST_RECORD = 256 << 20 };

/* Where the configuration says, else beside the cache, by the folder. */
static const char *find_record(struct rebuilding *r)
{
    struct session *s = &r->session;
    const char *said = config_rebuild_record(&s->config, &s->arena);
    char *folder = realpath(s->root, NULL);
    const char *found = NULL;
    if (said) {
        found = arena_printf(&s->arena, "%s/%s", s->root, said);
    } else if (folder) {
        const char *lock = session_lock_file(s, arena_printf(&s->arena, "rebuild of %s", folder));
        found = lock ? arena_printf(&s->arena, "%s.json", lock) : NULL;
    }
    free(folder);
    return found;
}

bool rebuilding_read_record(struct rebuilding *r, struct error *e)
{
    struct buf text = BUF_MAX(LARGEST_RECORD);
    const char *file = r->record_file = find_record(r);
    bool good = !file || (access(file, F_OK) != 0 && errno == ENOENT);
    if (!good)
        good = file_read(file, &text, e) &&
               (record_read(&r->session.arena, buf_slice(&text), &r->record, e) ||
                error_context(e, "%s", file));
    buf_free(&text);
    return good;
}

bool rebuilding_write_record(const struct rebuilding *r, struct error *e)
{
    struct buf text = {0};
    record_write(&r->record, &text);
    bool good = file_replace(r->record_file, buf_slice(&text), e);
    buf_free(&text);
    return good;
}
