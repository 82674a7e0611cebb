#include "watcher/login_survey.h"

#include "sources/source.h"
#include "watcher/base/image_name.h"
#include "watcher/base/url.h"
#include "watcher/recipes/config_rebuild.h"

#include <string.h>

enum { SHOWN = 6 };

struct survey {
    struct arena *a;
    struct logins *logins;
    VEC(const char *) found; /* each once */
};

/* One registry may be asked as different people. */
static void add(struct survey *s, const char *address)
{
    struct login login;
    struct url url;
    if (!url_parse(slice_of(address), &url))
        return;
    logins_find(s->logins, address, &login);
    const char *text =
        arena_printf(s->a, "%.*s%s%.*s is asked %s%s", SLICE_ARG(url.host), url.port.len ? ":" : "",
                     SLICE_ARG(url.port), login.shown ? "with " : "without a login",
                     login.shown ? login.shown : "");
    for (size_t i = 0; i < s->found.count; i++)
        if (strcmp(s->found.items[i], text) == 0)
            return;
    vec_push(s->a, &s->found, text);
}

static void add_component(struct survey *s, const struct component *c)
{
    const struct page first = {0};
    struct request request = {0};
    struct error ignored = {0};
    if (c->disabled || error_is_set(&c->error) || !c->spec.source)
        return;
    if (c->spec.source->request(&c->spec, &first, s->a, &request, &ignored) && request.bearer)
        add(s, request.url);
}

/* The images are not looked for: where one is published, all are. */
static void add_rebuild(struct survey *s, const struct config *config)
{
    struct rebuild_settings settings;
    struct error ignored = {0};
    struct image_name image;
    struct buf path = {0};
    if (!config_rebuild(config, s->a, "image", "image.yaml", &settings, &ignored) ||
        !settings.image || !image_name_read(slice_of(settings.image), &image))
        return;
    image_name_add_path(&path, &image);
    add(s,
        arena_printf(s->a, "https://%.*s%s/tags/list", SLICE_ARG(image.registry), buf_text(&path)));
    buf_free(&path);
}

const char *login_survey(struct arena *a, struct logins *logins, const struct config *config,
                         const struct components *components)
{
    struct survey s = {.a = a, .logins = logins};
    struct buf text = {0};
    for (size_t i = 0; i < components->count; i++)
        add_component(&s, components->items[i]);
    add_rebuild(&s, config);
    for (size_t i = 0; i < s.found.count && i < SHOWN; i++)
        buf_addf(&text, "%s%s", i ? ", " : "registries: ", s.found.items[i]);
    if (s.found.count > SHOWN)
        buf_addf(&text, " and %zu more", s.found.count - SHOWN);
    const char *told = s.found.count ? arena_text(a, buf_slice(&text)) : NULL;
    buf_free(&text);
    return told;
}
