/* `mwatch vercmp`: which of two versions is the newer one. */
#ifndef MWATCH_CMD_VERCMP_H
#define MWATCH_CMD_VERCMP_H

#include "watcher/versions/scheme.h"

#include <stdio.h>

/* Write "A < B", "A = B" or "A > B" and a line break to `out`; "A ? B", and the reason to `err`,
 * when one is not valid in the scheme. With a and b NULL the pairs come from `in`, two versions a
 * line, blanks between them; each gives one line, and a line that is not two versions gives none
 * but a message with its number on `err`. The versions are written so that a terminal cannot be
 * steered by them. Returns the exit status: 0 all well, 1 when a pair could not be compared, or
 * reading or writing failed. */
int cmd_vercmp_run(const struct scheme *scheme, const char *a, const char *b, FILE *in, FILE *out,
                   FILE *err);

#endif
