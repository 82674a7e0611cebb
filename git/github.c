/* GitHub, and GitHub Enterprise. */
#include "git/github_parts.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"

#include <stdlib.h>

static const char *without_slashes(struct arena *a, const char *text)
{
    struct slice base = slice_of(text);
    while (slice_ends(base, SLICE("/")))
        base.len--;
    return arena_text(a, base);
}

/* https://api.github.com/graphql, and on a server of one's own /api/graphql beside /api/v3. */
static const char *graphql_of(struct arena *a, const char *api)
{
    struct slice base = slice_of(api), version = SLICE("/api/v3");
    if (slice_ends(base, version))
        base.len -= 3;
    return arena_printf(a, "%.*s/graphql", SLICE_ARG(base));
}

static bool is_given(const char *text)
{
    return text && *text;
}

static bool set_addresses(struct forge_session *s, const struct forge_options *o, struct error *e)
{
    struct url url;
    s->api =
        without_slashes(&s->arena, is_given(o->api_url) ? o->api_url : "https://api.github.com");
    s->graphql = is_given(o->graphql_url) ? without_slashes(&s->arena, o->graphql_url)
                                          : graphql_of(&s->arena, s->api);
    if (!url_parse(slice_of(s->api), &url) || !url_parse(slice_of(s->graphql), &url))
        return error_set(e, ERROR_USAGE, "no address of an API: %s",
                         url_parse(slice_of(s->api), &url) ? s->graphql : s->api);
    return true;
}

static void session_free(struct forge_session *s)
{
    if (!s)
        return;
    arena_free(&s->arena);
    free(s);
}

static struct forge_session *session_new(const struct context *ctx, struct http *http,
                                         const struct forge_options *options, struct error *e)
{
    struct forge_session *s = memory_zalloc(sizeof *s);
    s->ctx = ctx;
    s->http = http;
    s->credential = options->credential;
    bool good = set_addresses(s, options, e);
    if (good && !github_split(&s->arena, is_given(options->repository) ? options->repository : "",
                              &s->owner, &s->name))
        good =
            error_set(e, ERROR_USAGE, "which repository? %s is not owner/name (GITHUB_REPOSITORY)",
                      is_given(options->repository) ? options->repository : "nothing");
    if (good)
        return s;
    session_free(s);
    return NULL;
}

const struct forge forge_github = {
    .name = "github",
    .open = session_new,
    .close = session_free,
    .facts = github_facts,
    .pulls_of = github_pulls_of,
    .issues_with = github_issues_with,
    .open_pulls = github_open_pulls,
    .merged_pulls = github_merged_pulls,
    .create = github_create,
    .update = github_update,
    .commented = github_commented,
    .comment = github_comment,
    .close_proposal = github_close,
    .reopen = github_reopen,
    .auto_merge = github_auto_merge,
    .no_auto_merge = github_no_auto_merge,
    .commit = github_commit,
    .dispatch = github_dispatch,
    .dispatch_workflow = github_dispatch_workflow,
    .labels = github_labels,
    .protection = github_protection,
    .target = github_target,
};
