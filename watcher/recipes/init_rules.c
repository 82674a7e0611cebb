/* Addresses that say by themselves which source they belong to. */
#include "watcher/base/file.h"
#include "watcher/base/template.h"
#include "watcher/base/text.h"
#include "watcher/base/url.h"
#include "watcher/recipes/config_type.h"
#include "watcher/recipes/init_parts.h"

#include <string.h>

/* Addresses that say it all: how they begin, and the source as a template of
 *   next    what follows, up to a slash or a question mark
 *   folder  what follows, up to the part that has the version
 *   file    the name of the file before its version ("rails" of rails-8.1.3.gem)
 *   series  the first two numbers of the version */
static const struct rule {
    const char *start;
    const char *source;
} rules[] = {
    {"archive.apache.org/dist/", "{{apache: {folder}}"},
    {"dlcdn.apache.org/", "{{apache: {folder}}"},
    {"downloads.apache.org/", "{{apache: {folder}}"},
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

struct slice init_next_part(struct slice rest)
{
    size_t len = 0;
    while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?')
        len++;
    return slice_first(rest, len);
}

/* A source whose name or keys are not there (any more) would make a file that nobody can read. */
bool init_is_source(struct arena *a, const char *source)
{
    struct yaml y;
    struct spec spec;
    struct error e = {0};
    return yaml_parse(a, "source", slice_of(source), &y, &e) && y.count == 1 &&
           config_source(a, "source", y.documents[0], NULL, &spec, &e);
}

const char *init_quoted(struct arena *a, struct slice text)
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

/* "maven/maven-3" of maven/maven-3/3.9.11/binaries/... */
static struct slice folder_before(struct slice rest, struct slice version)
{
    struct slice folder = slice_first(rest, slice_find(rest, version));
    size_t slash = slice_find_last_byte(folder, '/');
    return slice_first(folder, slash == SLICE_NONE ? 0 : slash);
}

static const char *by_rule(struct arena *a, const struct rule *rule, struct slice address,
                           struct slice version)
{
    struct error e = {0};
    struct buf out = {0};
    struct slice rest = slice_from(address, strlen(rule->start));
    struct slice name = name_before(path_base(address), version);
    struct template_value values[] = {
        {"next", init_quoted(a, init_next_part(rest))},
        {"folder", init_quoted(a, folder_before(rest, version))},
        {"file", init_quoted(a, name)},
        {"series", init_quoted(a, scheme_series(version, 2))},
    };
    bool good = template_expand(slice_of(rule->source), values, 4, &out, &e);
    const char *source = good ? arena_text(a, buf_slice(&out)) : NULL;
    buf_free(&out);
    return source;
}

const char *init_ruled(struct arena *a, const char *address, struct slice version)
{
    struct url url;
    if (!url_parse(slice_of(address), &url))
        return NULL;
    struct slice rest = slice_of(url.host.ptr);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (slice_starts(rest, slice_of(rules[i].start)))
            return by_rule(a, &rules[i], rest, version);
    return NULL;
}

const char *init_listing(struct arena *a, const char *address, struct slice version)
{
    struct slice whole = slice_of(address), folder = path_dir(whole);
    struct slice name = name_before(path_base(whole), version);
    if (slice_empty(name) || slice_contains(folder, version) || !text_is_visible(whole) ||
        slice_find_byte(whole, '$') != SLICE_NONE)
        return NULL;
    const char *url = arena_printf(a, "%.*s/", SLICE_ARG(folder));
    const char *source = arena_printf(a, "{listing: {name: %s, url: %s}}", init_quoted(a, name),
                                      init_quoted(a, slice_of(url)));
    return init_is_source(a, source) ? source : NULL;
}
