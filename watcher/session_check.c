/* Asking every upstream and deciding for every component, as all commands do that look. */
#include "watcher/advise.h"
#include "watcher/base/memory.h"
#include "watcher/choose.h"
#include "watcher/cooldown.h"
#include "watcher/looks.h"
#include "watcher/poll.h"
#include "watcher/session.h"
#include "watcher/streams.h"

#include <stdlib.h>
#include <string.h>

/* A recording is judged as of then. */
static int64_t now_of(const struct session *s)
{
    int64_t recorded = http_recorded_at(s->http);
    return recorded ? recorded : context_now(s->ctx);
}

static struct looks session_looks(const struct session *s)
{
    return (struct looks){.http = s->http, .root = s->root, .now = now_of(s)};
}

struct checking {
    struct session *session;
    bool keep_verdicts;
    struct results *answered; /* in the order of the answers */
    struct advice *advice;
    struct streams *streams;
};

/* What one component is decided by. */
struct deciding {
    const struct checking *checking;
    const struct component *component;
    struct cooling cooling;
    bool cools; /* there is a cooldown, and it is remembered */
};

static struct deciding deciding(const struct checking *k, const struct component *c)
{
    struct deciding d = {.checking = k, .component = c};
    d.cools = cooling_init(&d.cooling, k->session->http, c, now_of(k->session));
    return d;
}

static int64_t first_seen(void *arg, const struct candidate *candidate)
{
    const struct deciding *d = arg;
    return cooling_first_seen(&d->cooling, candidate);
}

static const char *lacks(void *arg, struct arena *a, struct slice version)
{
    const struct deciding *d = arg;
    return streams_lack(d->checking->streams, a, d->component, version);
}

static struct choosing choosing(struct deciding *d, struct arena *a)
{
    const struct checking *k = d->checking;
    return (struct choosing){
        .now = now_of(k->session),
        .hurry = advise_hurry(k->advice, a, d->component),
        .first_seen = d->cools ? first_seen : NULL,
        .lacks = lacks,
        .arg = d,
    };
}

static void take_verdicts(struct outcome *o, const struct choice *choice)
{
    o->verdict_count = choice->verdicts.count;
    o->verdicts = arena_array(&o->arena, o->verdict_count, sizeof *o->verdicts);
    struct candidate *copies = arena_array(&o->arena, o->verdict_count, sizeof *copies);
    for (size_t i = 0; i < o->verdict_count; i++) {
        const struct verdict *v = &choice->verdicts.items[i];
        struct candidate bare = *v->candidate;
        bare.notes = NULL; /* of thousands of releases, and never shown */
        copies[i] = candidate_copy(&o->arena, &bare);
        o->verdicts[i] = (struct verdict){.candidate = &copies[i],
                                          .version = arena_slice(&o->arena, v->version),
                                          .fate = v->fate,
                                          .detail = arena_copy(&o->arena, v->detail)};
    }
}

/* What is to be told beside the decision, once a component. */
static void take_words(struct outcome *o, const struct component *c, const struct choice *choice,
                       const char *note)
{
    for (size_t i = 0; i < c->warnings.count; i++)
        vec_push(&o->arena, &o->warnings, c->warnings.items[i]);
    for (size_t i = 0; i < choice->warnings.count; i++)
        vec_push(&o->arena, &o->warnings, arena_copy(&o->arena, choice->warnings.items[i]));
    if (note)
        vec_push(&o->arena, &o->notes, arena_copy(&o->arena, note));
    for (size_t i = 0; i < choice->notes.count; i++)
        vec_push(&o->arena, &o->notes, arena_copy(&o->arena, choice->notes.items[i]));
}

static void take_choice(struct checking *k, const struct component *c, const struct choice *choice,
                        const char *note)
{
    for (size_t i = 0; i < choice->count; i++) {
        struct outcome *o = results_add(k->answered, c);
        o->decision = decision_copy(&o->arena, &choice->decisions[i]);
        if (i > 0)
            continue;
        take_words(o, c, choice, note);
        if (k->keep_verdicts)
            take_verdicts(o, choice);
    }
}

static bool is_same(const struct decision *x, const struct decision *y)
{
    bool versions = x->version && y->version;
    return x->kind == y->kind && versions == (x->version || y->version) &&
           (!versions || strcmp(x->version, y->version) == 0);
}

static void decide(struct deciding *d, struct arena *a, const struct candidates *found,
                   const struct choosing *by, struct choice *out)
{
    choose(a, d->component, found->list.items, found->list.count, by, out);
    if (d->cools)
        cooling_note(&d->cooling, a, out);
}

/* Keep what would have been decided without haste, until it is known whether that fixes anything.
 */
static void take_patient(struct outcome *o, struct deciding *d, const struct candidates *found,
                         struct choosing by)
{
    struct choice choice;
    struct arena a = {0};
    by.hurry = NULL;
    decide(d, &a, found, &by, &choice);
    if (choice.count && !is_same(&choice.decisions[0], &o->decision)) {
        struct decision *patient = arena_new(&o->arena, struct decision);
        *patient = decision_copy(&o->arena, &choice.decisions[0]);
        o->patient = patient;
    }
    arena_free(&a);
}

static void answered(void *arg, struct component *c, const struct candidates *found,
                     const struct error *e)
{
    struct checking *k = arg;
    struct arena a = {0};
    struct choice choice;
    struct deciding d = deciding(k, c);
    struct choosing by = choosing(&d, &a);
    size_t row = k->answered->count;
    bool unanswered = c->disabled || error_is_set(&c->error) || error_is_set(e);
    if (unanswered)
        choose_without_answer(&a, c, e, &choice);
    else
        decide(&d, &a, found, &by, &choice);
    take_choice(k, c, &choice, found->note);
    if (!unanswered && by.hurry && c->minimum_age && choice.count)
        take_patient(k->answered->items[row], &d, found, by);
    arena_free(&a);
}

static bool is_enough(void *arg, const struct component *c, const struct candidates *found)
{
    const struct checking *k = arg;
    struct arena a = {0};
    struct deciding d = deciding(k, c);
    struct choosing by = choosing(&d, &a);
    bool settled = choose_is_settled(c, found->list.items, found->list.count, &by);
    arena_free(&a);
    return settled;
}

struct position {
    const struct component *component;
    size_t index;
};

static int by_component(const void *a, const void *b)
{
    const struct position *x = a, *y = b;
    return ((uintptr_t)x->component > (uintptr_t)y->component) -
           ((uintptr_t)x->component < (uintptr_t)y->component);
}

/* Put the rows, which came as upstreams answered, into the order of the files. */
static void sort_rows(const struct components *order, struct results *rows)
{
    size_t count = order->count;
    struct position *positions = memory_alloc(memory_product(count, sizeof *positions));
    for (size_t i = 0; i < count; i++)
        positions[i] = (struct position){order->items[i], i};
    if (count)
        qsort(positions, count, sizeof *positions, by_component);
    struct outcome **slots = memory_zalloc(memory_product(count * 2, sizeof(struct outcome *)));
    for (size_t i = 0; i < rows->count; i++) {
        struct position key = {rows->items[i]->component, 0};
        struct position *p = bsearch(&key, positions, count, sizeof key, by_component);
        size_t slot = p->index * 2;
        slots[slots[slot] ? slot + 1 : slot] = rows->items[i];
    }
    size_t kept = 0;
    for (size_t i = 0; i < count * 2; i++)
        if (slots[i])
            rows->items[kept++] = slots[i];
    free(slots);
    free(positions);
}

struct said {
    const char *note;
    size_t count;
};

/* What could not be seen of many components is told in one line. */
static void tell_notes(struct session *s, const struct results *r)
{
    VEC(struct said) all = {0};
    for (size_t i = 0; i < r->count; i++) {
        const char *note = r->items[i]->notes.count ? r->items[i]->notes.items[0] : NULL;
        size_t k = 0;
        while (note && k < all.count && strcmp(all.items[k].note, note) != 0)
            k++;
        if (note && k == all.count)
            vec_push(&s->arena, &all, ((struct said){note, 0}));
        if (note)
            all.items[k].count++;
    }
    for (size_t k = 0; k < all.count; k++)
        log_info(s->ctx, "%zu component%s: %s", all.items[k].count,
                 all.items[k].count == 1 ? "" : "s", all.items[k].note);
}

void session_check(struct session *s, bool keep_verdicts, struct results *out)
{
    struct checking k = {.session = s, .keep_verdicts = keep_verdicts, .answered = out};
    const struct components *found = &s->found.components;
    struct poll_options options = {.done = answered, .arg = &k};
    struct looks looks = session_looks(s);
    struct component **asked =
        memory_alloc(memory_product(found->count, sizeof(struct component *)));
    size_t count = looks_due(&looks, found, asked, out);
    k.advice = advise_ask(s->http, asked, count);
    k.streams = streams_ask(s->http, s->root, asked, count);
    options.enough = keep_verdicts ? NULL : is_enough; /* who wants verdicts wants all of them */
    poll_run(s->ctx, s->http, &options, asked, count);
    free(asked);
    sort_rows(found, out);
    streams_resolve(s->http, k.streams, out);
    streams_free(k.streams);
    advise_rows(s->http, k.advice, out);
    advise_free(k.advice);
    looks_note(&looks, out, false);
    tell_notes(s, out);
}

void session_proposed(struct session *s, const struct results *results)
{
    struct looks looks = session_looks(s);
    looks_note(&looks, results, true);
}
