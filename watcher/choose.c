/* The rules' second half: compare what the filters left with what is pinned, and decide. The order
 * of versions is the scheme's alone; neither date, position nor string order counts. */
#include "watcher/choose_parts.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"

#include <string.h>

enum { SHOWN = 60, DAY = 24 * 60 * 60, MOST_BETWEEN = 10 };

static int compare_text(const char *a, const char *b)
{
    return slice_compare(slice_of(a), slice_of(b));
}

/* Equal versions under two tags, or one tag on two pages: a release, the longer spelling, the
 * lesser tag, and so on, so that the answer does not depend on the order upstream lists them in. */
static bool beats(const struct scheme *s, const struct verdict *v, const struct verdict *best)
{
    if (!best)
        return true;
    const struct candidate *x = v->candidate, *y = best->candidate;
    int order = s->compare(v->version, best->version);
    if (order)
        return order > 0;
    if ((x->flags ^ y->flags) & CANDIDATE_TAG)
        return (y->flags & CANDIDATE_TAG) != 0;
    if (v->version.len != best->version.len)
        return v->version.len > best->version.len;
    order = compare_text(x->raw, y->raw);
    if (!order)
        order = compare_text(x->commit, y->commit);
    if (!order)
        order = compare_text(x->url, y->url);
    return order ? order < 0 : x->published > y->published;
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

int64_t choose_published(const struct chooser *k, const struct candidate *candidate)
{
    return candidate->published > k->by->now + DAY ? 0 : candidate->published;
}

int64_t choose_since(const struct chooser *k, const struct candidate *candidate)
{
    int64_t published = choose_published(k, candidate);
    if (published || !k->by->first_seen)
        return published;
    return k->by->first_seen(k->by->arg, candidate);
}

static bool is_young(const struct chooser *k, const struct candidate *candidate)
{
    int64_t since = k->c->minimum_age > 0 ? choose_since(k, candidate) : 0;
    return since > 0 && k->by->now - since < k->c->minimum_age;
}

static bool too_young(const struct chooser *k, const struct candidate *candidate)
{
    return !k->by->hurry && is_young(k, candidate);
}

static const char *lack(const struct chooser *k, const struct verdict *v)
{
    return k->by->lacks ? k->by->lacks(k->by->arg, k->a, v->version) : NULL;
}

static enum fate compared_newer(const struct chooser *k, struct verdict *v)
{
    v->detail = lack(k, v);
    if (v->detail)
        return FATE_INCOMPLETE;
    return too_young(k, v->candidate) ? FATE_TOO_YOUNG : FATE_NEWER;
}

static enum fate compared(const struct chooser *k, struct verdict *v)
{
    if (!scheme_in_stream(v->version, slice_of(k->c->stream)))
        return FATE_OTHER_STREAM;
    int order = k->c->scheme->compare(v->version, k->current);
    if (order > 0)
        return compared_newer(k, v);
    return order == 0 ? FATE_CURRENT : FATE_OLDER;
}

/* A tag that was perhaps never released is nobody's fault when it makes no sense. */
static bool is_only_tag(const struct chooser *k, const struct verdict *v)
{
    if (!(v->candidate->flags & CANDIDATE_TAG))
        return false;
    return v->fate == FATE_UNSAFE || v->fate == FATE_UNPARSABLE ||
           (v->fate == FATE_OLDER && !k->with_tags);
}

static void filter_all(struct chooser *k, const struct candidate *candidates, size_t count)
{
    struct choice *out = k->out;
    out->verdicts.items = arena_array(k->a, count, sizeof *out->verdicts.items);
    out->verdicts.count = out->verdicts.capacity = count;
    for (size_t i = 0; i < count; i++) {
        struct verdict *v = &out->verdicts.items[i];
        filter_candidate(k->a, k->c, &candidates[i], v);
        if (is_only_tag(k, v))
            v->fate = FATE_TAG;
        if (v->fate == FATE_OLDER)
            v->fate = compared(k, v);
    }
}

struct decision *choose_add(struct chooser *k, enum decision_kind kind, const struct verdict *v,
                            const char *reason)
{
    struct decision *d = &k->out->decisions[k->out->count++];
    *d = (struct decision){.kind = kind, .action = ACTION_IGNORE, .reason = reason};
    if (v) {
        d->version = arena_text(k->a, v->version);
        d->candidate = *v->candidate;
    }
    return d;
}

const char *choose_shown(struct arena *a, struct slice text)
{
    struct buf safe = {0}, cut = {0};
    text_add_visible(&safe, text);
    text_add_cut(&cut, buf_slice(&safe), SHOWN);
    const char *shown = arena_text(a, buf_slice(&cut));
    buf_free(&safe);
    buf_free(&cut);
    return shown;
}

static enum action policy_of(const struct component *c, enum level level)
{
    if (level == LEVEL_MAJOR)
        return c->policy.major;
    return level == LEVEL_MINOR ? c->policy.minor : c->policy.patch;
}

enum action choose_action(const struct component *c, enum action policy)
{
    return c->manual && policy == ACTION_MERGE ? ACTION_PR : policy;
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
    const struct scheme *scheme = k->c->scheme;
    if (!k->c->stream || k->next)
        return;
    struct verdict *other = newest(k, FATE_OTHER_STREAM, FATE_OTHER_STREAM);
    if (!other || scheme->compare(other->version, k->current) <= 0 ||
        too_young(k, other->candidate) || lack(k, other))
        return;
    if (k->winner && scheme->compare(other->version, k->winner->version) <= 0)
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
    const char *stream = k->c->stream, *spelling = choose_unparsable(k);
    size_t count = k->out->verdicts.count;
    if (count == 0) {
        choose_add(
            k, DECISION_ERROR, NULL,
            "upstream lists nothing: has it moved, or does the source ask for the wrong thing?");
        return;
    }
    const char *left = stream ? arena_printf(k->a, "nothing on stream %s among",
                                             choose_shown(k->a, slice_of(stream)))
                              : "nothing is left of";
    choose_add(k, DECISION_ERROR, NULL,
               arena_printf(k->a, "%s %zu candidate%s (%s): %s%ssee mwatch explain", left, count,
                            count == 1 ? "" : "s", tally(k), spelling ? spelling : "",
                            spelling ? "; " : ""));
}

/* "8.6.2 is younger than minimum-age; due 2026-05-09". */
static const char *young_shown(struct chooser *k)
{
    struct buf due = {0};
    const struct candidate *young = k->young->candidate;
    if (k->young->fate == FATE_INCOMPLETE)
        return arena_printf(k->a, "%.*s is not complete: %s", SLICE_ARG(k->young->version),
                            k->young->detail);
    timestamp_add_date(&due, choose_since(k, young) + k->c->minimum_age);
    const char *counted = choose_published(k, young) ? "" : ", counted from when it was first seen";
    const char *text = arena_printf(k->a, "%.*s is younger than minimum-age; due %s%s",
                                    SLICE_ARG(k->young->version), buf_text(&due), counted);
    buf_free(&due);
    return text;
}

static void decide_held(struct chooser *k)
{
    choose_add(k, DECISION_HELD, k->young, young_shown(k));
}

/* The tag of the pinned version, when no tag of that version has the pinned commit. */
static const struct verdict *moved_tag(const struct chooser *k)
{
    const struct verdict *moved = NULL;
    for (size_t i = 0; i < k->out->verdicts.count && k->c->commit; i++) {
        const struct verdict *v = &k->out->verdicts.items[i];
        if (v->fate != FATE_CURRENT || !v->candidate->commit)
            continue;
        if (slice_equal_nocase(slice_of(v->candidate->commit), slice_of(k->c->commit)))
            return NULL;
        if (beats(k->c->scheme, v, moved))
            moved = v;
    }
    return moved;
}

static void decide_retagged(struct chooser *k, const struct verdict *moved)
{
    const char *reason =
        arena_printf(k->a, "tag %s moved: the recipe pins commit %s, upstream has %s",
                     moved->candidate->raw, k->c->commit, moved->candidate->commit);
    struct decision *d = choose_add(k, DECISION_RETAGGED, moved, reason);
    if (k->c->policy.rebuild_retagged)
        d->action = ACTION_PR;
}

static const char *newest_of(struct chooser *k)
{
    size_t count = k->out->verdicts.count;
    return count == 1 ? "the only candidate"
                      : arena_printf(k->a, "the newest of %zu candidates", count);
}

static void decide_same(struct chooser *k)
{
    const struct verdict *moved = moved_tag(k);
    if (moved)
        decide_retagged(k, moved);
    else if (k->young)
        decide_held(k);
    else
        choose_add(k, DECISION_CURRENT, k->winner, newest_of(k));
}

/* A reviewer wants to read about every release that comes with it. */
static void add_between(struct chooser *k, struct decision *d)
{
    const struct verdict *last = k->winner, *next;
    for (; d->between.count < MOST_BETWEEN; last = next) {
        next = NULL;
        for (size_t i = 0; i < k->out->verdicts.count; i++) {
            const struct verdict *v = &k->out->verdicts.items[i];
            bool told = v->candidate->notes || v->candidate->flags & CANDIDATE_BRIEF;
            if (v->fate == FATE_NEWER && told &&
                k->c->scheme->compare(v->version, last->version) < 0 &&
                beats(k->c->scheme, v, next))
                next = v;
        }
        if (!next)
            return;
        vec_push(k->a, &d->between, *next->candidate);
    }
}

/* What minimum-age has to do with the choice: "; 8.6.3 is younger than ..." */
static const char *age_shown(struct chooser *k)
{
    if (k->by->hurry && is_young(k, k->winner->candidate))
        return arena_printf(k->a, "; minimum-age does not count: %s", k->by->hurry);
    if (k->young && k->c->scheme->compare(k->young->version, k->winner->version) > 0)
        return arena_printf(k->a, "; %s", young_shown(k));
    return "";
}

static void decide_newer(struct chooser *k)
{
    static const enum decision_kind kinds[] = {[LEVEL_SAME] = DECISION_PATCH,
                                               [LEVEL_PATCH] = DECISION_PATCH,
                                               [LEVEL_MINOR] = DECISION_MINOR,
                                               [LEVEL_MAJOR] = DECISION_MAJOR};
    enum level level = level_of(k, k->winner);
    const char *reason =
        arena_printf(k->a, "%s, %s%s", decision_name(kinds[level]), newest_of(k), age_shown(k));
    struct decision *d = choose_add(k, kinds[level], k->winner, reason);
    d->action = choose_action(k->c, policy_of(k->c, level));
    add_between(k, d);
    k->winner->fate = FATE_WON;
    if (!k->c->manual)
        return;
    d->kind = DECISION_MANUAL;
    d->reason = arena_printf(k->a, "%s; manual: a person merges it", reason);
}

/* What is pinned is gone from upstream's list, and nothing newer is there; or the configuration
 * follows another line than the recipe pins. */
static void decide_regressed(struct chooser *k)
{
    const struct component *c = k->c;
    if (scheme_in_stream(k->current, slice_of(c->stream)))
        choose_add(k, DECISION_REGRESSED, k->winner,
                   arena_printf(k->a, "upstream's newest is %.*s, below the pinned %s",
                                SLICE_ARG(k->winner->version), c->current));
    else
        choose_add(k, DECISION_ERROR, NULL,
                   arena_printf(k->a,
                                "the pinned version %s is not on the stream %s, whose newest is "
                                "%.*s: correct one of them",
                                c->current, choose_shown(k->a, slice_of(c->stream)),
                                SLICE_ARG(k->winner->version)));
}

static void decide_line(struct chooser *k)
{
    enum fate fate = k->winner ? k->winner->fate : FATES;
    if (fate == FATE_NEWER)
        decide_newer(k);
    else if (fate == FATE_CURRENT)
        decide_same(k);
    else if (k->young)
        decide_held(k);
    else if (fate == FATE_OLDER)
        decide_regressed(k);
    else if (!k->next || k->c->stream)
        decide_nothing_left(k);
    /* Else upstream tells only its newest, and that is the next major: it says enough. */
}

static void decide_next(struct chooser *k)
{
    if (!k->next)
        return;
    const struct component *c = k->c;
    bool major = scheme_in_stream(k->next->version, slice_of(c->stream));
    const char *reason =
        major ? arena_printf(k->a, "major, %s", newest_of(k))
              : arena_printf(k->a, "beyond the stream %s", choose_shown(k->a, slice_of(c->stream)));
    struct decision *d =
        choose_add(k, major ? DECISION_MAJOR : DECISION_NEW_STREAM, k->next, reason);
    d->action = choose_action(c, major ? c->policy.major : c->policy.new_stream);
}

/* "redis/melange.yaml:3: ", as far as it is known. */
static const char *place_of(struct arena *a, const struct component *c)
{
    const char *file = choose_shown(a, slice_of(c->file));
    return c->line ? arena_printf(a, "%s:%zu: ", file, c->line) : arena_printf(a, "%s: ", file);
}

/* What is pinned has to make sense before anything can be compared with it. */
static bool decide_unusable(struct chooser *k)
{
    const struct component *c = k->c;
    const char *place = place_of(k->a, c), *reason = NULL;
    if (!c->current || k->current.len == 0)
        reason = arena_printf(k->a, "%sno version is pinned", place);
    else if (!c->scheme->valid(k->current))
        reason = arena_printf(k->a, "%sthe pinned version \"%s\" is no %s version: correct it",
                              place, choose_shown(k->a, k->current), c->scheme->name);
    if (reason)
        choose_add(k, DECISION_ERROR, NULL, reason);
    return reason != NULL;
}

void choose_by(struct chooser *k, const struct candidate *candidates, size_t count)
{
    *k->out = (struct choice){0};
    k->current = slice_of(k->c->current);
    if (decide_unusable(k))
        return;
    if (k->c->snapshot) {
        choose_snapshot(k, candidates, count);
        return;
    }
    filter_all(k, candidates, count);
    k->winner = newest(k, FATE_OLDER, FATE_NEWER);
    k->young = newest(k, FATE_INCOMPLETE, FATE_TOO_YOUNG);
    if (choose_unsafe(k))
        return;
    hold_back_major(k);
    find_next_stream(k);
    choose_warn(k);
    decide_line(k);
    decide_next(k);
}

void choose_without_answer(struct arena *a, const struct component *c, const struct error *e,
                           struct choice *out)
{
    struct chooser k = {.a = a, .c = c, .out = out};
    *out = (struct choice){0};
    if (error_is_set(&c->error))
        choose_add(&k, DECISION_ERROR, NULL, c->error.message);
    else if (c->disabled)
        choose_add(&k, DECISION_DISABLED, NULL, c->disabled);
    else
        choose_add(&k, DECISION_ERROR, NULL, arena_copy(a, e->message));
}
