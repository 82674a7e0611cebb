/* Details: what listing releases in batches leaves out, asked for the few that were chosen. */
#ifndef MWATCH_DETAILS_H
#define MWATCH_DETAILS_H

#include "watcher/outcome.h"

/* Fill in the notes, files and commits of the releases that are to be proposed and were listed
 * without them. Where they cannot be had, the row gets a warning. */
void details_run(const struct context *ctx, struct http *http, struct results *results);

#endif
