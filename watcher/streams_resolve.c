/* Would an image resolve with the packages it moves to? */
#include "watcher/streams_parts.h"

#include "watcher/rebuild/resolve.h"

#include <string.h>

struct resolving {
    struct http *http;
    const struct image *image;
    struct outcome *o;
};

static bool add_index(struct resolving *r, struct index *ix, const struct stream_repository *from,
                      const char *arch, struct error *e)
{
    struct arena a = {0};
    struct request request;
    struct response response;
    struct repository repository = {from->url, from->tag};
    image_index_request(&a, from->url, arch, &request);
    bool good = http_fetch(r->http, &a, &request, &response, NULL, e);
    if (good && (response.status < 200 || response.status > 299))
        good = error_set(e, ERROR_UPSTREAM, "%s answered %d", request.url, response.status);
    good = good && index_add(ix, &repository, response.body, e);
    arena_free(&a);
    return good;
}

/* The packages of the image with those that move at the version; NULL: as they are. */
static const char **world_of(struct arena *a, const struct image *image, const char *version)
{
    const char **world = arena_array(a, image->world.count, sizeof *world);
    for (size_t i = 0; i < image->world.count; i++)
        world[i] = image->world.items[i];
    for (size_t i = 0; version && i < image->moved.count; i++) {
        const struct stream_entry *entry = &image->moved.items[i];
        const char *old = image_entry(a, entry->text, slice_of(image->component->current));
        for (size_t k = 0; k < image->world.count; k++)
            if (strcmp(image->world.items[k], old) == 0)
                world[k] = image_entry(a, entry->text, slice_of(version));
    }
    return world;
}

static bool resolves(const struct image *image, const struct index *ix, const char *version,
                     struct error *e)
{
    struct arena a = {0};
    struct resolution ignored;
    bool good =
        resolve(ix, &a, &(struct world){world_of(&a, image, version), image->world.count, NULL},
                &ignored, e);
    arena_free(&a);
    return good;
}

static void note(struct outcome *o, const char *arch, const char *what, const struct error *e)
{
    vec_push(&o->arena, &o->notes,
             arena_printf(&o->arena, "%s for %s: %s", what, arch, e->message));
}

static void hold(struct outcome *o, const char *arch, const struct error *e)
{
    o->decision.kind = DECISION_HELD;
    o->decision.action = ACTION_IGNORE;
    o->decision.reason = arena_printf(&o->arena, "with %s the image does not resolve for %s: %s",
                                      o->decision.version, arch, e->message);
}

/* An image that does not resolve as it is says nothing about the move. */
static void resolve_arch(struct resolving *r, const char *arch)
{
    struct index *ix = index_new();
    struct error e = {0}, before = {0};
    bool good = true;
    for (size_t i = 0; good && i < r->image->repositories.count; i++)
        good = add_index(r, ix, &r->image->repositories.items[i], arch, &e);
    if (!good) {
        note(r->o, arch, "the image could not be resolved", &e);
    } else {
        index_link(ix);
        if (!resolves(r->image, ix, r->o->decision.version, &e)) {
            if (resolves(r->image, ix, NULL, &before))
                hold(r->o, arch, &e);
            else
                note(r->o, arch, "the image does not resolve as it is", &before);
        }
    }
    index_free(ix);
}

void streams_resolve(struct http *http, const struct streams *streams, struct results *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct outcome *o = rows->items[i];
        const struct image *image = streams_image(streams, o->component);
        struct resolving r = {http, image, o};
        if (!image || !decision_proposes(&o->decision))
            continue;
        if (image->local)
            vec_push(&o->arena, &o->notes,
                     arena_printf(&o->arena,
                                  "some packages come from %s: whether all are there, "
                                  "and fit together, was not looked at",
                                  image->local));
        else if (image->includes)
            vec_push(
                &o->arena, &o->notes,
                "it includes other files: whether all packages fit together was not looked at");
        if (image->local || image->includes)
            continue;
        for (size_t k = 0; k < image->archs.count && decision_proposes(&o->decision); k++)
            resolve_arch(&r, image->archs.items[k].name);
    }
}
