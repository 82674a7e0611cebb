/* php: what www.php.net/releases says of a series, with the SHA-256 of each source archive. The
 * answer is made by releases/index.php of https://github.com/php/web-php:
 *   ?json&version=8.5&max=N   releases under their versions, {"error": "Unknown version"} for a
 *                             series that does not exist yet
 *   ?json&version=8.5         the newest of them, its version inside
 *   ?json                     the newest release of each major line, under "8", "7", ... */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/timestamp.h"

#define RELEASES "https://www.php.net/releases/?json"
#define ARCHIVES "https://www.php.net/distributions/"

enum { SERIES };

/* Without a series the newest release of each major line comes first, then all releases of the
 * newest line and of the one before it: older ones get none any more. The cursor is the line. */
static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    const char *series = page->cursor ? page->cursor : spec->values[SERIES];
    (void)e;
    *out = (struct request){.url = RELEASES, .headers = {{"Accept", "application/json"}}};
    if (series)
        out->url = arena_printf(a, RELEASES "&version=%s&max=1000", series);
    return true;
}

static int64_t date_of(const json_t *release)
{
    int64_t seconds = 0;
    return timestamp_parse(json_text(release, "date"), &seconds) ? seconds : 0;
}

/* The archives, unless they went to museum.php.net. */
static void add_archives(struct arena *a, const json_t *release, struct candidate *c)
{
    VEC(struct asset) list = {0};
    const json_t *source;
    size_t i;
    json_array_foreach(json_object_get(release, "source"), i, source)
    {
        struct asset asset;
        struct slice name = json_text(source, "filename");
        if (json_flag(release, "museum") || slice_empty(name) ||
            !asset_make(a, SLICE(ARCHIVES), name, &asset))
            continue;
        asset_digest(a, &asset, json_text(source, "sha256"));
        vec_push(a, &list, asset);
    }
    c->assets = list.items;
    c->asset_count = list.count;
}

/* "8" of "8.5.1"; empty when the version is anything but digits and dots. */
static struct slice major_of(struct slice version)
{
    for (size_t i = 0; i < version.len; i++)
        if (!is_digit(version.ptr[i]) && version.ptr[i] != '.')
            return slice_first(version, 0);
    return slice_first(version, slice_find_byte(version, '.'));
}

static bool add_release(struct arena *a, const json_t *release, struct slice version,
                        struct candidates *out, struct error *e)
{
    struct slice major = major_of(version);
    if (!json_is_object(release) || slice_empty(version))
        return error_set(e, ERROR_UPSTREAM, "the answer holds something that is no release");
    struct candidate *c = candidate_add(a, out, version, e);
    if (!c)
        return false;
    c->published = date_of(release);
    if (major.len)
        c->url = arena_printf(a, "https://www.php.net/ChangeLog-%.*s.php#%.*s", SLICE_ARG(major),
                              SLICE_ARG(version));
    add_archives(a, release, c);
    return true;
}

/* After the overview come its newest line and the one before; after a line, the one before it. */
static void ask_on(json_t *root, const struct page *page, struct arena *a, struct candidates *out)
{
    unsigned long long line = 0, newest = 0;
    const char *key;
    json_t *release;
    if (page->number >= 2)
        return;
    if (page->cursor && slice_number(slice_of(page->cursor), &line))
        newest = line - 1;
    else
        json_object_foreach(root, key, release) if (slice_number(slice_of(key), &line) &&
                                                    line > newest) newest = line;
    if (newest < 1 || newest > 99)
        return;
    out->more = true;
    out->next = (struct page){page->number + 1, arena_printf(a, "%llu", newest)};
}

static bool read_releases(json_t *root, struct arena *a, struct candidates *out, struct error *e)
{
    const char *key;
    json_t *release;
    json_object_foreach(root, key, release)
    {
        struct slice version = json_text(release, "version");
        if (!add_release(a, release, slice_empty(version) ? slice_of(key) : version, out, e))
            return false;
    }
    return true;
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    json_t *root = answer_json(response, a, e);
    struct slice complaint = json_text(root, "error"), version = json_text(root, "version");
    if (!root)
        return false;
    if (slice_is(complaint, "Unknown version"))
        return true;
    if (complaint.ptr)
        return error_set(e, ERROR_UPSTREAM, "php.net says: %s", answer_shown(a, complaint));
    if (json_is_array(root) && json_array_size(root) == 0)
        return true; /* PHP's spelling of an empty map */
    if (!json_is_object(root))
        return error_set(e, ERROR_UPSTREAM, "the answer is no map of releases");
    if (version.ptr)
        return add_release(a, root, version, out, e);
    if (!read_releases(root, a, out, e))
        return false;
    if (!spec->values[SERIES])
        ask_on(root, page, a, out);
    return true;
}

const struct source source_php = {
    .name = "php",
    .summary = "the releases of PHP, with their checksums",
    .example = "php: \"8.5\"",
    .keys =
        {
            {"series", KEY_TEXT, false, NULL,
             "8 or 8.5; absent: the newest two major lines, and the newest of every older one",
             NULL},
        },
    .request = request,
    .parse = parse,
};
