/* What was proposed before. Every page is read; one that cannot be is an error. */
#include "git/github_parts.h"
#include "watcher/base/timestamp.h"

#include <string.h>

struct search {
    struct arena *arena;
    struct proposals *out;
    struct slice text; /* a branch or the start of one */
    bool whole;        /* the whole branch has to be it */
};

/* GitHub ignores a `head` that it cannot read and lists everything; forks may have a branch of the
 * same name. */
static bool take_pull(void *arg, const json_t *item, struct error *e)
{
    struct search *search = arg;
    struct arena *a = search->arena;
    struct proposal p;
    if (!github_read_pull(item, a, &p, e))
        return false;
    struct slice branch = slice_of(p.branch);
    if (p.branch &&
        (search->whole ? slice_equal(branch, search->text) : slice_starts(branch, search->text)))
        vec_push(a, &search->out->list, p);
    return true;
}

bool github_pulls_of(struct forge_session *s, struct arena *a, const char *branch,
                     struct proposals *out, struct error *e)
{
    struct search search = {a, out, slice_of(branch), true};
    if (!github_identify(s, e))
        return false;
    const char *path =
        github_path(s, a, "/pulls?state=all&head=%s:%s&per_page=100",
                    github_escape(a, s->owner, false), github_escape(a, branch, false));
    return github_pages(s, path, "list pull requests", take_pull, &search, e);
}

bool github_open_pulls(struct forge_session *s, struct arena *a, const char *prefix,
                       struct proposals *out, struct error *e)
{
    struct search search = {a, out, slice_of(prefix), false};
    if (!github_identify(s, e))
        return false;
    const char *path = github_path(s, a, "/pulls?state=%s&per_page=100", "open");
    return github_pages(s, path, "list open pull requests", take_pull, &search, e);
}

struct merged {
    struct search search;
    int64_t since;
};

/* Newest change first. Merging is a change, so what follows one that is older was merged before. */
static bool take_merged(void *arg, const json_t *item, struct error *e)
{
    struct merged *m = arg;
    struct proposals *all = m->search.out;
    size_t before = all->list.count;
    int64_t changed;
    if (timestamp_parse(json_text(item, "updated_at"), &changed) && changed < m->since)
        return false;
    if (!take_pull(&m->search, item, e))
        return false;
    const struct proposal *p = &all->list.items[before];
    if (all->list.count > before && (p->state != PROPOSAL_MERGED || p->closed_at < m->since))
        all->list.count = before;
    return true;
}

bool github_merged_pulls(struct forge_session *s, struct arena *a, const char *prefix,
                         int64_t since, struct proposals *out, struct error *e)
{
    struct merged merged = {{a, out, slice_of(prefix), false}, since};
    if (!github_identify(s, e))
        return false;
    const char *path =
        github_path(s, a, "/pulls?state=%s&sort=updated&direction=desc&per_page=100", "closed");
    return github_pages(s, path, "list merged pull requests", take_merged, &merged, e);
}

/* REST lists pull requests among the issues, and a repository that is kept current by proposals has
 * ten of them for every issue; search is cheaper still, but lags behind what was just written. Here
 * a point of the hourly 5,000 buys 100 issues, read from the database. No filter by creator: a
 * token may have been changed for an App's since. */
static const char issues_query[] =
    "query($owner: String!, $name: String!, $after: String) { repository(owner: $owner, name: "
    "$name) { issues(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) { "
    "pageInfo { hasNextPage endCursor } nodes { id number url title body state createdAt closedAt "
    "authorAssociation author { __typename login } labels(first: 100) { nodes { name } } "
    "assignees(first: 20) { nodes { login "
    "} } milestone { title } } } } }";

static bool take_issues(const json_t *issues, struct arena *a, const char *marker,
                        struct proposals *out, struct error *e)
{
    const json_t *nodes = json_object_get(issues, "nodes"), *node;
    size_t index;
    if (!json_is_array(nodes))
        return error_set(e, ERROR_UPSTREAM, "GitHub: cannot list issues: the answer has none");
    json_array_foreach(nodes, index, node)
    {
        struct proposal p;
        /* Most issues are people's: read only what is ours. A node may be null where it may not be
         * seen, and then it is not ours. */
        if (!slice_contains(json_text(node, "body"), slice_of(marker)))
            continue;
        if (!github_read_node(node, a, &p, e))
            return false;
        vec_push(a, &out->list, p);
    }
    return true;
}

/* One page; *cursor is where the next one begins, NULL after the last. */
static bool issues_page(struct forge_session *s, struct arena *a, const char *marker,
                        const char **cursor, struct proposals *out, struct error *e)
{
    struct arena page = {0};
    struct reply r;
    json_t *variables =
        json_pack("{s:s, s:s, s:s?}", "owner", s->owner, "name", s->name, "after", *cursor);
    json_t *data = github_query(s, &page, issues_query, variables, "list issues", &r, NULL, e);
    const json_t *issues = json_object_get(json_object_get(data, "repository"), "issues");
    const json_t *info = json_object_get(issues, "pageInfo");
    bool good = data && take_issues(issues, a, marker, out, e);
    const char *next = json_string_at(info, "endCursor");
    bool more = good && json_flag(info, "hasNextPage");
    if (more && (!next || (*cursor && strcmp(next, *cursor) == 0)))
        good = error_set(e, ERROR_UPSTREAM, "GitHub: cannot list issues: the list has no end");
    *cursor = more && good ? arena_copy(a, next) : NULL;
    arena_free(&page);
    return good;
}

bool github_issues_with(struct forge_session *s, struct arena *a, const char *marker_start,
                        struct proposals *out, struct error *e)
{
    const char *cursor = NULL;
    if (!github_identify(s, e))
        return false;
    do {
        if (!issues_page(s, a, marker_start, &cursor, out, e))
            return false;
    } while (cursor);
    return true;
}
