#include "git/github_parts.h"

#include <string.h>

static bool take_label(void *arg, const json_t *item, struct error *e)
{
    struct forge_session *s = arg;
    const char *name = json_string_at(item, "name");
    (void)e;
    if (name)
        vec_push(&s->arena, &s->labels, arena_copy(&s->arena, name));
    return true;
}

static bool list_labels(struct forge_session *s, struct error *e)
{
    struct arena a = {0};
    const char *path = github_path(s, &a, "/labels?per_page=%d", 100);
    s->labels_known = s->labels_known || github_pages(s, path, "list labels", take_label, s, e);
    arena_free(&a);
    return s->labels_known;
}

bool github_labels(struct forge_session *s, struct arena *a, struct texts *out, struct error *e)
{
    if (!github_identify(s, e) || !list_labels(s, e))
        return false;
    for (size_t i = 0; i < s->labels.count; i++)
        vec_push(a, out, s->labels.items[i]);
    return true;
}

/* Another mwatch may have made it meanwhile. */
static bool is_there_now(const struct reply *r)
{
    const json_t *errors = json_object_get(r->json, "errors");
    return r->response.status == 422 &&
           slice_is(json_text(json_array_get(errors, 0), "code"), "already_exists");
}

/* Grey, for the colours are the maintainers'. */
static bool make_label(struct forge_session *s, const char *name)
{
    struct arena a = {0};
    struct error e = {0};
    struct reply r;
    struct call call = {
        .method = "POST",
        .path = github_path(s, &a, "%s", "/labels"),
        .body = json_pack("{s:o, s:s}", "name", github_string(name), "color", "ededed"),
        .harmless = true,
    };
    bool made = github_call(s, &a, &call, &r, &e) && (github_is_good(&r) || is_there_now(&r));
    if (made) {
        vec_push(&s->arena, &s->labels, arena_copy(&s->arena, name));
    } else {
        github_fail(&r, "make the label", &e);
        log_warning(s->ctx, "label %s is left out: %s", name, e.message);
    }
    arena_free(&a);
    return made;
}

bool github_make_labels(struct forge_session *s, struct arena *a, const struct texts *wanted,
                        struct texts *usable, struct error *e)
{
    *usable = (struct texts){0};
    for (size_t i = 0; i < wanted->count; i++) {
        const char *name = wanted->items[i];
        if (!name || slice_empty(slice_trim(slice_of(name))) || texts_have(usable, name))
            continue;
        if (!list_labels(s, e))
            return false;
        if (texts_have(&s->labels, name) || make_label(s, name))
            vec_push(a, usable, name);
    }
    return true;
}
