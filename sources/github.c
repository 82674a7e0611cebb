/* GitHub: releases or tags by the REST API, or tags by git's own protocol, which costs no API
 * quota. Shapes: docs.github.com/rest, version 2022-11-28; `digest` of assets exists since June
 * 2025. */
#include "sources/answer.h"
#include "sources/git.h"
#include "watcher/base/hash.h"
#include "watcher/base/timestamp.h"
#include "watcher/base/url.h"

/* What `use` asks for. */
enum use { USE_RELEASES, USE_TAGS, USE_TAGS_API };

/* "owner/name", checked. */
struct repository {
    struct slice owner, name;
};

static enum use use_of(const struct spec *spec)
{
    struct slice use = slice_of(spec_value(spec, "use"));
    if (slice_is(use, "tags"))
        return USE_TAGS;
    return slice_is(use, "tags-api") ? USE_TAGS_API : USE_RELEASES;
}

/* A URL given as a key, without slashes at its end. */
static struct slice base_of(const struct spec *spec, const char *key)
{
    struct slice base = slice_of(spec_value(spec, key));
    while (slice_ends(base, SLICE("/")))
        base.len--;
    return base;
}

/* Letters, digits and - . _ make up names on GitHub. */
static bool is_name(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '.' &&
            s.ptr[i] != '_')
            return false;
    return s.len > 0 && !slice_is(s, ".") && !slice_is(s, "..");
}

/* Take "https://github.com/" off: what is left is owner/name. */
static struct slice without_server(const struct spec *spec, struct slice text)
{
    struct slice server = base_of(spec, "server");
    struct slice rest = slice_from(text, server.len);
    if (slice_starts(text, server) && slice_starts(rest, SLICE("/")))
        return slice_from(rest, 1);
    return text;
}

static bool repository_of(const struct spec *spec, struct arena *a, struct repository *out,
                          struct error *e)
{
    const char *given = spec_value(spec, "repository");
    struct slice rest = without_server(spec, slice_of(given));
    if (slice_ends(rest, SLICE("/")))
        rest.len--;
    if (slice_ends(rest, SLICE(".git")))
        rest.len -= 4;
    slice_split(&rest, '/', &out->owner);
    out->name = rest;
    if (is_name(out->owner) && is_name(out->name))
        return true;
    return error_set(e, ERROR_USAGE, "repository is not owner/name or a URL on %.*s: %s",
                     SLICE_ARG(base_of(spec, "server")), answer_shown(a, slice_of(given)));
}

static const char *repository_url(const struct spec *spec, const struct repository *r,
                                  struct arena *a)
{
    return arena_printf(a, "%.*s/%.*s/%.*s", SLICE_ARG(base_of(spec, "server")),
                        SLICE_ARG(r->owner), SLICE_ARG(r->name));
}

static struct git_query query_of(const struct spec *spec, const char *url)
{
    return (struct git_query){.repository = url, .prefix = spec->prefix};
}

static const char *first_page(const struct spec *spec, const struct repository *r, const char *what,
                              struct arena *a)
{
    return arena_printf(a, "%.*s/repos/%.*s/%.*s/%s?per_page=100", SLICE_ARG(base_of(spec, "api")),
                        SLICE_ARG(r->owner), SLICE_ARG(r->name), what);
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct repository r;
    if (!repository_of(spec, a, &r, e))
        return false;
    if (use_of(spec) == USE_TAGS) {
        struct git_query q = query_of(spec, repository_url(spec, &r, a));
        return git_query_request(&q, page, a, out, e);
    }
    const char *what = use_of(spec) == USE_RELEASES ? "releases" : "tags";
    out->url = page->cursor ? page->cursor : first_page(spec, &r, what, a);
    out->credential = "github";
    out->headers[0] = (struct header){"Accept", "application/vnd.github+json"};
    out->headers[1] = (struct header){"X-GitHub-Api-Version", "2022-11-28"};
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

/* "sha256:HEX"; other algorithms are not published. */
static const char *read_digest(const json_t *asset, struct arena *a)
{
    struct slice digest = json_text(asset, "digest");
    if (!slice_starts(digest, SLICE("sha256:")))
        return NULL;
    struct slice hex = slice_from(digest, 7);
    if (hex.len != SHA256_HEX || !slice_all_hex(hex))
        return NULL;
    char *copy = arena_alloc(a, SHA256_HEX + 1);
    for (size_t i = 0; i < hex.len; i++)
        copy[i] = to_lower(hex.ptr[i]);
    return copy;
}

/* An asset without a name or an address is of no use to anyone and is passed over. */
static void read_assets(const json_t *release, struct arena *a, struct candidate *c)
{
    const json_t *assets = json_object_get(release, "assets"), *asset;
    size_t index, count = json_array_size(assets);
    c->assets = arena_array(a, count, sizeof *c->assets);
    json_array_foreach(assets, index, asset)
    {
        const char *name = json_string_at(asset, "name");
        const char *url = answer_web_url(a, json_string_at(asset, "browser_download_url"));
        if (!name || !url)
            continue;
        long long size = json_number(asset, "size", -1);
        c->assets[c->asset_count++] = (struct asset){
            .name = arena_copy(a, name),
            .url = url,
            .sha256 = read_digest(asset, a),
            .size = size < 0 ? -1 : size,
        };
    }
}

static bool read_release(const json_t *release, size_t number, struct arena *a,
                         struct candidates *out, struct error *e)
{
    const char *tag = required_text(release, "release", number, "tag_name", a, e);
    if (!tag)
        return false;
    struct candidate *c = vec_add(a, &out->list);
    c->raw = tag;
    c->url = answer_web_url(a, json_string_at(release, "html_url"));
    c->notes = arena_copy(a, json_string_at(release, "body"));
    c->flags = (json_flag(release, "draft") ? CANDIDATE_DRAFT : 0u) |
               (json_flag(release, "prerelease") ? CANDIDATE_PRERELEASE : 0u);
    timestamp_parse(json_text(release, "published_at"), &c->published);
    read_assets(release, a, c);
    return true;
}

/* The page of a tag; a slash in its name is escaped there. */
static const char *tag_page(const char *repository, const char *tag, struct arena *a)
{
    struct buf url = {0};
    buf_addf(&url, "%s/releases/tag/", repository);
    url_escape(&url, slice_of(tag), false);
    const char *copy = arena_text(a, buf_slice(&url));
    buf_free(&url);
    return copy;
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

static bool read_list(enum use use, const json_t *root, struct arena *a, struct candidates *out,
                      struct error *e)
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
    return root && read_list(use_of(spec), root, a, out, e) &&
           answer_follow_link(response, spec_value(spec, "api"), page, a, out, e);
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct repository r;
    size_t before = out->list.count;
    if (!repository_of(spec, a, &r, e))
        return false;
    const char *url = repository_url(spec, &r, a);
    struct git_query q = query_of(spec, url);
    bool ok = use_of(spec) == USE_TAGS ? git_query_parse(&q, page, response, a, out, e)
                                       : parse_api(spec, page, response, a, out, e);
    for (size_t i = before; ok && i < out->list.count; i++)
        if (!out->list.items[i].url)
            out->list.items[i].url = tag_page(url, out->list.items[i].raw, a);
    return ok;
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
};
