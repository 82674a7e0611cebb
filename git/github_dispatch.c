/* Telling other workflows that something happened. */
#include "git/github_parts.h"
#include "watcher/base/file.h"

#include <string.h>

/* Where it goes. An App has another token for every owner: the credential says which. */
struct target {
    const char *owner, *name, *credential;
};

static bool find_target(struct forge_session *s, struct arena *a, const char *repository,
                        struct target *out, struct error *e)
{
    *out = (struct target){s->owner, s->name, s->credential};
    if (!repository)
        return true;
    if (!github_split(a, repository, &out->owner, &out->name))
        return error_set(e, ERROR_USAGE, "%s: is not owner/name", repository);
    if (s->credential && !slice_equal_nocase(slice_of(out->owner), slice_of(s->owner)))
        out->credential = arena_printf(a, "%s:%s", s->credential, repository);
    return true;
}

/* The JSON object in a text as a new reference; NULL with ERROR_USAGE for anything else. */
static json_t *read_object(struct arena *a, const char *text, const char *what, struct error *e)
{
    struct error why = {0};
    json_t *json = json_parse(a, slice_of(text), &why);
    if (json_is_object(json))
        return json_incref(json);
    error_set(e, ERROR_USAGE, "%s is no JSON object%s%s", what, *why.message ? ": " : "",
              why.message);
    return NULL;
}

/* Put the JSON text into the body under `key`; nothing for NULL. */
static bool put_object(struct arena *a, json_t *body, const char *key, const char *text,
                       struct error *e)
{
    json_t *object = text ? read_object(a, text, key, e) : NULL;
    if (object)
        json_object_set_new(body, key, object);
    return !text || object;
}

/* Send `body` (given away) to a place below the target. */
static bool send(struct forge_session *s, struct arena *a, const struct target *t,
                 const char *place, json_t *body, const char *what, struct error *e)
{
    struct reply r;
    struct call call = {
        .method = "POST",
        .path = arena_printf(a, "/repos/%s/%s%s", t->owner, t->name, place),
        .body = body,
        .credential = t->credential,
    };
    what = arena_printf(a, "%s in %s/%s", what, t->owner, t->name);
    return github_do(s, a, &call, what, &r, e);
}

bool github_dispatch(struct forge_session *s, const char *repository, const char *event,
                     const char *payload, struct error *e)
{
    struct arena a = {0};
    struct target t;
    json_t *body = json_pack("{s:o}", "event_type", github_string(event));
    bool good =
        find_target(s, &a, repository, &t, e) && put_object(&a, body, "client_payload", payload, e);
    if (good)
        good = send(s, &a, &t, "/dispatches", json_incref(body),
                    arena_printf(&a, "dispatch %s", event), e);
    json_decref(body);
    arena_free(&a);
    return good;
}

bool github_dispatch_workflow(struct forge_session *s, const char *repository, const char *workflow,
                              const char *ref, const char *inputs, struct error *e)
{
    struct arena a = {0};
    struct target t;
    json_t *body = json_pack("{s:o}", "ref", github_string(ref));
    /* People also write ".github/workflows/build.yml". */
    const char *file = arena_text(&a, path_base(slice_of(workflow)));
    const char *place =
        arena_printf(&a, "/actions/workflows/%s/dispatches", github_escape(&a, file, false));
    bool good = find_target(s, &a, repository, &t, e) && put_object(&a, body, "inputs", inputs, e);
    if (good)
        good = send(s, &a, &t, place, json_incref(body),
                    arena_printf(&a, "start workflow %s", file), e);
    json_decref(body);
    arena_free(&a);
    return good;
}
