#include "watcher/advisories.h"

#include "watcher/base/memory.h"
#include "watcher/base/names.h"

#include <stdlib.h>
#include <string.h>

/* A query that the server refuses makes it refuse all that are asked along: halves of the request
 * are asked then. Where so many are wrong, something else is. */
enum { MOST_SPLITS = 60 };

/* A query, and everybody who asks it. */
struct subject {
    const struct osv_query *query;
    struct osv_answer answer;
    unsigned pages;
};

struct asking {
    struct http *http;
    struct arena *a;
    struct subject **again; /* with a page left */
    size_t again_count;
    unsigned splits;
};

struct batch {
    struct asking *asking;
    struct subject **subjects;
    size_t count;
};

static void send_batch(struct asking *k, struct subject **subjects, size_t count);

static void fail_all(struct batch *b, const struct error *e)
{
    const char *why = arena_copy(b->asking->a, e->message);
    for (size_t i = 0; i < b->count; i++)
        b->subjects[i]->answer.unknown = why;
}

/* More of the same page for ever would be an endless run. */
static void turn_page(struct asking *k, struct subject *s, const char *before)
{
    const char *page = s->answer.page;
    if (!page)
        return;
    if (++s->pages >= OSV_PAGES || (before && strcmp(before, page) == 0))
        s->answer.unknown = OSV_SERVER " does not come to an end of pages";
    else
        k->again[k->again_count++] = s;
}

static void take_answers(struct batch *b, const struct response *r)
{
    struct asking *k = b->asking;
    struct error e = {0};
    struct osv_answer **answers = memory_alloc(memory_product(b->count, sizeof *answers));
    const char **before = memory_alloc(memory_product(b->count, sizeof *before));
    for (size_t i = 0; i < b->count; i++) {
        answers[i] = &b->subjects[i]->answer;
        before[i] = answers[i]->page;
    }
    if (osv_batch_parse(k->a, r->body, answers, b->count, &e)) {
        for (size_t i = 0; i < b->count; i++)
            turn_page(k, b->subjects[i], before[i]);
    } else {
        error_context(&e, OSV_SERVER);
        fail_all(b, &e);
    }
    free(before);
    free(answers);
}

/* One that is refused by itself is the only one to blame. */
static void split(struct batch *b, const struct response *r)
{
    struct asking *k = b->asking;
    struct error e = {0};
    bool refused = r->status == 400 || r->status == 413;
    if (refused && b->count > 1 && k->splits < MOST_SPLITS) {
        k->splits++;
        send_batch(k, b->subjects, b->count / 2);
        send_batch(k, b->subjects + b->count / 2, b->count - b->count / 2);
        return;
    }
    struct slice words = osv_complaint(k->a, r->body);
    error_set(&e, ERROR_UPSTREAM, OSV_SERVER " answered %d%s%.*s", r->status, words.len ? ": " : "",
              SLICE_ARG(words));
    fail_all(b, &e);
}

static void answered(void *arg, const struct response *r, const struct artefact_result *artefact,
                     const struct error *e)
{
    struct batch *b = arg;
    (void)artefact;
    if (error_is_set(e))
        fail_all(b, e);
    else if (r->status >= 200 && r->status <= 299)
        take_answers(b, r);
    else
        split(b, r);
    free(b);
}

static void send_batch(struct asking *k, struct subject **subjects, size_t count)
{
    struct arena a = {0};
    struct request request;
    struct batch *b = memory_zalloc(sizeof *b);
    const struct osv_query **queries = arena_array(&a, count, sizeof *queries);
    const char **pages = arena_array(&a, count, sizeof *pages);
    *b = (struct batch){k, subjects, count};
    for (size_t i = 0; i < count; i++) {
        queries[i] = subjects[i]->query;
        pages[i] = subjects[i]->answer.page;
    }
    osv_batch_request(&a, queries, pages, count, &request);
    http_submit(k->http, &request, answered, b);
    arena_free(&a);
}

/* All pages: a round for the first ones, one for what is left, and so on. */
static void ask_all(struct asking *k, struct subject **subjects, size_t count)
{
    struct subject **again = memory_alloc(memory_product(count, sizeof *again));
    while (count) {
        k->again = again;
        k->again_count = 0;
        for (size_t i = 0; i < count; i += OSV_QUERIES)
            send_batch(k, subjects + i, count - i < OSV_QUERIES ? count - i : OSV_QUERIES);
        http_run(k->http);
        memcpy(subjects, again, k->again_count * sizeof *again);
        count = k->again_count;
    }
    free(again);
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static void sort_ids(struct osv_answer *answer)
{
    size_t kept = 0;
    if (answer->ids.count)
        qsort(answer->ids.items, answer->ids.count, sizeof *answer->ids.items, by_text);
    for (size_t i = 0; i < answer->ids.count; i++)
        if (!kept || strcmp(answer->ids.items[kept - 1], answer->ids.items[i]) != 0)
            answer->ids.items[kept++] = answer->ids.items[i];
    answer->ids.count = kept;
}

/* The query's subject, made when nobody asked the same before; NULL when it asks nothing. */
static struct subject *subject_of(struct asking *k, struct names *known, const struct osv_query *q)
{
    const char *identity = osv_identity(k->a, q);
    if (!identity)
        return NULL;
    void **slot = names_slot(known, slice_of(identity));
    struct subject *s = *slot;
    if (!s) {
        *slot = s = arena_new(k->a, struct subject);
        s->query = q;
    }
    return s;
}

void advisories_ask(struct http *http, struct arena *a, const struct osv_query *queries,
                    struct osv_answer *answers, size_t count)
{
    struct asking k = {.http = http, .a = a};
    struct names known = {0};
    struct subject **of = memory_zalloc(memory_product(count, sizeof *of));
    struct subject **order = memory_zalloc(memory_product(count, sizeof *order));
    size_t asked = 0;
    for (size_t i = 0; i < count; i++) {
        size_t before = known.count;
        of[i] = subject_of(&k, &known, &queries[i]);
        if (known.count > before)
            order[asked++] = of[i];
        if (!of[i])
            answers[i].unknown = "there is nothing that OSV could be asked for";
    }
    ask_all(&k, order, asked);
    names_free(&known);
    for (size_t i = 0; i < count; i++) {
        if (!of[i])
            continue;
        sort_ids(&of[i]->answer);
        answers[i] = of[i]->answer;
    }
    free(order);
    free(of);
}

bool advisories_have(const struct osv_answer *answer, const char *id)
{
    return answer->ids.count && bsearch(&id, answer->ids.items, answer->ids.count,
                                        sizeof *answer->ids.items, by_text) != NULL;
}

struct describing {
    struct arena *a;
    struct advisory *advisory;
};

static void described(void *arg, const struct response *r, const struct artefact_result *artefact,
                      const struct error *e)
{
    struct describing *d = arg;
    struct error ignored = {0};
    (void)artefact;
    if (!error_is_set(e) && r->status >= 200 && r->status <= 299)
        osv_advisory_parse(d->a, d->advisory->id, r->body, d->advisory, &ignored);
    free(d);
}

void advisories_describe(struct http *http, struct arena *a, struct advisory *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena scratch = {0};
        struct request request;
        struct describing *d = memory_zalloc(sizeof *d);
        *d = (struct describing){a, &list[i]};
        list[i] = osv_advisory(a, list[i].id);
        osv_advisory_request(&scratch, list[i].id, &request);
        http_submit(http, &request, described, d);
        arena_free(&scratch);
    }
}
