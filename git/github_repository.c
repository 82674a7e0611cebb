/* The repository and whose token this is. */
#include "git/github_parts.h"
#include "watcher/base/timestamp.h"

#include <string.h>

/* Only these make up names on GitHub. */
static bool is_name(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '.' &&
            s.ptr[i] != '_')
            return false;
    return s.len > 0 && !slice_is(s, ".") && !slice_is(s, "..");
}

bool github_split(struct arena *a, const char *repository, const char **owner, const char **name)
{
    struct slice rest = slice_of(repository), first;
    if (!slice_split(&rest, '/', &first) || !is_name(first) || !is_name(rest))
        return false;
    *owner = arena_text(a, first);
    *name = arena_text(a, rest);
    return true;
}

static bool fetch(struct forge_session *s, struct arena *a, struct reply *r, struct error *e)
{
    const char *path = github_path(s, a, "%s", "");
    if (!github_do(s, a, &(struct call){.method = "GET", .path = path}, "read the repository", r,
                   e))
        return error_context(e, "%s/%s", s->owner, s->name);
    const char *full = json_string_at(r->json, "full_name");
    const char *node = json_string_at(r->json, "node_id");
    if (!full || !node || !github_split(&s->arena, full, &s->owner, &s->name))
        return error_set(e, ERROR_UPSTREAM, "%s: GitHub's answer names no repository",
                         r->response.url);
    s->node = arena_copy(&s->arena, node);
    return true;
}

bool github_identify(struct forge_session *s, struct error *e)
{
    struct arena a = {0};
    struct reply r;
    bool good = s->node || fetch(s, &a, &r, e);
    arena_free(&a);
    return good;
}

static const char facts_query[] =
    "query($owner: String!, $name: String!) { viewer { login } repository(owner: $owner, name: "
    "$name) { viewerPermission autoMergeAllowed squashMergeAllowed mergeCommitAllowed "
    "rebaseMergeAllowed } }";

/* The quota that counts is REST's: the GraphQL one is another. */
static void read_quota(const struct response *r, struct forge_facts *out)
{
    unsigned long long left, reset;
    out->requests_left = -1;
    if (slice_number(response_header(r, "x-ratelimit-remaining"), &left))
        out->requests_left = (long long)left;
    if (slice_number(response_header(r, "x-ratelimit-reset"), &reset))
        out->requests_reset = (int64_t)reset;
}

static void read_token(const struct response *r, struct arena *a, struct forge_facts *out)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (strcmp(r->headers[i].name, "x-oauth-scopes") == 0)
            out->scopes = arena_copy(a, r->headers[i].value);
    if (!timestamp_parse(response_header(r, "github-authentication-token-expiration"),
                         &out->expires_at))
        out->expires_at = 0;
}

/* For an App and a workflow every right is false, whatever they may do; they are asked for by name
 * only. */
static void read_rights(const json_t *repository, struct forge_facts *out)
{
    const json_t *rights = json_object_get(repository, "permissions");
    out->rights_known =
        json_is_object(rights) && out->login && !slice_ends(slice_of(out->login), SLICE("[bot]"));
    out->may_push = json_flag(rights, "push");
    out->may_triage = out->may_push || json_flag(rights, "triage");
}

/* REST shows these only to who may push, GraphQL to everybody. */
static void read_merging(const json_t *repository, struct forge_facts *out)
{
    out->auto_merge_allowed = json_flag(repository, "autoMergeAllowed");
    out->squash_allowed = json_flag(repository, "squashMergeAllowed");
    out->merge_allowed = json_flag(repository, "mergeCommitAllowed");
    out->rebase_allowed = json_flag(repository, "rebaseMergeAllowed");
}

bool github_facts(struct forge_session *s, struct arena *a, struct forge_facts *out,
                  struct error *e)
{
    struct reply rest, graphql;
    *out = (struct forge_facts){.requests_left = -1};
    if (!fetch(s, a, &rest, e))
        return false;
    json_t *variables = json_pack("{s:s, s:s}", "owner", s->owner, "name", s->name);
    json_t *data = github_query(s, a, facts_query, variables, "read the repository's settings",
                                &graphql, NULL, e);
    if (!data)
        return false;
    out->login = json_string_at(json_object_get(data, "viewer"), "login");
    out->repository = arena_printf(a, "%s/%s", s->owner, s->name);
    out->default_branch = json_string_at(rest.json, "default_branch");
    out->archived = json_flag(rest.json, "archived");
    out->issues_enabled = json_flag(rest.json, "has_issues");
    read_merging(json_object_get(data, "repository"), out);
    read_rights(rest.json, out);
    read_quota(&rest.response, out);
    read_token(&rest.response, a, out);
    return true;
}
