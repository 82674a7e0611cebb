/* What the files of the polling stage share; nobody else includes this. */
#ifndef MWATCH_POLL_PARTS_H
#define MWATCH_POLL_PARTS_H

#include "watcher/poll.h"

struct batcher;

/* One upstream being asked, for one or many components or for a detail. */
struct question {
    struct polling *polling;
    struct spec spec;
    const char *identity;
    struct component **askers;
    size_t count, capacity;
    struct detail *detail; /* NULL = it is asked for the askers */
    struct arena arena;    /* candidates of the pages read so far */
    struct candidates found;
    struct page first, page; /* where it began, and where it is */
    const char *open;        /* the other way's first page, when it is asked in that way */
    bool tried_open;
    bool spared; /* the first page is asked for elsewhere, because of ... */
    struct error first_error;
    struct error error;

    struct batcher *batcher; /* NULL = it is asked by itself */
    size_t place;            /* among the batcher's questions */
    bool twin;               /* a batch asks the question before it for both */
    struct page rest;        /* the batch's page to go on with, while names are asked for */
    bool naming;             /* the names of what may be left are being asked for ... */
    bool named, nameless;    /* ... and are there; or cannot be had */
    bool partial;            /* names stand for the pages that could not be had */
};

struct polling {
    const struct context *ctx;
    struct http *http;
    const struct poll_options *options; /* NULL when details are asked for */
    struct arena arena;
    struct question **questions;
    size_t count;
    size_t answered;
};

/* Ask for the question's page. The answer leads to the next page, to question_named, or to
 * question_finish. */
void question_ask(struct question *q);

/* Hand over what was found, or the question's error. */
void question_finish(struct question *q);

/* Go on to q->found.next, unless upstream leads in circles: false with q->error. */
bool question_turn_page(struct question *q);

/* Let the askers of the second have the answer to the first; the second is gone. */
void question_join(struct question *into, struct question *q);

/* ---- batches (poll_batch.c, poll_round.c) ---- */

/* Gather the questions that can be asked in batches, and begin. They have a batcher then; all
 * others are left to be asked one by one. */
void batches_start(struct polling *p);

/* The names of what may be left have been asked for: q->error when they cannot be had. */
void question_named(struct question *q);

/* ---- what is only a tag (poll_tags.c) ---- */

/* Give the commit of each CANDIDATE_TAG to the release of that name, and take out the tags that
 * have one; with `all`, every tag is taken out. */
void tags_settle(struct candidates *found, bool all);

#endif
