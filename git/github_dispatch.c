/* Telling other workflows that something happened. */
#include "git/github_parts.h"
#include "watcher/base/file.h"

#include <string.h>

/* GitHub's own limits. */
enum { PAYLOAD_MEMBERS = 10, INPUT_MEMBERS = 25, EVENT_LONGEST = 100 };

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

/* Put the JSON object in a text into the body under `key`; nothing for NULL. */
static bool put_object(struct arena *a, json_t *body, const char *key, const char *text,
                       size_t most, struct error *e)
{
    struct error why = {0};
    json_t *json = text ? json_parse(a, slice_of(text), &why) : NULL;
    if (text && !json_is_object(json))
        return error_set(e, ERROR_USAGE, "%s is no JSON object%s%s", key, *why.message ? ": " : "",
                         why.message);
    if (json_object_size(json) > most)
        return error_set(e, ERROR_USAGE, "%s has %zu members; GitHub takes %zu at most", key,
                         json_object_size(json), most);
    if (json)
        json_object_set(body, key, json);
    return true;
}

/* People also write ".github/workflows/build.yml". */
static const char *workflow_path(struct arena *a, const char *workflow)
{
    const char *file = arena_text(a, path_base(slice_of(workflow)));
    return arena_printf(a, "/actions/workflows/%s", github_escape(a, file, false));
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

static bool check_event(const char *event, struct error *e)
{
    size_t length = strlen(event);
    return (length > 0 && length <= EVENT_LONGEST) ||
           error_set(e, ERROR_USAGE, "an event's name has 1 to %d characters: %s", EVENT_LONGEST,
                     event);
}

bool github_dispatch(struct forge_session *s, const char *repository, const char *event,
                     const char *payload, struct error *e)
{
    struct arena a = {0};
    struct target t;
    json_t *body = json_pack("{s:o}", "event_type", github_string(event));
    bool good = check_event(event, e) && find_target(s, &a, repository, &t, e) &&
                put_object(&a, body, "client_payload", payload, PAYLOAD_MEMBERS, e);
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
    const char *place = arena_printf(&a, "%s/dispatches", workflow_path(&a, workflow));
    bool good = find_target(s, &a, repository, &t, e) &&
                put_object(&a, body, "inputs", inputs, INPUT_MEMBERS, e);
    if (good)
        good = send(
            s, &a, &t, place, json_incref(body),
            arena_printf(&a, "start workflow %.*s", SLICE_ARG(path_base(slice_of(workflow)))), e);
    json_decref(body);
    arena_free(&a);
    return good;
}

static bool get(struct forge_session *s, struct arena *a, const struct target *t, const char *place,
                const char *what, struct reply *r, struct error *e)
{
    struct call call = {
        .method = "GET",
        .path = arena_printf(a, "/repos/%s/%s%s", t->owner, t->name, place),
        .credential = t->credential,
    };
    return github_do(s, a, &call, arena_printf(a, "%s %s/%s", what, t->owner, t->name), r, e);
}

static void read_target(const json_t *repository, struct arena *a, struct forge_target *out)
{
    const json_t *rights = json_object_get(repository, "permissions");
    out->repository = arena_copy(a, json_string_at(repository, "full_name"));
    out->default_branch = arena_copy(a, json_string_at(repository, "default_branch"));
    out->archived = json_flag(repository, "archived");
    out->may_push = json_flag(rights, "push");
    /* An App and a workflow are not told: all their rights are false, reading too. */
    out->rights_known = json_flag(rights, "pull");
}

bool github_target(struct forge_session *s, struct arena *a, const char *repository,
                   const char *workflow, struct forge_target *out, struct error *e)
{
    struct target t;
    struct reply r;
    *out = (struct forge_target){0};
    if (!find_target(s, a, repository, &t, e) || !get(s, a, &t, "", "read the repository", &r, e))
        return false;
    read_target(r.json, a, out);
    if (!out->default_branch)
        return error_set(e, ERROR_UPSTREAM, "%s: GitHub's answer names no branch", r.response.url);
    if (!workflow)
        return true;
    const char *file = arena_text(a, path_base(slice_of(workflow)));
    if (!get(s, a, &t, workflow_path(a, workflow), arena_printf(a, "find workflow %s of", file), &r,
             e))
        return false;
    out->workflow_state = arena_copy(a, json_string_at(r.json, "state"));
    return true;
}
