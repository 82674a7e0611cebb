/* The tables in which images are resolved: images that name the same indexes share one, and only
 * one is there at a time. */
#include "watcher/due_parts.h"

#include <stdlib.h>
#include <string.h>

struct resolving {
    struct due *d;
    struct slice local;
    VEC(struct due_task) tasks;
};

/* As apko writes it down: without a slash at its end. */
static struct slice repository_text(const char *line)
{
    struct slice text = slice_trim(slice_of(line));
    while (text.len > 1 && text.ptr[text.len - 1] == '/')
        text.len--;
    return text;
}

static int by_repository(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return slice_compare(repository_text(*x), repository_text(*y));
}

static size_t take(const struct apko_list *from, const char **to, size_t count)
{
    for (size_t i = 0; i < from->list.count; i++)
        to[count++] = from->list.items[i];
    return count;
}

/* Those to build with and those to run with, by spelling and each once: the first of them wins
 * where two have the same package at the same version (pkg/build/apk.go, initializeApk). */
static size_t take_repositories(const struct apko_image *image, const char **to)
{
    size_t count = take(&image->repositories, to, 0), kept = 0;
    count = take(&image->build_repositories, to, count);
    count = take(&image->runtime_repositories, to, count);
    if (count)
        qsort(to, count, sizeof *to, by_repository);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || by_repository(&to[kept - 1], &to[i]) != 0)
            to[kept++] = to[i];
    return kept;
}

static void add_lines(struct buf *key, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addf(key, "%s\n", lines[i]);
    buf_add_byte(key, '\n');
}

/* Architectures are resolved together but for the environments of builds, each of which is made on
 * its own machine. */
static void add_archs(struct buf *key, const struct due_image *m, const char *arch)
{
    if (m->build)
        buf_add_text(key, arch);
    for (size_t i = 0; !m->build && i < m->archs.count; i++)
        buf_addf(key, "%s\n", m->archs.items[i]);
}

static void add_task(struct resolving *r, struct due_image *m, const char *arch)
{
    struct arena *a = &r->d->arena;
    const struct apko_image *image = &m->image;
    size_t most = image->repositories.list.count + image->build_repositories.list.count +
                  image->runtime_repositories.list.count;
    struct buf key = {0};
    const char **repositories = arena_array(a, most + 1, sizeof *repositories);
    const char **keyring = arena_array(a, image->keyring.list.count + 1, sizeof *keyring);
    size_t count = take_repositories(image, repositories);
    size_t keys = take(&image->keyring, keyring, 0);
    add_lines(&key, repositories, count);
    add_lines(&key, keyring, keys);
    add_archs(&key, m, arch);
    struct due_task task = {m,
                            arch,
                            arena_text(a, buf_slice(&key)),
                            r->tasks.count,
                            {arch, repositories, count, keyring, keys, r->local}};
    vec_push(a, &r->tasks, task);
    loader_want(r->d->loader, &task.query);
    buf_free(&key);
}

static int by_key(const void *a, const void *b)
{
    const struct due_task *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order == 0)
        order = strcmp(x->arch, y->arch);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* The tasks of one architecture of a family: of images with the same indexes and architectures. */
struct turn {
    const struct due_task *tasks;
    size_t count;
    struct roll *roll; /* what there is for it; NULL when not known yet, or not to be had */
};

struct family {
    VEC(struct turn) turns;
};

/* The family that begins with the task `first`; the number of the first that is not in it. */
static size_t gather(struct resolving *r, size_t first, struct family *out)
{
    const struct due_task *tasks = r->tasks.items;
    size_t end = first;
    for (; end < r->tasks.count && strcmp(tasks[end].key, tasks[first].key) == 0; end++) {
        if (end == first || strcmp(tasks[end].arch, tasks[end - 1].arch) != 0) {
            struct turn turn = {&tasks[end], 0, NULL};
            vec_push(&r->d->arena, &out->turns, turn);
        }
        out->turns.items[out->turns.count - 1].count++;
    }
    return end;
}

static void keep_shared(struct index *ix, const struct family *f, const struct turn *mine)
{
    for (size_t i = 0; i < f->turns.count; i++) {
        const struct turn *other = &f->turns.items[i];
        if (other != mine && other->roll)
            index_keep(ix, other->roll, other->tasks->arch);
    }
}

static void resolve_turn(struct due *d, const struct family *f, struct turn *turn)
{
    struct error e = {0};
    struct index *ix = loader_index(d->loader, &turn->tasks->query, &e);
    if (ix && !turn->roll && f->turns.count > 1)
        turn->roll = index_roll(ix);
    if (ix)
        keep_shared(ix, f, turn);
    for (size_t i = 0; i < turn->count; i++)
        if (!ix)
            due_task_fail(&turn->tasks[i], &e);
        else if (!due_failed(turn->tasks[i].image))
            due_task_resolve(d, &turn->tasks[i], ix);
    if (ix)
        d->packages += index_count(ix);
    index_free(ix);
}

/* What cannot be had is told when it is its turn. */
static void call_roll(const struct due *d, struct turn *turn)
{
    struct error e = {0};
    struct index *ix = loader_packages(d->loader, &turn->tasks->query, &e);
    turn->roll = ix ? index_roll(ix) : NULL;
    index_free(ix);
}

/* The first one's table need not be made twice. */
static size_t resolve_family(struct resolving *r, size_t first)
{
    struct family f = {0};
    size_t end = gather(r, first, &f);
    for (size_t i = 1; i < f.turns.count; i++)
        call_roll(r->d, &f.turns.items[i]);
    for (size_t i = 0; i < f.turns.count; i++)
        resolve_turn(r->d, &f, &f.turns.items[i]);
    for (size_t i = 0; i < f.turns.count; i++)
        roll_free(f.turns.items[i].roll);
    return end;
}

/* Lock files keep the order of installation. */
static void sort_image(struct due *d, struct due_image *m)
{
    for (size_t i = 0; i < m->now.sets.count; i++) {
        const struct image_set *from = &m->now.sets.items[i];
        struct image_set *to = state_set(&d->arena, &m->install, from->arch);
        for (size_t k = 0; k < from->packages.count; k++)
            vec_push(&d->arena, &to->packages, from->packages.items[k]);
    }
    state_sort(&m->now);
}

void due_resolve_images(struct due *d, struct due_image *const *items, size_t count)
{
    if (!d->loader)
        d->loader = loader_new(d->http, d->root);
    struct resolving r = {.d = d, .local = due_local_index(d)};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; !due_failed(items[i]) && k < items[i]->archs.count; k++)
            add_task(&r, items[i], items[i]->archs.items[k]);
    http_run(d->http);
    if (r.tasks.count)
        qsort(r.tasks.items, r.tasks.count, sizeof *r.tasks.items, by_key);
    for (size_t i = 0; i < r.tasks.count;)
        i = resolve_family(&r, i);
    for (size_t i = 0; i < count; i++)
        sort_image(d, items[i]);
}

void due_resolve(struct due *d)
{
    due_resolve_images(d, d->images.items, d->images.count);
}
