/* jenkins: the core's two lines and the plugins, from the update centre. Its layout is described in
 * site/LAYOUT.md of https://github.com/jenkins-infra/update-center2. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "sources/json_member.h"
#include "watcher/base/timestamp.h"

#define SITE "https://updates.jenkins.io/"

/* plugin-versions.json holds every version of every plugin: tens of megabytes. */
enum { PLUGIN_BYTES = 256 << 20 };

enum { LINE, PLUGIN, CORE };

/* Which line is meant: a plugin's name alone says "plugin", and nothing at all the LTS. */
static const char *line_of(const struct spec *spec)
{
    if (spec->values[LINE])
        return spec->values[LINE];
    return spec->values[PLUGIN] ? "plugin" : "lts";
}

static bool is_plugin(const struct spec *spec)
{
    return slice_is(slice_of(line_of(spec)), "plugin");
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    bool lts = slice_is(slice_of(line_of(spec)), "lts");
    (void)page;
    (void)a;
    if (is_plugin(spec) && !spec->values[PLUGIN])
        return error_set(e, ERROR_USAGE, "source jenkins needs plugin (the plugin's name)");
    if (!is_plugin(spec) && (spec->values[PLUGIN] || spec->values[CORE]))
        return error_set(e, ERROR_USAGE, "plugin and core of source jenkins go with line: plugin");
    *out =
        (struct request){.url = lts ? SITE "stable/latestCore.txt" : SITE "current/latestCore.txt"};
    if (is_plugin(spec))
        *out = (struct request){.url = SITE "current/plugin-versions.json",
                                .headers = {{"Accept", "application/json"}},
                                .limit = PLUGIN_BYTES};
    return true;
}

/* latestCore.txt is the version and nothing else. */
static bool parse_core(const struct response *response, struct arena *a, struct candidates *out,
                       struct error *e)
{
    struct slice text = slice_trim(response->body);
    if (!answer_no_page(response, "a version", e))
        return false;
    if (slice_empty(text))
        return true;
    if (slice_find_byte(text, '\n') != SLICE_NONE || text.len > 100)
        return error_set(e, ERROR_UPSTREAM, "the answer is not one line with a version");
    return candidate_add(a, out, text, e) != NULL;
}

/* Take the number before the next dot off *version; what is no number counts as 0. */
static unsigned long long take_number(struct slice *version)
{
    unsigned long long number = 0;
    struct slice part;
    if (slice_split(version, '.', &part) && !slice_number(part, &number))
        number = 0;
    return number;
}

/* Does a core at `core` satisfy "needs at least `required`"? Both are releases of Jenkins (2.504,
 * 2.504.1), compared number by number. */
static bool core_suffices(struct slice required, struct slice core)
{
    while (required.ptr || core.ptr) {
        unsigned long long need = take_number(&required), have = take_number(&core);
        if (need != have)
            return need < have;
    }
    return true;
}

static void add_file(struct arena *a, const json_t *version, struct candidate *c)
{
    struct asset asset;
    if (!asset_make(a, SLICE(SITE), json_text(version, "url"), &asset))
        return;
    asset_digest(a, &asset, json_text(version, "sha256"));
    c->assets = arena_new(a, struct asset);
    c->assets[0] = asset;
    c->asset_count = 1;
}

static bool add_plugin(const struct spec *spec, struct arena *a, const json_t *version,
                       struct candidates *out, struct error *e)
{
    struct slice raw = json_text(version, "version"), need = json_text(version, "requiredCore");
    if (slice_empty(raw))
        return error_set(e, ERROR_UPSTREAM, "a version of the plugin has no version");
    if (spec->values[CORE] && need.len && !core_suffices(need, slice_of(spec->values[CORE])))
        return true;
    struct candidate *c = candidate_add(a, out, raw, e);
    if (!c)
        return false;
    if (!timestamp_parse(json_text(version, "releaseTimestamp"), &c->published) &&
        !timestamp_parse(json_text(version, "buildDate"), &c->published))
        c->published = 0;
    c->url =
        candidate_link(a, SLICE("https://plugins.jenkins.io/"), slice_of(spec->values[PLUGIN]));
    add_file(a, version, c);
    return true;
}

/* All versions of the plugin: an object of versions; NULL without an error when the update centre
 * has no such plugin, and with one when the answer is broken. */
static json_t *find_plugin(const struct spec *spec, const struct response *response,
                           struct arena *a, struct error *e)
{
    struct slice plugins, plugin;
    if (!answer_no_page(response, "JSON", e) ||
        !json_member(response->body, "plugins", &plugins, e))
        return NULL;
    if (!plugins.ptr) {
        error_set(e, ERROR_UPSTREAM, "the answer has no member \"plugins\"");
        return NULL;
    }
    if (!json_member(plugins, spec->values[PLUGIN], &plugin, e) || !plugin.ptr)
        return NULL;
    json_t *versions = json_parse(a, plugin, e);
    if (versions && !json_is_object(versions)) {
        error_set(e, ERROR_UPSTREAM, "the plugin has no map of versions");
        return NULL;
    }
    return versions;
}

static bool parse_plugin(const struct spec *spec, const struct response *response, struct arena *a,
                         struct candidates *out, struct error *e)
{
    json_t *versions = find_plugin(spec, response, a, e), *version;
    const char *key;
    json_object_foreach(versions, key,
                        version) if (!add_plugin(spec, a, version, out, e)) return false;
    return !error_is_set(e);
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    (void)page;
    return is_plugin(spec) ? parse_plugin(spec, response, a, out, e)
                           : parse_core(response, a, out, e);
}

const struct source source_jenkins = {
    .name = "jenkins",
    .summary = "the Jenkins core (LTS or weekly) and its plugins",
    .example = "jenkins: {plugin: git, core: 2.504.1}",
    .keys =
        {
            {"line", KEY_CHOICE, false, NULL,
             "what to watch; absent: plugin when a plugin is named, else lts", "lts|weekly|plugin"},
            {"plugin", KEY_TEXT, false, NULL, "the plugin's name", NULL},
            {"core", KEY_TEXT, false, NULL, "only versions of the plugin that run on this core",
             NULL},
        },
    .scheme = "jenkins",
    .request = request,
    .parse = parse,
};
