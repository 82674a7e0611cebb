/* From an address to the source behind it. */
#include "watcher/base/file.h"
#include "watcher/base/template.h"
#include "watcher/base/text.h"
#include "watcher/base/url.h"
#include "watcher/recipes/config_type.h"
#include "watcher/recipes/init_parts.h"

#include <string.h>

/* Addresses that say it all: how they begin, and the source as a template of
 *   next    what follows, up to a slash or a question mark
 *   file    the name of the file before its version ("rails" of rails-8.1.3.gem)
 *   series  the first two numbers of the version */
static const struct rule {
    const char *start;
    const char *source;
} rules[] = {
    {"archive.apache.org/dist/", "{{apache: {next}}"},
    {"dlcdn.apache.org/", "{{apache: {next}}"},
    {"downloads.apache.org/", "{{apache: {next}}"},
    {"archive.mariadb.org/mariadb-", "{{mariadb: {series}}"},
    {"cache.ruby-lang.org/pub/ruby/", "ruby"},
    {"cdn.kernel.org/pub/linux/kernel/v", "kernel"},
    {"cpan.metacpan.org/authors/id/", "{{metacpan: {file}}"},
    {"crates.io/api/v1/crates/", "{{crates: {next}}"},
    {"static.crates.io/crates/", "{{crates: {next}}"},
    {"dl.google.com/go/", "golang"},
    {"go.dev/dl/", "golang"},
    {"download.redis.io/releases/redis-", "redis"},
    {"downloads.sourceforge.net/project/", "{{sourceforge: {next}}"},
    {"files.pythonhosted.org/packages/source/", "{{pypi: {file}}"},
    {"pypi.io/packages/source/", "{{pypi: {file}}"},
    {"pypi.org/packages/source/", "{{pypi: {file}}"},
    {"ftp.gnu.org/gnu/", "{{gnu: {next}}"},
    {"ftpmirror.gnu.org/gnu/", "{{gnu: {next}}"},
    {"ftpmirror.gnu.org/", "{{gnu: {next}}"},
    {"ftp.postgresql.org/pub/source/", "postgresql"},
    {"get.jenkins.io/war-stable/", "jenkins"},
    {"get.jenkins.io/war/", "{{jenkins: weekly}"},
    {"hackage.haskell.org/package/", "{{hackage: {file}}"},
    {"memcached.org/files/memcached-", "memcached"},
    {"www.memcached.org/files/memcached-", "memcached"},
    {"nginx.org/download/nginx-", "nginx"},
    {"nodejs.org/dist/", "nodejs"},
    {"pecl.php.net/get/", "{{pecl: {file}}"},
    {"rubygems.org/downloads/", "{{rubygems: {file}}"},
    {"rubygems.org/gems/", "{{rubygems: {file}}"},
    {"www.haproxy.org/download/", "{{haproxy: {series}}"},
    {"www.php.net/distributions/php-", "php"},
    {"www.python.org/ftp/python/", "python"},
};

/* A source whose name or keys are not there (any more) would make a file that nobody can read. */
static bool is_source(struct arena *a, const char *source)
{
    struct yaml y;
    struct spec spec;
    struct error e = {0};
    return yaml_parse(a, "source", slice_of(source), &y, &e) && y.count == 1 &&
           config_source(a, "source", y.documents[0], &spec, &e);
}

static const char *as_scalar(struct arena *a, struct slice text)
{
    struct buf out = {0};
    init_scalar(&out, text, true);
    const char *copy = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return copy;
}

/* "name" of name-1.2.tar.gz */
static struct slice name_before(struct slice file, struct slice version)
{
    size_t at = slice_find(file, version);
    struct slice name = slice_first(file, at == SLICE_NONE ? 0 : at);
    while (name.len && slice_find_byte(SLICE("-_."), name.ptr[name.len - 1]) != SLICE_NONE)
        name.len--;
    return name;
}

static struct slice next_part(struct slice rest)
{
    size_t len = 0;
    while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?')
        len++;
    return slice_first(rest, len);
}

static const char *by_rule(struct arena *a, const struct rule *rule, struct slice address,
                           struct slice version)
{
    struct error e = {0};
    struct buf out = {0};
    struct slice next = next_part(slice_from(address, strlen(rule->start)));
    struct slice name = name_before(path_base(address), version);
    struct template_value values[] = {
        {"next", as_scalar(a, next)},
        {"file", as_scalar(a, name)},
        {"series", as_scalar(a, scheme_series(version, 2))},
    };
    bool good = template_expand(slice_of(rule->source), values, 3, &out, &e);
    const char *source = good ? arena_text(a, buf_slice(&out)) : NULL;
    buf_free(&out);
    return source;
}

/* Take one part off a path, without the slash behind it. */
static struct slice take_part(struct slice *path)
{
    struct slice part = {0};
    if (slice_starts(*path, SLICE("/")))
        *path = slice_from(*path, 1);
    slice_split(path, '/', &part);
    return part;
}

static struct slice without(struct slice text, const char *end)
{
    struct slice s = slice_of(end);
    return slice_ends(text, s) ? slice_first(text, text.len - s.len) : text;
}

/* What follows `start`, when the path begins with it. */
static bool follows(struct slice path, const char *start, struct slice *rest)
{
    if (!slice_starts(path, slice_of(start)))
        return false;
    *rest = slice_from(path, strlen(start));
    return true;
}

/* The tag in the rest of a forge's address of an archive or of a release's file. */
static struct slice tag_in(struct slice rest)
{
    struct slice tag = {0};
    if (follows(rest, "releases/download/", &tag))
        return next_part(tag);
    if (!follows(rest, "archive/refs/tags/", &tag) && !follows(rest, "tar.gz/refs/tags/", &tag) &&
        !follows(rest, "archive/", &tag) && !follows(rest, "tar.gz/", &tag))
        return tag;
    return without(without(without(tag, ".tar.gz"), ".zip"), ".tgz");
}

/* owner/name on GitHub or Codeberg. */
static const char *forge_source(struct arena *a, const struct url *url, struct slice *tag)
{
    struct slice rest = url->path, owner = take_part(&rest), name = take_part(&rest);
    const char *project =
        arena_printf(a, "%.*s/%.*s", SLICE_ARG(owner), SLICE_ARG(without(name, ".git")));
    const char *scalar = as_scalar(a, slice_of(project));
    bool releases = slice_starts(rest, SLICE("releases/download/"));
    if (slice_empty(owner) || slice_empty(name))
        return NULL;
    if (rest.len)
        *tag = tag_in(rest);
    if (slice_is(url->host, "codeberg.org"))
        return arena_printf(a, "{codeberg: %s}", scalar);
    return arena_printf(a, releases ? "{github: %s}" : "{github: {repository: %s, use: tags}}",
                        scalar);
}

/* A project on a GitLab server, whose archives have "/-/" in their addresses. */
static const char *gitlab_source(struct arena *a, const struct url *url, struct slice *tag)
{
    size_t at = slice_find(url->path, SLICE("/-/archive/"));
    bool usual = slice_is(url->host, "gitlab.com");
    struct slice project = slice_from(without(slice_first(url->path, at), ".git"), 1);
    if (at != SLICE_NONE)
        *tag = next_part(slice_from(url->path, at + 11));
    const char *scalar = as_scalar(a, project);
    if (usual)
        return arena_printf(a, "{gitlab: %s}", scalar);
    const char *server = arena_printf(a, "https://%.*s", SLICE_ARG(url->host));
    return arena_printf(a, "{gitlab: {project: %s, server: %s}}", scalar,
                        as_scalar(a, slice_of(server)));
}

static const char *hosted_source(struct arena *a, const struct init_address *address,
                                 const struct url *url, struct slice *tag)
{
    if (slice_is(url->host, "github.com") || slice_is(url->host, "codeload.github.com") ||
        slice_is(url->host, "codeberg.org"))
        return forge_source(a, url, tag);
    if (slice_contains(url->path, SLICE("/-/archive/")) || slice_is(url->host, "gitlab.com"))
        return gitlab_source(a, url, tag);
    if (address->checkout)
        return arena_printf(a, "{git: %s}", as_scalar(a, slice_of(address->url)));
    return NULL;
}

static const char *ruled_source(struct arena *a, const struct url *url, struct slice address,
                                struct slice version)
{
    struct slice rest = slice_from(address, (size_t)(url->host.ptr - address.ptr));
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (slice_starts(rest, slice_of(rules[i].start)))
            return by_rule(a, &rules[i], rest, version);
    return NULL;
}

/* What follows the version and has a number in it is no suffix that every tag has. */
static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_digit(s.ptr[i]))
            return true;
    return false;
}

/* Find the version in the tag, as it is or with another separator. */
static void read_tag(struct arena *a, struct slice version, struct init_guess *guess)
{
    static const char *const separators[] = {NULL, "_", "-"};
    struct slice tag = slice_of(guess->tag);
    for (size_t i = 0; i < 3 && !guess->fits; i++) {
        char *spelt = (char *)arena_text(a, version);
        for (char *p = spelt; separators[i] && *p; p++)
            *p = *p == '.' ? separators[i][0] : *p;
        size_t at = slice_find(tag, slice_of(spelt));
        if (at == SLICE_NONE)
            continue;
        struct slice after = slice_from(tag, at + version.len);
        if (has_digit(after))
            continue;
        guess->fits = true;
        guess->separator = separators[i];
        guess->strip_prefix = at ? arena_text(a, slice_first(tag, at)) : NULL;
        guess->strip_suffix = after.len ? arena_text(a, after) : NULL;
    }
}

bool init_guess(struct arena *a, const struct init_address *address, struct slice version,
                struct init_guess *out)
{
    struct url url;
    struct slice tag = slice_of(address->tag), whole = slice_of(address->url);
    *out = (struct init_guess){0};
    if (!url_parse(whole, &url) || slice_contains(whole, SLICE("${{")) || !text_is_visible(whole) ||
        !text_is_visible(tag))
        return false;
    const char *source = hosted_source(a, address, &url, &tag);
    if (!source)
        source = ruled_source(a, &url, whole, version);
    if (!source || !is_source(a, source))
        return false;
    out->source = source;
    if (!slice_empty(tag)) {
        out->tag = arena_text(a, tag);
        read_tag(a, version, out);
    }
    return true;
}
