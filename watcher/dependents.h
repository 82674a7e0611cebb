/* Dependents: when a recipe that others are built with moves, their epochs are raised, as its
 * policy says (`dependents: together`, `each` or `no`). */
#ifndef MWATCH_DEPENDENTS_H
#define MWATCH_DEPENDENTS_H

#include "watcher/base/context.h"
#include "watcher/outcome.h"
#include "watcher/templates.h"

/* To be called when everything is planned. For every row that moves a recipe and takes its
 * dependents along, those recipes that name a package of it in their build environment, or whose
 * pipelines do, get epoch + 1 and the reason as its comment: in the same change set, whose texts
 * are written anew, or in a row (DECISION_REBUILD) of their own. Never one that a change set of
 * this run moves by itself. What cannot be raised is a note of the change set, or an error of its
 * own row. The components of new rows are added to `components`. */
void dependents_run(const struct context *ctx, const char *root, const struct config *config,
                    const struct templates *templates, struct components *components,
                    struct results *results);

#endif
