#include "watcher/token.h"

#include "git/app.h"
#include "watcher/api_host.h"
#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_TOKEN = 4096 };

struct tokens {
    const struct context *ctx;
    struct arena arena;
    const char *api; /* without a slash at the end */
    const struct mirror *mirrors;
    size_t mirror_count;
    char *token;            /* NULL = none, or an App's */
    struct app *app;        /* NULL = none */
    const char *repository; /* NULL = not known */
    struct buf header;      /* what was handed out last */
    struct error told;      /* what was said last about an App's token */
};

static bool usable(struct slice token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.ptr[i] <= ' ' || token.ptr[i] > '~')
            return false;
    return token.len > 0;
}

static bool take(struct tokens *t, struct slice text, const char *from, struct error *e)
{
    if (!usable(text))
        return error_set(
            e, ERROR_USAGE,
            "%s: not a token: one line of visible characters without blanks is expected", from);
    t->token = memory_alloc(text.len + 1);
    memcpy(t->token, text.ptr, text.len);
    t->token[text.len] = '\0';
    return true;
}

static bool take_file(struct tokens *t, const char *file, struct error *e)
{
    struct buf text = BUF_MAX(LONGEST_TOKEN);
    bool good = file_read(file, &text, e);
    if (good)
        good = take(t, slice_trim(buf_slice(&text)), file, e);
    else
        e->code = ERROR_USAGE;
    memory_wipe(text.ptr, text.len);
    buf_free(&text);
    return good;
}

/* Children (a signing program) have no use for it, and /proc shows what a process began with. */
static bool take_variable(struct tokens *t, struct error *e)
{
    char *variable = getenv("GITHUB_TOKEN");
    if (!variable || !*variable)
        return true;
    if (!take(t, slice_of(variable), "GITHUB_TOKEN", e))
        return false;
    memory_wipe(variable, strlen(variable));
    unsetenv("GITHUB_TOKEN");
    return true;
}

static const char *setting(const char *variable, const char *otherwise)
{
    const char *value = context_variable(variable);
    return value ? value : otherwise;
}

/* Nothing happens when no App is given. */
static bool take_app(struct tokens *t, const struct token_options *o, struct error *e)
{
    struct http_options http = *o->http;
    struct app_options app = {
        .id = setting("MWATCH_APP_ID", o->app_id),
        .key_file = setting("MWATCH_APP_KEY_FILE", o->app_key),
        .api_url = t->api,
        .http = &http,
    };
    http.mirrors = o->mirrors;
    http.mirror_count = o->mirror_count;
    if (!app.id && !app.key_file)
        return true;
    if (!app.id || !app.key_file)
        return error_set(e, ERROR_USAGE,
                         "a GitHub App needs both its id and its key file (MWATCH_APP_ID, "
                         "MWATCH_APP_KEY_FILE): there is no %s",
                         app.id ? "key file" : "id");
    t->app = app_open(t->ctx, &app, e);
    return t->app != NULL;
}

static bool find_api(struct tokens *t, struct error *e)
{
    struct url url;
    struct slice api = slice_of(setting("GITHUB_API_URL", "https://api.github.com"));
    while (slice_ends(api, SLICE("/")))
        api.len--;
    t->api = arena_text(&t->arena, api);
    return url_parse(api, &url) ||
           error_set(e, ERROR_USAGE, "GITHUB_API_URL is no address of an API: %s", t->api);
}

static bool take_any(struct tokens *t, const struct token_options *o, struct error *e)
{
    if (o->file)
        return take_file(t, o->file, e);
    return take_app(t, o, e) && (t->app || take_variable(t, e));
}

struct tokens *tokens_open(const struct context *ctx, const struct token_options *options,
                           struct error *e)
{
    struct tokens *t = memory_zalloc(sizeof *t);
    t->ctx = ctx;
    t->mirrors = options->mirrors;
    t->mirror_count = options->mirror_count;
    if (find_api(t, e) && take_any(t, options, e)) {
        tokens_set_repository(t, setting("GITHUB_REPOSITORY", options->repository));
        if (tokens_given(t))
            memory_forbid_core(); /* curl holds copies of its own */
        return t;
    }
    tokens_close(t);
    return NULL;
}

void tokens_close(struct tokens *t)
{
    if (!t)
        return;
    app_close(t->app);
    memory_wipe_text(t->token);
    free(t->token);
    memory_wipe(t->header.ptr, t->header.len);
    buf_free(&t->header);
    arena_free(&t->arena);
    free(t);
}

bool tokens_given(const struct tokens *t)
{
    return t && (t->token || t->app);
}

const char *tokens_name(struct tokens *t)
{
    if (!t->app)
        return t->token ? "a token" : "no token";
    const char *slug = app_slug(t->app);
    return slug ? arena_printf(&t->arena, "the App %s", slug) : "an App";
}

enum token_kind tokens_kind(const struct tokens *t)
{
    static const struct {
        const char *start;
        enum token_kind kind;
    } kinds[] = {
        {"ghs_", TOKEN_INSTALLATION},
        {"github_pat_", TOKEN_FINE_GRAINED},
        {"ghp_", TOKEN_CLASSIC},
        {"gho_", TOKEN_CLASSIC},
    };
    if (!tokens_given(t))
        return TOKEN_NONE;
    if (t->app)
        return TOKEN_APP;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_starts(slice_of(t->token), slice_of(kinds[i].start)))
            return kinds[i].kind;
    return TOKEN_OTHER;
}

const char *tokens_permission(const struct tokens *t, const char *right)
{
    return t->app ? app_permission(t->app, t->repository, right) : NULL;
}

void tokens_set_repository(struct tokens *t, const char *repository)
{
    t->repository = arena_copy(&t->arena, repository);
}

static const char *secret_for(struct tokens *t, const char *repository, struct error *e)
{
    return t->app ? app_token(t->app, repository, e) : t->token;
}

const char *tokens_secret(struct tokens *t, struct error *e)
{
    return secret_for(t, t->repository, e);
}

/* Once, not for every request. */
static void tell(struct tokens *t, const struct error *e)
{
    if (error_is_set(e) && strcmp(e->message, t->told.message) != 0)
        log_error(t->ctx, "%s", e->message);
    t->told = *e;
}

/* What was handed out before is gone then. */
static const char *hand_out(struct tokens *t, const char *scheme, struct slice secret)
{
    memory_wipe(t->header.ptr, t->header.len);
    buf_clear(&t->header);
    buf_addf(&t->header, "%s %.*s", scheme, SLICE_ARG(secret));
    return buf_text(&t->header);
}

const char *tokens_authorization(void *tokens, const char *credential, const char *host)
{
    struct tokens *t = tokens;
    struct error e = {0};
    struct slice rest = slice_of(credential), name;
    slice_split(&rest, ':', &name);
    bool known =
        slice_is(name, "github") && tokens_given(t) && api_host(host, t->mirrors, t->mirror_count);
    const char *secret = known ? secret_for(t, rest.ptr ? rest.ptr : t->repository, &e) : NULL;
    tell(t, &e);
    return secret ? hand_out(t, "Bearer", slice_of(secret)) : NULL;
}

const char *tokens_registry(struct tokens *t, struct error *e)
{
    struct buf pair = {0}, encoded = {0};
    const char *secret = tokens_given(t) && api_is_public() ? tokens_secret(t, e) : NULL;
    if (!secret)
        return NULL;
    buf_addf(&pair, "x-access-token:%s", secret);
    base64_encode(buf_slice(&pair), &encoded);
    const char *header = hand_out(t, "Basic", buf_slice(&encoded));
    memory_wipe(pair.ptr, pair.len);
    memory_wipe(encoded.ptr, encoded.len);
    buf_free(&pair);
    buf_free(&encoded);
    return header;
}

bool tokens_not_accepted(void *tokens, const char *credential, const char *value)
{
    struct tokens *t = tokens;
    struct slice rest = slice_of(credential), name, secret = slice_of(value);
    slice_split(&rest, ':', &name);
    secret = slice_from(secret, slice_find_byte(secret, ' ') + 1);
    return t->app && app_forget(t->app, rest.ptr ? rest.ptr : t->repository, secret);
}
