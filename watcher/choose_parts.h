/* What the files of the choosing stage share; nobody else includes this. */
#ifndef MWATCH_CHOOSE_PARTS_H
#define MWATCH_CHOOSE_PARTS_H

#include "watcher/choose.h"

struct chooser {
    struct arena *a;
    const struct component *c;
    const struct choosing *by;
    struct slice current;
    struct choice *out;
    bool with_tags;         /* what is only a tag counts like a release */
    struct verdict *winner; /* the newest on the line that is old enough */
    struct verdict *young;  /* the newest on the line that is too young, or not complete */
    struct verdict *next;   /* the newest beyond the line */
};

/* Add a decision; `v` is the candidate it is about, NULL = none. Its action is to ignore. */
struct decision *choose_add(struct chooser *k, enum decision_kind kind, const struct verdict *v,
                            const char *reason);

/* choose by the releases alone, or by all candidates as if every tag had been released. */
void choose_by(struct chooser *k, const struct candidate *candidates, size_t count);

/* Text that upstream or a recipe wrote, for a message: visible, and at most a line long. */
const char *choose_shown(struct arena *a, struct slice text);

/* Policy's word on a move that a pull request makes; what is manual is never merged by itself. */
enum action choose_action(const struct component *c, enum action policy);

/* When the release was published, 0 when that is not known or lies in the future: a clock that is
 * wrong must not hold an update back for years. */
int64_t choose_published(const struct chooser *k, const struct candidate *candidate);

/* From when on a release's age counts: when it was published, else when it was first seen; 0 when
 * neither is known. */
int64_t choose_since(const struct chooser *k, const struct candidate *candidate);

/* A component that follows a branch (choose_snapshot.c): its version is a day. */
void choose_snapshot(struct chooser *k, const struct candidate *candidates, size_t count);

/* ---- what makes an answer doubtful (choose_doubt.c) ---- */

/* Upstream publishes text that no version needs, in what reads like the pinned release or a newer
 * one: nothing of it is believed. Adds the decision then. */
bool choose_unsafe(struct chooser *k);

/* "1.2.0.RELEASE (from v1.2.0.RELEASE) is no apk version": the newest text that was dropped because
 * it does not parse, in both its forms; NULL when there is none. */
const char *choose_unparsable(const struct chooser *k);

/* What was dropped only because it does not parse, and dates that are not known. */
void choose_warn(struct chooser *k);

#endif
