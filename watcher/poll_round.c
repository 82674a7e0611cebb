/* A round of batches: sent together, judged together. */
#include "watcher/poll_batch.h"

#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>

/* So many in a row, and it is not the questions' fault. */
enum { SILENT_MOST = 3, ALONE_MOST = 3 };

static void fill(struct flight *f, struct question **questions, size_t count)
{
    f->questions = questions;
    f->count = count;
    f->items = memory_zalloc(memory_product(count, sizeof *f->items));
    for (size_t i = 0; i < count; i++) {
        struct question *q = questions[i];
        q->found.more = false;
        q->found.next = (struct page){0};
        f->items[i] = (struct batch_item){
            .spec = &q->spec, .page = q->page, .arena = &q->arena, .found = &q->found};
    }
}

static void judge_round(struct batcher *b);

static void landed(void *arg, const struct response *response,
                   const struct artefact_result *artefact, const struct error *e)
{
    struct flight *f = arg;
    struct arena a = {0};
    (void)artefact;
    if (error_is_set(e)) {
        f->error = *e;
        f->silent = e->code != ERROR_REFUSED; /* refused: too large, which fewer may mend */
        f->verdict = BATCH_TOO_MUCH;
    } else {
        f->verdict = f->batcher->batch->parse(f->items, f->count, response, &a, &f->error);
    }
    arena_free(&a);
    if (++f->batcher->landed == f->batcher->flight_count)
        judge_round(f->batcher);
}

void batcher_send(struct batcher *b)
{
    b->flight_count = b->landed = 0;
    for (size_t i = 0; i < batch_size_width(&b->size) && b->head < b->tail; i++) {
        struct flight *f = &b->flights[b->flight_count++];
        size_t left = b->tail - b->head, count = left < b->size.now ? left : b->size.now;
        *f = (struct flight){.batcher = b};
        fill(f, b->queue + b->head, count);
        b->head += count;
    }
    for (size_t i = 0; i < b->flight_count; i++) {
        struct flight *f = &b->flights[i];
        struct arena a = {0};
        struct request request = {0};
        b->batch->request(f->items, f->count, &a, &request);
        http_submit(b->polling->http, &request, landed, f);
        arena_free(&a);
    }
}

/* A question that the server cannot answer even alone. */
static void fail_alone(struct batcher *b, struct question *q, const struct error *e)
{
    error_set(&q->error, ERROR_UPSTREAM, "%s: could not be answered even alone: %s",
              q->spec.values[0], error_is_set(e) ? e->message : "the server gave up on it");
    if (++b->alone >= ALONE_MOST && b->end == END_NOT) {
        b->end = END_OVER;
        b->error = q->error;
    }
    batch_size_alone(&b->size);
    batcher_take(b, q);
}

/* Read the items' fates. True when all were answered; those that were not are moved to *again. */
static bool read_items(struct batcher *b, struct flight *f, struct question **again, size_t *count)
{
    size_t before = *count;
    for (size_t i = 0; i < f->count; i++) {
        struct question *q = f->questions[i];
        if (f->items[i].unanswered) {
            again[(*count)++] = q;
            continue;
        }
        b->alone = 0;
        q->error = f->items[i].error;
        batcher_take(b, q);
    }
    return *count == before;
}

static void judge_verdict(struct batcher *b, const struct flight *f)
{
    if (f->verdict == BATCH_READ || f->verdict == BATCH_TOO_MUCH || b->end != END_NOT)
        return;
    b->end = f->verdict == BATCH_OVER ? END_OVER : END_ALONE;
    b->error = f->error;
    if (b->end == END_ALONE)
        log_info(b->polling->ctx, "%s takes no batches (%s): asking one by one", b->server,
                 f->error.message);
}

/* Judge one batch: what it leaves unanswered is moved to *again. True when it was too much. */
static bool judge_flight(struct batcher *b, struct flight *f, struct question **again,
                         size_t *count)
{
    size_t before = *count;
    judge_verdict(b, f);
    if (f->verdict == BATCH_READ && read_items(b, f, again, count))
        return false;
    if (f->verdict != BATCH_READ)
        for (size_t i = 0; i < f->count; i++)
            again[(*count)++] = f->questions[i];
    bool failed = f->verdict == BATCH_READ || f->verdict == BATCH_TOO_MUCH;
    if (!failed || f->silent || f->count > 1)
        return failed;
    *count = before;
    fail_alone(b, f->questions[0], &f->error);
    return false;
}

static void judge_silence(struct batcher *b)
{
    bool silent = true;
    for (size_t i = 0; i < b->flight_count; i++)
        silent = silent && b->flights[i].silent;
    b->silent = silent ? b->silent + 1 : 0;
    if (b->silent < SILENT_MOST || b->end != END_NOT)
        return;
    b->end = END_OVER;
    b->error = b->flights[0].error;
}

/* Put what is to be asked again before the rest of the queue, where it was. */
static void put_back(struct batcher *b, struct question *const *again, size_t count)
{
    b->head -= count;
    for (size_t i = 0; i < count; i++)
        b->queue[b->head + i] = again[i];
}

static void judge_round(struct batcher *b)
{
    size_t asked = 0, too_much = 0, count = 0;
    struct question **again = memory_alloc(memory_product(b->tail, sizeof *again));
    bool sized = false;
    b->busy = true;
    judge_silence(b);
    for (size_t i = 0; i < b->flight_count; i++) {
        struct flight *f = &b->flights[i];
        bool alone = f->count == 1 && f->verdict != BATCH_READ;
        asked = f->count > asked ? f->count : asked;
        if (judge_flight(b, f, again, &count) && !too_much)
            too_much = f->count;
        sized = sized || !alone;
        free(f->items);
    }
    put_back(b, again, count);
    free(again);
    if (too_much > 1)
        batch_size_failed(&b->size, too_much);
    else if (sized)
        batch_size_worked(&b->size, asked);
    b->flight_count = 0;
    b->busy = false;
    batcher_advance(b);
}
