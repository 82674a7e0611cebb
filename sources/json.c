/* json: any JSON document, taken apart by path expressions. Most presets stand on it. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/timestamp.h"

/* In the order of the row's keys. */
enum {
    URL,
    PATH,
    VERSION,
    PATTERN,
    DATE,
    DATES,
    COMMIT,
    PAGE,
    NOTES,
    PRERELEASE,
    YANKED,
    FILES,
    FILE_URL,
    DIGEST,
    NEXT,
    ACCEPT,
    KEYS
};

/* One answer being read. */
struct reading {
    const struct json_path *paths[KEYS]; /* NULL where the key is absent or no path */
    const struct pattern *pattern;
    const json_t *dates; /* what `dates` found, NULL = nothing */
    struct slice base;   /* the answer's own URL */
    struct arena *a;
    struct candidates *out;
    struct error *e;
    size_t items; /* seen so far, for messages */
};

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    (void)a;
    (void)e;
    *out = (struct request){.url = page->cursor ? page->cursor : spec->values[URL],
                            .headers = {{"Accept", spec->values[ACCEPT]}}};
    return true;
}

/* A text or a whole number as it was spelt. Other values, 1.10 among them, which arrives as 1.1,
 * have no spelling: ptr NULL. */
static struct slice spelling(struct arena *a, const json_t *value)
{
    if (json_is_integer(value))
        return slice_of(arena_printf(a, "%lld", (long long)json_integer_value(value)));
    return slice_new(json_string_value(value), json_string_length(value));
}

/* The text at one of the item's paths; ptr NULL when there is none. */
static struct slice text_at(const struct reading *r, size_t key, const json_t *item)
{
    if (!r->paths[key])
        return slice_new(NULL, 0);
    return spelling(r->a, json_path_first(r->paths[key], item));
}

static const char *copy_at(const struct reading *r, size_t key, const json_t *item)
{
    struct slice text = text_at(r, key, item);
    return slice_empty(text) ? NULL : arena_text(r->a, text);
}

/* Upstreams say "yes" with true, 1, or a reason ("deprecated": "use x instead"). */
static bool says_yes(const json_t *value)
{
    if (json_is_string(value))
        return json_string_length(value) > 0 &&
               !slice_is(slice_of(json_string_value(value)), "false");
    if (json_is_integer(value))
        return json_integer_value(value) != 0;
    return json_is_true(value) || json_object_size(value) > 0 || json_array_size(value) > 0;
}

static bool yes_at(const struct reading *r, size_t key, const json_t *item)
{
    return r->paths[key] && says_yes(json_path_first(r->paths[key], item));
}

static int64_t date_of(const struct reading *r, const json_t *item, struct slice version)
{
    int64_t seconds = 0;
    struct slice text = text_at(r, DATE, item);
    if (!text.ptr && r->dates)
        text = spelling(r->a, json_object_getn(r->dates, version.ptr, version.len));
    return timestamp_parse(text, &seconds) ? seconds : 0;
}

static const char *commit_of(const struct reading *r, const json_t *item)
{
    struct slice text = text_at(r, COMMIT, item);
    bool whole = (text.len == 40 || text.len == 64) && slice_all_hex(text);
    return whole ? lower_hex(r->a, text) : NULL;
}

/* The files of one item, while they are collected. */
struct files {
    const struct reading *r;
    VEC(struct asset) list;
};

static bool add_file(void *arg, const json_t *value, const char *key)
{
    struct files *files = arg;
    const struct reading *r = files->r;
    struct slice reference = r->paths[FILE_URL]      ? text_at(r, FILE_URL, value)
                             : json_is_string(value) ? spelling(r->a, value)
                                                     : slice_of(key);
    if (slice_empty(reference))
        return true;
    struct asset asset;
    if (!asset_make(r->a, r->base, reference, &asset))
        return true;
    asset_digest(r->a, &asset, text_at(r, DIGEST, value));
    vec_push(r->a, &files->list, asset);
    return true;
}

static void add_files(const struct reading *r, const json_t *item, struct candidate *c)
{
    struct files files = {.r = r};
    if (r->paths[FILES])
        json_path_each(r->paths[FILES], item, add_file, &files);
    else if (r->paths[FILE_URL])
        add_file(&files, item, NULL);
    c->assets = files.list.items;
    c->asset_count = files.list.count;
}

/* The text the version is read from: at `version`, else the item itself when it is a text, else
 * the name of the member it is. */
static struct slice version_text(const struct reading *r, const json_t *item, const char *key)
{
    if (r->paths[VERSION])
        return text_at(r, VERSION, item);
    struct slice own = spelling(r->a, item);
    return own.ptr ? own : slice_of(key);
}

static bool add_item(void *arg, const json_t *item, const char *key)
{
    struct reading *r = arg;
    struct slice text = version_text(r, item, key), raw;
    r->items++;
    if (slice_empty(text))
        return error_set(r->e, ERROR_UPSTREAM, "item %zu of the answer has no version that is text",
                         r->items);
    if (!version_find(r->pattern, text, &raw, r->e))
        return !error_is_set(r->e);
    struct candidate *c = candidate_add(r->a, r->out, raw, r->e);
    if (!c)
        return false;
    struct slice page = text_at(r, PAGE, item);
    c->published = date_of(r, item, text);
    c->commit = commit_of(r, item);
    c->url = slice_empty(page) ? NULL : candidate_link(r->a, r->base, page);
    c->notes = copy_at(r, NOTES, item);
    c->flags = (yes_at(r, PRERELEASE, item) ? CANDIDATE_PRERELEASE : 0u) |
               (yes_at(r, YANKED, item) ? CANDIDATE_YANKED : 0u);
    add_files(r, item, c);
    return true;
}

static bool prepare(struct reading *r, const struct spec *spec)
{
    static const unsigned char keys[] = {PATH,       VERSION, DATE,  DATES,    COMMIT, PAGE, NOTES,
                                         PRERELEASE, YANKED,  FILES, FILE_URL, DIGEST, NEXT};
    for (size_t i = 0; i < sizeof keys; i++) {
        const char *text = spec->values[keys[i]];
        if (!text)
            continue;
        r->paths[keys[i]] = json_path_compile(r->a, slice_of(text), r->e);
        if (!r->paths[keys[i]])
            return false;
    }
    return spec_pattern(spec, "pattern", r->a, &r->pattern, r->e);
}

/* The next page is where `next` says, else where the Link header does. */
static bool follow(const struct reading *r, const json_t *root, const struct spec *spec,
                   const struct page *page, const struct response *response)
{
    struct slice next = r->paths[NEXT] ? text_at(r, NEXT, root) : response_next_link(response);
    return answer_follow(response, spec->values[URL], page, next, r->a, r->out, r->e);
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct reading r = {
        .base = slice_of(response->url ? response->url : spec->values[URL]),
        .a = a,
        .out = out,
        .e = e,
    };
    const json_t *root = prepare(&r, spec) ? answer_json(response, a, e) : NULL;
    if (!root)
        return false;
    if (r.paths[DATES])
        r.dates = json_path_first(r.paths[DATES], root);
    json_path_each(r.paths[PATH], root, add_item, &r);
    return !error_is_set(e) && follow(&r, root, spec, page, response);
}

const struct source source_json = {
    .name = "json",
    .summary = "a JSON document, taken apart by path expressions",
    .example = "json: {url: https://nodejs.org/dist/index.json, path: '$[*]', "
               "version: $.version, date: $.date}",
    .keys =
        {
            {"url", KEY_URL, true, NULL, "the document", NULL},
            {"path", KEY_PATH, true, NULL, "the releases in it: objects, texts, or keys with ~",
             NULL},
            {"version", KEY_PATH, false, NULL,
             "the version in a release; absent: the release itself when it is text, else the name "
             "of the member it is",
             NULL},
            {"pattern", KEY_PATTERN, false, NULL,
             "the part of that text that counts (group \"version\", else 1); a release it is not "
             "found in is passed over",
             NULL},
            {"date", KEY_PATH, false, NULL, "when the release was published", NULL},
            {"dates", KEY_PATH, false, NULL,
             "an object of the document that has the dates under the versions", NULL},
            {"commit", KEY_PATH, false, NULL, "the commit it was made from", NULL},
            {"page", KEY_PATH, false, NULL, "the URL of its page for people", NULL},
            {"notes", KEY_PATH, false, NULL, "its release notes", NULL},
            {"prerelease", KEY_PATH, false, NULL, "true, or a text, when it is a pre-release",
             NULL},
            {"yanked", KEY_PATH, false, NULL, "true, or a reason, when it was withdrawn", NULL},
            {"files", KEY_PATH, false, NULL, "its files; absent: the release is the file", NULL},
            {"file", KEY_PATH, false, NULL,
             "the URL or name of a file; absent: the file itself when it is text, else the name "
             "of the member it is",
             NULL},
            {"digest", KEY_PATH, false, NULL, "the SHA-256 or SHA-512 of a file, hex or base64",
             NULL},
            {"next", KEY_PATH, false, NULL,
             "the URL of the next page; absent: the Link header is followed", NULL},
            {"accept", KEY_TEXT, false, "application/json", "the value of the Accept header", NULL},
        },
    .request = request,
    .parse = parse,
};
