#include "watcher/http/job.h"

#include "watcher/base/buf.h"
#include "watcher/base/memory.h"
#include "watcher/http/mirror.h"

#include <stdlib.h>
#include <string.h>

enum { ARTEFACT_DEADLINES = 20 }; /* an artefact gets so many times the deadline */

static void copy_request(struct arena *a, const struct request *from, struct request *to)
{
    *to = *from;
    to->method = arena_copy(a, request_method(from));
    to->url = arena_copy(a, from->url);
    to->body = arena_slice(a, from->body);
    to->credential = arena_copy(a, from->credential);
    for (size_t i = 0; i < REQUEST_HEADERS && from->headers[i].name; i++)
        to->headers[i] = (struct header){arena_copy(a, from->headers[i].name),
                                         arena_copy(a, from->headers[i].value)};
}

static uint64_t limit_of(const struct request *request, const struct http_options *options)
{
    if (request->limit)
        return request->limit;
    return request->kind == BODY_ARTEFACT ? options->artefact_limit : options->body_limit;
}

/* Who wants the bytes themselves is not answered by somebody else's hash. */
static void mix(char key[ANSWER_KEY], const char *id)
{
    struct buf text = {0};
    struct hash_result hash;
    buf_addf(&text, "%s %s", key, id);
    hash_bytes(buf_slice(&text), &hash);
    memcpy(key, hash.sha256, ANSWER_KEY);
    buf_free(&text);
}

struct job *job_new(const struct request *request, const struct http_options *options)
{
    struct job *job = memory_zalloc(sizeof *job);
    copy_request(&job->arena, request, &job->request);
    job->limit = limit_of(request, options);
    job->url = mirror_apply(options->mirrors, options->mirror_count, &job->arena, job->request.url);
    job->method = job->request.method;
    job->body = job->request.body;
    job->last_waiter = &job->waiters;
    job->left = options->deadline_ms * (request->kind == BODY_ARTEFACT ? ARTEFACT_DEADLINES : 1);
    answer_key(&job->request, job->url, job->limit, job->key);
    if (request->sink)
        mix(job->key, request->sink->id);
    return job;
}

void job_free(struct job *job)
{
    if (!job)
        return;
    partial_drop(&job->partial);
    arena_free(&job->arena);
    free(job);
}

void job_add_waiter(struct job *job, http_done *done, void *arg)
{
    struct waiter *waiter = arena_new(&job->arena, struct waiter);
    *waiter = (struct waiter){NULL, done, arg};
    *job->last_waiter = waiter;
    job->last_waiter = &waiter->next;
}

static size_t bucket_of(const char *key)
{
    size_t bucket = 0;
    for (int i = 0; i < 8; i++)
        bucket = bucket * 31 + (unsigned char)key[i];
    return bucket % JOB_BUCKETS;
}

struct job *job_find(const struct job_table *table, const char *key)
{
    struct job *job = table->buckets[bucket_of(key)];
    while (job && strcmp(job->key, key) != 0)
        job = job->chain;
    return job;
}

void job_enter(struct job_table *table, struct job *job)
{
    struct job **bucket = &table->buckets[bucket_of(job->key)];
    job->chain = *bucket;
    *bucket = job;
}

void job_leave(struct job_table *table, struct job *job)
{
    struct job **at = &table->buckets[bucket_of(job->key)];
    while (*at && *at != job)
        at = &(*at)->chain;
    if (*at)
        *at = job->chain;
}

bool job_shares(const struct job *job)
{
    return !job->request.uncached && !job->request.secret;
}

bool job_may_repeat(const struct job *job)
{
    const char *const harmless[] = {"GET", "HEAD", "PUT", "DELETE"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(job->method, harmless[i]) == 0)
            return true;
    return job_shares(job) || job->request.harmless;
}

const char *job_shown(struct job *job)
{
    return address_public(&job->arena, job->request.url);
}
