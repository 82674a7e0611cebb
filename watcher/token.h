/* The token that GitHub is asked with. It is read once and appears nowhere else. */
#ifndef MWATCH_TOKEN_H
#define MWATCH_TOKEN_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

/* Take it from `file` (its first line; `--token-file`), else from GITHUB_TOKEN; *token gets the
 * whole value of an Authorization header, NULL when there is none. ERROR_USAGE when the file cannot
 * be read, is empty, or holds anything but visible ASCII. */
bool token_read(struct arena *a, const char *file, const char **token, struct error *e);

/* Overwrite it before its memory is given back, so that no core file and no later allocation holds
 * it. */
void token_wipe(const char *token);

#endif
