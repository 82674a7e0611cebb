/* The engine's inside, shared by the files that make it up. */
#ifndef MWATCH_HTTP_ENGINE_H
#define MWATCH_HTTP_ENGINE_H

#include "watcher/http/cache.h"
#include "watcher/http/queue.h"
#include "watcher/http/record.h"
#include "watcher/http/replay.h"
#include "watcher/http/transfer.h"

struct bearer;

struct http {
    const struct context *ctx;
    struct http_options options; /* defaults filled in */
    CURLM *multi;
    struct replay *replay;     /* NULL = ask the network */
    struct recorder *recorder; /* NULL = no */
    struct cache *cache;       /* across runs, NULL = none */
    struct cache *store;       /* what was answered in this run */
    struct queue queue;
    struct job_table table;          /* jobs that can be joined */
    struct job *all;                 /* every unfinished job */
    struct job *fresh, **last_fresh; /* submitted, not looked at yet */
    struct transfer **idle;          /* curl handles nobody uses; room for `jobs` */
    int idle_count;
    int under_way;
    struct http_counts counts;
    struct arena arena; /* of the tokens */
    VEC(struct bearer *) bearers;
};

/* As http_submit, for a request that nobody shares, with an Authorization header of its own; NULL =
 * none. */
void http_submit_as(struct http *h, const struct request *request, const char *authorization,
                    http_done *done, void *arg);

/* Look at a fresh job: answer it from what is there, refuse it, or put it in a lane. */
void job_route(struct http *h, struct job *job);

/* Send a job that has a place at its host. */
void job_send(struct http *h, struct job *job);

/* Judge what came of a try: an answer, a redirect, a wait. (judge.c; the rest is in course.c) */
void job_judge(struct http *h, struct job *job, CURLcode code);

/* Tell everyone who waits, keep what is to be kept, and release the job. `stored` answers come from
 * this run's store. */
void job_finish(struct http *h, struct job *job, struct answer *answer, bool stored);

/* Finish a job that has no place and no transfer with an error. */
void job_fail(struct http *h, struct job *job, const struct error *e);

/* Take a job off its transfer and its place; what it received is forgotten. (judge.c) */
void job_release(struct http *h, struct job *job);

/* Say that the job's lane is blocked, and until when. */
void job_report_blocked(struct job *job, struct error *e);

/* True when the persistent cache may be asked and told about the job; and the key it has there:
 * unlike within a run, the limit on its body plays no part. */
bool job_may_use_cache(const struct http *h, const struct job *job);
void job_cache_key(const struct http *h, struct job *job, char key[ANSWER_KEY]);

#endif
