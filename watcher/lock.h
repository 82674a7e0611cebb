/* A lock that a process holds until it is given back or the process ends, however it ends. */
#ifndef MWATCH_LOCK_H
#define MWATCH_LOCK_H

#include "watcher/base/context.h"
#include "watcher/base/error.h"

/* Take the lock of this file, which is made when it is not there; wait, and say so, while somebody
 * else has it. Returns what lock_release wants; -1 with ERROR_SYSTEM when there can be no lock. */
int lock_take(const struct context *ctx, const char *path, struct error *e);
void lock_release(int lock); /* -1 is no lock */

#endif
