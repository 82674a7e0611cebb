/* What a component's versions are called in OSV. */
#include "watcher/advise.h"

#include "watcher/base/url.h"
#include "watcher/release.h"

#include <string.h>

/* Sources and presets that name a package of a language's registry, and what package URLs call it:
 * https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst */
static const struct {
    const char *source, *type;
} registries[] = {
    {"crates", "cargo"}, {"hackage", "hackage"},    {"maven", "maven"}, {"npm", "npm"},
    {"nuget", "nuget"},  {"packagist", "composer"}, {"pypi", "pypi"},   {"rubygems", "gem"},
};

static const char *escaped(struct arena *a, struct slice text, bool keep_slash)
{
    struct buf out = {0};
    url_escape(&out, text, keep_slash);
    const char *copy = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return copy;
}

/* Maven's group has dots where its path in the repository has slashes. */
static const char *maven_name(struct arena *a, const char *path)
{
    size_t last = slice_find_last_byte(slice_of(path), '/');
    char *name = arena_alloc(a, strlen(path) + 1);
    memcpy(name, path, strlen(path));
    for (size_t i = 0; last != SLICE_NONE && i < last; i++)
        if (name[i] == '/')
            name[i] = '.';
    return name;
}

static const char *source_of(const struct spec *spec)
{
    return spec->preset ? spec->preset : spec->source->name;
}

static const char *registry_purl(struct arena *a, const struct spec *spec, const char *version)
{
    for (size_t i = 0; spec->subject && i < sizeof registries / sizeof *registries; i++) {
        if (strcmp(registries[i].source, source_of(spec)) != 0)
            continue;
        const char *name = spec->subject;
        if (strcmp(registries[i].type, "maven") == 0)
            name = maven_name(a, name);
        return arena_printf(a, "pkg:%s/%s@%s", registries[i].type, escaped(a, slice_of(name), true),
                            version);
    }
    return NULL;
}

static const char *configured_purl(struct arena *a, const struct component *c, const char *version)
{
    struct error e = {0};
    struct release r = {.version = version};
    const char *purl = NULL;
    return release_expand(a, c, &r, c->purl, &purl, &e) ? purl : NULL;
}

/* Go's own packages, and Wolfi's. */
static bool by_name(const struct spec *spec, const char *version, struct osv_query *out)
{
    if (strcmp(source_of(spec), "golang") == 0)
        *out = (struct osv_query){.ecosystem = "Go", .name = "stdlib", .version = version};
    else if (strcmp(source_of(spec), "wolfi") == 0 && spec->subject && !strchr(spec->subject, '*'))
        *out = (struct osv_query){.ecosystem = "Wolfi", .name = spec->subject, .version = version};
    return out->name != NULL;
}

struct osv_query advise_query(struct arena *a, const struct component *c, const char *version,
                              const char *commit)
{
    struct osv_query q = {0};
    const char *plain = version && !c->snapshot ? escaped(a, slice_of(version), false) : NULL;
    if (plain && c->purl)
        q.purl = configured_purl(a, c, plain);
    else if (plain && c->spec.source && !(q.purl = registry_purl(a, &c->spec, plain)))
        by_name(&c->spec, version, &q);
    if (!q.purl && !q.name)
        q.commit = commit;
    return q;
}

struct osv_query advise_module(struct arena *a, const char *module)
{
    struct slice rest = slice_of(module), path;
    slice_split(&rest, '@', &path);
    return (struct osv_query){.purl = arena_printf(a, "pkg:golang/%s@%s", escaped(a, path, true),
                                                   escaped(a, rest, false))};
}
