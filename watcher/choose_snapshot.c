/* Recipes that build the head of a branch. There are no releases to compare: the commit that is
 * pinned and the one at the head are, and the version says the day ("0.0_git20260820"). */
#include "watcher/choose_parts.h"

#include "watcher/base/buf.h"
#include "watcher/base/timestamp.h"
#include "watcher/schedule.h"

#include <string.h>

enum { DAY_DIGITS = 8 };

/* "0.0_git" with the day after it. */
static const char *version_of(const struct chooser *k, int64_t day)
{
    struct buf date = {0}, out = {0};
    struct slice rest, part;
    timestamp_add_date(&date, day);
    buf_add_text(&out, k->c->snapshot);
    for (rest = buf_slice(&date); slice_split(&rest, '-', &part);)
        buf_add(&out, part);
    const char *version = arena_text(k->a, buf_slice(&out));
    buf_free(&date);
    buf_free(&out);
    return version;
}

/* The day in the pinned version, in seconds; 0 when it has none. */
static int64_t pinned_day(const struct chooser *k)
{
    struct slice digits = slice_from(k->current, strlen(k->c->snapshot));
    int64_t day = 0;
    if (digits.len == DAY_DIGITS && slice_all_digits(digits))
        timestamp_parse(slice_of(arena_printf(k->a, "%.4s-%.2s-%.2s", digits.ptr, digits.ptr + 4,
                                              digits.ptr + 6)),
                        &day);
    return day;
}

/* A head moves all day; the recipe's schedule says how often to follow, counted from the day that
 * is pinned: that holds where no cache remembers the last look, too. */
static bool hold_snapshot(struct chooser *k, const struct verdict *v)
{
    struct buf due = {0};
    int64_t next = k->c->schedule ? schedule_next(k->c->schedule, pinned_day(k)) : k->by->now;
    if (k->by->now >= next)
        return false;
    timestamp_add_date(&due, next);
    choose_add(k, DECISION_HELD, v,
               arena_printf(k->a, "the branch has moved on; schedule %s, due %s", k->c->schedule,
                            buf_text(&due)));
    buf_free(&due);
    return true;
}

static void decide_moved(struct chooser *k, struct verdict *v)
{
    const char *epoch = slice_equal(v->version, k->current) ? ": the next epoch of its day" : "";
    v->fate = FATE_WON;
    struct decision *d =
        choose_add(k, k->c->manual ? DECISION_MANUAL : DECISION_PATCH, v,
                   arena_printf(k->a, "the branch has moved on from commit %.12s to %.12s%s",
                                k->c->commit, v->candidate->commit, epoch));
    d->action = choose_action(k->c, k->c->policy.patch);
}

static void decide_head(struct chooser *k, struct verdict *v)
{
    const char *head = v->candidate->commit;
    if (!k->c->commit)
        choose_add(k, DECISION_ERROR, NULL,
                   "it follows a branch, but pins no commit that could be compared: give "
                   "expected-commit");
    else if (!head)
        choose_add(k, DECISION_ERROR, NULL, "upstream does not say which commit the branch is at");
    else if (slice_equal_nocase(slice_of(head), slice_of(k->c->commit)))
        choose_add(k, DECISION_CURRENT, v, "the head of the branch is pinned");
    else if (!k->c->scheme->valid(v->version))
        choose_add(k, DECISION_ERROR, NULL,
                   arena_printf(k->a, "%s would be no %s version", choose_shown(k->a, v->version),
                                k->c->scheme->name));
    else if (!hold_snapshot(k, v))
        decide_moved(k, v);
}

/* A commit may be older than the day its branch was pinned on, and two may share a day: the version
 * stays then, since it never goes down, and the other commit makes the next epoch. */
static struct slice version_of_head(const struct chooser *k, const struct candidate *head)
{
    int64_t day = choose_published(k, head);
    struct slice version = slice_of(version_of(k, day ? day : k->by->now));
    const struct scheme *s = k->c->scheme;
    return s->valid(version) && s->compare(version, k->current) <= 0 ? k->current : version;
}

void choose_snapshot(struct chooser *k, const struct candidate *candidates, size_t count)
{
    if (count != 1) {
        choose_add(k, DECISION_ERROR, NULL,
                   arena_printf(k->a, "upstream gives %zu heads of one branch", count));
        return;
    }
    struct verdict *v = vec_add(k->a, &k->out->verdicts);
    const char *commit = candidates->commit;
    bool pinned =
        commit && k->c->commit && slice_equal_nocase(slice_of(commit), slice_of(k->c->commit));
    *v = (struct verdict){.candidate = candidates, .fate = FATE_CURRENT};
    v->version = pinned ? k->current : version_of_head(k, candidates);
    decide_head(k, v);
}
