/* `mwatch rebuild` by itself, as opposed to who depends on what moves. */
#ifndef MWATCH_CMD_REBUILD_DUE_H
#define MWATCH_CMD_REBUILD_DUE_H

#include "watcher/cli.h"

/* Find, print and hand on which images are due. The exit status. */
int rebuild_due(struct context *ctx, struct options *options);

#endif
