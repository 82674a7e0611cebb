#include "git/app.h"

#include "git/app_key.h"
#include "watcher/base/json.h"
#include "watcher/base/memory.h"
#include "watcher/base/timestamp.h"

#include <stdlib.h>
#include <string.h>

enum {
    JWT_BEFORE = 60,    /* s; clocks differ, and GitHub takes no token from the future */
    JWT_LIFE = 9 * 60,  /* s; GitHub takes ten minutes at most */
    RENEW_BEFORE = 300, /* s before an installation token ends */
    TRY_AGAIN = 60,     /* s after an attempt that failed */
    REQUEST_TIME = 60,  /* s */
    FORGET_MOST = 3,    /* tokens not accepted in a run */
};

/* The token for one repository. */
struct installation {
    struct installation *next;
    const char *repository; /* NULL = the only installation */
    char *token;            /* NULL = none yet */
    int64_t ends, asked;    /* s on our clock; `asked` = when buying failed, 0 = it did not */
    struct error error;     /* why it failed */
    unsigned forgotten;     /* tokens that were not accepted */
    json_t *permissions;    /* as the last token's answer has them */
};

struct app {
    const struct context *ctx;
    struct app_options options;
    struct http_options engine; /* how the caller's engine was opened */
    struct arena arena;
    struct app_key *key;
    struct http *http; /* an engine of its own: tokens are bought while the other one runs */
    struct installation *installations;
    struct buf bearer; /* the Authorization header of the request under way */
    int64_t skew;      /* s that GitHub's clock is ahead of ours */
    const char *slug;
};

static const char *authorization(void *arg, const char *credential, const char *host)
{
    const struct app *app = arg;
    (void)credential;
    (void)host;
    return buf_text(&app->bearer);
}

/* Nothing of it is recorded, replayed or cached. */
static bool open_engine(struct app *app, struct error *e)
{
    const struct http_options *given = &app->engine;
    struct http_options options = {
        .retries = given->retries,
        .deadline_ms = REQUEST_TIME * 1000,
        .ca_file = given->ca_file,
        .mirrors = given->mirrors,
        .mirror_count = given->mirror_count,
        .plain_hosts = given->plain_hosts,
        .user_agent = given->user_agent,
        .authorization = authorization,
        .authorization_arg = app,
    };
    if (!app->http)
        app->http = http_open(app->ctx, &options, e);
    return app->http != NULL;
}

struct app *app_open(const struct context *ctx, const struct app_options *options, struct error *e)
{
    struct app_key *key = app_key_read(options->key_file, e);
    if (!key)
        return NULL;
    struct app *app = memory_zalloc(sizeof *app);
    *app = (struct app){.ctx = ctx, .options = *options, .engine = *options->http, .key = key};
    return app;
}

static void drop_token(struct installation *i)
{
    memory_wipe_text(i->token);
    free(i->token);
    i->token = NULL;
}

static void drop_bearer(struct app *app)
{
    memory_wipe(app->bearer.ptr, app->bearer.len);
    buf_clear(&app->bearer);
}

void app_close(struct app *app)
{
    if (!app)
        return;
    for (struct installation *i = app->installations; i; i = i->next) {
        drop_token(i);
        json_decref(i->permissions);
    }
    if (app->http)
        http_close(app->http);
    drop_bearer(app);
    buf_free(&app->bearer);
    app_key_free(app->key);
    arena_free(&app->arena);
    free(app);
}

const char *app_permission(const struct app *app, const char *repository, const char *right)
{
    for (const struct installation *i = app->installations; i; i = i->next)
        if (slice_equal_nocase(slice_of(i->repository), slice_of(repository)))
            return json_string_at(i->permissions, right);
    return NULL;
}

const char *app_slug(const struct app *app)
{
    return app->slug;
}

/* What is asked as the App itself. */
struct question {
    const char *method, *path;
    bool secret;
};

static bool send(struct app *app, struct arena *a, const struct question *q, struct response *r,
                 struct error *e)
{
    struct request request = {
        .method = q->method,
        .url = arena_printf(a, "%s%s", app->options.api_url, q->path),
        .headers = {{"Accept", "application/vnd.github+json"},
                    {"X-GitHub-Api-Version", "2022-11-28"}},
        .credential = "app",
        .uncached = true,
        .harmless = true, /* a second token does no harm */
        .secret = q->secret,
    };
    int64_t now = context_now(app->ctx) + app->skew;
    drop_bearer(app);
    buf_add_text(&app->bearer, "Bearer ");
    bool good = app_key_sign(app->key, app->options.id, now - JWT_BEFORE, now + JWT_LIFE,
                             &app->bearer, e) &&
                http_fetch(app->http, a, &request, r, NULL, e);
    drop_bearer(app);
    return good;
}

/* Take over how far GitHub's clock is from ours; false when that was known. */
static bool learn_skew(struct app *app, const struct response *r)
{
    int64_t theirs;
    if (!timestamp_parse(response_header(r, "date"), &theirs))
        return false;
    int64_t skew = theirs - context_now(app->ctx), change = skew - app->skew;
    app->skew = skew;
    return change > JWT_BEFORE / 2 || change < -JWT_BEFORE / 2;
}

static bool fail(const struct app *app, const struct response *r, const char *what, struct error *e)
{
    struct arena a = {0};
    struct error ignored = {0};
    const json_t *json = json_parse(&a, r->body, &ignored);
    enum error_code code = r->status >= 500 || r->status == 429 ? ERROR_NETWORK
                           : r->status == 401                   ? ERROR_USAGE
                                                                : ERROR_REFUSED;
    error_set(e, code, "GitHub App %s: cannot %s: %.*s (HTTP %d)%s", app->options.id, what,
              SLICE_ARG(json_text(json, "message")), r->status,
              r->status == 401 ? "; are id and key of one App?" : "");
    arena_free(&a);
    return false;
}

/* Ask, and once more by GitHub's clock when ours is wrong; the answer's JSON, NULL on error. The
 * status is 404 without an error when that is the answer. */
static const json_t *ask(struct app *app, struct arena *a, const struct question *q,
                         const char *what, struct response *r, struct error *e)
{
    struct error why = {0};
    bool good = send(app, a, q, r, e);
    if (good && r->status == 401 && learn_skew(app, r))
        good = send(app, a, q, r, e);
    if (!good || r->status == 404)
        return NULL;
    if (r->status / 100 != 2) {
        fail(app, r, what, e);
        return NULL;
    }
    const json_t *json = json_parse(a, r->body, &why);
    if (!json)
        error_set(e, ERROR_UPSTREAM, "GitHub App %s: cannot %s: the answer is no JSON",
                  app->options.id, what);
    return json;
}

/* The App's only installation. */
static const json_t *pick_only(const struct app *app, const json_t *list, struct error *e)
{
    if (json_array_size(list) == 1)
        return json_array_get(list, 0);
    error_set(e, ERROR_USAGE,
              json_array_size(list)
                  ? "GitHub App %s: it is installed more than once: say for which "
                    "repository (GITHUB_REPOSITORY)"
                  : "GitHub App %s: it is installed nowhere",
              app->options.id);
    return NULL;
}

/* The number of the installation, 0 on error. */
static long long find_installation(struct app *app, struct arena *a, const char *repository,
                                   struct error *e)
{
    struct response r;
    struct question q = {.method = "GET", .path = "/app/installations"};
    if (repository)
        q.path = arena_printf(a, "/repos/%s/installation", repository);
    const json_t *json = ask(app, a, &q, "find its installation", &r, e);
    if (json && !repository)
        json = pick_only(app, json, e);
    if (!json && !error_is_set(e))
        error_set(e, ERROR_USAGE, "GitHub App %s: it is not installed for %s", app->options.id,
                  repository ? repository : "anybody");
    long long number = json_number(json, "id", 0);
    const char *slug = json_string_at(json, "app_slug");
    if (slug && !app->slug)
        app->slug = arena_copy(&app->arena, slug);
    if (json && number <= 0)
        error_set(e, ERROR_UPSTREAM, "GitHub App %s: its installation has no number",
                  app->options.id);
    return number;
}

static bool is_visible(struct slice token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.ptr[i] <= ' ' || token.ptr[i] > '~')
            return false;
    return token.len > 0;
}

/* Copy the token out of the answer, which is then wiped. */
static bool take_token(struct app *app, struct installation *i, const json_t *json,
                       const struct response *r, struct error *e)
{
    struct slice token = json_text(json, "token");
    int64_t ends, now = context_now(app->ctx);
    if (!is_visible(token) || !timestamp_parse(json_text(json, "expires_at"), &ends))
        return error_set(e, ERROR_UPSTREAM, "GitHub App %s: the answer has no token and its end",
                         app->options.id);
    learn_skew(app, r);
    drop_token(i);
    i->token = memory_alloc(token.len + 1);
    memcpy(i->token, token.ptr, token.len);
    i->token[token.len] = '\0';
    i->ends = ends - app->skew;
    json_decref(i->permissions);
    i->permissions = json_incref(json_object_get(json, "permissions"));
    log_debug(app->ctx, "GitHub App %s: a token for %lld s", app->options.id,
              (long long)(i->ends - now));
    memory_wipe((char *)(uintptr_t)token.ptr, token.len);
    memory_wipe((char *)(uintptr_t)r->body.ptr, r->body.len);
    return true;
}

static bool buy(struct app *app, struct installation *i, struct error *e)
{
    struct arena a = {0};
    struct response r = {0};
    bool good = false;
    long long number = open_engine(app, e) ? find_installation(app, &a, i->repository, e) : 0;
    if (number > 0) {
        struct question q = {
            "POST", arena_printf(&a, "/app/installations/%lld/access_tokens", number), true};
        const json_t *json = ask(app, &a, &q, "get a token", &r, e);
        if (!json && !error_is_set(e))
            fail(app, &r, "get a token", e);
        good = json && take_token(app, i, json, &r, e);
    }
    arena_free(&a);
    return good;
}

static struct installation *find(struct app *app, const char *repository)
{
    struct slice wanted = slice_of(repository);
    for (struct installation *i = app->installations; i; i = i->next)
        if (slice_equal_nocase(slice_of(i->repository), wanted))
            return i;
    struct installation *i = arena_new(&app->arena, struct installation);
    i->repository = arena_copy(&app->arena, repository);
    i->next = app->installations;
    app->installations = i;
    return i;
}

const char *app_token(struct app *app, const char *repository, struct error *e)
{
    struct installation *i = find(app, repository);
    int64_t now = context_now(app->ctx);
    bool lives = i->token && now < i->ends;
    if (lives && now < i->ends - RENEW_BEFORE)
        return i->token;
    if (!i->asked || now >= i->asked + TRY_AGAIN) {
        error_clear(&i->error);
        i->asked = buy(app, i, &i->error) ? 0 : now;
        if (i->asked == 0)
            return i->token;
        if (lives)
            log_warning(app->ctx, "%s; the old token lives for %lld s", i->error.message,
                        (long long)(i->ends - now));
    }
    if (lives)
        return i->token;
    error_set(e, i->error.code, "%s", i->error.message);
    return NULL;
}

bool app_forget(struct app *app, const char *repository, struct slice token)
{
    struct installation *i = find(app, repository);
    if (i->token && slice_is(token, i->token)) {
        if (i->forgotten == FORGET_MOST)
            return false;
        i->forgotten++;
        log_info(app->ctx, "GitHub App %s: its token is not accepted any more, another is bought",
                 app->options.id);
        drop_token(i);
    }
    return true;
}
