/* What the files that write proposals share; nobody else includes this. */
#ifndef MWATCH_PLAN_WORDS_H
#define MWATCH_PLAN_WORDS_H

#include "watcher/outcome.h"

/* The text, visible and cut to a sensible length. In the arena. */
const char *plan_cut(struct arena *a, const char *text, size_t columns);

/* Keep a list within `most` bytes: when the item that was just added does not fit, it is taken out
 * again and the number of those left out is told. False then: no more are to be added. */
bool plan_keep_within(struct buf *out, size_t before, size_t most, size_t left);

/* The recipes that a change set rebuilds besides: how many; as a Markdown list with the reasons,
 * which is cut; and by name, a line each, for a commit message. */
size_t plan_dependents(const struct change_set *set);
void plan_add_dependents(struct arena *a, const struct change_set *set, struct buf *out);
void plan_add_rebuilt(const struct change_set *set, struct buf *out);

#endif
