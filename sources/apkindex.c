/* apkindex: the versions of a package in an apk repository (Wolfi, Alpine), or, where the name has
 * a "*" in it, the version streams that packages are named after. The format is apk-tools':
 * https://wiki.alpinelinux.org/wiki/Apk_spec#APKINDEX_Format */
#include "sources/candidate.h"
#include "watcher/base/archive.h"
#include "watcher/base/url.h"

enum { PACKAGE, REPOSITORY, ARCH };

/* Wolfi's index for one architecture is some tens of megabytes of text. */
enum { ARCHIVE_BYTES = 256 << 20, INDEX_BYTES = 1 << 30 };

/* The wanted name, split at its star. */
struct wanted {
    struct slice before, after; /* `before` alone is the whole name without a star */
    bool star;
};

static struct wanted wanted_of(const struct spec *spec)
{
    struct slice name = slice_of(spec->values[PACKAGE]);
    size_t star = slice_find_byte(name, '*');
    if (star == SLICE_NONE)
        return (struct wanted){.before = name};
    return (struct wanted){slice_first(name, star), slice_from(name, star + 1), true};
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    struct wanted wanted = wanted_of(spec);
    struct slice server = spec_server(spec, "repository");
    struct buf url = {0};
    (void)page;
    if (slice_find_byte(wanted.after, '*') != SLICE_NONE)
        return error_set(e, ERROR_USAGE, "package of source apkindex may have one *: %s",
                         spec->values[PACKAGE]);
    buf_add(&url, server);
    buf_add_byte(&url, '/');
    url_escape(&url, slice_of(spec->values[ARCH]), false);
    buf_add_text(&url, "/APKINDEX.tar.gz");
    *out = (struct request){
        .url = arena_text(a, buf_slice(&url)), .limit = ARCHIVE_BYTES, .keep = ARCHIVE_BYTES};
    buf_free(&url);
    return true;
}

/* What a stanza says of one package. */
struct stanza {
    struct slice name, version, built; /* P: V: t: */
};

/* Only digits and dots, so that python-3.14-base-dev is no stream of "python-*". */
static bool is_stream(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]) && (text.ptr[i] != '.' || i == 0 || i + 1 == text.len))
            return false;
    return text.len > 0;
}

/* The text that makes the package a candidate; ptr NULL when it is another package. */
static struct slice raw_of(const struct wanted *w, const struct stanza *s)
{
    struct slice none = {NULL, 0}, name = s->name;
    if (!w->star)
        return slice_equal(name, w->before) ? s->version : none;
    if (name.len < w->before.len + w->after.len || !slice_starts(name, w->before) ||
        !slice_ends(name, w->after))
        return none;
    struct slice star =
        slice_new(name.ptr + w->before.len, name.len - w->before.len - w->after.len);
    return is_stream(star) ? star : none;
}

/* The index being read. */
struct reading {
    struct wanted wanted;
    struct arena *a;
    struct candidates *out;
    struct error *e;
    struct seen streams; /* with the places of their candidates */
    size_t stanzas;
};

/* The stream's candidate, added when it is new. */
static struct candidate *stream(struct reading *r, struct slice raw)
{
    size_t count = r->out->list.count, place = seen_number(&r->streams, raw, count);
    if (place < count)
        return &r->out->list.items[place];
    struct candidate *c = candidate_add(r->a, r->out, raw, r->e);
    if (c)
        c->flags |= CANDIDATE_PRERELEASE;
    return c;
}

/* A stream that has only pre-releases yet is none: 3.15.0_rc2 makes no 3.15. */
static bool is_prerelease(struct slice version)
{
    static const char *const suffixes[] = {"_alpha", "_beta", "_pre", "_rc"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (slice_contains(version, slice_of(suffixes[i])))
            return true;
    return false;
}

/* A stream counts from its first package on; later builds of it do not make it newer. */
static bool add(struct reading *r, const struct stanza *s, struct slice raw)
{
    unsigned long long built = 0;
    int64_t published = slice_number(s->built, &built) && built <= INT64_MAX ? (int64_t)built : 0;
    struct candidate *c = r->wanted.star ? stream(r, raw) : candidate_add(r->a, r->out, raw, r->e);
    if (c && r->wanted.star && !is_prerelease(s->version))
        c->flags &= ~(unsigned)CANDIDATE_PRERELEASE;
    if (c && published && (!c->published || published < c->published))
        c->published = published;
    return c != NULL;
}

static bool end_stanza(struct reading *r, struct stanza *s)
{
    struct slice raw = raw_of(&r->wanted, s);
    r->stanzas += s->name.len > 0;
    bool ok = slice_empty(raw) || add(r, s, raw);
    *s = (struct stanza){0};
    return ok;
}

/* Stanzas are lines "X:value" up to a blank one. Only three kinds of line are looked at. */
static bool read_index(struct reading *r, struct slice index)
{
    struct stanza stanza = {0};
    struct slice line;
    while (slice_line(&index, &line)) {
        if (line.len == 0 && !end_stanza(r, &stanza))
            return false;
        if (line.len < 2 || line.ptr[1] != ':')
            continue;
        struct slice value = slice_from(line, 2);
        if (line.ptr[0] == 'P')
            stanza.name = value;
        else if (line.ptr[0] == 'V')
            stanza.version = value;
        else if (line.ptr[0] == 't')
            stanza.built = value;
    }
    if (!end_stanza(r, &stanza))
        return false;
    return r->stanzas > 0 || error_set(r->e, ERROR_UPSTREAM, "the index names no packages");
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct reading r = {wanted_of(spec), a, out, e, seen_new(a), 0};
    struct buf index = BUF_MAX(INDEX_BYTES);
    (void)page;
    bool ok =
        archive_entry(response->body, "APKINDEX", &index, e) && read_index(&r, buf_slice(&index));
    buf_free(&index);
    return ok;
}

const struct source source_apkindex = {
    .name = "apkindex",
    .summary = "a package in an apk repository, or the streams that packages are named after",
    .example = "apkindex: python-*",
    .keys =
        {
            {"package", KEY_TEXT, true, NULL,
             "a name: its versions (8.6.0-r2); a name with one *: what stands for it, where that "
             "is "
             "digits and dots (3.14)",
             NULL},
            {"repository", KEY_URL, false, "https://packages.wolfi.dev/os",
             "where the architectures' folders are", NULL},
            {"arch", KEY_TEXT, false, "x86_64", "the architecture to look at", NULL},
        },
    .scheme = "apk",
    .request = request,
    .parse = parse,
};
