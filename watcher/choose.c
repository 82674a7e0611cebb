/* The rules' second half: compare what the filters left with what is pinned, and decide. The order
 * of versions is the scheme's alone; neither date, position nor string order counts. */
#include "watcher/choose.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"

#include <string.h>

struct chooser {
    struct arena *a;
    const struct component *c;
    int64_t now;
    struct slice current;
    struct choice *out;
    struct verdict *winner; /* the newest on the line that is old enough */
    struct verdict *young;  /* the newest on the line that minimum-age holds back */
    struct verdict *next;   /* the newest beyond the line */
};

/* Equal versions under two tags: the longer spelling, then the lesser tag, so that the answer does
 * not depend on the order upstream lists them in. */
static bool beats(const struct scheme *s, const struct verdict *v, const struct verdict *best)
{
    if (!best)
        return true;
    int order = s->compare(v->version, best->version);
    if (order)
        return order > 0;
    if (v->version.len != best->version.len)
        return v->version.len > best->version.len;
    return strcmp(v->candidate->raw, best->candidate->raw) < 0;
}

static struct verdict *newest(const struct chooser *k, enum fate first, enum fate last)
{
    struct verdict *best = NULL;
    for (size_t i = 0; i < k->out->verdicts.count; i++) {
        struct verdict *v = &k->out->verdicts.items[i];
        if (v->fate >= first && v->fate <= last && beats(k->c->scheme, v, best))
            best = v;
    }
    return best;
}

static bool too_young(const struct chooser *k, const struct candidate *candidate)
{
    return k->c->minimum_age > 0 && candidate->published > 0 &&
           k->now - candidate->published < k->c->minimum_age;
}

static enum fate compared(const struct chooser *k, const struct verdict *v)
{
    if (!scheme_in_stream(v->version, slice_of(k->c->stream)))
        return FATE_OTHER_STREAM;
    int order = k->c->scheme->compare(v->version, k->current);
    if (order > 0)
        return too_young(k, v->candidate) ? FATE_TOO_YOUNG : FATE_NEWER;
    return order == 0 ? FATE_CURRENT : FATE_OLDER;
}

static void filter_all(struct chooser *k, const struct candidate *candidates, size_t count)
{
    struct choice *out = k->out;
    out->verdicts.items = arena_array(k->a, count, sizeof *out->verdicts.items);
    out->verdicts.count = out->verdicts.capacity = count;
    for (size_t i = 0; i < count; i++) {
        struct verdict *v = &out->verdicts.items[i];
        filter_candidate(k->a, k->c, &candidates[i], v);
        if (v->fate == FATE_OLDER)
            v->fate = compared(k, v);
    }
}

static struct decision *add_decision(struct chooser *k, enum decision_kind kind,
                                     const struct verdict *v, const char *reason)
{
    struct decision *d = &k->out->decisions[k->out->count++];
    *d = (struct decision){.kind = kind, .action = ACTION_IGNORE, .reason = reason};
    if (v) {
        d->version = arena_text(k->a, v->version);
        d->candidate = *v->candidate;
    }
    return d;
}

static enum action policy_action(const struct component *c, enum level level)
{
    if (level == LEVEL_MAJOR)
        return c->policy.major;
    return level == LEVEL_MINOR ? c->policy.minor : c->policy.patch;
}

static bool asks_for_pull_request(enum action action)
{
    return action == ACTION_MERGE || action == ACTION_PR;
}

static enum level level_of(const struct chooser *k, const struct verdict *v)
{
    return scheme_level(k->c->scheme, k->current, v->version);
}

/* The next major waits for a person; patches of the pinned line must not wait with it. */
static void hold_back_major(struct chooser *k)
{
    if (!k->winner || k->winner->fate != FATE_NEWER || level_of(k, k->winner) != LEVEL_MAJOR ||
        asks_for_pull_request(k->c->policy.major))
        return;
    k->next = k->winner;
    for (size_t i = 0; i < k->out->verdicts.count; i++) {
        struct verdict *v = &k->out->verdicts.items[i];
        if (v->fate == FATE_NEWER && level_of(k, v) == LEVEL_MAJOR)
            v->fate = FATE_OTHER_STREAM;
    }
    k->winner = newest(k, FATE_OLDER, FATE_NEWER);
    k->next->fate = FATE_NEXT;
}

static void find_next_stream(struct chooser *k)
{
    if (!k->c->stream || k->next)
        return;
    struct verdict *other = newest(k, FATE_OTHER_STREAM, FATE_OTHER_STREAM);
    if (!other || k->c->scheme->compare(other->version, k->current) <= 0 ||
        too_young(k, other->candidate))
        return;
    if (k->winner && k->c->scheme->compare(other->version, k->winner->version) <= 0)
        return;
    k->next = other;
    other->fate = FATE_NEXT;
}

/* Say what became of all candidates: "120 tag-filter-prefix, 7 pre-release". */
static const char *tally(struct chooser *k)
{
    struct buf out = {0};
    for (enum fate fate = 0; fate < FATES; fate++) {
        size_t count = 0;
        for (size_t i = 0; i < k->out->verdicts.count; i++)
            count += k->out->verdicts.items[i].fate == fate;
        if (count)
            buf_addf(&out, "%s%zu %s", out.len ? ", " : "", count, fate_name(fate));
    }
    const char *text = arena_text(k->a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static void decide_nothing_left(struct chooser *k)
{
    const struct component *c = k->c;
    if (k->out->verdicts.count == 0)
        add_decision(
            k, DECISION_ERROR, NULL,
            "upstream lists nothing: has it moved, or does the source ask for the wrong thing?");
    else if (c->stream)
        add_decision(
            k, DECISION_ERROR, NULL,
            arena_printf(k->a, "nothing on stream %s among %zu candidates (%s): see mwatch explain",
                         c->stream, k->out->verdicts.count, tally(k)));
    else
        add_decision(k, DECISION_ERROR, NULL,
                     arena_printf(k->a, "none of %zu candidates is left (%s): see mwatch explain",
                                  k->out->verdicts.count, tally(k)));
}

static void decide_held(struct chooser *k)
{
    struct buf due = {0};
    timestamp_add_date(&due, k->young->candidate->published + k->c->minimum_age);
    add_decision(k, DECISION_HELD, k->young,
                 arena_printf(k->a, "%.*s is younger than minimum-age; due %s",
                              SLICE_ARG(k->young->version), buf_text(&due)));
    buf_free(&due);
}

/* The tag of the pinned version, when its commit is not the one pinned. */
static struct verdict *moved_tag(struct chooser *k)
{
    for (size_t i = 0; i < k->out->verdicts.count && k->c->commit; i++) {
        struct verdict *v = &k->out->verdicts.items[i];
        if (v->fate != FATE_CURRENT || !v->candidate->commit)
            continue;
        if (slice_equal_nocase(slice_of(v->candidate->commit), slice_of(k->c->commit)))
            return NULL;
    }
    struct verdict *v = newest(k, FATE_CURRENT, FATE_CURRENT);
    return k->c->commit && v && v->candidate->commit ? v : NULL;
}

static void decide_retagged(struct chooser *k, const struct verdict *moved)
{
    const char *reason =
        arena_printf(k->a, "tag %s moved: the recipe pins commit %s, upstream has %s",
                     moved->candidate->raw, k->c->commit, moved->candidate->commit);
    struct decision *d = add_decision(k, DECISION_RETAGGED, moved, reason);
    if (k->c->policy.rebuild_retagged)
        d->action = ACTION_PR;
}

static void decide_same(struct chooser *k)
{
    struct verdict *moved = moved_tag(k);
    if (moved)
        decide_retagged(k, moved);
    else if (k->young)
        decide_held(k);
    else
        add_decision(k, DECISION_CURRENT, k->winner,
                     arena_printf(k->a, "the newest of %zu candidates", k->out->verdicts.count));
}

static void decide_newer(struct chooser *k)
{
    static const enum decision_kind kinds[] = {[LEVEL_SAME] = DECISION_PATCH,
                                               [LEVEL_PATCH] = DECISION_PATCH,
                                               [LEVEL_MINOR] = DECISION_MINOR,
                                               [LEVEL_MAJOR] = DECISION_MAJOR};
    enum level level = level_of(k, k->winner);
    const char *reason = arena_printf(k->a, "%s, the newest of %zu candidates",
                                      decision_name(kinds[level]), k->out->verdicts.count);
    struct decision *d = add_decision(k, kinds[level], k->winner, reason);
    d->action = policy_action(k->c, level);
    k->winner->fate = FATE_WON;
    if (!k->c->manual)
        return;
    d->kind = DECISION_MANUAL;
    d->reason = arena_printf(k->a, "%s; manual: a person merges it", reason);
    if (d->action == ACTION_MERGE)
        d->action = ACTION_PR;
}

static void decide_line(struct chooser *k)
{
    if (!k->winner && k->young)
        decide_held(k);
    else if (!k->winner && k->next)
        add_decision(k, DECISION_ERROR, NULL,
                     arena_printf(k->a,
                                  "nothing is left on the pinned line (%s): see mwatch explain",
                                  tally(k)));
    else if (!k->winner)
        decide_nothing_left(k);
    else if (k->winner->fate == FATE_NEWER)
        decide_newer(k);
    else if (k->winner->fate == FATE_CURRENT)
        decide_same(k);
    else
        add_decision(k, DECISION_REGRESSED, k->winner,
                     arena_printf(k->a, "upstream's newest is %.*s, below the pinned %s",
                                  SLICE_ARG(k->winner->version), k->c->current));
}

static void decide_next(struct chooser *k)
{
    if (!k->next)
        return;
    bool stream = k->c->stream != NULL;
    const char *reason = stream ? arena_printf(k->a, "beyond the stream %s", k->c->stream)
                                : "major, the newest of all";
    /* A line on which nothing is left, with a next one that begins: upstream dropped the old line.
     * Both facts are told. */
    struct decision *d =
        add_decision(k, stream ? DECISION_NEW_STREAM : DECISION_MAJOR, k->next, reason);
    d->action = stream ? k->c->policy.new_stream : k->c->policy.major;
}

/* A text that was dropped, although it reads like something newer than what won. */
static bool would_beat(const struct chooser *k, const struct verdict *v)
{
    struct slice text = v->version;
    struct slice best = k->winner ? k->winner->version : k->current;
    if (text.len > 1 && (text.ptr[0] == 'v' || text.ptr[0] == 'V'))
        text = slice_from(text, 1);
    if (text.len == 0 || !is_digit(text.ptr[0]))
        return false;
    if (k->c->stream && !scheme_in_stream(text, slice_of(k->c->stream)))
        return false;
    return scheme_natural.valid(text) && scheme_natural.valid(best) &&
           scheme_natural.compare(text, best) > 0;
}

static const char *visible(struct arena *a, const char *raw)
{
    struct buf out = {0};
    text_add_visible(&out, slice_of(raw));
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

/* Hostile text in what would be the newest release: nothing of this upstream is believed. */
static bool decide_unsafe(struct chooser *k)
{
    for (size_t i = 0; i < k->out->verdicts.count; i++) {
        const struct verdict *v = &k->out->verdicts.items[i];
        if (v->fate != FATE_UNSAFE || !would_beat(k, v))
            continue;
        add_decision(k, DECISION_ERROR, NULL,
                     arena_printf(k->a, "upstream's newest tag is not safe to use: \"%s\"",
                                  visible(k->a, v->candidate->raw)));
        return true;
    }
    return false;
}

static void warn_unparsable(struct chooser *k)
{
    const struct verdict *worst = NULL;
    for (size_t i = 0; i < k->out->verdicts.count; i++) {
        const struct verdict *v = &k->out->verdicts.items[i];
        if (v->fate != FATE_UNPARSABLE || !would_beat(k, v))
            continue;
        if (!worst || scheme_natural.compare(v->version, worst->version) > 0)
            worst = v;
    }
    if (!worst)
        return;
    vec_push(
        k->a, &k->out->warnings,
        arena_printf(k->a,
                     "%s (from %s) is no %s version, but reads like something newer: has upstream "
                     "changed its spelling?",
                     visible(k->a, arena_text(k->a, worst->version)),
                     visible(k->a, worst->candidate->raw), k->c->scheme->name));
}

static void warn_undated(struct chooser *k)
{
    if (k->c->minimum_age > 0 && k->winner && k->winner->fate == FATE_NEWER &&
        k->winner->candidate->published == 0)
        vec_push(k->a, &k->out->warnings,
                 arena_printf(k->a, "upstream gives no date for %.*s: minimum-age was not applied",
                              SLICE_ARG(k->winner->version)));
}

void choose(struct arena *a, const struct component *c, const struct candidate *candidates,
            size_t count, int64_t now, struct choice *out)
{
    struct chooser k = {.a = a, .c = c, .now = now, .current = slice_of(c->current), .out = out};
    *out = (struct choice){0};
    if (!c->current || !c->scheme->valid(k.current)) {
        add_decision(&k, DECISION_ERROR, NULL,
                     arena_printf(a,
                                  "%s:%zu: the pinned version \"%s\" is no %s version: correct it",
                                  c->file, c->line, c->current ? visible(a, c->current) : "",
                                  c->scheme->name));
        return;
    }
    filter_all(&k, candidates, count);
    k.winner = newest(&k, FATE_OLDER, FATE_NEWER);
    k.young = newest(&k, FATE_TOO_YOUNG, FATE_TOO_YOUNG);
    if (decide_unsafe(&k))
        return;
    hold_back_major(&k);
    find_next_stream(&k);
    warn_unparsable(&k);
    warn_undated(&k);
    decide_line(&k);
    decide_next(&k);
}

void choose_without_answer(struct arena *a, const struct component *c, const struct error *e,
                           struct choice *out)
{
    struct chooser k = {.a = a, .c = c, .out = out};
    *out = (struct choice){0};
    if (error_is_set(&c->error))
        add_decision(&k, DECISION_ERROR, NULL, c->error.message);
    else if (c->disabled)
        add_decision(&k, DECISION_DISABLED, NULL, c->disabled);
    else
        add_decision(&k, DECISION_ERROR, NULL, arena_copy(a, e->message));
}
