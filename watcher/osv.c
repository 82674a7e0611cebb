#include "watcher/osv.h"

#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/base/url.h"
#include "watcher/cvss.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_ID = 100,      /* bytes */
    LONGEST_SUMMARY = 160, /* columns */
    MOST_ALIASES = 20,
    LARGEST_ANSWER = 32 << 20,  /* bytes; more than the server's own limit with HTTP/1.1 */
    LARGEST_ADVISORY = 8 << 20, /* those that list every version of a kernel have some */
};

/* ---- asking ---- */

static bool is_commit(const char *commit)
{
    return commit && strlen(commit) == 40 && slice_all_hex(slice_of(commit));
}

/* NULL when the query is none. */
static json_t *query_json(const struct osv_query *q)
{
    json_t *object = json_object();
    if (q->purl || (q->ecosystem && q->name && q->version)) {
        json_t *package = json_object();
        json_put_text(package, "purl", q->purl);
        json_put_text(package, "ecosystem", q->purl ? NULL : q->ecosystem);
        json_put_text(package, "name", q->purl ? NULL : q->name);
        json_object_set_new(object, "package", package);
        json_put_text(object, "version", q->purl ? NULL : q->version);
    } else if (is_commit(q->commit)) {
        json_put_text(object, "commit", q->commit);
    } else {
        json_decref(object);
        return NULL;
    }
    return object;
}

static const char *dumped(struct arena *a, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    const char *copy = arena_copy(a, text);
    free(text);
    json_decref(value);
    return copy;
}

const char *osv_identity(struct arena *a, const struct osv_query *q)
{
    json_t *query = query_json(q);
    return query ? dumped(a, query) : NULL;
}

void osv_batch_request(struct arena *a, const struct osv_query *const *queries,
                       const char *const *pages, size_t count, struct request *out)
{
    json_t *root = json_object(), *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *query = query_json(queries[i]);
        json_put_text(query, "page_token", pages[i]);
        json_array_append_new(list, query);
    }
    json_object_set_new(root, "queries", list);
    *out = (struct request){
        .method = "POST",
        .url = OSV_SERVER "/v1/querybatch",
        .headers = {{"Content-Type", "application/json"}},
        .body = slice_of(dumped(a, root)),
        .limit = LARGEST_ANSWER,
    };
}

/* ---- reading ids ---- */

/* An id becomes part of an address and of texts: what does not look like one is none. */
static bool is_id(struct slice id)
{
    for (size_t i = 0; i < id.len; i++)
        if (!is_letter(id.ptr[i]) && !is_digit(id.ptr[i]) &&
            slice_find_byte(SLICE("-._:"), id.ptr[i]) == SLICE_NONE)
            return false;
    return id.len > 0 && id.len <= LONGEST_ID && (is_letter(id.ptr[0]) || is_digit(id.ptr[0]));
}

/* Is it {"vulns": [{"id": ...}], "next_page_token": ...}, or {} when nothing is known? */
static bool is_result(const json_t *result)
{
    const json_t *vulns = json_object_get(result, "vulns");
    if (!json_is_object(result) || (vulns && !json_is_array(vulns)))
        return false;
    for (size_t i = 0; i < json_array_size(vulns); i++)
        if (!is_id(json_text(json_array_get(vulns, i), "id")))
            return false;
    return true;
}

static void take_result(struct arena *a, const json_t *result, struct osv_answer *out)
{
    const json_t *vulns = json_object_get(result, "vulns");
    struct slice page = json_text(result, "next_page_token");
    for (size_t i = 0; i < json_array_size(vulns); i++)
        vec_push(a, &out->ids, arena_text(a, json_text(json_array_get(vulns, i), "id")));
    out->page = slice_empty(page) ? NULL : arena_text(a, page);
}

bool osv_batch_parse(struct arena *a, struct slice body, struct osv_answer *const *answers,
                     size_t count, struct error *e)
{
    struct arena scratch = {0};
    const json_t *root = json_parse(&scratch, body, e);
    const json_t *results = json_object_get(root, "results");
    bool good = root != NULL;
    if (good && (!json_is_array(results) || json_array_size(results) != count))
        good = error_set(e, ERROR_UPSTREAM, "it has %zu results for %zu queries",
                         json_array_size(results), count);
    for (size_t i = 0; good && i < count; i++)
        if (!is_result(json_array_get(results, i)))
            good = error_set(e, ERROR_UPSTREAM, "result %zu is no list of advisories", i);
    for (size_t i = 0; good && i < count; i++)
        take_result(a, json_array_get(results, i), answers[i]);
    arena_free(&scratch);
    return good;
}

struct slice osv_complaint(struct arena *a, struct slice body)
{
    struct arena scratch = {0};
    struct error ignored = {0};
    struct buf safe = {0}, cut = {0};
    const json_t *root = json_parse(&scratch, body, &ignored);
    text_add_visible(&safe, json_text(root, "message"));
    text_add_cut(&cut, buf_slice(&safe), LONGEST_SUMMARY);
    struct slice words = arena_slice(a, buf_slice(&cut));
    buf_free(&safe);
    buf_free(&cut);
    arena_free(&scratch);
    return words;
}

/* ---- reading an advisory ---- */

struct advisory osv_advisory(struct arena *a, const char *id)
{
    struct buf url = {0};
    buf_add_text(&url, "https://osv.dev/vulnerability/");
    url_escape(&url, slice_of(id), false);
    struct advisory advisory = {.id = id, .url = arena_text(a, buf_slice(&url))};
    buf_free(&url);
    return advisory;
}

void osv_advisory_request(struct arena *a, const char *id, struct request *out)
{
    struct buf url = {0};
    buf_add_text(&url, OSV_SERVER "/v1/vulns/");
    url_escape(&url, slice_of(id), false);
    *out = (struct request){.url = arena_text(a, buf_slice(&url)), .limit = LARGEST_ADVISORY};
    buf_free(&url);
}

/* GitHub's database rates in words, OSS-Fuzz in words elsewhere, the others by vectors. */
static const char *word_of(struct slice word)
{
    static const struct {
        const char *theirs, *ours;
    } words[] = {{"LOW", "low"},
                 {"MODERATE", "medium"},
                 {"MEDIUM", "medium"},
                 {"HIGH", "high"},
                 {"CRITICAL", "critical"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_nocase(word, slice_of(words[i].theirs)))
            return words[i].ours;
    return NULL;
}

static const char *rated(const json_t *root)
{
    const json_t *ratings = json_object_get(root, "severity");
    int worst = -1;
    for (size_t i = 0; i < json_array_size(ratings); i++) {
        int score = cvss_score(json_text(json_array_get(ratings, i), "score"));
        worst = score > worst ? score : worst;
    }
    return cvss_word(worst);
}

static const char *severity_of(const json_t *root)
{
    const json_t *affected = json_object_get(root, "affected");
    const char *word = word_of(json_text(json_object_get(root, "database_specific"), "severity"));
    if (!word)
        word = rated(root);
    for (size_t i = 0; i < json_array_size(affected) && !word; i++)
        word = word_of(json_text(json_object_get(json_array_get(affected, i), "ecosystem_specific"),
                                 "severity"));
    return word;
}

/* Some databases write no summary; the first line of the details says what it is about. */
static const char *summary_of(struct arena *a, const json_t *root)
{
    struct slice text = slice_trim(json_text(root, "summary")), line;
    struct slice details = slice_trim(json_text(root, "details"));
    struct buf safe = {0}, cut = {0};
    while (slice_empty(text) && slice_line(&details, &line))
        text = slice_trim(line);
    text_add_visible(&safe, text);
    text_add_cut(&cut, buf_slice(&safe), LONGEST_SUMMARY);
    const char *summary = cut.len ? arena_text(a, buf_slice(&cut)) : NULL;
    buf_free(&safe);
    buf_free(&cut);
    return summary;
}

static void take_aliases(struct arena *a, const json_t *root, struct advisory *out)
{
    const json_t *aliases = json_object_get(root, "aliases");
    for (size_t i = 0; i < json_array_size(aliases) && out->aliases.count < MOST_ALIASES; i++) {
        const char *text = json_string_value(json_array_get(aliases, i));
        if (text && is_id(slice_of(text)) && strcmp(text, out->id) != 0)
            vec_push(a, &out->aliases, arena_copy(a, text));
    }
}

bool osv_advisory_parse(struct arena *a, const char *id, struct slice body, struct advisory *out,
                        struct error *e)
{
    struct arena scratch = {0};
    const json_t *root = json_parse(&scratch, body, e);
    bool good = root != NULL;
    if (good && !slice_is(json_text(root, "id"), id))
        good = error_set(e, ERROR_UPSTREAM, "it is not about %s", id);
    if (good) {
        *out = osv_advisory(a, id);
        out->severity = severity_of(root);
        out->summary = summary_of(a, root);
        out->withdrawn = !slice_empty(json_text(root, "withdrawn"));
        take_aliases(a, root, out);
    }
    arena_free(&scratch);
    return good;
}

static bool names(const struct advisory *x, const char *id)
{
    for (size_t i = 0; i < x->aliases.count; i++)
        if (strcmp(x->aliases.items[i], id) == 0)
            return true;
    return strcmp(x->id, id) == 0;
}

bool osv_same(const struct advisory *x, const struct advisory *y)
{
    if (names(x, y->id))
        return true;
    for (size_t i = 0; i < y->aliases.count; i++)
        if (names(x, y->aliases.items[i]))
            return true;
    return false;
}
