#include "watcher/propose.h"

#include "watcher/base/memory.h"
#include "watcher/base/url.h"
#include "watcher/propose_parts.h"
#include "watcher/trigger.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600 };

/* ---- where ---- */

static bool is_name(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) && !strchr("._-", s.ptr[i]))
            return false;
    return s.len > 0;
}

/* "git@github.com:owner/name" is taken for ssh://git@github.com/owner/name. */
static bool split_address(struct slice url, struct slice *host, struct slice *path)
{
    struct url parts;
    size_t colon = slice_find_byte(url, ':');
    if (url_parse(url, &parts)) {
        *host = parts.host;
        *path = slice_from(parts.path, 1);
        return true;
    }
    if (colon == SLICE_NONE || slice_contains(slice_first(url, colon), SLICE("/")))
        return false;
    struct slice user = slice_first(url, colon);
    size_t at = slice_find_byte(user, '@');
    *host = at == SLICE_NONE ? user : slice_from(user, at + 1);
    *path = slice_from(url, colon + 1);
    return true;
}

const char *propose_name_of(struct arena *a, const char *url, const char *host)
{
    struct slice there, path, owner, name;
    if (!split_address(slice_of(url), &there, &path) || !slice_equal_nocase(there, slice_of(host)))
        return NULL;
    while (slice_ends(path, SLICE("/")))
        path.len--;
    if (slice_ends(path, SLICE(".git")))
        path.len -= strlen(".git");
    if (!slice_split(&path, '/', &owner) || !slice_split(&path, '/', &name) || path.ptr ||
        !is_name(owner) || !is_name(name))
        return NULL;
    return arena_printf(a, "%.*s/%.*s", SLICE_ARG(owner), SLICE_ARG(name));
}

static const char *host_of(struct arena *a, const char *url, const char *fallback)
{
    struct url parts;
    if (!url || !*url || !url_parse(slice_of(url), &parts))
        return fallback;
    return arena_text(a, parts.host);
}

static const char *repository_name(struct proposer *p, const struct propose_options *o)
{
    if (p->config->repository)
        return p->config->repository;
    if (o->repository && *o->repository)
        return o->repository;
    return propose_name_of(&p->arena, repository_remote_url(p->repository), p->server);
}

/* ---- open ---- */

/* The forge's token opens the forge's own repositories, and goes nowhere else. */
static const char *token_for_remote(void *arg)
{
    const struct proposer *p = arg;
    struct slice host, path;
    struct error e = {0};
    bool known = p->repository &&
                 split_address(slice_of(repository_remote_url(p->repository)), &host, &path);
    if (!known || !slice_equal_nocase(host, slice_of(p->server)))
        return NULL;
    const char *secret = tokens_secret(p->tokens, &e);
    if (error_is_set(&e))
        log_warning(p->ctx, "%s", e.message);
    return secret;
}

static enum signing signing_of(const char *sign)
{
    if (!sign)
        return SIGN_NOT;
    return strcmp(sign, "ssh") == 0 ? SIGN_SSH : SIGN_OPENPGP;
}

static bool open_repository(struct proposer *p, const struct propose_options *o, struct error *e)
{
    const struct config_proposing *c = p->config;
    struct signature who = {c->author_name, c->author_email};
    struct repository_options *options = arena_new(&p->arena, struct repository_options);
    *options = (struct repository_options){
        .directory = o->root,
        .remote = c->remote,
        .base = c->base,
        .author = who,
        .committer = who,
        .signing = signing_of(c->sign),
        .signing_key = c->signing_key,
        .signing_program = c->signing_program,
        .token = token_for_remote,
        .token_arg = p,
        .ca_file = o->ca_file,
    };
    p->repository = repository_open(p->ctx, options, e);
    if (p->repository)
        p->committer = repository_committer(p->repository).email;
    return p->repository != NULL;
}

static bool open_forge(struct proposer *p, struct http *http, const struct propose_options *o,
                       struct error *e)
{
    struct forge_options *options = arena_new(&p->arena, struct forge_options);
    p->name = repository_name(p, o);
    if (!p->name)
        return error_set(e, ERROR_USAGE,
                         "the remote's address does not say which repository of %s it is: set "
                         "forge.repository in mwatch.yaml, or GITHUB_REPOSITORY, to owner/name",
                         p->server);
    tokens_set_repository(p->tokens, p->name);
    *options = (struct forge_options){
        .api_url = o->api_url,
        .graphql_url = o->graphql_url,
        .server_url = o->server_url,
        .repository = p->name,
        .credential = "github",
    };
    p->session = p->forge->open(p->ctx, http, options, e);
    return p->session != NULL;
}

struct proposer *propose_open(const struct context *ctx, struct http *http,
                              const struct propose_options *options, struct error *e)
{
    struct proposer *p = memory_zalloc(sizeof *p);
    p->ctx = ctx;
    p->config = options->config;
    p->root = options->root;
    p->templates = options->templates;
    p->forge = &forge_github;
    p->tokens = options->tokens;
    p->server = host_of(&p->arena, options->server_url, "github.com");
    if (open_repository(p, options, e) && open_forge(p, http, options, e))
        return p;
    propose_close(p);
    return NULL;
}

void propose_close(struct proposer *p)
{
    if (!p)
        return;
    if (p->session)
        p->forge->close(p->session);
    if (p->repository)
        repository_close(p->repository);
    arena_free(&p->arena);
    free(p);
}

const char *propose_repository(const struct proposer *p)
{
    return p->name;
}

/* ---- run ---- */

/* Markers of strangers count for nothing. */
static void count(struct proposer *p, const struct proposals *all, bool pulls)
{
    int64_t since = context_now(p->ctx) - HOUR;
    for (size_t i = 0; i < all->list.count; i++) {
        struct marker m;
        const struct proposal *one = &all->list.items[i];
        if (one->outsider || (pulls && !one->branch) || !marker_read(&p->arena, one->body, &m))
            continue;
        p->open += pulls;
        p->hour += one->opened_at > since;
    }
}

static bool read_issues(struct proposer *p, struct error *e)
{
    p->issues = (struct proposals){0};
    return !p->facts.issues_enabled ||
           p->forge->issues_with(p->session, &p->arena, MARKER_START, &p->issues, e);
}

/* All that is read once, before anything is written. */
static bool read_all(struct proposer *p, struct error *e)
{
    if (!p->forge->facts(p->session, &p->arena, &p->facts, e))
        return false;
    if (p->facts.archived)
        return error_set(e, ERROR_REFUSED, "%s is archived: nothing can be proposed there",
                         p->name);
    if (!repository_fetch(p->repository, BRANCH_PREFIX, e) ||
        !p->forge->open_pulls(p->session, &p->arena, BRANCH_PREFIX, &p->pulls, e) ||
        !read_issues(p, e))
        return false;
    p->base_tip = repository_base_tip(p->repository);
    count(p, &p->pulls, true);
    count(p, &p->issues, false);
    return true;
}

/* What somebody else holds or changed is left alone, and no error. */
static void propose_row(struct proposer *p, struct outcome *o, const struct results *results)
{
    struct error e = {0};
    bool good = o->changes->branch ? propose_pull(p, o, results, &e) : propose_issue(p, o, &e);
    if (good)
        return;
    if (e.code == ERROR_CONFLICT)
        o->proposed = told(&o->arena, PROPOSED_LEFT, NULL, "left: %s", e.message);
    else
        outcome_fail(o, &e);
}

static bool is_new_issue(const struct outcome *o)
{
    return o->changes && !o->changes->branch && o->proposed.state == PROPOSED_OPENED;
}

static void settle(struct proposer *p, struct results *results)
{
    struct error e = {0};
    bool any = false;
    for (size_t i = 0; i < results->count; i++)
        any = any || is_new_issue(results->items[i]);
    if (any && !read_issues(p, &e))
        log_warning(p->ctx, "the issues could not be read again: %s", e.message);
    for (size_t i = 0; any && !error_is_set(&e) && i < results->count; i++)
        if (is_new_issue(results->items[i]) && !propose_settle(p, results->items[i], &e))
            log_warning(p->ctx, "%s", e.message);
}

/* What is pinned is known to be vulnerable: limits keep others waiting. */
static bool is_urgent(const struct outcome *o)
{
    return o->advised.current.count > 0;
}

/* A group's turn is that of the first of its members. */
static void propose_next(struct proposer *p, struct results *results, struct outcome *o)
{
    if (o->group && !o->group->done)
        propose_group(p, o->group, results);
    else if (o->changes && !o->group)
        propose_row(p, o, results);
}

bool propose_run(struct proposer *p, struct results *results, struct error *e)
{
    if (!read_all(p, e))
        return false;
    trigger_await(p);
    propose_stale(p, results);
    propose_stale_issues(p, results);
    for (size_t i = 0; i < results->count; i++)
        if (is_urgent(results->items[i]))
            propose_next(p, results, results->items[i]);
    for (size_t i = 0; i < results->count; i++)
        if (!is_urgent(results->items[i]))
            propose_next(p, results, results->items[i]);
    propose_merged(p, results);
    settle(p, results);
    return true;
}
