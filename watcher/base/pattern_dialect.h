/* From RE2's syntax to PCRE2's; nobody but pattern.c includes this. */
#ifndef MWATCH_BASE_PATTERN_DIALECT_H
#define MWATCH_BASE_PATTERN_DIALECT_H

#include "watcher/base/buf.h"

/* Add the expression as PCRE2 must be given it: \v is the vertical tab and {,n} is literal, as in
 * RE2. False for what is refused: recursion, callouts, conditions, verbs (*X), the x flag and
 * comments; then *offset and *reason say where and why. Lookaround and backreferences, which RE2
 * has not, pass: limits bound what they can cost. */
bool pattern_translate(struct slice expression, struct buf *out, size_t *offset,
                       const char **reason);

#endif
