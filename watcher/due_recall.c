/* What every image consisted of when it was last built, from whoever its settings name. */
#include "watcher/base/file.h"
#include "watcher/due_parts.h"
#include "watcher/rebuild/lockfile.h"
#include "watcher/rebuild/published.h"

#include <errno.h>
#include <unistd.h>

enum { LARGEST_LOCK = 64 << 20 };

const char *due_lock_name(struct arena *a, const char *file)
{
    struct slice name = slice_of(file), base = path_base(name);
    size_t dot = slice_find_last_byte(base, '.');
    size_t extension = dot == SLICE_NONE ? 0 : base.len - dot;
    return arena_printf(a, "%.*s.lock.json", SLICE_ARG(slice_first(name, name.len - extension)));
}

bool due_lock_read(const struct due *d, const char *name, struct buf *out, struct error *e)
{
    struct buf path = {0};
    path_join(&path, slice_of(d->root), slice_of(name));
    out->max = LARGEST_LOCK;
    bool absent = access(buf_text(&path), F_OK) != 0 && errno == ENOENT;
    bool good = absent || file_read(buf_text(&path), out, e);
    buf_free(&path);
    return good;
}

/* A lock file that is not there yet is no image yet. */
static void recall_lock(struct due *d, struct due_image *m)
{
    struct buf text = {0};
    const char *name = due_lock_name(&d->arena, m->file);
    bool good = due_lock_read(d, name, &text, &m->error);
    if (good && text.len)
        good = lockfile_read(&d->arena, buf_slice(&text), &m->then, &m->error) ||
               error_context(&m->error, "%s", name);
    if (!good)
        due_fail(m);
    buf_free(&text);
}

static void recall_record(const struct due *d, struct due_image *m)
{
    const struct record_entry *entry = d->record ? record_find(d->record, m->name) : NULL;
    if (entry)
        m->then = entry->state;
}

/* Asked for; the answer comes with the others'. */
static struct published *ask_registry(struct due *d, struct due_image *m)
{
    struct published_query q = {
        .image = m->settings.image,
        .tag = "latest",
        .labels = m->settings.state == REBUILD_LABELS,
    };
    if (q.image)
        return published_ask(d->http, &d->arena, &q, &m->then);
    error_set(&m->error, ERROR_USAGE,
              "what it is published as is not known: set rebuild.image to REGISTRY/NAME");
    due_fail(m);
    return NULL;
}

static struct published *recall(struct due *d, struct due_image *m)
{
    switch (m->settings.state) {
    case REBUILD_SBOM:
    case REBUILD_LABELS:
        return ask_registry(d, m);
    case REBUILD_LOCK:
        recall_lock(d, m);
        return NULL;
    default:
        recall_record(d, m);
        return NULL;
    }
}

void due_recall(struct due *d)
{
    struct arena a = {0};
    struct published **asked = arena_array(&a, d->images.count + 1, sizeof(struct published *));
    for (size_t i = 0; i < d->images.count; i++)
        if (!due_failed(d->images.items[i]))
            asked[i] = recall(d, d->images.items[i]);
    http_run(d->http);
    for (size_t i = 0; i < d->images.count; i++) {
        bool found;
        if (asked[i] && !published_answer(asked[i], &found, &d->images.items[i]->error))
            due_fail(d->images.items[i]);
    }
    arena_free(&a);
}
