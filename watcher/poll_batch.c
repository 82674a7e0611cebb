/* Asking in batches: which questions, in which order, and for which of their pages. */
#include "watcher/poll_batch.h"

#include <stdlib.h>
#include <string.h>

enum { WORTH_A_BATCH = 2 }; /* questions; one is asked by itself, in full */

/* ---- the pages of a question ---- */

static bool is_enough(const struct question *q)
{
    const struct poll_options *o = q->polling->options;
    for (size_t i = 0; i < q->count; i++)
        if (!o->enough(o->arg, q->askers[i], &q->found))
            return false;
    return true;
}

static void ask_names(struct batcher *b, struct question *q)
{
    b->naming++;
    q->naming = true;
    q->rest = q->page;
    q->page.cursor = b->batch->names;
    question_ask(q);
}

/* There are more pages. Asking for them is worth it only when something on them can matter. */
static void weigh_rest(struct batcher *b, struct question *q)
{
    const struct poll_options *o = q->polling->options;
    if (!q->named && !q->nameless && o && o->enough && b->batch->names) {
        ask_names(b, q);
        return;
    }
    if (q->named)
        tags_settle(&q->found, false);
    if (q->named && is_enough(q))
        question_finish(q);
    else
        b->later[b->later_count++] = q;
}

/* The pages left cannot be had (GitHub lists no more than so many releases), but their names are
 * known: they do for what they are. */
static void make_do(struct question *q)
{
    size_t listed = 0;
    for (size_t i = 0; i < q->found.list.count; i++)
        listed += !(q->found.list.items[i].flags & CANDIDATE_TAG);
    q->found.note = arena_printf(
        &q->arena, "only the newest %zu releases could be listed, older ones are seen as tags: %s",
        listed, q->error.message);
    q->partial = true;
    error_clear(&q->error);
}

void batcher_take(struct batcher *b, struct question *q)
{
    bool more = !error_is_set(&q->error) && q->found.more && question_turn_page(q);
    if (error_is_set(&q->error) && q->named)
        make_do(q);
    if (more)
        weigh_rest(b, q);
    else
        question_finish(q);
}

static void forget_tags(struct question *q)
{
    tags_settle(&q->found, true);
    error_clear(&q->error);
}

void question_named(struct question *q)
{
    struct batcher *b = q->batcher;
    q->naming = false;
    q->named = !error_is_set(&q->error);
    q->nameless = !q->named;
    q->page.cursor = q->rest.cursor;
    if (q->nameless)
        forget_tags(q);
    b->naming--;
    weigh_rest(b, q);
    batcher_advance(b);
}

/* ---- one round after the other ---- */

static int by_place(const void *a, const void *b)
{
    const struct question *const *x = a, *const *y = b;
    return ((*x)->place > (*y)->place) - ((*x)->place < (*y)->place);
}

/* The queue is empty: go on with the next pages. */
static void next_pages(struct batcher *b)
{
    if (b->later_count)
        qsort(b->later, b->later_count, sizeof *b->later, by_place);
    for (size_t i = 0; i < b->later_count; i++)
        b->queue[i] = b->later[i];
    b->head = 0;
    b->tail = b->later_count;
    b->later_count = 0;
}

static void ask_alone(struct question *q)
{
    q->batcher = NULL;
    q->found = (struct candidates){0};
    q->page = q->first;
    question_ask(q);
}

static void give_up(struct batcher *b, struct question *q)
{
    if (b->end == END_ALONE) {
        ask_alone(q);
        return;
    }
    q->error = b->error;
    question_finish(q);
}

/* Those that are being asked for names come here when these are known. */
static void drain(struct batcher *b)
{
    while (b->head < b->tail)
        give_up(b, b->queue[b->head++]);
    while (b->later_count)
        give_up(b, b->later[--b->later_count]);
}

void batcher_advance(struct batcher *b)
{
    if (b->busy || b->flight_count)
        return;
    if (b->end != END_NOT) {
        drain(b);
        return;
    }
    if (b->head == b->tail && !b->naming)
        next_pages(b);
    if (b->head < b->tail)
        batcher_send(b);
}

/* ---- gathering ---- */

static struct batcher *find_batcher(struct polling *p, struct batcher **all,
                                    const struct batch *batch, const char *server)
{
    for (struct batcher *b = *all; b; b = b->next)
        if (b->batch == batch && strcmp(b->server, server) == 0)
            return b;
    struct batcher *b = arena_new(&p->arena, struct batcher);
    *b = (struct batcher){.next = *all, .polling = p, .batch = batch, .server = server};
    b->queue = arena_array(&p->arena, p->count, sizeof *b->queue);
    b->later = arena_array(&p->arena, p->count, sizeof *b->later);
    batch_size_init(&b->size, batch->start, batch->most);
    return *all = b;
}

/* The same but for the hint which tags are wanted, which a batch makes nothing of. */
static bool is_same(const struct question *a, const struct question *b)
{
    struct arena arena = {0};
    struct spec x = a->spec, y = b->spec;
    x.prefix = y.prefix = NULL;
    bool same = strcmp(spec_identity(&arena, &x), spec_identity(&arena, &y)) == 0;
    arena_free(&arena);
    return same;
}

static void gather(struct polling *p, struct batcher **all)
{
    const struct question *last = NULL;
    for (size_t i = 0; i < p->count; i++) {
        struct question *q = p->questions[i];
        const struct batch *batch = q->spec.source->batch;
        const char *server = batch ? batch->server(&q->spec, &p->arena) : NULL;
        if (!server)
            continue;
        if (last && !q->detail && is_same(last, q)) {
            q->twin = true;
            continue;
        }
        struct batcher *b = find_batcher(p, all, batch, server);
        q->batcher = b;
        q->place = b->tail;
        b->queue[b->tail++] = q;
        last = q;
    }
}

static void dissolve(struct batcher *b)
{
    for (size_t i = 0; i < b->tail; i++)
        b->queue[i]->batcher = NULL;
    b->tail = 0;
}

/* Would its first batch be answered? */
static bool is_granted(const struct batcher *b)
{
    struct arena a = {0};
    struct request request = {0};
    size_t count = b->tail < b->size.now ? b->tail : b->size.now;
    struct batch_item *items = arena_array(&a, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct batch_item){.spec = &b->queue[i]->spec, .page = b->queue[i]->page};
    b->batch->request(items, count, &a, &request);
    bool granted = http_grants(b->polling->http, &request);
    arena_free(&a);
    return granted;
}

/* A twin stands behind the question that is asked for both. */
static void join_twins(struct polling *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct question *q = p->questions[i];
        struct question *before = kept ? p->questions[kept - 1] : NULL;
        if (q->twin && before->batcher) {
            question_join(before, q);
            continue;
        }
        p->questions[kept++] = q;
        if (q->batcher)
            q->spec.prefix = NULL;
    }
    p->count = kept;
}

void batches_start(struct polling *p)
{
    struct batcher *all = NULL;
    gather(p, &all);
    for (struct batcher *b = all; b; b = b->next)
        if (b->tail < WORTH_A_BATCH || !is_granted(b))
            dissolve(b);
    join_twins(p);
    for (struct batcher *b = all; b; b = b->next)
        batcher_advance(b);
}
