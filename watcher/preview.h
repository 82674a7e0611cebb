/* What a run would write, before it is written. */
#ifndef MWATCH_PREVIEW_H
#define MWATCH_PREVIEW_H

#include "watcher/base/context.h"
#include "watcher/outcome.h"

/* In a dry run, print every proposal whole: title, branch, diff and body, a group's once; and what
 * each dispatch would say. Else only who was told. */
void preview_print(FILE *out, const struct context *ctx, const struct results *r, bool dry_run);

#endif
