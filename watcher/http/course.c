/* How a job begins and ends: answered from what is there, sent, finished. */
#include "watcher/base/timestamp.h"
#include "watcher/http/bearer.h"
#include "watcher/http/mirror.h"

#include <string.h>

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
    if (answer->hashed && h->cache && !h->replay)
        cache_remember(h->cache, &job->request, answer, &job->partial.list);
    if (!job->request.secret)
        record_add(h->recorder, &job->request, answer);
    if (job_shares(job) && !job->request.sink)
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

void job_fail(struct http *h, struct job *job, const struct error *e)
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
                         job_shown(job));
    if (!origin_of(job->url, &job->origin))
        return error_set(e, ERROR_REFUSED, "%s: this is no URL that can be asked", job_shown(job));
    if (!origin_allowed(&job->origin, &h->options, e))
        return error_context(e, "%s", job_shown(job));
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
        job_fail(h, job, &e);
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

void job_cache_key(const struct http *h, struct job *job, char key[ANSWER_KEY])
{
    const char *url =
        mirror_apply(h->options.mirrors, h->options.mirror_count, &job->arena, job->request.url);
    answer_key(&job->request, url, 0, key);
}

bool job_may_use_cache(const struct http *h, const struct job *job)
{
    return h->cache && job_shares(job) && job->request.kind == BODY_MEMORY &&
           strcmp(job->request.method, "GET") == 0;
}

static void set_validators(struct http *h, struct job *job, struct order *order)
{
    char key[ANSWER_KEY];
    if (!job_may_use_cache(h, job) || job->unconditional)
        return;
    job_cache_key(h, job, key);
    job->conditional = cache_validators(h->cache, key, &job->arena, &order->etag, &order->modified);
}

void job_report_blocked(struct job *job, struct error *e)
{
    struct buf until = {0};
    timestamp_add(&until, job->lane->blocked);
    error_set(e, ERROR_NETWORK,
              "%s: %s takes no more requests until %s (rate limit); run mwatch again then%s",
              job_shown(job), job->origin.name, buf_text(&until),
              *job->lane->credential ? "" : ", or give a token, which has a limit of its own");
    buf_free(&until);
}

/* What cannot come to anything is not sent. */
static bool is_hopeless(const struct http *h, struct job *job, struct error *e)
{
    if (job->lane->blocked > context_now(h->ctx))
        job_report_blocked(job, e);
    else if (queue_is_down(job))
        error_set(e, ERROR_NETWORK,
                  "%s: %s did not answer %d requests in a row and is not asked again in this run; "
                  "run mwatch again later",
                  job_shown(job), job->origin.name, HOST_SILENCES);
    return error_is_set(e);
}

/* What the request is sent with. */
static const char *find_authorization(struct http *h, struct job *job)
{
    if (job->authorization)
        return job->away ? NULL : job->authorization;
    if (!job->request.bearer)
        return authorization_for(h, job);
    return job->shown_as = bearer_authorization(h, job);
}

static struct order make_order(struct http *h, struct job *job)
{
    struct order order = {
        .request = &job->request,
        .url = job->url,
        .scheme = job->origin.scheme,
        .method = job->method,
        .body = job->body,
        .partial = job->request.kind == BODY_ARTEFACT ? &job->partial : NULL,
        .list = h->cache != NULL,
        .once = !job_may_repeat(job),
        .authorization = find_authorization(h, job),
        .limit = job->limit,
        .timeout_ms = job->left > 0 ? job->left : 1,
        .user_agent = h->options.user_agent,
        .ca_file = h->options.ca_file,
    };
    set_validators(h, job, &order);
    return order;
}

void job_send(struct http *h, struct job *job)
{
    struct error e = {0};
    if (is_hopeless(h, job, &e)) {
        queue_release(job);
        job_fail(h, job, &e);
        return;
    }
    struct order order = make_order(h, job);
    job->transfer = h->idle_count ? h->idle[--h->idle_count] : transfer_new();
    job->sent = context_milliseconds(h->ctx);
    job->attempt++;
    h->under_way++;
    h->counts.sent++;
    log_debug(h->ctx, "%s %s (try %u)", job->method, address_public(&job->arena, job->url),
              job->attempt);
    if (!transfer_start(job->transfer, h->multi, &order, job))
        job_judge(h, job, CURLE_FAILED_INIT);
}
