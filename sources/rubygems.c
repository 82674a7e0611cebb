/* rubygems: all versions of a gem that are not yanked, with the digest of each .gem file. The API
 * is described at https://guides.rubygems.org/rubygems-org-api/#gem-version-methods. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/timestamp.h"
#include "watcher/base/url.h"

enum { GEM, PLATFORM };

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct buf url = {0};
    (void)page;
    (void)e;
    buf_add(&url, spec_server(spec, "server"));
    buf_add_text(&url, "/api/v1/versions/");
    url_escape(&url, slice_of(spec->values[GEM]), false);
    buf_add_text(&url, ".json");
    *out = (struct request){.url = arena_text(a, buf_slice(&url)),
                            .headers = {{"Accept", "application/json"}}};
    buf_free(&url);
    return true;
}

/* The .gem file; one for another platform than ruby carries its platform in the name. */
static void add_gem_file(const struct spec *spec, struct arena *a, const json_t *version,
                         struct candidate *c)
{
    struct asset asset;
    struct buf path = {0};
    const char *platform = spec->values[PLATFORM];
    bool plain = slice_is(slice_of(platform), "ruby");
    buf_add_text(&path, "downloads/");
    url_escape(&path, slice_of(spec->values[GEM]), false);
    buf_add_byte(&path, '-');
    url_escape(&path, slice_of(c->raw), false);
    if (!plain)
        buf_addf(&path, "-%s", platform);
    buf_add_text(&path, ".gem");
    struct slice base = spec_server(spec, "server");
    if (asset_make(a, slice_of(arena_printf(a, "%.*s/", SLICE_ARG(base))), buf_slice(&path),
                   &asset)) {
        asset_digest(a, &asset, json_text(version, "sha"));
        c->assets = arena_new(a, struct asset);
        c->assets[0] = asset;
        c->asset_count = 1;
    }
    buf_free(&path);
}

/* https://rubygems.org/gems/nokogiri/versions/1.6.0-java */
static void add_page(const struct spec *spec, struct arena *a, struct candidate *c)
{
    struct buf path = {0};
    buf_add_text(&path, "gems/");
    url_escape(&path, slice_of(spec->values[GEM]), false);
    buf_add_text(&path, "/versions/");
    url_escape(&path, slice_of(c->raw), false);
    if (!slice_is(slice_of(spec->values[PLATFORM]), "ruby"))
        buf_addf(&path, "-%s", spec->values[PLATFORM]);
    struct slice base = spec_server(spec, "server");
    c->url =
        candidate_link(a, slice_of(arena_printf(a, "%.*s/", SLICE_ARG(base))), buf_slice(&path));
    buf_free(&path);
}

static bool add_version(const struct spec *spec, struct arena *a, const json_t *version,
                        struct candidates *out, struct error *e)
{
    struct slice number = json_text(version, "number");
    if (slice_empty(number))
        return error_set(e, ERROR_UPSTREAM, "a version of the gem has no number");
    if (!slice_is(json_text(version, "platform"), spec->values[PLATFORM]))
        return true;
    struct candidate *c = candidate_add(a, out, number, e);
    if (!c)
        return false;
    if (!timestamp_parse(json_text(version, "created_at"), &c->published))
        c->published = 0;
    c->flags = json_flag(version, "prerelease") ? CANDIDATE_PRERELEASE : 0;
    add_page(spec, a, c);
    add_gem_file(spec, a, version, c);
    return true;
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    const json_t *root = answer_json(response, a, e), *version;
    size_t i;
    (void)page;
    if (!root)
        return false;
    if (!json_is_array(root))
        return error_set(e, ERROR_UPSTREAM, "the answer is not a list of versions");
    json_array_foreach(root, i, version) if (!add_version(spec, a, version, out, e)) return false;
    return true;
}

const struct source source_rubygems = {
    .name = "rubygems",
    .summary = "the versions of a gem on rubygems.org",
    .example = "rubygems: rails",
    .keys =
        {
            {"gem", KEY_TEXT, true, NULL, "the gem's name", NULL},
            {"platform", KEY_TEXT, false, "ruby", "the platform it is built for", NULL},
            {"server", KEY_URL, false, "https://rubygems.org", "a server with the same API", NULL},
        },
    .scheme = "gem",
    .request = request,
    .parse = parse,
};
