/* The course of one job: looked at, sent, judged, perhaps sent again, and finished. */
#include "watcher/base/timestamp.h"
#include "watcher/http/engine.h"
#include "watcher/http/mirror.h"
#include "watcher/http/retry.h"

#include <string.h>

enum {
    REDIRECTS_MOST = 5,
    ARTEFACT_DEADLINES = 20, /* an artefact gets so many times the deadline */
    WORTH_A_WORD = 5000,     /* ms; waits from here on are told at -v */
};

static const char *shown(struct job *job)
{
    return address_public(&job->arena, job->request.url);
}

static void unlink_job(struct http *h, struct job *job)
{
    if (job->before)
        job->before->after = job->after;
    else
        h->all = job->after;
    if (job->after)
        job->after->before = job->before;
    if (job_shares(job))
        job_leave(&h->table, job);
}

/* What came from the network or a recording is kept; an answer already stored is not again. */
static void keep(struct http *h, const struct job *job, const struct answer *answer, bool stored)
{
    if (stored)
        return;
    if (!job->request.secret)
        record_add(h->recorder, &job->request, answer);
    if (job_shares(job))
        cache_put(h->store, job->key, answer);
}

static void tell(struct http *h, const struct job *job, struct answer *answer)
{
    bool failed = error_is_set(&answer->error);
    for (const struct waiter *w = job->waiters; w; w = w->next) {
        if (w != job->waiters) {
            h->counts.from_cache++;
            answer->response.from_cache = true;
        }
        w->done(w->arg, failed ? NULL : &answer->response,
                answer->hashed ? &answer->artefact : NULL, &answer->error);
    }
}

void job_finish(struct http *h, struct job *job, struct answer *answer, bool stored)
{
    unlink_job(h, job);
    if (!error_is_set(&answer->error))
        answer->response.url = mirror_reverse(h->options.mirrors, h->options.mirror_count,
                                              &job->arena, answer->response.url);
    keep(h, job, answer, stored);
    tell(h, job, answer);
    job_free(job);
}

static void fail(struct http *h, struct job *job, const struct error *e)
{
    struct answer answer = {.error = *e};
    job_finish(h, job, &answer, false);
}

static bool is_line_safe(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' && *text != '\t')
            return false;
    return true;
}

/* Whatever upstream's text found its way into a request, it must not become another header. */
static bool headers_are_safe(const struct request *r)
{
    for (size_t i = 0; i < REQUEST_HEADERS && r->headers[i].name; i++)
        if (!is_line_safe(r->headers[i].name) || !is_line_safe(r->headers[i].value))
            return false;
    return true;
}

static bool check_request(struct http *h, struct job *job, struct error *e)
{
    if (!headers_are_safe(&job->request))
        return error_set(e, ERROR_REFUSED, "%s: a header to be sent has control bytes in it",
                         shown(job));
    if (!origin_of(job->url, &job->origin))
        return error_set(e, ERROR_REFUSED, "%s: this is no URL that can be asked", shown(job));
    if (!origin_allowed(&job->origin, &h->options, e))
        return error_context(e, "%s", shown(job));
    job->first = job->origin;
    return true;
}

void job_route(struct http *h, struct job *job)
{
    struct answer answer;
    struct error e = {0};
    if (job_shares(job) && cache_get(h->store, job->key, &job->arena, &answer)) {
        h->counts.from_cache++;
        job_finish(h, job, &answer, true);
    } else if (h->replay) {
        replay_answer(h->replay, &job->request, &job->arena, &answer);
        h->counts.replayed += !error_is_set(&answer.error);
        job_finish(h, job, &answer, false);
    } else if (!check_request(h, job, &e)) {
        fail(h, job, &e);
    } else {
        queue_add(&h->queue, job);
    }
}

static const char *authorization_for(struct http *h, struct job *job)
{
    const struct http_options *o = &h->options;
    if (!job->request.credential || job->away || !o->authorization)
        return NULL;
    const char *value =
        o->authorization(o->authorization_arg, job->request.credential, job->origin.name);
    if (!value || !is_line_safe(value))
        return NULL;
    record_hide(h->recorder, value);
    return value;
}

/* Across runs an answer has another key: the limit on its body plays no part. */
static void cache_key(const struct http *h, struct job *job, char key[ANSWER_KEY])
{
    const char *url =
        mirror_apply(h->options.mirrors, h->options.mirror_count, &job->arena, job->request.url);
    answer_key(&job->request, url, 0, key);
}

static bool may_use_cache(const struct http *h, const struct job *job)
{
    return h->cache && job_shares(job) && job->request.kind == BODY_MEMORY &&
           strcmp(job->request.method, "GET") == 0;
}

static void set_validators(struct http *h, struct job *job, struct order *order)
{
    char key[ANSWER_KEY];
    if (!may_use_cache(h, job) || job->unconditional)
        return;
    cache_key(h, job, key);
    job->conditional = cache_validators(h->cache, key, &job->arena, &order->etag, &order->modified);
}

static void report_blocked(struct job *job, struct error *e)
{
    struct buf until = {0};
    timestamp_add(&until, job->lane->blocked);
    error_set(e, ERROR_NETWORK,
              "%s: %s takes no more requests until %s (rate limit); run mwatch again then%s",
              shown(job), job->origin.name, buf_text(&until),
              *job->lane->credential ? "" : ", or give a token, which has a limit of its own");
    buf_free(&until);
}

static bool is_blocked(const struct http *h, const struct job *job)
{
    return job->lane->blocked > context_now(h->ctx);
}

void job_send(struct http *h, struct job *job)
{
    struct error e = {0};
    int64_t now = context_milliseconds(h->ctx);
    if (is_blocked(h, job)) {
        report_blocked(job, &e);
        queue_release(job);
        fail(h, job, &e);
        return;
    }
    bool artefact = job->request.kind == BODY_ARTEFACT;
    if (!job->deadline)
        job->deadline = now + h->options.deadline_ms * (artefact ? ARTEFACT_DEADLINES : 1);
    struct order order = {
        .request = &job->request,
        .url = job->url,
        .method = job->method,
        .body = job->body,
        .authorization = authorization_for(h, job),
        .limit = job->limit,
        .timeout_ms = job->deadline > now ? job->deadline - now : 1,
        .user_agent = h->options.user_agent,
        .ca_file = h->options.ca_file,
    };
    set_validators(h, job, &order);
    job->transfer = h->idle_count ? h->idle[--h->idle_count] : transfer_new();
    job->attempt++;
    h->under_way++;
    h->counts.sent++;
    log_debug(h->ctx, "%s %s (try %u)", job->method, address_public(&job->arena, job->url),
              job->attempt);
    transfer_start(job->transfer, h->multi, &order, job);
}

/* The job is done with its transfer, and what it received is no longer needed. */
static void give_back(struct http *h, struct job *job)
{
    transfer_reset(job->transfer, h->multi);
    h->idle[h->idle_count++] = job->transfer;
    job->transfer = NULL;
}

static void conclude(struct http *h, struct job *job, struct answer *answer)
{
    struct transfer *t = job->transfer;
    queue_release(job);
    job->transfer = NULL;
    job_finish(h, job, answer, false);
    transfer_reset(t, h->multi);
    h->idle[h->idle_count++] = t;
}

static void send_again(struct http *h, struct job *job)
{
    give_back(h, job);
    queue_release(job);
    queue_add_first(&h->queue, job);
}

static bool is_redirect(const struct response *r)
{
    return (r->status == 301 || r->status == 302 || r->status == 303 || r->status == 307 ||
            r->status == 308) &&
           response_header(r, "location").len > 0;
}

/* Aim the job at where the answer points. */
static bool redirect(struct http *h, struct job *job, const struct response *r, struct error *e)
{
    const struct http_options *o = &h->options;
    const char *target = address_join(&job->arena, job->url, response_header(r, "location"));
    if (++job->redirects > REDIRECTS_MOST)
        return error_set(e, ERROR_REFUSED, "%s: redirected more than %d times; check the URL",
                         shown(job), REDIRECTS_MOST);
    if (!target)
        return error_set(e, ERROR_REFUSED, "%s: redirected to what is no URL; check the URL",
                         shown(job));
    job->url = mirror_apply(o->mirrors, o->mirror_count, &job->arena, target);
    bool good = origin_of(job->url, &job->origin) && strcmp(job->origin.scheme, "file") != 0;
    if (!good)
        error_set(e, ERROR_REFUSED, "this is no address that may be followed");
    if (!good || !origin_allowed(&job->origin, o, e))
        return error_context(e, "%s: redirected to %s", shown(job),
                             address_public(&job->arena, job->url));
    job->away = job->away || !origin_equal(&job->origin, &job->first);
    job->attempt = 0;
    if (r->status == 303) {
        job->method = strcmp(job->method, "HEAD") == 0 ? "HEAD" : "GET";
        job->body = (struct slice){0};
    }
    return true;
}

static void follow(struct http *h, struct job *job, const struct response *r)
{
    struct error e = {0};
    queue_release(job);
    bool good = redirect(h, job, r, &e);
    give_back(h, job);
    if (good)
        queue_add_first(&h->queue, job);
    else
        fail(h, job, &e);
}

/* The stored answer with the newer headers; false when it is gone and must be asked for anew. */
static bool refresh(struct http *h, struct job *job, struct answer *answer)
{
    char key[ANSWER_KEY];
    struct answer kept;
    cache_key(h, job, key);
    if (!cache_get(h->cache, key, &job->arena, &kept))
        return false;
    for (size_t i = 0; i < answer->response.header_count; i++) {
        const struct header *header = &answer->response.headers[i];
        if (strncmp(header->name, "content-", 8) != 0)
            headers_set(&job->arena, &kept.response, header->name, slice_of(header->value));
    }
    *answer = kept;
    h->counts.from_cache++;
    if (kept.response.body.len > job->limit)
        error_set(&answer->error, ERROR_REFUSED,
                  "%s: the answer is larger than the %llu bytes allowed", shown(job),
                  (unsigned long long)job->limit);
    return true;
}

/* GETs can be sent twice, and so can what the caller lets be shared: queries by POST. Only a write
 * (uncached) must not happen twice. */
static bool is_repeatable(const struct job *job)
{
    const char *const harmless[] = {"GET", "HEAD", "PUT", "DELETE"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(job->method, harmless[i]) == 0)
            return true;
    return job_shares(job);
}

static struct retry consider(struct http *h, const struct job *job, const struct answer *answer,
                             const struct failure *failure)
{
    bool failed = error_is_set(&answer->error);
    struct tried tried = {failed ? NULL : &answer->response, failure->lasting, failure->unsent};
    struct retry_rules rules = {h->options.retries, h->options.longest_wait_ms, is_repeatable(job)};
    return retry_judge(&tried, &rules, job->attempt, context_now(h->ctx), context_random(h->ctx));
}

static void pause_lane(struct http *h, struct lane *lane, int64_t wait_ms)
{
    int64_t until = context_milliseconds(h->ctx) + wait_ms;
    if (lane->paused < until)
        lane->paused = until;
}

/* Wait as asked; false when the deadline would pass meanwhile. */
static bool wait_for(struct http *h, struct job *job, const struct retry *retry)
{
    int64_t now = context_milliseconds(h->ctx);
    if (!retry->ordered && now + retry->wait_ms >= job->deadline)
        return false;
    if (retry->wait_ms >= WORTH_A_WORD)
        log_info(h->ctx, "%s: waiting %lld s before the next try", shown(job),
                 (long long)(retry->wait_ms / 1000));
    give_back(h, job);
    if (!retry->ordered) {
        queue_wait(&h->queue, job, now + retry->wait_ms);
        return true;
    }
    job->deadline += retry->wait_ms; /* the server's time, not the transfer's */
    pause_lane(h, job->lane, retry->wait_ms);
    queue_release(job);
    queue_add_first(&h->queue, job);
    return true;
}

/* An answer stands: heed its quota, keep it for other runs. */
static void settle(struct http *h, struct job *job, struct answer *answer)
{
    const struct response *r = &answer->response;
    char key[ANSWER_KEY];
    if (!error_is_set(&answer->error)) {
        int64_t wait = retry_quota_wait(r, context_now(h->ctx));
        if (wait > h->options.longest_wait_ms)
            job->lane->blocked = context_now(h->ctx) + wait / 1000;
        else if (wait > 0)
            pause_lane(h, job->lane, wait);
        if (may_use_cache(h, job) && !r->from_cache && cache_may_keep(&job->request, r)) {
            cache_key(h, job, key);
            cache_put(h->cache, key, answer);
        }
    }
    conclude(h, job, answer);
}

void job_judge(struct http *h, struct job *job, CURLcode code)
{
    struct answer answer;
    struct failure failure;
    transfer_finish(job->transfer, h->multi, code, &answer, &failure);
    h->under_way--;
    h->counts.bytes += transfer_bytes(job->transfer);
    bool answered = !error_is_set(&answer.error);
    if (answered && is_redirect(&answer.response)) {
        follow(h, job, &answer.response);
        return;
    }
    if (answered && answer.response.status == 304 && job->conditional &&
        !refresh(h, job, &answer)) {
        job->unconditional = true;
        job->conditional = false;
        send_again(h, job);
        return;
    }
    struct retry retry = consider(h, job, &answer, &failure);
    if (retry.action == RETRY_AFTER && wait_for(h, job, &retry))
        return;
    if (retry.action == RETRY_TOO_LONG) {
        struct error e = {0};
        job->lane->blocked = retry.until;
        report_blocked(job, &e);
        answer = (struct answer){.error = e};
    }
    settle(h, job, &answer);
}
