/* GitHub: releases or tags by the REST API, or tags by git's own protocol, which costs no API
 * quota. Releases also come without the API (github_feed.c), for when there is no token, and of
 * many repositories at once (github_batch.c), for when there is one. Shapes: docs.github.com/rest,
 * version 2022-11-28; `digest` of assets exists since June 2025. */
#include "sources/github.h"

#include "sources/answer.h"
#include "sources/candidate.h"
#include "sources/git.h"
#include "watcher/base/hash.h"
#include "watcher/base/timestamp.h"
#include "watcher/base/url.h"

#include <string.h>

/* The ways to ask. Releases can be asked for in several; which one a page belongs to is told by the
 * first word of its cursor, behind which the way's own cursor stands. */
enum way {
    WAY_API,     /* no word: the cursor is the address of a page of the API, or GITHUB_RELEASE */
    WAY_FEED,    /* the newest ones, without the API */
    WAY_TAGS,    /* by git: what may have been released */
    WAY_COMMITS, /* by git: the commits behind what is known */
    WAY_GIT,     /* no word either: not releases, but tags are wanted */
};

static const char *const words[] = {
    [WAY_FEED] = "feed", [WAY_TAGS] = GITHUB_TAGS, [WAY_COMMITS] = "commits"};

#define NOTE_FEW                                                                                   \
    "without a token only the newest 10 releases are seen, older ones as tags, and pre-releases "  \
    "are told by their names only"
#define NOTE_ALL "without a token pre-releases are told by their names only"

/* The page as the way itself counts it; false when the cursor begins with another word. */
static bool begins_with(const struct page *page, const char *word, struct page *own)
{
    struct slice rest = slice_of(page->cursor);
    if (!slice_starts(rest, slice_of(word)))
        return false;
    rest = slice_from(rest, strlen(word));
    if (rest.len && rest.ptr[0] != ' ')
        return false;
    *own = (struct page){page->number, rest.len ? rest.ptr + 1 : NULL};
    return true;
}

static enum way way_of(const struct spec *spec, const struct page *page, struct page *own)
{
    *own = *page;
    if (github_use(spec) == USE_TAGS)
        return WAY_GIT;
    for (enum way way = WAY_FEED; way <= WAY_COMMITS && github_use(spec) == USE_RELEASES; way++)
        if (begins_with(page, words[way], own))
            return way;
    return WAY_API;
}

static struct git_query query_of(const struct spec *spec, const char *url)
{
    return (struct git_query){.repository = url, .prefix = spec->prefix};
}

static const char *api_page(const struct spec *spec, const struct github_repository *r,
                            const char *tag, struct arena *a)
{
    struct buf url = {0};
    buf_addf(&url, "%.*s/repos/%.*s/%.*s/", SLICE_ARG(spec_server(spec, "api")),
             SLICE_ARG(r->owner), SLICE_ARG(r->name));
    if (tag) {
        buf_add_text(&url, "releases/tags/");
        url_escape(&url, slice_of(tag), false);
    } else {
        buf_addf(&url, "%s?per_page=100", github_use(spec) == USE_TAGS_API ? "tags" : "releases");
    }
    const char *copy = arena_text(a, buf_slice(&url));
    buf_free(&url);
    return copy;
}

static void ask_api(const struct spec *spec, const struct github_repository *r,
                    const struct page *page, struct arena *a, struct request *out)
{
    const char *tag = github_release_of(page);
    out->url = page->cursor && !tag ? page->cursor : api_page(spec, r, tag, a);
    out->credential = "github";
    out->headers[0] = (struct header){"Accept", "application/vnd.github+json"};
    out->headers[1] = (struct header){"X-GitHub-Api-Version", "2022-11-28"};
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct github_repository r;
    struct page own;
    if (!github_repository(spec, a, &r, e))
        return false;
    enum way way = way_of(spec, page, &own);
    struct git_query q = query_of(spec, github_url(spec, &r, a));
    if (way == WAY_FEED)
        github_feed_request(q.repository, a, out);
    else if (way == WAY_API)
        ask_api(spec, &r, page, a, out);
    else
        return git_query_request(&q, &own, a, out, e);
    return true;
}

/* A member that must be a text which is not empty; NULL with an error otherwise. */
static const char *required_text(const json_t *object, const char *kind, size_t number,
                                 const char *key, struct arena *a, struct error *e)
{
    const char *text = json_string_at(object, key);
    if (text && *text)
        return arena_copy(a, text);
    error_set(e, ERROR_UPSTREAM, "%s %zu of GitHub's answer has no text %s", kind, number, key);
    return NULL;
}

static bool read_release(const json_t *release, size_t number, struct arena *a,
                         struct candidates *out, struct error *e)
{
    struct candidate *c = github_add_release(release, "tag_name", number, a, out, e);
    if (!c)
        return false;
    c->url = answer_web_url(a, json_string_at(release, "html_url"));
    c->notes = arena_copy(a, json_string_at(release, "body"));
    c->flags = (json_flag(release, "draft") ? CANDIDATE_DRAFT : 0u) |
               (json_flag(release, "prerelease") ? CANDIDATE_PRERELEASE : 0u);
    timestamp_parse(json_text(release, "published_at"), &c->published);
    github_read_assets(json_object_get(release, "assets"), "browser_download_url", a, c);
    return true;
}

/* The API names the commit itself, never the tag object. */
static bool read_tag(const json_t *tag, size_t number, struct arena *a, struct candidates *out,
                     struct error *e)
{
    const json_t *commit = json_object_get(tag, "commit");
    const char *name = required_text(tag, "tag", number, "name", a, e);
    const char *sha = name ? required_text(commit, "commit of tag", number, "sha", a, e) : NULL;
    if (!sha)
        return false;
    if (slice_of(sha).len != SHA1_HEX || !slice_all_hex(slice_of(sha)))
        return error_set(e, ERROR_UPSTREAM, "tag %zu of GitHub's answer has no commit", number);
    struct candidate *c = vec_add(a, &out->list);
    c->raw = name;
    c->commit = sha;
    return true;
}

static bool read_list(enum github_use use, const json_t *root, struct arena *a,
                      struct candidates *out, struct error *e)
{
    const json_t *item;
    size_t index;
    if (!json_is_array(root))
        return error_set(e, ERROR_UPSTREAM, "GitHub's answer is no list: %s",
                         answer_shown(a, json_text(root, "message")));
    json_array_foreach(root, index, item)
    {
        bool ok = use == USE_RELEASES ? read_release(item, index + 1, a, out, e)
                                      : read_tag(item, index + 1, a, out, e);
        if (!ok)
            return false;
    }
    return true;
}

static bool parse_api(const struct spec *spec, const struct page *page,
                      const struct response *response, struct arena *a, struct candidates *out,
                      struct error *e)
{
    const json_t *root = answer_json(response, a, e);
    if (root && github_release_of(page))
        return read_release(root, 1, a, out, e);
    return root && read_list(github_use(spec), root, a, out, e) &&
           answer_follow_link(response, spec_value(spec, "api"), page, a, out, e);
}

/* After the feed, git: it knows the commits, and whatever is older. */
static bool parse_feed(const struct page *page, const struct response *response, struct arena *a,
                       struct candidates *out, struct error *e)
{
    bool full;
    if (!github_feed_parse(response, a, out, &full, e))
        return false;
    out->note = full ? NOTE_FEW : NOTE_ALL;
    out->complete = !full;
    out->more = out->list.count > 0;
    out->next = (struct page){page->number + 1, words[full ? WAY_TAGS : WAY_COMMITS]};
    return true;
}

/* Beside releases, a tag is only what may have been released. */
static bool parse_tags(enum way way, const struct git_query *q, const struct page *own,
                       const struct response *response, struct arena *a, struct candidates *out,
                       struct error *e)
{
    size_t before = out->list.count;
    if (!git_query_parse(q, own, response, a, out, e))
        return false;
    for (size_t i = before; i < out->list.count; i++)
        out->list.items[i].flags |= CANDIDATE_TAG;
    if (out->more)
        out->next.cursor = arena_printf(a, "%s %s", words[way], out->next.cursor);
    return true;
}

static bool parse_by_way(const struct spec *spec, const struct page *page, const char *url,
                         const struct response *response, struct arena *a, struct candidates *out,
                         struct error *e)
{
    struct git_query q = query_of(spec, url);
    struct page own;
    enum way way = way_of(spec, page, &own);
    if (way == WAY_API)
        return parse_api(spec, page, response, a, out, e);
    if (way == WAY_FEED)
        return parse_feed(page, response, a, out, e);
    if (way == WAY_GIT)
        return git_query_parse(&q, &own, response, a, out, e);
    return parse_tags(way, &q, &own, response, a, out, e);
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct github_repository r;
    size_t before = out->list.count;
    if (!github_repository(spec, a, &r, e))
        return false;
    const char *url = github_url(spec, &r, a);
    bool ok = parse_by_way(spec, page, url, response, a, out, e);
    for (size_t i = before; ok && i < out->list.count; i++)
        if (!out->list.items[i].url)
            out->list.items[i].url = github_tag_page(url, out->list.items[i].raw, a);
    return ok;
}

static const char *open_page(const struct spec *spec)
{
    return github_use(spec) == USE_RELEASES ? words[WAY_FEED] : NULL;
}

const struct source source_github = {
    .name = "github",
    .summary = "releases or tags of a repository on GitHub",
    .example = "github: redis/redis",
    .keys = {{"repository", KEY_TEXT, true, NULL, "owner/name, or the repository's URL", NULL},
             {"use", KEY_CHOICE, false, "releases",
              "releases; tags (by git, without quota or token); tags-api",
              "releases|tags|tags-api"},
             {"api", KEY_URL, false, "https://api.github.com", "base URL of the REST API", NULL},
             {"server", KEY_URL, false, "https://github.com", "base URL of the server", NULL}},
    .request = request,
    .parse = parse,
    .open = open_page,
    .batch = &github_batch,
};
