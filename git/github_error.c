/* What GitHub's refusals mean, and what can be done about them. */
#include "git/github_parts.h"

#include <string.h>

/* What helps, by a part of GitHub's own words. */
static const struct {
    const char *part, *advice;
} advices[] = {
    {"Bad credentials", "the token is wrong, was revoked or has ended: give another one"},
    {"GitHub Actions is not permitted to create",
     "allow it under Settings > Actions > General > Workflow permissions"},
    {"Resource not accessible by integration",
     "give the App, or the workflow under permissions:, that right"},
    {"Resource not accessible by personal access token", "give the token that right"},
    {"SAML", "authorize the token for the organization's single sign-on"},
    {"archived", "nothing can be proposed to an archived repository"},
    {"Issues has been disabled", "switch issues on under Settings > General > Features"},
    {"Issues are disabled", "switch issues on under Settings > General > Features"},
    {"Draft pull requests are not supported", "leave draft out of the configuration"},
    {"without `workflow` scope", "give the token the workflow scope"},
    {"without `workflows` permission", "give the App the right to write workflows"},
};

bool github_is_good(const struct reply *r)
{
    return r->response.status / 100 == 2;
}

static bool is_limit(const struct response *r)
{
    return r->status == 429 ||
           (r->status == 403 && (response_header(r, "retry-after").len ||
                                 slice_is(response_header(r, "x-ratelimit-remaining"), "0") ||
                                 slice_contains(r->body, SLICE("secondary rate limit"))));
}

static bool has_error(const json_t *answer, const char *part)
{
    struct arena a = {0};
    bool has = slice_contains(slice_of(github_message(&a, answer)), slice_of(part));
    arena_free(&a);
    return has;
}

static enum error_code code_of(const struct reply *r)
{
    int status = r->response.status;
    if (status >= 500 || status == 408 || is_limit(&r->response))
        return ERROR_NETWORK;
    if (status == 401)
        return ERROR_USAGE;
    if (status == 403 || status == 404 || status == 410 || status == 451)
        return ERROR_REFUSED;
    if (status == 409 || has_error(r->json, "already exists"))
        return ERROR_CONFLICT;
    return ERROR_UPSTREAM;
}

/* One of `errors`: {"resource", "field", "code", "message"}, or only a text. */
static void add_detail(struct buf *out, const json_t *detail)
{
    struct slice message = json_text(detail, "message");
    const char *separator = out->len ? "; " : "";
    if (json_is_string(detail))
        buf_addf(out, "%s%s", separator, json_string_value(detail));
    else if (message.len)
        buf_addf(out, "%s%.*s", separator, SLICE_ARG(message));
    else if (json_is_object(detail))
        buf_addf(out, "%s%.*s %.*s: %.*s", separator, SLICE_ARG(json_text(detail, "resource")),
                 SLICE_ARG(json_text(detail, "field")), SLICE_ARG(json_text(detail, "code")));
}

const char *github_message(struct arena *a, const json_t *answer)
{
    struct buf text = {0};
    const json_t *errors = json_object_get(answer, "errors"), *detail;
    size_t index;
    struct slice message = json_text(answer, "message");
    /* It says nothing that the details do not say better. */
    if (!slice_is(message, "Validation Failed") || !json_array_size(errors))
        buf_add(&text, message);
    json_array_foreach(errors, index, detail) add_detail(&text, detail);
    if (json_is_string(errors))
        add_detail(&text, errors);
    while (slice_ends(buf_slice(&text), SLICE(".")))
        buf_cut(&text, text.len - 1);
    const char *copy = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return copy;
}

static void add_advice(struct buf *out, const struct reply *r, const char *message)
{
    struct slice needed = response_header(&r->response, "x-accepted-github-permissions");
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strstr(message, advices[i].part)) {
            buf_addf(out, "; %s", advices[i].advice);
            break;
        }
    if (r->response.status == 404)
        buf_add_text(out, "; either it is not there or the token may not see it");
    if (needed.len && (r->response.status == 403 || r->response.status == 404))
        buf_addf(out, " (needed: %.*s)", SLICE_ARG(needed));
}

bool github_fail(const struct reply *r, const char *what, struct error *e)
{
    struct arena a = {0};
    struct buf text = {0};
    const char *message = github_message(&a, r->json);
    add_advice(&text, r, message);
    error_set(e, code_of(r), "GitHub: cannot %s: %s%sHTTP %d%s%s", what, message,
              *message ? " (" : "", r->response.status, *message ? ")" : "", buf_text(&text));
    buf_free(&text);
    arena_free(&a);
    return false;
}
