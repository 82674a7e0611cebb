#include "watcher/base/image_name.h"
#include "watcher/base/memory.h"
#include "watcher/http/bearer_parts.h"

#include <string.h>

enum {
    CHALLENGES_MOST = 2, /* a token may have died meanwhile; one that is new is refused for good */
    ANSWER_MOST = 256 * 1024, /* bytes of a token server's answer */
};

/* A token's request. */
struct asking {
    struct http *http;
    struct bearer *bearer;
};

static struct bearer *find(const struct http *h, const struct job *job)
{
    struct slice wanted = image_name_resource(slice_of(job->request.url));
    for (size_t i = 0; i < h->bearers.count; i++)
        if (slice_equal(h->bearers.items[i]->resource, wanted))
            return h->bearers.items[i];
    return NULL;
}

static struct bearer *find_or_add(struct http *h, const struct job *job)
{
    struct bearer *b = find(h, job);
    if (b)
        return b;
    b = arena_new(&h->arena, struct bearer);
    b->resource = arena_slice(&h->arena, image_name_resource(slice_of(job->request.url)));
    b->name = address_public(&h->arena, arena_text(&h->arena, b->resource));
    vec_push(&h->arena, &h->bearers, b);
    return b;
}

static const char *usable(const struct http *h, const struct bearer *b)
{
    bool dead = b->until && b->until <= context_milliseconds(h->ctx);
    return dead ? NULL : b->authorization;
}

const char *bearer_authorization(const struct http *h, const struct job *job)
{
    const struct bearer *b = job->away ? NULL : find(h, job);
    return b ? usable(h, b) : NULL;
}

static void set_authorization(struct http *h, struct bearer *b, const char *value, int64_t seconds)
{
    b->authorization = value;
    b->until = seconds ? context_milliseconds(h->ctx) + seconds * 1000 : 0;
    record_hide(h->recorder, value);
}

/* -- tokens */

static void send_all(struct http *h, struct bearer *b)
{
    while (b->waiting) {
        struct job *job = b->waiting;
        b->waiting = job->next;
        queue_add_first(&h->queue, job);
    }
}

static void fail_all(struct http *h, struct bearer *b, const struct error *why)
{
    while (b->waiting) {
        struct job *job = b->waiting;
        struct error e = *why;
        b->waiting = job->next;
        job->next = NULL;
        error_context(&e, "%s", job_shown(job));
        job_fail(h, job, &e);
    }
}

static void ask_server(struct http *h, struct bearer *b);

static bool is_refusal(int status)
{
    return status == 401 || status == 403;
}

/* Leave an implied login aside, and ask as anybody. */
static void go_without(const struct http *h, struct bearer *b, int status)
{
    b->anonymous = true;
    b->refused = status;
    b->authorization = NULL;
    log_debug(h->ctx, "%s: %d to %s; asking without it", b->name, status, b->login.shown);
}

/* Is there another way to ask the token server? Not all take refresh tokens: those that do not say
 * 404 (the specification's "Oauth2 Token Authentication"). */
static bool falls_back(const struct http *h, struct bearer *b, int status)
{
    bool unknown = (status == 404 || status == 405) && b->login.identity && b->login.basic;
    bool refused = b->login.implied && is_refusal(status);
    if (unknown) {
        memory_wipe_text(b->login.identity);
        b->login.identity = NULL;
    } else if (refused) {
        go_without(h, b, status);
    }
    return unknown || refused;
}

static bool take_token(struct http *h, struct bearer *b, const struct response *response,
                       struct error *e)
{
    int64_t seconds;
    const char *token = challenge_token(response, &h->arena, &seconds, e);
    if (token)
        set_authorization(h, b, arena_printf(&h->arena, "Bearer %s", token), seconds);
    return token != NULL;
}

static void token_done(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *e)
{
    const struct asking *asking = arg;
    struct http *h = asking->http;
    struct bearer *b = asking->bearer;
    struct error why = *e;
    int status = response ? response->status : 0;
    (void)artefact;
    b->asking = false;
    if (status == 200 && take_token(h, b, response, &why)) {
        send_all(h, b);
        return;
    }
    if (b->bought && falls_back(h, b, status)) {
        ask_server(h, b);
        return;
    }
    if (is_refusal(status))
        bearer_refuse(&why, b, "the token server", status);
    else
        error_set(&why, ERROR_NETWORK, "the token server answered %d", status);
    if (is_refusal(status))
        b->last_word = why;
    why.code = why.code == ERROR_REFUSED ? ERROR_REFUSED : ERROR_NETWORK;
    fail_all(h, b, &why);
}

/* The token server is shown a refresh token in a form, user and password in a header. */
static void show_login(struct bearer *b, struct request *request, struct arena *a)
{
    if (!b->login.identity)
        return;
    request->url = b->challenge.realm;
    request->method = "POST";
    request->headers[0] = (struct header){"Content-Type", "application/x-www-form-urlencoded"};
    request->body = challenge_form(&b->challenge, b->login.identity, a);
}

/* Ask the token server for what the registry wants. */
static void ask_server(struct http *h, struct bearer *b)
{
    struct arena a = {0};
    struct asking *asking = arena_new(&h->arena, struct asking);
    struct request request = {
        .url = challenge_address(&b->challenge, &a),
        .uncached = true,
        .secret = true,
        .harmless = true,
        .limit = ANSWER_MOST,
    };
    *asking = (struct asking){h, b};
    b->asking = true;
    b->bought = bearer_may_buy(h, b);
    b->shown = b->shown || b->bought;
    if (b->bought)
        show_login(b, &request, &a);
    http_submit_as(h, &request, b->bought && !request.body.len ? b->login.basic : NULL, token_done,
                   asking);
    memory_wipe((char *)(uintptr_t)request.body.ptr, request.body.len);
    arena_free(&a);
}

void bearer_conclude(struct http *h, struct job *job, struct answer *answer)
{
    struct bearer *b = job->request.bearer && !job->away ? find(h, job) : NULL;
    if (!b || error_is_set(&answer->error) || !is_refusal(answer->response.status))
        return;
    bearer_look_up(h, b, job->request.url);
    bearer_refuse(&answer->error, b, "the registry", answer->response.status);
    error_context(&answer->error, "%s", job_shown(job));
}

/* -- answers */

static void wait_for_token(struct http *h, struct bearer *b, struct job *job)
{
    job_release(h, job);
    job->next = b->waiting;
    b->waiting = job;
}

static void send_again(struct http *h, struct job *job)
{
    job_release(h, job);
    queue_add_first(&h->queue, job);
}

/* A refusal that others have had before: what they got since is tried; what they wait for is waited
 * for. */
static bool joins_others(struct http *h, struct bearer *b, struct job *job)
{
    if (b->asking)
        wait_for_token(h, b, job);
    else if (usable(h, b) && b->authorization != job->shown_as)
        send_again(h, job);
    else
        return false;
    return true;
}

/* What was refused once is not asked for again: a wrong password too often may lock an account. */
static void fail_again(struct http *h, const struct bearer *b, struct job *job)
{
    struct error e = b->last_word;
    job_release(h, job);
    error_context(&e, "%s", job_shown(job));
    job_fail(h, job, &e);
}

static bool meets_challenge(struct http *h, struct bearer *b, struct job *job,
                            const struct response *response)
{
    if (job->challenges == CHALLENGES_MOST)
        return false;
    job->challenges++;
    challenge_read(response, &h->arena, &b->challenge);
    bearer_look_up(h, b, job->request.url);
    if (b->challenge.realm && error_is_set(&b->last_word)) {
        fail_again(h, b, job);
    } else if (b->challenge.realm) {
        wait_for_token(h, b, job);
        ask_server(h, b);
    } else if (b->challenge.basic && !b->shown && bearer_may_show(b, job->request.url)) {
        b->shown = true;
        set_authorization(h, b, b->login.basic, 0);
        send_again(h, job);
    } else {
        return false;
    }
    return true;
}

/* What an implied login is refused, anybody may yet get: ghcr.io refuses what is public, too, to a
 * token that has no right to packages, or none any more. */
static bool tries_without(struct http *h, struct bearer *b, struct job *job,
                          const struct response *response)
{
    if (!b->login.implied || b->anonymous || b->proven || !b->bought || !job->shown_as ||
        job->shown_as != b->authorization || response_header(response, "retry-after").len)
        return false;
    go_without(h, b, response->status);
    wait_for_token(h, b, job);
    ask_server(h, b);
    return true;
}

bool bearer_answer(struct http *h, struct job *job, const struct response *response)
{
    if (!job->request.bearer || job->away)
        return false;
    struct bearer *b = find_or_add(h, job);
    if (!is_refusal(response->status)) {
        b->proven = b->proven || (job->shown_as && job->shown_as == b->authorization);
        return false;
    }
    if (joins_others(h, b, job))
        return true;
    return (response->status == 401 && meets_challenge(h, b, job, response)) ||
           tries_without(h, b, job, response);
}

void bearers_free(struct http *h)
{
    for (size_t i = 0; i < h->bearers.count; i++) {
        struct bearer *b = h->bearers.items[i];
        if (b->authorization != b->login.basic)
            memory_wipe_text(b->authorization);
        memory_wipe_text(b->login.basic);
        memory_wipe_text(b->login.identity);
    }
    arena_free(&h->arena);
    h->bearers.count = 0;
}
