#include "watcher/advise.h"

#include "watcher/advisories.h"
#include "watcher/base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Details are asked for so many advisories of a row; the others are told by their ids. */
enum { MOST_DESCRIBED = 20 };

struct about {
    const struct component *component;
    struct osv_answer answer;
    struct osv_answer *bumped; /* about each of component->bumped */
};

struct advice {
    struct arena arena;
    struct about *items; /* by component */
    size_t count;
};

static int by_component(const void *a, const void *b)
{
    const struct about *x = a, *y = b;
    return ((uintptr_t)x->component > (uintptr_t)y->component) -
           ((uintptr_t)x->component < (uintptr_t)y->component);
}

static bool is_asked(const struct component *c)
{
    return c->advisories && c->current && !c->disabled && !error_is_set(&c->error);
}

/* A component's version, and then what it bumps, one after the other. */
static void ask_all(struct http *http, struct advice *advice)
{
    struct arena scratch = {0};
    VEC(struct osv_query) queries = {0};
    for (size_t i = 0; i < advice->count; i++) {
        const struct component *c = advice->items[i].component;
        vec_push(&scratch, &queries, advise_query(&scratch, c, c->current, c->commit));
        for (size_t k = 0; k < c->bumped.count; k++)
            vec_push(&scratch, &queries, advise_module(&scratch, c->bumped.items[k]));
    }
    struct osv_answer *next = arena_array(&advice->arena, queries.count, sizeof *next);
    advisories_ask(http, &advice->arena, queries.items, next, queries.count);
    for (size_t i = 0; i < advice->count; i++) {
        struct about *about = &advice->items[i];
        about->answer = *next++;
        about->bumped = next;
        next += about->component->bumped.count;
    }
    arena_free(&scratch);
}

struct advice *advise_ask(struct http *http, struct component *const *components, size_t count)
{
    struct advice *advice = memory_zalloc(sizeof *advice);
    struct arena *a = &advice->arena;
    advice->items = arena_array(a, count, sizeof *advice->items);
    for (size_t i = 0; i < count; i++)
        if (is_asked(components[i]))
            advice->items[advice->count++].component = components[i];
    if (advice->count)
        qsort(advice->items, advice->count, sizeof *advice->items, by_component);
    ask_all(http, advice);
    return advice;
}

void advise_free(struct advice *advice)
{
    arena_free(&advice->arena);
    free(advice);
}

static const struct about *find(const struct advice *advice, const struct component *c)
{
    struct about key = {.component = c};
    if (!advice->count)
        return NULL;
    return bsearch(&key, advice->items, advice->count, sizeof key, by_component);
}

static const struct osv_answer *answer_about(const struct advice *advice, const struct component *c)
{
    const struct about *found = find(advice, c);
    return found ? &found->answer : NULL;
}

static const char *listed(struct arena *a, const char *const *ids, size_t count)
{
    return count == 1 ? arena_printf(a, "%s is", ids[0])
                      : arena_printf(a, "%s and %zu more are", ids[0], count - 1);
}

const char *advise_hurry(const struct advice *advice, struct arena *a, const struct component *c)
{
    const struct osv_answer *answer = answer_about(advice, c);
    if (!answer || !answer->ids.count)
        return NULL;
    return arena_printf(a, "%s known against %s", listed(a, answer->ids.items, answer->ids.count),
                        c->current);
}

/* ---- the rows ---- */

/* A version that a row may move to. */
struct move {
    struct outcome *o;
    const struct decision *decision;
    const struct osv_answer *current;
    struct osv_answer answer;
};

struct moves {
    struct arena arena;
    VEC(struct move) list;
};

static void note(struct outcome *o, const char *text)
{
    vec_push(&o->arena, &o->notes, text);
}

static void add_move(struct moves *m, struct outcome *o, const struct decision *d,
                     const struct osv_answer *current)
{
    if (!decision_proposes(d) || d->kind == DECISION_RETAGGED)
        return;
    struct move move = {.o = o, .decision = d, .current = current};
    vec_push(&m->arena, &m->list, move);
}

/* What is known against the pinned version goes into the row, and its moves are noted. */
static void take_current(struct moves *m, struct outcome *o, const struct osv_answer *answer,
                         bool first)
{
    if (!answer)
        return;
    if (answer->unknown) {
        if (first)
            note(o,
                 arena_printf(&o->arena, "what is known against the pinned version is unknown: %s",
                              answer->unknown));
        return;
    }
    o->advised.asked = true;
    for (size_t i = 0; i < answer->ids.count; i++)
        vec_push(&o->arena, &o->advised.current, arena_copy(&o->arena, answer->ids.items[i]));
    if (answer->ids.count == 0)
        return;
    add_move(m, o, &o->decision, answer);
    if (o->patient)
        add_move(m, o, o->patient, answer);
}

/* What a person can mend at once, by a newer version in the step. */
static void take_bumped(struct outcome *o, const struct about *about)
{
    struct arena *a = &o->arena;
    const char *unknown = NULL;
    for (size_t i = 0; about && i < about->component->bumped.count; i++) {
        const struct osv_answer *answer = &about->bumped[i];
        unknown = answer->unknown;
        if (answer->ids.count)
            vec_push(a, &o->warnings,
                     arena_printf(a, "%s known against %s, which a go/bump step asks for",
                                  listed(a, answer->ids.items, answer->ids.count),
                                  about->component->bumped.items[i]));
    }
    if (unknown)
        note(o, arena_printf(a, "what is known against what go/bump asks for is unknown: %s",
                             unknown));
}

static void ask_moves(struct http *http, struct moves *m)
{
    struct arena *a = &m->arena;
    size_t count = m->list.count;
    struct osv_query *queries = arena_array(a, count, sizeof *queries);
    struct osv_answer *answers = arena_array(a, count, sizeof *answers);
    for (size_t i = 0; i < count; i++) {
        const struct decision *d = m->list.items[i].decision;
        queries[i] =
            advise_query(a, m->list.items[i].o->component, d->version, d->candidate.commit);
    }
    advisories_ask(http, a, queries, answers, count);
    for (size_t i = 0; i < count; i++)
        m->list.items[i].answer = answers[i];
}

static bool fixes(const struct move *m)
{
    for (size_t i = 0; i < m->current->ids.count; i++)
        if (!advisories_have(&m->answer, m->current->ids.items[i]))
            return true;
    return false;
}

/* A move in haste that fixes nothing is not made; the row waits as it would have. */
static void take_patience(struct move *m)
{
    struct outcome *o = m->o;
    if (!o->patient || m->decision != &o->decision || m->answer.unknown || fixes(m))
        return;
    o->decision = *o->patient;
    o->decision.reason =
        arena_printf(&o->arena, "%s; the newer version fixes nothing of what is known against %s",
                     o->patient->reason, o->component->current);
    m->decision = NULL;
}

static void take_fixed(struct move *m)
{
    struct outcome *o = m->o;
    struct advised *advised = &o->advised;
    if (m->answer.unknown) {
        note(o, arena_printf(&o->arena, "whether %s fixes what is known against %s is unknown: %s",
                             m->decision->version, o->component->current, m->answer.unknown));
        return;
    }
    advised->compared = true;
    for (size_t i = 0; i < m->current->ids.count; i++) {
        const char *id = m->current->ids.items[i];
        if (advisories_have(&m->answer, id))
            advised->left++;
        else
            vec_push(&o->arena, &advised->fixed,
                     osv_advisory(&o->arena, arena_copy(&o->arena, id)));
    }
}

/* Is it the move that the row makes after all? */
static bool is_made(const struct move *m)
{
    const struct decision *d = m->decision, *made = &m->o->decision;
    return d && d->version && made->version && strcmp(d->version, made->version) == 0 &&
           d->kind == made->kind;
}

/* ---- what the fixed advisories are about ---- */

static int rank(const struct advisory *x)
{
    static const char *const words[] = {"critical", "high", "medium", "low"};
    for (int i = 0; i < 4; i++)
        if (x->severity && strcmp(x->severity, words[i]) == 0)
            return i;
    return 4;
}

static int worst_first(const void *a, const void *b)
{
    const struct advisory *x = a, *y = b;
    int order = rank(x) - rank(y);
    return order ? order : strcmp(x->id, y->id);
}

/* Databases copy each other: where one still knows against the new version what another does not,
 * it is not taken for fixed. */
static bool is_doubtful(const struct move *m, const struct advisory *x)
{
    for (size_t i = 0; i < x->aliases.count; i++)
        if (advisories_have(&m->answer, x->aliases.items[i]))
            return true;
    return false;
}

static bool is_listed(const struct advised *advised, size_t count, const struct advisory *x)
{
    for (size_t i = 0; i < count; i++)
        if (osv_same(&advised->fixed.items[i], x))
            return true;
    return false;
}

static void forget(struct advised *advised, const char *id)
{
    size_t kept = 0;
    for (size_t i = 0; i < advised->current.count; i++)
        if (strcmp(advised->current.items[i], id) != 0)
            advised->current.items[kept++] = advised->current.items[i];
    advised->current.count = kept;
}

/* The worst first, and what two databases say once. */
static void tidy(struct move *m)
{
    struct advised *advised = &m->o->advised;
    size_t kept = 0, count = advised->fixed.count;
    qsort(advised->fixed.items, count, sizeof *advised->fixed.items, worst_first);
    for (size_t i = 0; i < count; i++) {
        const struct advisory *x = &advised->fixed.items[i];
        if (x->withdrawn)
            forget(advised, x->id);
        if (x->withdrawn || is_listed(advised, kept, x))
            continue;
        if (is_doubtful(m, x))
            advised->left++;
        else
            advised->fixed.items[kept++] = *x;
    }
    advised->fixed.count = kept;
}

static void describe(struct http *http, struct moves *m)
{
    for (size_t i = 0; i < m->list.count; i++) {
        struct outcome *o = m->list.items[i].o;
        size_t count = o->advised.fixed.count;
        if (is_made(&m->list.items[i]) && count)
            advisories_describe(http, &o->arena, o->advised.fixed.items,
                                count < MOST_DESCRIBED ? count : MOST_DESCRIBED);
    }
    http_run(http);
    for (size_t i = 0; i < m->list.count; i++)
        if (is_made(&m->list.items[i]) && m->list.items[i].o->advised.fixed.count)
            tidy(&m->list.items[i]);
}

/* "fixes GHSA-... (high) and 2 more", "GHSA-... is known against 8.1.2". */
static void tell(struct outcome *o)
{
    const struct advised *advised = &o->advised;
    struct arena *a = &o->arena;
    size_t count = advised->fixed.count;
    const char *words, *more = count > 1 ? arena_printf(a, " and %zu more", count - 1) : "";
    if (!advised->current.count)
        return;
    if (count) {
        const struct advisory *worst = &advised->fixed.items[0];
        words =
            arena_printf(a, "fixes %s%s%s%s%s", worst->id, worst->severity ? " (" : "",
                         worst->severity ? worst->severity : "", worst->severity ? ")" : "", more);
    } else {
        words = arena_printf(a, "%s known against %s",
                             listed(a, advised->current.items, advised->current.count),
                             o->component->current);
    }
    o->decision.reason = arena_printf(a, "%s; %s", o->decision.reason, words);
}

void advise_rows(struct http *http, const struct advice *advice, struct results *rows)
{
    struct moves m = {0};
    const struct component *last = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        struct outcome *o = rows->items[i];
        take_current(&m, o, answer_about(advice, o->component), o->component != last);
        if (o->component != last)
            take_bumped(o, find(advice, o->component));
        last = o->component;
    }
    ask_moves(http, &m);
    for (size_t i = 0; i < m.list.count; i++)
        take_patience(&m.list.items[i]);
    for (size_t i = 0; i < m.list.count; i++)
        if (is_made(&m.list.items[i]))
            take_fixed(&m.list.items[i]);
    describe(http, &m);
    for (size_t i = 0; i < rows->count; i++)
        tell(rows->items[i]);
    arena_free(&m.arena);
}
