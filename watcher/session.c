#include "watcher/session.h"

#include "watcher/api_host.h"
#include "watcher/base/file.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"
#include "watcher/deliver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST_CONFIG = 4 * 1024 * 1024 };

struct texts_list {
    const char **items;
    size_t count, capacity;
};

int fail(const struct context *ctx, const struct error *e)
{
    log_error(ctx, "%s", e->message);
    return e->code == ERROR_USAGE ? EXIT_USAGE : EXIT_SOME_FAILED;
}

static bool read_config_file(struct session *s, const char *path, const char *name, struct error *e)
{
    struct buf text = BUF_MAX(LARGEST_CONFIG);
    bool good = file_read(path, &text, e);
    if (good) {
        struct slice kept = arena_slice(&s->arena, buf_slice(&text));
        good = config_read(&s->config, arena_copy(&s->arena, name), kept, e);
    } else {
        e->code = ERROR_USAGE;
    }
    buf_free(&text);
    return good;
}

static bool read_config(struct session *s, struct error *e)
{
    const char *given = s->options->config;
    if (given)
        return read_config_file(s, given, given, e);
    struct buf path = {0};
    path_join(&path, slice_of(s->root), SLICE("mwatch.yaml"));
    /* A link to nothing, or a folder that may not be looked into, is no configuration that is not
     * there: going on without it would be a silent day without updates. */
    struct stat st;
    bool absent = lstat(buf_text(&path), &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
    bool good = absent || read_config_file(s, buf_text(&path), "mwatch.yaml", e);
    buf_free(&path);
    return good;
}

bool session_configure(struct session *s, struct context *ctx, const struct options *options,
                       struct error *e)
{
    *s = (struct session){.ctx = ctx, .options = options};
    s->started = context_milliseconds(ctx);
    s->config.proposing = config_proposing_default();
    s->root = options->directory ? options->directory : ".";
    return read_config(s, e);
}

bool session_open(struct session *s, struct context *ctx, const struct options *options,
                  struct error *e)
{
    if (!session_configure(s, ctx, options, e) ||
        !templates_load(&s->arena, s->root, &s->config, &s->templates, e) ||
        !discover(ctx, s->root, &s->config, &s->found, e))
        return false;
    if (!discovery_select(&s->found, options->operands.items, options->operands.count,
                          options->groups, e))
        return false;
    discovery_shard(&s->found, options->shard_index, options->shard_count);
    return true;
}

/* $XDG_CACHE_HOME/mwatch, made when it is not there; NULL when there is no home. */
static const char *cache_folder(struct session *s)
{
    const char *base = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (!base || base[0] != '/') {
        if (!home || !*home)
            return NULL;
        base = arena_printf(&s->arena, "%s/.cache", home);
    }
    const char *folder = arena_printf(&s->arena, "%s/mwatch", base);
    mkdir(base, 0700);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        log_warning(s->ctx, "%s: %s; going on without a cache", folder, strerror(errno));
        return NULL;
    }
    return folder;
}

static const char *default_cache(struct session *s)
{
    const char *folder = cache_folder(s);
    return folder ? arena_printf(&s->arena, "%s/http.sqlite", folder) : NULL;
}

const char *session_lock_file(struct session *s, const char *name)
{
    const char *cache = s->options->cache;
    struct hash_result hash;
    if (s->options->no_cache)
        return NULL;
    hash_bytes(slice_of(name), &hash);
    if (cache)
        return arena_printf(&s->arena, "%s.%.16s.lock", cache, hash.sha256);
    const char *folder = cache_folder(s);
    return folder ? arena_printf(&s->arena, "%s/%.16s.lock", folder, hash.sha256) : NULL;
}

static void add_mirrors(struct session *s, struct http_options *http)
{
    size_t given = s->options->mirrors.count, count = given + s->config.mirrors.count;
    struct mirror *mirrors = arena_array(&s->arena, count + 1, sizeof *mirrors);
    struct mirror graphql;
    for (size_t i = 0; i < given; i++) {
        const char *text = s->options->mirrors.items[i];
        const char *equals = strchr(text, '=');
        mirrors[i].prefix = arena_text(&s->arena, slice_new(text, (size_t)(equals - text)));
        mirrors[i].target = equals + 1;
    }
    for (size_t i = given; i < count; i++) {
        mirrors[i].prefix = s->config.mirrors.items[i - given].prefix;
        mirrors[i].target = s->config.mirrors.items[i - given].target;
    }
    if (api_graphql_mirror(&s->arena, &graphql))
        mirrors[count++] = graphql;
    http->mirrors = mirrors; /* the command line's first */
    http->mirror_count = count;
}

static void add_plain_host(struct session *s, struct texts_list *hosts, const char *address)
{
    struct url url;
    if (!address || !url_parse(slice_of(address), &url) || !slice_is(url.scheme, "http"))
        return;
    vec_push(&s->arena, hosts,
             arena_printf(&s->arena, "%.*s%s%.*s", SLICE_ARG(url.host), url.port.len ? ":" : "",
                          SLICE_ARG(url.port)));
}

/* A mirror or an API that the user names with http:// is meant so; so are the configuration's plain
 * hosts. */
static const char *const *plain_hosts(struct session *s, const struct http_options *http)
{
    struct texts_list hosts = {0};
    for (size_t i = 0; i < s->config.plain_hosts.count; i++)
        vec_push(&s->arena, &hosts, s->config.plain_hosts.items[i]);
    for (size_t i = 0; i < http->mirror_count; i++)
        add_plain_host(s, &hosts, http->mirrors[i].target);
    add_plain_host(s, &hosts, getenv("GITHUB_API_URL"));
    add_plain_host(s, &hosts, getenv("GITHUB_GRAPHQL_URL"));
    vec_push(&s->arena, &hosts, NULL);
    return hosts.items;
}

static bool uses_files(const struct session *s, const struct http_options *http)
{
    for (size_t i = 0; i < http->mirror_count; i++)
        if (slice_starts(slice_of(http->mirrors[i].target), SLICE("file://")))
            return true;
    for (size_t i = 0; i < s->found.components.count; i++) {
        const struct spec *spec = &s->found.components.items[i]->spec;
        for (size_t k = 0; spec->source && k < SOURCE_KEYS; k++)
            if (spec->values[k] && slice_starts(slice_of(spec->values[k]), SLICE("file://")))
                return true;
    }
    return false;
}

static bool open_tokens(struct session *s, struct http_options *http, struct error *e)
{
    const struct config_proposing *p = &s->config.proposing;
    struct token_options o = {
        .file = s->options->token_file,
        .app_id = p->app_id,
        .app_key = p->app_key_file,
        .repository = p->repository,
        .mirrors = http->mirrors,
        .mirror_count = s->options->mirrors.count,
        .http = http,
    };
    s->tokens = tokens_open(s->ctx, &o, e);
    http->authorization = tokens_authorization;
    http->not_accepted = tokens_not_accepted;
    http->authorization_arg = s->tokens;
    s->logins = s->tokens ? logins_open(s->ctx, s->tokens) : NULL;
    http->login = logins_find;
    http->login_arg = s->logins;
    http->own_mirrors = s->options->mirrors.count;
    return s->tokens != NULL;
}

bool session_connect(struct session *s, struct error *e)
{
    const struct options *o = s->options;
    struct http_options http = {
        .jobs = o->job_count,
        .retries = -1,
        .ca_file = o->cacert,
        .record_file = o->record,
        .replay_file = o->replay,
    };
    if (!o->no_cache && !o->replay)
        http.cache_file = o->cache ? o->cache : default_cache(s);
    add_mirrors(s, &http);
    http.plain_hosts = plain_hosts(s, &http);
    http.allow_file = uses_files(s, &http);
    s->http = open_tokens(s, &http, e) ? http_open(s->ctx, &http, e) : NULL;
    return s->http != NULL;
}

void session_count(const struct session *s, struct results *r)
{
    if (s->http)
        http_counts(s->http, &r->counts);
    r->seconds = (double)(context_milliseconds(s->ctx) - s->started) / 1000;
}

void session_close(struct session *s)
{
    if (s->http)
        http_close(s->http);
    logins_close(s->logins);
    tokens_close(s->tokens);
    discovery_free(&s->found);
    config_free(&s->config);
    arena_free(&s->arena);
    *s = (struct session){0};
}

bool session_deliver(const struct session *s, const struct results *r, enum report_depth depth,
                     struct error *e)
{
    const struct options *o = s->options;
    struct delivery d = {
        .format = o->report,
        .depth = depth,
        .dry_run = o->dry_run,
        .quiet = o->quiet,
        .report = o->report_file,
        .output = getenv("GITHUB_OUTPUT"),
        .summary = getenv("GITHUB_STEP_SUMMARY"),
    };
    return deliver(s->ctx, &d, r, e);
}

int results_status(const struct results *r, bool updates)
{
    bool proposes = false;
    for (size_t i = 0; i < r->count; i++) {
        if (r->items[i]->decision.kind == DECISION_ERROR)
            return EXIT_SOME_FAILED;
        proposes = proposes || decision_proposes(&r->items[i]->decision);
    }
    return updates && proposes ? EXIT_UPDATES : EXIT_WELL;
}
