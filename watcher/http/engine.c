#include "watcher/http/bearer.h"

#include "watcher/base/memory.h"
#include "watcher/http/mirror.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    JOBS = 32,
    PER_HOST = 8,
    RETRIES = 3,
    DEADLINE = 120 * 1000,     /* ms */
    LONGEST_WAIT = 120 * 1000, /* ms */
    LONGEST_SLEEP = 100,       /* ms; a test's clock may run faster than ours */
};
static const uint64_t default_body_limit = 64ull << 20;
static const uint64_t default_artefact_limit = 4ull << 30;

static void set_defaults(struct http_options *o)
{
    o->jobs = o->jobs > 0 ? o->jobs : JOBS;
    o->per_host = o->per_host > 0 ? o->per_host : PER_HOST;
    o->retries = o->retries >= 0 ? o->retries : RETRIES;
    o->deadline_ms = o->deadline_ms > 0 ? o->deadline_ms : DEADLINE;
    o->longest_wait_ms = o->longest_wait_ms > 0 ? o->longest_wait_ms : LONGEST_WAIT;
    o->body_limit = o->body_limit ? o->body_limit : default_body_limit;
    o->artefact_limit = o->artefact_limit ? o->artefact_limit : default_artefact_limit;
    o->user_agent = o->user_agent ? o->user_agent : "mwatch/" MWATCH_VERSION;
    if (!o->ca_file)
        o->ca_file = context_variable("SSL_CERT_FILE");
}

static bool open_files(struct http *h, struct error *e)
{
    const struct http_options *o = &h->options;
    if (o->ca_file && !o->replay_file && access(o->ca_file, R_OK) != 0)
        return error_errno(e, ERROR_USAGE, "cannot read the certificate authorities in %s",
                           o->ca_file);
    if (o->replay_file && !(h->replay = replay_open(h->ctx, o->replay_file, e)))
        return false;
    if (o->record_file && !(h->recorder = record_open(h->ctx, o->record_file, e)))
        return false;
    if (o->cache_file && !h->replay)
        h->cache = cache_open(h->ctx, o->cache_file, CACHE_BYTES);
    h->store = cache_open_private(h->ctx);
    return true;
}

static bool open_curl(struct http *h, struct error *e)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(h->multi = curl_multi_init()))
        return error_set(e, ERROR_SYSTEM, "libcurl cannot be started");
    curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)h->options.per_host);
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->options.jobs * 2);
    return true;
}

struct http *http_open(const struct context *ctx, const struct http_options *options,
                       struct error *e)
{
    struct http *h = memory_zalloc(sizeof *h);
    h->ctx = ctx;
    h->options = *options;
    set_defaults(&h->options);
    h->queue.per_host = h->options.per_host;
    h->last_fresh = &h->fresh;
    h->idle = memory_zalloc(memory_product((size_t)h->options.jobs, sizeof(struct transfer *)));
    if (open_curl(h, e) && open_files(h, e))
        return h;
    http_close(h);
    return NULL;
}

void http_submit_as(struct http *h, const struct request *request, const char *authorization,
                    http_done *done, void *arg)
{
    struct job *job = job_new(request, &h->options);
    job->authorization = arena_copy(&job->arena, authorization);
    struct job *same = job_shares(job) ? job_find(&h->table, job->key) : NULL;
    if (same) {
        job_add_waiter(same, done, arg);
        job_free(job);
        return;
    }
    job_add_waiter(job, done, arg);
    if (job_shares(job))
        job_enter(&h->table, job);
    job->after = h->all;
    if (h->all)
        h->all->before = job;
    h->all = job;
    *h->last_fresh = job;
    h->last_fresh = &job->next;
}

void http_submit(struct http *h, const struct request *request, http_done *done, void *arg)
{
    http_submit_as(h, request, NULL, done, arg);
}

/* Callbacks may submit more meanwhile: these go to the end of the list and get their turn. */
static void route_fresh(struct http *h)
{
    while (h->fresh) {
        struct job *job = h->fresh;
        h->fresh = job->next;
        if (!h->fresh)
            h->last_fresh = &h->fresh;
        job->next = NULL;
        job_route(h, job);
    }
}

static void send_ready(struct http *h)
{
    int64_t now = context_milliseconds(h->ctx);
    queue_wake(&h->queue, now);
    while (h->under_way < h->options.jobs) {
        struct job *job = queue_take(&h->queue, now);
        if (!job)
            break;
        job_send(h, job);
    }
}

/* True when a transfer ended: then there may be room, or a next step, for another. */
static bool collect(struct http *h)
{
    int running, left;
    bool any = false;
    CURLMsg *message;
    if (curl_multi_perform(h->multi, &running) != CURLM_OK)
        memory_exhausted(); /* all other codes mean a mistake of ours */
    while ((message = curl_multi_info_read(h->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            CURLcode code = message->data.result; /* gone once the handle is removed */
            job_judge(h, transfer_owner(transfer_of(message->easy_handle)), code);
            any = true;
        }
    return any;
}

static void sleep_until_event(struct http *h)
{
    int64_t event = queue_next_event(&h->queue);
    int64_t wait = LONGEST_SLEEP;
    if (event >= 0)
        wait = event - context_milliseconds(h->ctx);
    wait = wait < 0 ? 0 : wait > LONGEST_SLEEP ? LONGEST_SLEEP : wait;
    curl_multi_poll(h->multi, NULL, 0, (int)wait, NULL);
}

void http_run(struct http *h)
{
    while (h->all) {
        route_fresh(h);
        send_ready(h);
        if (!collect(h) && h->all && !h->fresh)
            sleep_until_event(h);
    }
}

/* Where http_fetch wants the answer. */
struct fetched {
    struct arena *arena;
    struct response *response;
    struct artefact_result *artefact;
    struct error *error;
};

static void copy_response(struct arena *a, const struct response *from, struct response *to)
{
    *to = *from;
    to->url = arena_copy(a, from->url);
    to->body = arena_slice(a, from->body);
    to->headers = arena_array(a, from->header_count, sizeof *to->headers);
    for (size_t i = 0; i < from->header_count; i++)
        to->headers[i] = (struct header){arena_copy(a, from->headers[i].name),
                                         arena_copy(a, from->headers[i].value)};
}

static void take_fetched(void *arg, const struct response *response,
                         const struct artefact_result *artefact, const struct error *e)
{
    struct fetched *f = arg;
    if (error_is_set(e)) {
        error_set(f->error, e->code, "%s", e->message);
        return;
    }
    copy_response(f->arena, response, f->response);
    if (f->artefact && artefact)
        *f->artefact = *artefact;
}

bool http_fetch(struct http *h, struct arena *a, const struct request *request,
                struct response *response, struct artefact_result *artefact, struct error *e)
{
    struct fetched f = {a, response, artefact, e};
    *response = (struct response){0};
    if (artefact)
        *artefact = (struct artefact_result){0};
    http_submit(h, request, take_fetched, &f);
    http_run(h);
    return !error_is_set(e);
}

bool http_grants(const struct http *h, const struct request *request)
{
    const struct http_options *o = &h->options;
    struct arena a = {0};
    struct origin origin;
    if (h->replay)
        return replay_has(h->replay, request);
    if (!request->credential || !o->authorization)
        return false;
    const char *url = mirror_apply(o->mirrors, o->mirror_count, &a, request->url);
    bool grants = origin_of(url, &origin) &&
                  o->authorization(o->authorization_arg, request->credential, origin.name);
    arena_free(&a);
    return grants;
}

void http_counts(const struct http *h, struct http_counts *out)
{
    *out = h->counts;
}

bool http_note_get(struct http *h, const char *key, int64_t *value)
{
    return cache_note_get(h->cache, key, value);
}

void http_note_put(struct http *h, const char *key, int64_t value)
{
    cache_note_put(h->cache, key, value);
}

int64_t http_recorded_at(const struct http *h)
{
    return h->replay ? replay_recorded_at(h->replay) : 0;
}

void http_close(struct http *h)
{
    if (!h)
        return;
    while (h->all) {
        struct job *job = h->all;
        h->all = job->after;
        if (job->transfer) {
            transfer_reset(job->transfer, h->multi);
            transfer_free(job->transfer);
        }
        job_free(job);
    }
    for (int i = 0; i < h->idle_count; i++)
        transfer_free(h->idle[i]);
    free(h->idle);
    queue_free(&h->queue);
    curl_multi_cleanup(h->multi);
    curl_global_cleanup();
    replay_close(h->replay);
    record_close(h->recorder);
    cache_close(h->cache);
    cache_close(h->store);
    bearers_free(h);
    free(h);
}
