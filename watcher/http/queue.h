/* Who may be sent next: fair among hosts, never more at one host than allowed, and nothing under
 * a quota that a server has closed. Times are on the context's millisecond clock. */
#ifndef MWATCH_HTTP_QUEUE_H
#define MWATCH_HTTP_QUEUE_H

#include "watcher/http/job.h"

struct host;

/* The requests to one host that share a quota there: the same credential, and for GitHub the same
 * kind of API. */
struct lane {
    struct lane *next;
    struct host *host;
    const char *credential; /* "" = none */
    const char *quota;
    struct job *first, **last;
    int64_t paused;  /* nothing is sent before */
    int64_t blocked; /* seconds since 1970: until then requests fail unsent; 0 = open */
};

struct queue {
    struct arena arena;  /* hosts and lanes: few, and kept to the end */
    struct host *hosts;  /* a ring; NULL when empty */
    struct job *waiting; /* for a while after a failure; soonest first; they keep their place */
    int per_host;
};

void queue_free(struct queue *q);

/* Put a job in the lane of its origin, last or first. */
void queue_add(struct queue *q, struct job *job);
void queue_add_first(struct queue *q, struct job *job);

/* The next job that may be sent, NULL when none may now. It has a place at its host until
 * queue_release. */
struct job *queue_take(struct queue *q, int64_t now);
void queue_release(struct job *job);

/* Hosts that have not answered so many requests in a row, each tried as often as allowed, are taken
 * for down: a hundred more would only take their deadlines one after the other. */
enum { HOST_SILENCES = 3 };

/* Note that a job's host did answer, whatever it was, or in the end did not. */
void queue_note(struct job *job, bool answered);
bool queue_is_down(const struct job *job);

/* Let a job wait until `due` without giving up its place: a host in trouble gets no more of
 * others meanwhile. */
void queue_wait(struct queue *q, struct job *job, int64_t due);

/* Put those whose wait is over back in their lanes. */
void queue_wake(struct queue *q, int64_t now);

/* When something changes by time alone, -1 when nothing will. */
int64_t queue_next_event(const struct queue *q);

#endif
