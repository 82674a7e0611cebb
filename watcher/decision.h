/* What is to happen to a component, with the rule that made it so. */
#ifndef MWATCH_DECISION_H
#define MWATCH_DECISION_H

#include "watcher/recipes/component.h"

enum decision_kind {
    DECISION_CURRENT,
    DECISION_PATCH,
    DECISION_MINOR,
    DECISION_MAJOR,
    DECISION_NEW_STREAM,
    DECISION_REGRESSED,
    DECISION_RETAGGED,
    DECISION_HELD,
    DECISION_MANUAL,
    DECISION_DISABLED,
    DECISION_REBUILD, /* nothing of its own moves, but what it is built with does */
    DECISION_ERROR,
    DECISION_KINDS
};

struct decision {
    enum decision_kind kind;
    enum action action;  /* what policy says; ACTION_IGNORE when there is nothing to propose */
    const char *version; /* the newest, as the recipe would spell it; NULL when not known */
    struct candidate
        candidate;      /* what upstream published for it; raw NULL when nothing was chosen */
    const char *reason; /* one line for people */
    VEC(struct candidate)
    between; /* releases newer than the pinned one and older than this one of
                which there may be notes; newest first, ten at most */
};

/* Why a candidate was dropped, in the order of the rules, or that it won. */
enum fate {
    FATE_DRAFT,
    FATE_YANKED,
    FATE_TAG, /* releases are wanted, and this is a tag that may be none */
    FATE_UNSAFE,
    FATE_TAG_PREFIX,
    FATE_TAG_CONTAINS,
    FATE_NO_MATCH,
    FATE_IGNORED,
    FATE_PRERELEASE,
    FATE_UNPARSABLE,
    FATE_OTHER_STREAM,
    FATE_INCOMPLETE, /* what an image needs of it is not there yet */
    FATE_TOO_YOUNG,
    FATE_OLDER,
    FATE_CURRENT,
    FATE_NEWER, /* newer than current, but not the newest */
    FATE_NEXT,  /* newest outside the stream, or the next major: an issue of its own */
    FATE_WON,
    FATES
};

struct verdict {
    const struct candidate *candidate;
    struct slice version; /* after the filters; empty when dropped before */
    enum fate fate;
    const char *detail; /* the pattern, the prefix, ...; NULL */
};

/* The outcome of choosing: one decision, and a second one when a next stream or major is there too.
 */
struct choice {
    struct decision decisions[2];
    size_t count;
    VEC(const char *) warnings;
    VEC(const char *) notes; /* what the decision could not take into account */
    VEC(struct verdict) verdicts;
};

const char *decision_name(enum decision_kind kind); /* "new-stream" */
const char *fate_name(enum fate fate);              /* "pre-release" */

/* Is this a newer version that policy wants proposed (by pull request or issue)? */
bool decision_proposes(const struct decision *d);

/* The same candidate, or decision, with all its texts copied into the arena. */
struct candidate candidate_copy(struct arena *a, const struct candidate *c);
struct decision decision_copy(struct arena *a, const struct decision *d);

#endif
