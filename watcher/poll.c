#include "watcher/poll_parts.h"

#include "git/local_refs.h"
#include "watcher/base/buf.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"
#include "watcher/decision.h"

#include <stdlib.h>
#include <string.h>

static void take_detail(struct question *q)
{
    struct detail *d = q->detail;
    if (error_is_set(&q->error) || q->found.list.count == 0) {
        d->error = q->error;
        return;
    }
    struct candidate full = candidate_copy(d->arena, &q->found.list.items[0]);
    struct candidate *c = d->candidate;
    c->notes = full.notes;
    c->assets = full.assets;
    c->asset_count = full.asset_count;
    c->commit = full.commit ? full.commit : c->commit;
    c->flags &= ~(unsigned)CANDIDATE_BRIEF;
}

void question_finish(struct question *q)
{
    struct polling *p = q->polling;
    if (q->naming) {
        question_named(q);
        return;
    }
    tags_settle(&q->found, q->found.complete || (q->batcher && !q->partial));
    for (size_t i = 0; i < q->count; i++)
        p->options->done(p->options->arg, q->askers[i], &q->found, &q->error);
    if (q->detail)
        take_detail(q);
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
    if (q->spec.source->parse(&q->spec, &q->page, r, &q->arena, &q->found, &q->error))
        return;
    struct buf url = {0};
    url_add_public(&url, slice_of(r->url));
    error_context(&q->error, "%s", buf_text(&url));
    buf_free(&url);
}

bool question_turn_page(struct question *q)
{
    struct page last = q->page;
    q->page = q->found.next;
    q->page.number = last.number + 1;
    if (q->page.number >= PAGE_LIMIT)
        return error_set(&q->error, ERROR_UPSTREAM, "%s: more than %d pages of releases",
                         q->spec.source->name, PAGE_LIMIT);
    if (last.cursor && q->page.cursor && strcmp(last.cursor, q->page.cursor) == 0)
        return error_set(&q->error, ERROR_UPSTREAM, "%s: page %u leads to itself",
                         q->spec.source->name, last.number + 1);
    return true;
}

/* The way for when there is no credential is closed: the one that wants it may still answer. */
static bool go_round(struct question *q, const struct response *r)
{
    bool closed = r->status >= 400 && r->status <= 499 && r->status != 408 && r->status != 429;
    if (!q->open || q->page.number > 0 || !closed)
        return false;
    q->open = NULL;
    q->page = q->first;
    return true;
}

/* The first page is not to be had where it should be; the source may know another place. */
static bool go_elsewhere(struct question *q)
{
    const struct source *source = q->spec.source;
    const char *cursor = source->spare ? source->spare(&q->spec) : NULL;
    bool had = !error_is_set(&q->error) && q->found.list.count > 0;
    if (had || q->spared || q->page.number > 0 || !cursor)
        return false;
    if (!error_is_set(&q->error))
        error_set(&q->error, ERROR_UPSTREAM, "%s lists nothing", source->name);
    log_info(q->polling->ctx, "%s; asking %s instead", q->error.message, cursor);
    q->spared = true;
    q->first_error = q->error;
    error_clear(&q->error);
    q->found.list.count = 0;
    q->found.more = false;
    q->page = (struct page){.cursor = cursor};
    return true;
}

/* Neither place answered: what the first one said is not lost. */
static void tell_both(struct question *q)
{
    if (q->spared && error_is_set(&q->error))
        error_context(&q->error, "%s; instead of it", q->first_error.message);
}

static void answered(void *arg, const struct response *response,
                     const struct artefact_result *artefact, const struct error *e)
{
    struct question *q = arg;
    bool again = false;
    (void)artefact;
    if (error_is_set(e))
        q->error = *e;
    else if (response->status >= 200 && response->status <= 299)
        read_page(q, response);
    else if (!(again = go_round(q, response)))
        refuse_status(q, response);
    again = again || go_elsewhere(q);
    tell_both(q);
    if (!error_is_set(&q->error) && (again || (q->found.more && question_turn_page(q))))
        question_ask(q);
    else
        question_finish(q);
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
    question_finish(q);
}

static bool is_local_git(const struct question *q, const struct request *request)
{
    return strcmp(q->spec.source->name, "git") == 0 &&
           slice_starts(slice_of(request->url), SLICE("file://"));
}

/* Build the request for the page; for the first one, without the credential it names, in the other
 * way that the source has then. */
static bool build(struct question *q, struct arena *a, struct request *out)
{
    const struct source *source = q->spec.source;
    if (!source->request(&q->spec, &q->page, a, out, &q->error))
        return false;
    bool first = !q->page.cursor && out->credential && source->open && !q->tried_open;
    if (!first || http_grants(q->polling->http, out))
        return true;
    q->tried_open = true;
    q->open = source->open(&q->spec);
    if (!q->open)
        return true;
    q->page.cursor = q->open;
    *out = (struct request){0};
    return source->request(&q->spec, &q->page, a, out, &q->error);
}

void question_ask(struct question *q)
{
    struct arena a = {0};
    struct request request = {0};
    if (!build(q, &a, &request))
        question_finish(q);
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

static struct question *question_new(struct polling *p, const struct spec *spec)
{
    struct question *q = memory_zalloc(sizeof *q);
    q->polling = p;
    q->spec = *spec;
    p->questions[p->count++] = q;
    return q;
}

static void add_asker(struct question *q, struct component *c)
{
    if (q->count == q->capacity) {
        q->capacity = q->capacity ? memory_product(q->capacity, 2) : 1;
        q->askers =
            memory_resize(q->askers, memory_product(q->capacity, sizeof(struct component *)));
    }
    q->askers[q->count++] = c;
}

static void question_free(struct question *q)
{
    arena_free(&q->arena);
    free(q->askers);
    free(q);
}

void question_join(struct question *into, struct question *q)
{
    for (size_t i = 0; i < q->count; i++)
        add_asker(into, q->askers[i]);
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
            question_join(p->questions[kept - 1], q);
        else
            p->questions[kept++] = q;
    }
    p->count = kept;
}

static void polling_init(struct polling *p, size_t count)
{
    p->questions = memory_alloc(memory_product(count, sizeof(struct question *)));
}

static void ask_all(struct polling *p)
{
    batches_start(p);
    for (size_t i = 0; i < p->count; i++)
        if (!p->questions[i]->batcher)
            question_ask(p->questions[i]);
    http_run(p->http);
    log_progress(p->ctx, "%s", "");
    for (size_t i = 0; i < p->count; i++)
        question_free(p->questions[i]);
    free(p->questions);
    arena_free(&p->arena);
}

void poll_run(const struct context *ctx, struct http *http, const struct poll_options *options,
              struct component *const *components, size_t count)
{
    struct polling p = {.ctx = ctx, .http = http, .options = options};
    struct candidates nothing = {0};
    struct error none = {0};
    polling_init(&p, count);
    for (size_t i = 0; i < count; i++) {
        struct component *c = components[i];
        if (c->disabled || error_is_set(&c->error)) {
            options->done(options->arg, c, &nothing, &none);
            continue;
        }
        struct question *q = question_new(&p, &c->spec);
        q->identity = spec_identity(&p.arena, &c->spec);
        add_asker(q, c);
    }
    merge_questions(&p);
    ask_all(&p);
}

void poll_details(const struct context *ctx, struct http *http, struct detail *details,
                  size_t count)
{
    struct polling p = {.ctx = ctx, .http = http};
    polling_init(&p, count);
    for (size_t i = 0; i < count; i++) {
        struct detail *d = &details[i];
        struct question *q = question_new(&p, d->spec);
        const char *cursor = d->spec->source->batch->one(&p.arena, d->candidate->raw);
        q->first = q->page = (struct page){.cursor = cursor};
        q->detail = d;
    }
    ask_all(&p);
}
