/* Releases of many repositories in one request, by GraphQL (docs.github.com/graphql). What is asked
 * of each is kept light, because GitHub gives a query ten seconds in all: tags and dates of the
 * newest releases, commits of the very newest, and the files and notes of a release only where one
 * is asked for by its tag. Names and cursors travel as variables, never as part of the query. */
#include "sources/candidate.h"
#include "sources/github.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_START = 50, BATCH_MOST = 100 };

#define BY_DATE "orderBy:{field:CREATED_AT,direction:DESC}"

/* The three questions. What they have in common is a fragment, and an unused one is an error. */
enum question { FIRST, AFTER, ONE };

static const char *const fields[] = {
    [FIRST] = ("latestRelease{tagName} "
               "newest:releases(first:10," BY_DATE "){nodes{tagName tagCommit{oid}}} "
               "releases(first:50," BY_DATE "){...listed}"),
    [AFTER] = ("releases(first:100,after:$a%zu," BY_DATE "){...listed}"),
    [ONE] = ("release(tagName:$a%zu){tagName isDraft isPrerelease publishedAt url description "
             "tagCommit{oid} releaseAssets(first:100){nodes{name size downloadUrl digest}}}"),
};

#define LISTED                                                                                     \
    "fragment listed on ReleaseConnection{nodes{tagName isDraft isPrerelease publishedAt url} "    \
    "pageInfo{hasNextPage endCursor}}"

static enum question question_of(const struct page *page)
{
    if (!page->cursor)
        return FIRST;
    return github_release_of(page) ? ONE : AFTER;
}

/* The cursor behind its word. */
static const char *argument_of(const struct page *page)
{
    const char *tag = github_release_of(page);
    return tag ? tag : page->cursor + strlen(GITHUB_AFTER);
}

/* Where a REST API's GraphQL is: beside it, or at GitHub Enterprise Server /api/graphql for
 * /api/v3. */
static const char *server(const struct spec *spec, struct arena *a)
{
    struct slice api = spec_server(spec, "api");
    struct github_repository r;
    struct error e = {0}; /* asked by itself, it tells what is wrong */
    if (github_use(spec) != USE_RELEASES || !github_repository(spec, a, &r, &e))
        return NULL;
    if (slice_ends(api, SLICE("/api/v3")))
        api.len -= strlen("/v3");
    return arena_printf(a, "%.*s/graphql", SLICE_ARG(api));
}

static void add_declarations(const struct batch_item *items, size_t count, struct buf *out)
{
    buf_add_text(out, "query(");
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "%s$o%zu:String!,$n%zu:String!", i ? "," : "", i, i);
        if (question_of(&items[i].page) != FIRST)
            buf_addf(out, ",$a%zu:String!", i);
    }
    buf_add_text(out, "){");
}

/* The fields of one repository; "%zu" in them is its number. */
static void add_fields(enum question question, size_t number, struct buf *out)
{
    struct slice rest = slice_of(fields[question]), mark = SLICE("%zu");
    size_t at;
    while ((at = slice_find(rest, mark)) != SLICE_NONE) {
        buf_add(out, slice_first(rest, at));
        buf_addf(out, "%zu", number);
        rest = slice_from(rest, at + mark.len);
    }
    buf_add(out, rest);
}

static void add_query(const struct batch_item *items, size_t count, struct buf *out)
{
    bool lists = false;
    add_declarations(items, count, out);
    for (size_t i = 0; i < count; i++) {
        enum question question = question_of(&items[i].page);
        buf_addf(out, "\nr%zu:repository(owner:$o%zu,name:$n%zu){", i, i, i);
        add_fields(question, i, out);
        buf_add_byte(out, '}');
        lists = lists || question != ONE;
    }
    buf_addf(out, "\n}%s%s", lists ? "\n" : "", lists ? LISTED : "");
}

static void set(json_t *variables, char letter, size_t number, struct slice value)
{
    char name[32];
    snprintf(name, sizeof name, "%c%zu", letter, number);
    json_object_set_new(variables, name, json_stringn(value.ptr, value.len));
}

static json_t *variables_of(const struct batch_item *items, size_t count, struct arena *a)
{
    json_t *variables = json_object();
    for (size_t i = 0; i < count; i++) {
        struct github_repository r = {0};
        struct error e = {0}; /* `server` let it pass */
        github_repository(items[i].spec, a, &r, &e);
        set(variables, 'o', i, r.owner);
        set(variables, 'n', i, r.name);
        if (items[i].page.cursor)
            set(variables, 'a', i, slice_of(argument_of(&items[i].page)));
    }
    return variables;
}

static void request(const struct batch_item *items, size_t count, struct arena *a,
                    struct request *out)
{
    struct buf query = {0};
    add_query(items, count, &query);
    json_t *body = json_object();
    json_object_set_new(body, "query", json_stringn(buf_text(&query), query.len));
    json_object_set_new(body, "variables", variables_of(items, count, a));
    char *text = json_dumps(body, JSON_COMPACT);
    *out = (struct request){
        .method = "POST",
        .url = server(items[0].spec, a),
        .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
        .body = arena_slice(a, slice_of(text)),
        .credential = "github",
        .uncached = true, /* a batch that failed is not sent again as it is */
    };
    free(text);
    json_decref(body);
    buf_free(&query);
}

static const char *one(struct arena *a, const char *raw)
{
    return arena_printf(a, GITHUB_RELEASE "%s", raw);
}

const struct batch github_batch = {
    .start = BATCH_START,
    .most = BATCH_MOST,
    .names = GITHUB_TAGS,
    .server = server,
    .request = request,
    .parse = github_answer,
    .one = one,
};
