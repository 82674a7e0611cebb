/* The questions that go to one server in batches; nobody but poll_batch.c and poll_round.c includes
 * this. Batches depend on the questions and on the answers, never on when these come: a round is
 * judged when it is complete, and further pages are asked for when every first one is there. So a
 * recorded run asks the same again. */
#ifndef MWATCH_POLL_BATCH_H
#define MWATCH_POLL_BATCH_H

#include "watcher/batch_size.h"
#include "watcher/poll_parts.h"

/* A batch under way. */
struct flight {
    struct batcher *batcher;
    struct question **questions; /* borrowed from the batcher's queue */
    struct batch_item *items;
    size_t count;
    bool silent; /* no answer: *error says why */
    enum batch_verdict verdict;
    struct error error;
};

/* Why the batcher asks no more. */
enum batcher_end {
    END_NOT,
    END_ALONE, /* the server takes no batches: what is left is asked one by one */
    END_OVER,  /* what is left has `error` */
};

struct batcher {
    struct batcher *next; /* of the polling's */
    struct polling *polling;
    const struct batch *batch;
    const char *server;
    struct question **queue; /* to be asked now: from `head` to `tail`, in the order of places */
    size_t head, tail;
    struct question **later; /* whose next page is to be asked for once the queue is empty */
    size_t later_count;
    size_t naming; /* questions whose names are being asked for */
    struct flight flights[BATCH_WIDEST];
    size_t flight_count, landed;
    struct batch_size size;
    unsigned silent; /* rounds without any answer, in a row */
    unsigned alone;  /* questions that failed alone, in a row */
    bool busy;       /* a round is being judged */
    enum batcher_end end;
    struct error error;
};

/* Send what can be sent now: a round of batches. */
void batcher_send(struct batcher *b);

/* Nothing is under way and the queue may be empty: see what is next. */
void batcher_advance(struct batcher *b);

/* A page of the question was read, or it failed with q->error. */
void batcher_take(struct batcher *b, struct question *q);

#endif
