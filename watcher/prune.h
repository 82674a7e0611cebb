/* Prune: a `go/bump` that asks for what the new release has by itself has become needless, and may
 * even hold a dependency back later. */
#ifndef MWATCH_PRUNE_H
#define MWATCH_PRUNE_H

#include "watcher/outcome.h"

/* For every row that is to be rewritten with a new version, and whose component wants it: fetch the
 * go.mod of the modules that the recipe bumps, and put what it has already into the row's
 * prunings. What cannot be fetched is a note, and nothing of that step is pruned. */
void prune_run(struct http *http, struct results *results);

/* Add the edits of one pruning to a recipe's. False with `e`, and no edit added, when what it is to
 * change is not there or shares its lines with something else. */
bool prune_apply(struct arena *a, const struct yaml *y, const struct prune_edit *pruning,
                 struct edits *edits, struct error *e);

#endif
