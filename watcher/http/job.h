/* A request on its way through the engine, and everyone who waits for its answer. */
#ifndef MWATCH_HTTP_JOB_H
#define MWATCH_HTTP_JOB_H

#include "watcher/http/address.h"
#include "watcher/http/answer.h"
#include "watcher/http/partial.h"

struct lane;
struct transfer;

struct waiter {
    struct waiter *next;
    http_done *done;
    void *arg;
};

struct job {
    struct job *next;            /* in the one list it stands in: fresh, a lane's, waiting */
    struct job *before, *after;  /* among all jobs */
    struct job *chain;           /* in its bucket of the table of jobs that can be joined */
    struct arena arena;          /* owns what is below */
    struct request request;      /* a copy */
    char key[ANSWER_KEY];        /* equal keys are one request within a run */
    struct waiter *waiters;      /* in the order they came */
    struct waiter **last_waiter; /* where the next one is hung */
    uint64_t limit;              /* bytes of body */
    const char *url;             /* where it is sent now: after mirrors and redirects */
    const char *method;          /* likewise */
    struct slice body;           /* likewise */
    struct origin origin, first; /* of `url`, and of where it was sent at first */
    bool away;                   /* a redirect led off the first origin: no credential any more */
    unsigned attempt;            /* tries at this address */
    unsigned redirects;
    unsigned challenges;       /* times a token was got for it */
    const char *authorization; /* a header of its own (a token server's); NULL = none */
    const char *shown_as;      /* the registry's header that the last try had; NULL = none */
    int64_t left;              /* ms of its deadline: for transfers and waits of our own */
    int64_t sent;              /* when the last try began, on the context's millisecond clock */
    int64_t due;               /* while waiting: when it goes on */
    bool conditional;          /* the stored answer's validators are sent */
    bool unconditional;        /* they must not be: the stored answer is gone */
    struct partial partial;    /* what has come of an artefact, over all tries at this address */
    uint64_t counted;          /* bytes of it when tries were last counted anew */
    struct lane *lane;         /* NULL until it has one */
    struct transfer *transfer; /* while one is under way */
};

/* A copy of the request with the limits filled in, in a list of its own; never NULL. */
struct job *job_new(const struct request *request, const struct http_options *options);
void job_free(struct job *job);
void job_add_waiter(struct job *job, http_done *done, void *arg);

/* Jobs that an equal request can join: those that may share their answer. */
enum { JOB_BUCKETS = 4096 };
struct job_table {
    struct job *buckets[JOB_BUCKETS];
};

/* The URL that was asked for, fit for messages; lives as long as the job. */
const char *job_shown(struct job *job);

/* The job of that key, NULL when there is none. */
struct job *job_find(const struct job_table *table, const char *key);
void job_enter(struct job_table *table, struct job *job);
void job_leave(struct job_table *table, struct job *job);

/* True when equal requests are answered together and from what is stored. */
bool job_shares(const struct job *job);

/* GETs can be sent twice, and so can what the caller lets be shared: queries by POST. Only a write
 * (uncached) must not happen twice, unless its caller knows better. */
bool job_may_repeat(const struct job *job);

#endif
