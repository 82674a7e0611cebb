/* Recipes that would be built with other packages now, proposed as a raised epoch each. */
#ifndef MWATCH_DUE_BUMP_H
#define MWATCH_DUE_BUMP_H

#include "watcher/due.h"
#include "watcher/outcome.h"
#include "watcher/templates.h"

/* Add a row (raise_add_row) for every recipe that is DUE_REBUILD after due_builds. */
void due_bump(const struct due *d, const struct templates *templates, struct components *components,
              struct results *results);

#endif
