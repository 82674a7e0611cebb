/* Choosing: the rules that lead from what upstream published to a decision. */
#ifndef MWATCH_CHOOSE_H
#define MWATCH_CHOOSE_H

#include "watcher/decision.h"

/* What decisions rest on beside component and candidates. */
struct choosing {
    int64_t now; /* seconds since 1970, for minimum-age */
    /* Why minimum-age does not count: "GHSA-... is known against 8.6.1". NULL = it does. */
    const char *hurry;
    /* When a release that has no date was first seen (seconds since 1970), 0 when nobody can tell.
     * NULL = nothing is remembered. */
    int64_t (*first_seen)(void *arg, const struct candidate *candidate);
    /* What is missing for a move to the version, which waits for it then ("python-3.15-dev is
     * missing for aarch64"); NULL when nothing is. In the arena. NULL = nothing ever is. */
    const char *(*lacks)(void *arg, struct arena *a, struct slice version);
    void *arg;
};

/* Decide for one component. Pure: the same input gives the same choice, in whichever order the
 * candidates come. Everything in *out lives in the arena or is borrowed from the candidates. Never
 * fails: what is wrong becomes DECISION_ERROR with a reason.
 *
 * Candidates that are only tags (CANDIDATE_TAG) count where no release is on the pinned line, or
 * all of them are below what is pinned; a note says so. Elsewhere one that would win is a warning.
 */
void choose(struct arena *a, const struct component *c, const struct candidate *candidates,
            size_t count, const struct choosing *by, struct choice *out);

/* Would the decisions be the same if none of the tags had ever been released? */
bool choose_is_settled(const struct component *c, const struct candidate *candidates, size_t count,
                       const struct choosing *by);

/* The decision for a component nobody was asked about (disabled, in error), or whose upstream gave
 * `e` instead of an answer. */
void choose_without_answer(struct arena *a, const struct component *c, const struct error *e,
                           struct choice *out);

/* One candidate through the filters: the version it stands for, or the fate that dropped it. */
void filter_candidate(struct arena *a, const struct component *c, const struct candidate *candidate,
                      struct verdict *out);

#endif
