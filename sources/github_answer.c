/* The answer to a batch. GraphQL tells what went wrong with status 200 as well: `errors` beside or
 * instead of `data`, each with a path where it belongs to one repository. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "sources/github.h"
#include "watcher/base/hash.h"
#include "watcher/base/timestamp.h"

#include <string.h>

/* What an error means for the whole batch, the worst first. */
enum fault {
    FAULT_OVER = 1, /* a limit on how much may be asked */
    FAULT_UNFIT,    /* the query is not understood */
    FAULT_SHORT,    /* the server ran out of time or means */
};

struct reader {
    struct batch_item *items;
    size_t count;
    struct arena *a;
    const json_t **own; /* of each item, the error that is about it alone; NULL = none */
    enum fault fault;   /* the worst of what is nobody's own, 0 = none */
    struct error *e;
};

static struct slice type_of(const json_t *error)
{
    return json_text(error, "type");
}

static bool is_limit(const json_t *error)
{
    struct slice type = type_of(error);
    if (slice_is(type, "RATE_LIMITED") || slice_is(type, "RATE_LIMIT"))
        return true;
    return !json_object_get(error, "path") &&
           slice_contains(json_text(error, "message"), SLICE("rate limit"));
}

/* GitHub names no type when a query took too long ("Something went wrong while executing your
 * query. This may be the result of a timeout ..."), and a code when it does not understand it. */
static bool is_short(const json_t *error)
{
    static const char *const types[] = {"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED",
                                        "TIMEOUT", "INTERNAL", "SERVICE_UNAVAILABLE"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (slice_is(type_of(error), types[i]))
            return true;
    return !type_of(error).len && !json_text(json_object_get(error, "extensions"), "code").len;
}

/* The number of the repository whose part of the answer an error is about, `count` when it is about
 * the whole. */
static size_t item_of(const struct reader *r, const json_t *error)
{
    const json_t *path = json_object_get(error, "path");
    struct slice alias = slice_of(json_string_value(json_array_get(path, 0)));
    unsigned long long number;
    if (slice_starts(alias, SLICE("r")) && slice_number(slice_from(alias, 1), &number) &&
        number < r->count)
        return (size_t)number;
    return r->count;
}

/* Beside the list itself, the rest of a repository's part is welcome, but not needed. */
static bool is_needed(const json_t *error)
{
    const json_t *path = json_object_get(error, "path");
    struct slice field = slice_of(json_string_value(json_array_get(path, 1)));
    return !field.len || slice_is(field, "releases") || slice_is(field, "release");
}

static void weigh(struct reader *r, const json_t *error)
{
    size_t number = item_of(r, error);
    bool own = number < r->count && !is_limit(error);
    enum fault fault = is_limit(error) ? FAULT_OVER : is_short(error) ? FAULT_SHORT : FAULT_UNFIT;
    if (own && (!r->own[number] || is_needed(error)))
        r->own[number] = error;
    if (own || (r->fault && r->fault <= fault))
        return;
    r->fault = fault;
    error_clear(r->e);
    error_set(r->e, ERROR_UPSTREAM, "GitHub: %s", answer_shown(r->a, json_text(error, "message")));
}

static bool fail_item(struct batch_item *item, const char *what)
{
    struct slice repository = slice_of(spec_value(item->spec, "repository"));
    return error_set(&item->error, ERROR_UPSTREAM, "%s: %s", answer_shown(item->arena, repository),
                     what);
}

static void blame(struct batch_item *item, const json_t *error)
{
    if (is_short(error))
        item->unanswered = true;
    else if (slice_is(type_of(error), "NOT_FOUND"))
        fail_item(item, "GitHub has no such repository: has it moved, or is its name spelt wrong?");
    else
        fail_item(item, arena_printf(item->arena, "GitHub refuses it: %s",
                                     answer_shown(item->arena, json_text(error, "message"))));
}

static bool is_commit(struct slice oid)
{
    return (oid.len == SHA1_HEX || oid.len == SHA256_HEX) && slice_all_hex(oid);
}

static void take_commit(const json_t *release, struct arena *a, struct candidate *c)
{
    struct slice oid = json_text(json_object_get(release, "tagCommit"), "oid");
    if (is_commit(oid))
        c->commit = lower_hex(a, oid);
}

static struct candidate *read_release(const json_t *release, size_t number, struct batch_item *item,
                                      unsigned flags)
{
    struct arena *a = item->arena;
    struct candidate *c =
        github_add_release(release, "tagName", number, a, item->found, &item->error);
    if (!c)
        return NULL;
    c->url = answer_web_url(a, json_string_at(release, "url"));
    c->flags = flags | (json_flag(release, "isDraft") ? CANDIDATE_DRAFT : 0u) |
               (json_flag(release, "isPrerelease") ? CANDIDATE_PRERELEASE : 0u);
    timestamp_parse(json_text(release, "publishedAt"), &c->published);
    return c;
}

/* All about one release. */
static bool read_one(const json_t *repository, struct batch_item *item)
{
    const json_t *release = json_object_get(repository, "release");
    if (!json_is_object(release))
        return fail_item(item, "GitHub has no such release (any more)");
    struct candidate *c = read_release(release, 1, item, 0);
    if (!c)
        return false;
    c->notes = arena_copy(item->arena, json_string_at(release, "description"));
    take_commit(release, item->arena, c);
    github_read_assets(json_object_get(json_object_get(release, "releaseAssets"), "nodes"),
                       "downloadUrl", item->arena, c);
    return true;
}

static struct candidate *find(struct batch_item *item, size_t from, struct slice tag)
{
    for (size_t i = from; tag.len && i < item->found->list.count; i++)
        if (slice_is(tag, item->found->list.items[i].raw))
            return &item->found->list.items[i];
    return NULL;
}

/* What is told about a few of the releases listed. */
static void read_extras(const json_t *repository, struct batch_item *item, size_t from)
{
    const json_t *release;
    size_t index;
    json_array_foreach(json_object_get(json_object_get(repository, "newest"), "nodes"), index,
                       release)
    {
        struct candidate *c = find(item, from, json_text(release, "tagName"));
        if (c)
            take_commit(release, item->arena, c);
    }
    struct candidate *latest =
        find(item, from, json_text(json_object_get(repository, "latestRelease"), "tagName"));
    if (latest)
        latest->flags |= CANDIDATE_LATEST;
}

static bool turn_page(const json_t *releases, struct batch_item *item)
{
    const json_t *info = json_object_get(releases, "pageInfo");
    const char *cursor = json_string_at(info, "endCursor");
    if (!json_flag(info, "hasNextPage"))
        return true;
    if (!cursor || !*cursor)
        return fail_item(item, "GitHub's answer has a next page, but not where");
    item->found->more = true;
    item->found->next =
        (struct page){item->page.number + 1, arena_printf(item->arena, GITHUB_AFTER "%s", cursor)};
    return true;
}

static bool read_list(const json_t *repository, struct batch_item *item)
{
    const json_t *releases = json_object_get(repository, "releases"), *release;
    const json_t *nodes = json_object_get(releases, "nodes");
    size_t index, before = item->found->list.count;
    if (!json_is_array(nodes))
        return fail_item(item, "GitHub's answer has no list of its releases");
    json_array_foreach(nodes, index, release)
    {
        if (!json_is_null(release) && !read_release(release, index + 1, item, CANDIDATE_BRIEF))
            return false;
    }
    read_extras(repository, item, before);
    return turn_page(releases, item);
}

static void read_item(struct reader *r, const json_t *data, size_t number)
{
    struct batch_item *item = &r->items[number];
    size_t before = item->found->list.count;
    char alias[32];
    snprintf(alias, sizeof alias, "r%zu", number);
    const json_t *repository = json_object_get(data, alias), *error = r->own[number];
    if (error && (is_needed(error) || !json_is_object(repository)))
        blame(item, error);
    else if (!json_is_object(repository) && r->fault == FAULT_SHORT)
        item->unanswered = true;
    else if (!json_is_object(repository))
        fail_item(item, r->fault ? r->e->message : "GitHub's answer leaves it out");
    else if (github_release_of(&item->page) ? !read_one(repository, item)
                                            : !read_list(repository, item))
        item->found->list.count = before;
}

/* An answer without any data. */
static enum batch_verdict read_nothing(struct reader *r)
{
    bool slow = r->fault == FAULT_SHORT;
    for (size_t i = 0; i < r->count && !r->fault; i++)
        slow = slow || (r->own[i] && is_short(r->own[i]));
    error_set(r->e, ERROR_UPSTREAM, "GitHub's answer has no data");
    return slow ? BATCH_TOO_MUCH : BATCH_UNFIT;
}

static enum batch_verdict read_answer(struct reader *r, const json_t *root)
{
    const json_t *data = json_object_get(root, "data"), *error;
    size_t index;
    json_array_foreach(json_object_get(root, "errors"), index, error) weigh(r, error);
    if (r->fault == FAULT_OVER)
        return BATCH_OVER;
    if (!json_is_object(data))
        return read_nothing(r);
    for (size_t i = 0; i < r->count; i++)
        read_item(r, data, i);
    error_clear(r->e);
    return BATCH_READ;
}

/* A status other than 2xx. Rate limits were waited for before it comes to this. */
static enum batch_verdict read_status(const struct response *response, struct arena *a,
                                      struct error *e)
{
    struct error ignored = {0};
    const json_t *root = answer_json(response, a, &ignored);
    struct slice message = json_text(root, "message");
    error_set(e, ERROR_UPSTREAM, "GitHub answered %d%s%s%s", response->status,
              message.len ? ": " : "", answer_shown(a, message),
              response->status == 401 ? ": is the token still valid?" : "");
    bool limit = response->status == 429 || slice_contains(response->body, SLICE("rate limit"));
    if (response->status == 401 || limit)
        return BATCH_OVER;
    bool slow = response->status == 408 || response->status == 413 || response->status >= 500;
    return slow ? BATCH_TOO_MUCH : BATCH_UNFIT;
}

enum batch_verdict github_answer(struct batch_item *items, size_t count,
                                 const struct response *response, struct arena *a, struct error *e)
{
    struct reader r = {.items = items, .count = count, .a = a, .e = e};
    if (response->status < 200 || response->status > 299)
        return read_status(response, a, e);
    const json_t *root = answer_json(response, a, e);
    if (!root)
        return BATCH_UNFIT;
    r.own = arena_array(a, count, sizeof *r.own);
    return read_answer(&r, root);
}
