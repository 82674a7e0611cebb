#include "watcher/poll.h"

#include "git/local_refs.h"
#include "watcher/base/buf.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"

#include <stdlib.h>
#include <string.h>

/* One upstream being asked, for one or many components. */
struct question {
    struct polling *polling;
    const struct spec *spec;
    const char *identity;
    struct component **askers;
    size_t count, capacity;
    struct arena arena; /* candidates of the pages read so far */
    struct candidates found;
    struct page page;
    struct error error;
};

struct polling {
    const struct context *ctx;
    struct http *http;
    struct arena arena;
    struct question **questions;
    size_t count;
    size_t answered;
    poll_done *done;
    void *arg;
};

static void ask(struct question *q);

static void finish(struct question *q)
{
    struct polling *p = q->polling;
    for (size_t i = 0; i < q->count; i++)
        p->done(p->arg, q->askers[i], q->found.list.items, q->found.list.count, &q->error);
    arena_free(&q->arena);
    p->answered++;
    log_progress(p->ctx, "asked %zu of %zu upstreams", p->answered, p->count);
}

/* A status that is no answer, as something a maintainer can act on. */
static void refuse_status(struct question *q, const struct response *r)
{
    struct buf url = {0};
    url_add_public(&url, slice_of(r->url));
    const char *hint = "try again later";
    if (r->status == 404 || r->status == 410)
        hint = "has it moved, or is its name spelt wrong?";
    else if (r->status == 401 || r->status == 403)
        hint = "it wants a token, or this token may not read it";
    else if (r->status >= 300 && r->status < 500)
        hint = "is the address right?";
    error_set(&q->error, ERROR_UPSTREAM, "%s answered %d: %s", buf_text(&url), r->status, hint);
    buf_free(&url);
}

static void read_page(struct question *q, const struct response *r)
{
    q->found.more = false;
    q->found.next = (struct page){0};
    if (q->spec->source->parse(q->spec, &q->page, r, &q->arena, &q->found, &q->error))
        return;
    struct buf url = {0};
    url_add_public(&url, slice_of(r->url));
    error_context(&q->error, "%s", buf_text(&url));
    buf_free(&url);
}

/* Go on to the next page, unless upstream leads in circles. */
static bool turn_page(struct question *q)
{
    struct page last = q->page;
    q->page = q->found.next;
    q->page.number = last.number + 1;
    if (q->page.number >= PAGE_LIMIT)
        return error_set(&q->error, ERROR_UPSTREAM, "%s: more than %d pages of releases",
                         q->spec->source->name, PAGE_LIMIT);
    if (last.cursor && q->page.cursor && strcmp(last.cursor, q->page.cursor) == 0)
        return error_set(&q->error, ERROR_UPSTREAM, "%s: page %u leads to itself",
                         q->spec->source->name, last.number + 1);
    return true;
}

static void answered(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct question *q = arg;
    (void)artefact;
    if (error_is_set(e))
        q->error = *e;
    else if (response->status < 200 || response->status > 299)
        refuse_status(q, response);
    else
        read_page(q, response);
    if (!error_is_set(&q->error) && q->found.more && turn_page(q))
        ask(q);
    else
        finish(q);
}

/* A repository on this disk speaks no HTTP; libgit2 reads it and answers in the same words. */
static void ask_local(struct question *q, const struct request *request)
{
    struct buf folder = {0}, body = {0};
    if (!git_local_path(slice_of(request->url), &folder)) {
        error_set(&q->error, ERROR_USAGE, "%s: not the address of a repository", request->url);
    } else if (git_local_refs(buf_text(&folder), &body, &q->error)) {
        struct response r = {.status = 200, .url = request->url, .body = buf_slice(&body)};
        read_page(q, &r);
    }
    buf_free(&folder);
    buf_free(&body);
    finish(q);
}

static bool is_local_git(const struct question *q, const struct request *request)
{
    return strcmp(q->spec->source->name, "git") == 0 &&
           slice_starts(slice_of(request->url), SLICE("file://"));
}

static void ask(struct question *q)
{
    struct arena a = {0};
    struct request request = {0};
    if (!q->spec->source->request(q->spec, &q->page, &a, &request, &q->error))
        finish(q);
    else if (is_local_git(q, &request))
        ask_local(q, &request);
    else
        http_submit(q->polling->http, &request, answered, q);
    arena_free(&a);
}

static int by_identity(const void *a, const void *b)
{
    const struct question *const *x = a, *const *y = b;
    return strcmp((*x)->identity, (*y)->identity);
}

static struct question *question_new(struct polling *p, struct component *c)
{
    struct question *q = memory_zalloc(sizeof *q);
    q->polling = p;
    q->spec = &c->spec;
    q->identity = spec_identity(&p->arena, &c->spec);
    q->askers = memory_alloc(sizeof(struct component *));
    q->askers[0] = c;
    q->count = q->capacity = 1;
    return q;
}

static void question_free(struct question *q)
{
    arena_free(&q->arena);
    free(q->askers);
    free(q);
}

static void join(struct question *into, struct question *q)
{
    if (into->count == into->capacity) {
        into->capacity *= 2;
        into->askers =
            memory_resize(into->askers, memory_product(into->capacity, sizeof(struct component *)));
    }
    into->askers[into->count++] = q->askers[0];
    question_free(q);
}

/* Sort equal questions together and keep one of each. */
static void merge_questions(struct polling *p)
{
    size_t kept = 0;
    if (p->count)
        qsort(p->questions, p->count, sizeof *p->questions, by_identity);
    for (size_t i = 0; i < p->count; i++) {
        struct question *q = p->questions[i];
        if (kept && strcmp(p->questions[kept - 1]->identity, q->identity) == 0)
            join(p->questions[kept - 1], q);
        else
            p->questions[kept++] = q;
    }
    p->count = kept;
}

void poll_run(const struct context *ctx, struct http *http, struct component *const *components,
              size_t count, poll_done *done, void *arg)
{
    struct polling p = {.ctx = ctx, .http = http, .done = done, .arg = arg};
    struct error none = {0};
    p.questions = memory_alloc(memory_product(count, sizeof(struct question *)));
    for (size_t i = 0; i < count; i++) {
        struct component *c = components[i];
        if (c->disabled || error_is_set(&c->error))
            done(arg, c, NULL, 0, &none);
        else
            p.questions[p.count++] = question_new(&p, c);
    }
    merge_questions(&p);
    for (size_t i = 0; i < p.count; i++)
        ask(p.questions[i]);
    http_run(http);
    log_progress(ctx, "%s", "");
    for (size_t i = 0; i < p.count; i++)
        question_free(p.questions[i]);
    free(p.questions);
    arena_free(&p.arena);
}
