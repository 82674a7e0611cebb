/* What is made of a try: an answer that stands, an address to go on to, or a wait. */
#include "watcher/http/bearer.h"
#include "watcher/http/mirror.h"
#include "watcher/http/retry.h"

#include <string.h>

enum {
    REDIRECTS_MOST = 5,
    WORTH_A_WORD = 5000,             /* ms; waits from here on are told at -v */
    WORTH_ANOTHER_TRY = 1024 * 1024, /* bytes of an artefact that a broken connection brought */
};

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

void job_release(struct http *h, struct job *job)
{
    give_back(h, job);
    queue_release(job);
}

static void send_again(struct http *h, struct job *job)
{
    job_release(h, job);
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
                         job_shown(job), REDIRECTS_MOST);
    if (!target)
        return error_set(e, ERROR_REFUSED, "%s: redirected to what is no URL; check the URL",
                         job_shown(job));
    job->url = mirror_apply(o->mirrors, o->mirror_count, &job->arena, target);
    bool good = origin_of(job->url, &job->origin) && strcmp(job->origin.scheme, "file") != 0;
    if (!good)
        error_set(e, ERROR_REFUSED, "this is no address that may be followed");
    if (!good || !origin_allowed(&job->origin, o, e))
        return error_context(e, "%s: redirected to %s", job_shown(job),
                             address_public(&job->arena, job->url));
    job->away = job->away || !origin_equal(&job->origin, &job->first);
    if (job->away && job->request.secret && job->body.len && r->status != 303)
        return error_set(e, ERROR_REFUSED, "%s: redirected to %s, which must not get the secret",
                         job_shown(job), address_public(&job->arena, job->url));
    job->attempt = 0;
    partial_drop(&job->partial);
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
        job_fail(h, job, &e);
}

/* Once a job: a token that was taken back in mid-run can be bought anew, one that has no right
 * never gets it. */
static bool has_another(struct http *h, struct job *job)
{
    const struct http_options *o = &h->options;
    const char *sent = transfer_authorization(job->transfer);
    if (!sent || job->away || job->request.bearer || job->challenges || !o->not_accepted)
        return false;
    job->challenges++;
    return o->not_accepted(o->authorization_arg, job->request.credential, sent);
}

/* The stored answer with the newer headers; false when it is gone and must be asked for anew. */
static bool refresh(struct http *h, struct job *job, struct answer *answer)
{
    char key[ANSWER_KEY];
    struct answer kept;
    job_cache_key(h, job, key);
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
                  "%s: the answer is larger than the %llu bytes allowed", job_shown(job),
                  (unsigned long long)job->limit);
    return true;
}

/* A connection that broke, and brought much before it did, is no reason to give up: as long as it
 * goes on, only the deadline ends it. */
static void count_anew(struct job *job)
{
    if (!partial_can_go_on(&job->partial) ||
        job->partial.received < job->counted + WORTH_ANOTHER_TRY)
        return;
    job->counted = job->partial.received;
    job->attempt = 1;
}

static struct retry consider(struct http *h, const struct job *job, const struct answer *answer,
                             const struct failure *failure)
{
    bool failed = error_is_set(&answer->error);
    struct tried tried = {failed ? NULL : &answer->response, failure->lasting, failure->unsent};
    struct retry_rules rules = {h->options.retries, h->options.longest_wait_ms,
                                job_may_repeat(job)};
    return retry_judge(&tried, &rules, job->attempt, context_now(h->ctx), context_random(h->ctx));
}

static void pause_lane(struct http *h, struct lane *lane, int64_t wait_ms)
{
    int64_t until = context_milliseconds(h->ctx) + wait_ms;
    if (lane->paused < until)
        lane->paused = until;
}

/* Wait as asked; false when the deadline would pass meanwhile. The server's own waits are not
 * counted against it. */
static bool wait_for(struct http *h, struct job *job, const struct retry *retry)
{
    if (job->left <= 0 || (!retry->ordered && retry->wait_ms >= job->left))
        return false;
    if (retry->wait_ms >= WORTH_A_WORD)
        log_info(h->ctx, "%s: waiting %lld s before the next try", job_shown(job),
                 (long long)(retry->wait_ms / 1000));
    if (retry->ordered) {
        pause_lane(h, job->lane, retry->wait_ms);
        send_again(h, job);
    } else {
        job->left -= retry->wait_ms;
        give_back(h, job);
        queue_wait(&h->queue, job, context_milliseconds(h->ctx) + retry->wait_ms);
    }
    return true;
}

/* An answer stands: heed its quota, keep it for other runs. */
static void settle(struct http *h, struct job *job, struct answer *answer,
                   const struct failure *failure)
{
    const struct response *r = &answer->response;
    char key[ANSWER_KEY];
    if (failure->silent)
        queue_note(job, false);
    if (!error_is_set(&answer->error)) {
        int64_t wait = retry_quota_wait(r, context_now(h->ctx));
        if (wait > h->options.longest_wait_ms)
            job->lane->blocked = context_now(h->ctx) + wait / 1000;
        else if (wait > 0)
            pause_lane(h, job->lane, wait);
        if (job_may_use_cache(h, job) && !r->from_cache && cache_may_keep(&job->request, r)) {
            job_cache_key(h, job, key);
            cache_put(h->cache, key, answer);
        }
    }
    bearer_conclude(h, job, answer);
    conclude(h, job, answer);
}

/* Stop the clock and the transfer, and see what came of it. */
static void end_transfer(struct http *h, struct job *job, CURLcode code, struct answer *answer,
                         struct failure *failure)
{
    transfer_finish(job->transfer, h->multi, code, answer, failure);
    job->left -= context_milliseconds(h->ctx) - job->sent;
    h->under_way--;
    h->counts.bytes += transfer_bytes(job->transfer);
}

void job_judge(struct http *h, struct job *job, CURLcode code)
{
    struct answer answer;
    struct failure failure;
    end_transfer(h, job, code, &answer, &failure);
    if (!failure.silent)
        queue_note(job, true);
    bool answered = !error_is_set(&answer.error);
    if (answered && is_redirect(&answer.response)) {
        follow(h, job, &answer.response);
        return;
    }
    if (answered && bearer_answer(h, job, &answer.response))
        return;
    if (answered && answer.response.status == 401 && has_another(h, job)) {
        send_again(h, job);
        return;
    }
    if (answered && answer.response.status == 304 && job->conditional &&
        !refresh(h, job, &answer)) {
        job->unconditional = true;
        job->conditional = false;
        send_again(h, job);
        return;
    }
    if (answered && answer.response.status == 416 && job->partial.received) {
        partial_drop(&job->partial); /* the file has become shorter */
        send_again(h, job);
        return;
    }
    count_anew(job);
    struct retry retry = consider(h, job, &answer, &failure);
    if (retry.action == RETRY_AFTER && wait_for(h, job, &retry))
        return;
    if (retry.action == RETRY_TOO_LONG) {
        answer = (struct answer){0};
        job->lane->blocked = retry.until;
        job_report_blocked(job, &answer.error);
    }
    settle(h, job, &answer, &failure);
}
