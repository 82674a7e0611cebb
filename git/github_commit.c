/* Commits through the Git data API. Nothing is seen of them until the branch moves, and it moves
 * only from where the caller believes it to be. */
#include "git/github_parts.h"

#include <string.h>

/* Where the branch is: "" when it is nowhere, NULL on error. */
static const char *read_ref(struct forge_session *s, struct arena *a, const char *branch,
                            struct error *e)
{
    struct reply r;
    struct call call = {
        .method = "GET",
        .path = github_path(s, a, "/git/ref/heads/%s", github_escape(a, branch, true)),
    };
    if (!github_call(s, a, &call, &r, e)) {
        error_context(e, "GitHub: cannot read branch %s", branch);
        return NULL;
    }
    if (r.response.status == 404)
        return "";
    const char *sha = json_string_at(json_object_get(r.json, "object"), "sha");
    if (github_is_good(&r) && sha)
        return sha;
    github_fail(&r, "read the branch", e);
    return NULL;
}

static bool conflict(const char *branch, const char *now, struct error *e)
{
    return error_set(e, ERROR_CONFLICT, "branch %s was changed meanwhile: it is %s%s", branch,
                     *now ? "at " : "gone", now);
}

static bool check_lease(struct forge_session *s, struct arena *a, const char *branch,
                        const char *expected, struct error *e)
{
    const char *now = read_ref(s, a, branch, e);
    return now && (strcmp(now, expected) == 0 || conflict(branch, now, e));
}

static const char *make_commit(struct forge_session *s, struct arena *a, const char *parent,
                               const char *tree, const char *message, struct error *e)
{
    struct reply r;
    /* Neither author nor committer: only then does GitHub sign it as the App's. */
    struct call call = {
        .method = "POST",
        .path = github_path(s, a, "%s", "/git/commits"),
        .body = json_pack("{s:o, s:s, s:[s]}", "message", github_string(message), "tree", tree,
                          "parents", parent),
        .harmless = true,
    };
    if (!github_do(s, a, &call, "write a commit", &r, e))
        return NULL;
    const char *sha = json_string_at(r.json, "sha");
    if (!sha)
        error_set(e, ERROR_UPSTREAM, "GitHub: cannot write a commit: the answer names none");
    return sha;
}

/* GitHub refuses when it exists by now (422, "Reference already exists"). */
static bool create_ref(struct forge_session *s, struct arena *a, const char *branch,
                       const char *commit, struct error *e)
{
    struct reply r;
    struct call call = {
        .method = "POST",
        .path = github_path(s, a, "%s", "/git/refs"),
        .body = json_pack("{s:o, s:s}", "ref",
                          github_string(arena_printf(a, "refs/heads/%s", branch)), "sha", commit),
    };
    return github_do(s, a, &call, arena_printf(a, "create branch %s", branch), &r, e);
}

/* The new commit stands on the expected one: a fast-forward from anywhere else is none. */
static bool forward_ref(struct forge_session *s, struct arena *a, const char *branch,
                        const char *commit, struct error *e)
{
    struct reply r;
    const char *what = arena_printf(a, "move branch %s", branch);
    struct call call = {
        .method = "PATCH",
        .path = github_path(s, a, "/git/refs/heads/%s", github_escape(a, branch, true)),
        .body = json_pack("{s:s, s:b}", "sha", commit, "force", 0),
        .harmless = true,
    };
    if (!github_call(s, a, &call, &r, e))
        return error_context(e, "GitHub: cannot %s", what);
    if (github_is_good(&r))
        return true;
    github_fail(&r, what, e);
    if (strstr(e->message, "fast forward"))
        e->code = ERROR_CONFLICT;
    return false;
}

static const char move_mutation[] =
    "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";

/* A branch that is built anew on another base is no fast-forward. REST could only force it, over
 * whatever is there by then; `beforeOid` is a lease that the server keeps. */
static bool replace_ref(struct forge_session *s, struct arena *a, const char *branch,
                        const char *commit, const char *expected, struct error *e)
{
    struct reply r;
    const char *why;
    const char *what = arena_printf(a, "move branch %s", branch);
    if (!pacer_take(&s->pacer, s->ctx, e))
        return false;
    json_t *update = json_pack("{s:o, s:s, s:s, s:b}", "name",
                               github_string(arena_printf(a, "refs/heads/%s", branch)), "beforeOid",
                               expected, "afterOid", commit, "force", 1);
    json_t *input = json_pack("{s:s, s:[o]}", "repositoryId", s->node, "refUpdates", update);
    if (github_query(s, a, move_mutation, json_pack("{s:o}", "input", input), what, &r, &why, e))
        return true;
    /* Whatever the words for it: when it is elsewhere, that is the reason. */
    struct error other = {0};
    const char *now = e->code == ERROR_NETWORK ? NULL : read_ref(s, a, branch, &other);
    if (now && strcmp(now, commit) == 0) {
        error_clear(e);
        return true;
    }
    if (now && strcmp(now, expected) != 0) {
        error_clear(e);
        return conflict(branch, now, e);
    }
    return false;
}

static bool move_ref(struct forge_session *s, struct arena *a, const char *branch,
                     const char *commit, const char *parent, const char *expected, struct error *e)
{
    if (!*expected)
        return create_ref(s, a, branch, commit, e);
    if (strcmp(parent, expected) == 0)
        return forward_ref(s, a, branch, commit, e);
    return replace_ref(s, a, branch, commit, expected, e);
}

bool github_commit(struct forge_session *s, struct arena *a, const char *parent,
                   const struct forge_file *files, size_t count, const char *message,
                   const char *branch, const char *expected, const char **commit, struct error *e)
{
    struct arena work = {0};
    const char *tree = NULL, *made = NULL;
    bool good = github_identify(s, e) && check_lease(s, &work, branch, expected, e) &&
                (tree = github_tree(s, &work, parent, files, count, e)) &&
                (made = make_commit(s, &work, parent, tree, message, e)) &&
                move_ref(s, &work, branch, made, parent, expected, e);
    *commit = good ? arena_copy(a, made) : NULL;
    arena_free(&work);
    return good;
}
