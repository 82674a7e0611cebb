#include "git/github_parts.h"

#include <string.h>

/* Codes by the `type` of an error; what has none of these is the query's own fault. */
static enum error_code code_of(const json_t *error)
{
    static const struct {
        const char *type;
        enum error_code code;
    } codes[] = {
        {"RATE_LIMITED", ERROR_NETWORK},        {"RATE_LIMIT", ERROR_NETWORK},
        {"SERVICE_UNAVAILABLE", ERROR_NETWORK}, {"NOT_FOUND", ERROR_REFUSED},
        {"FORBIDDEN", ERROR_REFUSED},           {"INSUFFICIENT_SCOPES", ERROR_REFUSED},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (slice_is(json_text(error, "type"), codes[i].type))
            return codes[i].code;
    /* "Something went wrong while executing your query": a time limit of GitHub's, with status 200.
     */
    if (slice_starts(json_text(error, "message"), SLICE("Something went wrong")))
        return ERROR_NETWORK;
    return ERROR_UPSTREAM;
}

static bool has_errors(const struct reply *r, const char *what, struct error *e)
{
    struct arena a = {0};
    const json_t *errors = json_object_get(r->json, "errors");
    bool any = json_array_size(errors) > 0;
    if (any)
        error_set(e, code_of(json_array_get(errors, 0)), "GitHub: cannot %s: %s", what,
                  github_message(&a, r->json));
    arena_free(&a);
    return any;
}

json_t *github_query(struct forge_session *s, struct arena *a, const char *document,
                     json_t *variables, const char *what, struct reply *reply, const char **why,
                     struct error *e)
{
    struct call call = {
        .method = "POST",
        .path = s->graphql,
        .body = json_pack("{s:s, s:o}", "query", document, "variables", variables),
        .harmless = true,
    };
    if (why)
        *why = "";
    if (!github_do(s, a, &call, what, reply, e))
        return NULL;
    if (why)
        *why = github_message(a, reply->json);
    if (has_errors(reply, what, e))
        return NULL;
    json_t *data = json_object_get(reply->json, "data");
    if (!json_is_object(data))
        error_set(e, ERROR_UPSTREAM, "GitHub: cannot %s: the answer has no data", what);
    return json_is_object(data) ? data : NULL;
}
