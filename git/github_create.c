/* Opening a pull request or an issue. */
#include "git/github_parts.h"

/* Members that are NULL are left out. */
static void put(json_t *object, const char *key, json_t *value)
{
    if (value)
        json_object_set_new(object, key, value);
}

static json_t *pull_body(const struct proposal_text *text)
{
    json_t *body = json_object();
    put(body, "title", github_string(text->title));
    put(body, "head", github_string(text->branch));
    put(body, "base", github_string(text->base));
    put(body, "body", github_string(text->body));
    put(body, "draft", json_boolean(text->draft));
    return body;
}

/* With its labels from the start, for automation that looks at issues when they are opened. */
static json_t *issue_body(const struct proposal_text *text, const struct texts *labels)
{
    json_t *body = json_object(), *names = json_array();
    put(body, "title", github_string(text->title));
    put(body, "body", github_string(text->body));
    for (size_t i = 0; i < labels->count; i++)
        json_array_append_new(names, github_string(labels->items[i]));
    put(body, "labels", names);
    return body;
}

bool github_create(struct forge_session *s, struct arena *a, enum proposal_kind kind,
                   const struct proposal_text *text, struct proposal *out, struct error *e)
{
    struct texts labels = {0};
    struct reply r;
    bool pull = kind == PROPOSAL_PULL;
    if (!github_identify(s, e) || !github_make_labels(s, a, &text->labels, &labels, e))
        return false;
    struct call call = {
        .method = "POST",
        .path = github_path(s, a, "%s", pull ? "/pulls" : "/issues"),
        .body = pull ? pull_body(text) : issue_body(text, &labels),
    };
    if (!github_do(s, a, &call, pull ? "open a pull request" : "open an issue", &r, e))
        return false;
    bool read = pull ? github_read_pull(r.json, a, out, e) : github_read_issue(r.json, a, out, e);
    return read && github_complete(s, out, text, &labels, true, e);
}
