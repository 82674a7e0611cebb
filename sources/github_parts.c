/* What all ways of asking GitHub have in common: repositories, releases and their files. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "sources/github.h"
#include "watcher/base/timestamp.h"
#include "watcher/base/url.h"

enum github_use github_use(const struct spec *spec)
{
    struct slice use = slice_of(spec_value(spec, "use"));
    if (slice_is(use, "tags"))
        return USE_TAGS;
    return slice_is(use, "tags-api") ? USE_TAGS_API : USE_RELEASES;
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
    struct slice server = spec_server(spec, "server");
    struct slice rest = slice_from(text, server.len);
    if (slice_starts(text, server) && slice_starts(rest, SLICE("/")))
        return slice_from(rest, 1);
    return text;
}

bool github_repository(const struct spec *spec, struct arena *a, struct github_repository *out,
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
                     SLICE_ARG(spec_server(spec, "server")), answer_shown(a, slice_of(given)));
}

const char *github_url(const struct spec *spec, const struct github_repository *r, struct arena *a)
{
    return arena_printf(a, "%.*s/%.*s/%.*s", SLICE_ARG(spec_server(spec, "server")),
                        SLICE_ARG(r->owner), SLICE_ARG(r->name));
}

/* A slash in the tag's name is escaped there. */
const char *github_tag_page(const char *url, const char *tag, struct arena *a)
{
    struct buf page = {0};
    buf_addf(&page, "%s/releases/tag/", url);
    url_escape(&page, slice_of(tag), false);
    const char *copy = arena_text(a, buf_slice(&page));
    buf_free(&page);
    return copy;
}

const char *github_release_of(const struct page *page)
{
    struct slice cursor = slice_of(page->cursor), word = SLICE(GITHUB_RELEASE);
    return slice_starts(cursor, word) ? slice_from(cursor, word.len).ptr : NULL;
}

struct candidate *github_add_release(const json_t *release, const char *tag_key, size_t number,
                                     struct arena *a, struct candidates *out, struct error *e)
{
    struct slice tag = json_text(release, tag_key);
    if (tag.len)
        return candidate_add(a, out, tag, e);
    error_set(e, ERROR_UPSTREAM, "release %zu of GitHub's answer has no text %s", number, tag_key);
    return NULL;
}

void github_read_assets(const json_t *assets, const char *url_key, struct arena *a,
                        struct candidate *c)
{
    const json_t *asset;
    size_t index, count = json_array_size(assets);
    c->assets = arena_array(a, count, sizeof *c->assets);
    json_array_foreach(assets, index, asset)
    {
        const char *name = json_string_at(asset, "name");
        const char *url = answer_web_url(a, json_string_at(asset, url_key));
        if (!name || !url)
            continue;
        long long size = json_number(asset, "size", -1);
        struct asset *file = &c->assets[c->asset_count++];
        *file = (struct asset){.name = arena_copy(a, name), .url = url, .size = size};
        if (size < 0)
            file->size = -1;
        asset_digest(a, file, json_text(asset, "digest"));
    }
}
