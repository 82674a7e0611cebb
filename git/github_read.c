/* Answers made into proposals. */
#include "git/github_parts.h"
#include "watcher/base/timestamp.h"

#include <string.h>

bool texts_have(const struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (slice_equal_nocase(slice_of(texts->items[i]), slice_of(text)))
            return true;
    return false;
}

/* The member `key` of every object in a list. */
static void read_texts(const json_t *list, const char *key, struct arena *a, struct texts *out)
{
    const json_t *item;
    size_t index;
    json_array_foreach(list, index, item)
    {
        const char *text = json_string_at(item, key);
        if (text)
            vec_push(a, out, arena_copy(a, text));
    }
}

static int64_t read_time(const json_t *object, const char *key)
{
    int64_t time;
    return timestamp_parse(json_text(object, key), &time) ? time : 0;
}

/* Members whose names differ between REST and GraphQL. */
struct spelling {
    const char *node, *url;
};
static const struct spelling rest = {"node_id", "html_url"};
static const struct spelling graphql = {"id", "url"};

/* Without these nothing can be done with it, and to pass it over would be to propose it again. */
static bool read_identity(const json_t *item, const struct spelling *spelling, struct arena *a,
                          struct proposal *out, struct error *e)
{
    const char *node = json_string_at(item, spelling->node);
    const char *url = json_string_at(item, spelling->url);
    const char *title = json_string_at(item, "title");
    long long number = json_number(item, "number", 0);
    struct slice state = json_text(item, "state");
    bool open = slice_equal_nocase(state, SLICE("open"));
    if (!node || !url || !title || number <= 0 ||
        !(open || slice_equal_nocase(state, SLICE("closed"))))
        return error_set(e, ERROR_UPSTREAM,
                         "GitHub's answer has a pull request or issue without number, %s, %s, "
                         "title or state",
                         spelling->node, spelling->url);
    out->number = (unsigned long long)number;
    out->node = arena_copy(a, node);
    out->url = arena_copy(a, url);
    out->title = arena_copy(a, title);
    out->state = open ? PROPOSAL_OPEN : PROPOSAL_CLOSED;
    return true;
}

static bool read_common(const json_t *item, const struct spelling *spelling, struct arena *a,
                        struct proposal *out, struct error *e)
{
    if (!read_identity(item, spelling, a, out, e))
        return false;
    const char *body = json_string_at(item, "body");
    out->body = arena_copy(a, body ? body : "");
    out->milestone = arena_copy(a, json_string_at(json_object_get(item, "milestone"), "title"));
    return true;
}

/* OWNER, MEMBER and COLLABORATOR may write; an App speaks here only where it is installed. Whether
 * somebody else wrote it is not known where nothing is told. */
static bool is_outsider(struct slice association, const char *author)
{
    static const char *const insiders[] = {"OWNER", "MEMBER", "COLLABORATOR"};
    for (size_t i = 0; i < sizeof insiders / sizeof *insiders; i++)
        if (slice_is(association, insiders[i]))
            return false;
    return association.len > 0 && !slice_ends(slice_of(author), SLICE("[bot]"));
}

static bool read_rest(const json_t *item, struct arena *a, struct proposal *out, struct error *e)
{
    if (!read_common(item, &rest, a, out, e))
        return false;
    const char *author = json_string_at(json_object_get(item, "user"), "login");
    out->author = arena_copy(a, author ? author : "ghost"); /* as GitHub shows who is gone */
    out->outsider = is_outsider(json_text(item, "author_association"), out->author);
    out->opened_at = read_time(item, "created_at");
    out->closed_at = read_time(item, "closed_at");
    read_texts(json_object_get(item, "labels"), "name", a, &out->labels);
    read_texts(json_object_get(item, "assignees"), "login", a, &out->assignees);
    return true;
}

/* The head's branch, unless the head is in another repository. A fork that is gone has none. */
static const char *own_branch(const json_t *pull)
{
    const json_t *head = json_object_get(pull, "head");
    const json_t *base = json_object_get(pull, "base");
    long long from = json_number(json_object_get(head, "repo"), "id", -1);
    long long to = json_number(json_object_get(base, "repo"), "id", -2);
    return from == to ? json_string_at(head, "ref") : NULL;
}

bool github_read_pull(const json_t *pull, struct arena *a, struct proposal *out, struct error *e)
{
    *out = (struct proposal){.kind = PROPOSAL_PULL};
    if (!read_rest(pull, a, out, e))
        return false;
    if (json_is_string(json_object_get(pull, "merged_at")))
        out->state = PROPOSAL_MERGED;
    out->branch = arena_copy(a, own_branch(pull));
    out->head = arena_copy(a, json_string_at(json_object_get(pull, "head"), "sha"));
    out->base = arena_copy(a, json_string_at(json_object_get(pull, "base"), "ref"));
    out->draft = json_flag(pull, "draft");
    out->auto_merge = json_is_object(json_object_get(pull, "auto_merge"));
    read_texts(json_object_get(pull, "requested_reviewers"), "login", a, &out->reviewers);
    read_texts(json_object_get(pull, "requested_teams"), "slug", a, &out->team_reviewers);
    if (!out->head)
        return error_set(e, ERROR_UPSTREAM, "%s: GitHub's answer has no head commit", out->url);
    return true;
}

bool github_read_issue(const json_t *issue, struct arena *a, struct proposal *out, struct error *e)
{
    *out = (struct proposal){.kind = PROPOSAL_ISSUE};
    return read_rest(issue, a, out, e);
}

/* REST writes an App as "name[bot]", GraphQL only as "name". */
static const char *read_actor(const json_t *actor, struct arena *a)
{
    const char *login = json_string_at(actor, "login");
    if (!login)
        return "ghost";
    bool bot = slice_is(json_text(actor, "__typename"), "Bot") &&
               !slice_ends(slice_of(login), SLICE("[bot]"));
    return arena_printf(a, "%s%s", login, bot ? "[bot]" : "");
}

bool github_read_node(const json_t *node, struct arena *a, struct proposal *out, struct error *e)
{
    *out = (struct proposal){.kind = PROPOSAL_ISSUE};
    if (!read_common(node, &graphql, a, out, e))
        return false;
    out->author = read_actor(json_object_get(node, "author"), a);
    out->outsider = is_outsider(json_text(node, "authorAssociation"), out->author);
    out->opened_at = read_time(node, "createdAt");
    out->closed_at = read_time(node, "closedAt");
    read_texts(json_object_get(json_object_get(node, "labels"), "nodes"), "name", a, &out->labels);
    read_texts(json_object_get(json_object_get(node, "assignees"), "nodes"), "login", a,
               &out->assignees);
    return true;
}
