/* What the packages that moved have fixed. */
#include "watcher/due_parts.h"

#include <string.h>

/* Fixes are told of the recipe that a package was built by. */
static const char *origin_of(const struct due_image *m, const char *name)
{
    for (size_t i = 0; i < m->now.sets.count; i++) {
        const struct image_set *set = &m->now.sets.items[i];
        for (size_t k = 0; k < set->packages.count; k++)
            if (strcmp(set->packages.items[k].name, name) == 0 && set->packages.items[k].origin)
                return set->packages.items[k].origin;
    }
    return name;
}

static void look_up(struct due *d, const struct secdb *db, struct due_image *m)
{
    m->fixed = arena_array(&d->arena, m->changes.list.count + 1, sizeof *m->fixed);
    for (size_t i = 0; i < m->changes.list.count; i++) {
        const struct state_change *c = &m->changes.list.items[i];
        if (c->kind == STATE_MOVED)
            secdb_find(db, &d->arena, origin_of(m, c->name), c->from, c->to, &m->fixed[i]);
    }
}

static bool load(struct due *d, const char *url, struct secdb *db, struct error *e)
{
    struct arena a = {0};
    struct request request = {.url = url};
    struct response response;
    bool good = http_fetch(d->http, &a, &request, &response, NULL, e);
    if (good && response.status != 200)
        good = error_set(e, ERROR_UPSTREAM, "the server answered %d", response.status);
    good = good && secdb_add(db, response.body, e);
    arena_free(&a);
    return good;
}

void due_fixed(struct due *d)
{
    const char *url = config_rebuild_secdb(d->config, &d->arena);
    struct error e = {0};
    size_t moved = 0;
    for (size_t i = 0; i < d->images.count; i++)
        moved += d->images.items[i]->changes.moved;
    if (!url || moved == 0)
        return;
    struct secdb *db = secdb_new();
    if (!load(d, url, db, &e))
        vec_push(&d->arena, &d->warnings,
                 arena_printf(&d->arena, "what was fixed is not known: %s: %s", url, e.message));
    for (size_t i = 0; i < d->images.count; i++)
        look_up(d, db, d->images.items[i]);
    secdb_free(db);
}
