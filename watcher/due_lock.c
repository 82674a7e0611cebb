/* apko's lock files, written for what every image would consist of now. */
#include "watcher/base/file.h"
#include "watcher/due_parts.h"
#include "watcher/rebuild/lockfile.h"

#include <string.h>

static struct lock_list list_of(const struct apko_list *from)
{
    return (struct lock_list){from->list.items, from->list.count};
}

/* The image's file and what it includes, in the order in which apko reads them. */
static void add_config(struct due *d, const struct due_image *m, struct buf *out)
{
    struct buf text = {0};
    struct error absent = {0};
    if (d->files.read(d->files.arg, m->file, &text, &absent))
        buf_add(out, buf_slice(&text));
    for (size_t i = 0; i < m->needs.files.count; i++) {
        struct error e = {0};
        if (d->files.read(d->files.arg, m->needs.files.items[i], &text, &e))
            buf_add(out, buf_slice(&text));
    }
    buf_free(&text);
}

static bool make(struct due *d, const struct lock_parts *parts, const struct due_image *m,
                 struct buf *out, struct error *e)
{
    struct buf config = {0};
    add_config(d, m, &config);
    struct lock_contents contents = {
        .config_name = m->file,
        .config = buf_slice(&config),
        .keyring = list_of(&m->image.keyring),
        .repositories = list_of(&m->image.repositories),
        .build_repositories = list_of(&m->image.build_repositories),
        .runtime_repositories = list_of(&m->image.runtime_repositories),
    };
    bool good = lockfile_write(parts, &contents, &m->install, out, e);
    buf_free(&config);
    return good;
}

static bool write_lock(struct due *d, const struct context *ctx, const struct lock_parts *parts,
                       const struct due_image *m, struct error *e)
{
    const char *name = due_lock_name(&d->arena, m->file);
    struct buf out = {0}, before = {0}, path = {0};
    bool good = make(d, parts, m, &out, e) && due_lock_read(d, name, &before, e);
    path_join(&path, slice_of(d->root), slice_of(name));
    if (good && !slice_equal(buf_slice(&out), buf_slice(&before))) {
        good = file_replace(buf_text(&path), buf_slice(&out), e);
        if (good)
            log_info(ctx, "%s: written", name);
    }
    buf_free(&out);
    buf_free(&before);
    buf_free(&path);
    return good || error_context(e, "%s cannot be written", name);
}

static void learn(struct due *d, struct lock_parts *parts, const struct due_image *m)
{
    struct buf text = {0};
    struct error ignored = {0};
    if (due_lock_read(d, due_lock_name(&d->arena, m->file), &text, &ignored))
        lock_parts_learn(parts, buf_slice(&text));
    buf_free(&text);
}

void due_lock(struct due *d, const struct context *ctx)
{
    struct lock_parts *parts = lock_parts_new(d->root);
    for (size_t i = 0; i < d->images.count; i++)
        learn(d, parts, d->images.items[i]);
    for (size_t i = 0; i < d->images.count; i++)
        if (!due_failed(d->images.items[i]))
            lock_parts_ask(parts, d->http, &d->images.items[i]->install);
    http_run(d->http);
    for (size_t i = 0; i < d->images.count; i++) {
        struct due_image *m = d->images.items[i];
        if (!due_failed(m) && !write_lock(d, ctx, parts, m, &m->error))
            due_fail(m);
    }
    lock_parts_free(parts);
}
