/* Regular expressions: RE2's syntax on PCRE2, with limits, so that no pattern can hang. */
#ifndef MWATCH_BASE_PATTERN_H
#define MWATCH_BASE_PATTERN_H

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/base/error.h"

struct pattern; /* a compiled expression */

enum { PATTERN_GROUPS = 16 };

/* Where a match and its groups lie in the subject; an unset group has ptr NULL. */
struct match {
    struct slice group[PATTERN_GROUPS]; /* [0] is the whole match */
    size_t count;
};

/* Compile; the pattern lives in the arena. ^ and $ mean the ends of the text unless (?m) is given,
 * $ never matches before a final line break, and \C, callouts, verbs, conditions and recursion are
 * refused: RE2 has none of them. At most 15 groups. Fails with ERROR_USAGE naming the offset and
 * PCRE2's reason. */
const struct pattern *pattern_compile(struct arena *a, struct slice expression, struct error *e);

/* The expression as it was written. */
const char *pattern_text(const struct pattern *p);

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_LIMIT /* gave up: too much backtracking */ };

/* Search from offset `start`; `m` may be NULL. Bytes that are not UTF-8 count as one character
 * each. All of the subject is checked on every call: to find all matches use pattern_each. */
enum pattern_result pattern_search(const struct pattern *p, struct slice subject, size_t start,
                                   struct match *m);

/* Call `each` for every match from left to right until it returns false, as Go's FindAll does:
 * without overlaps, and no empty match right behind another match. One limit holds for all of it;
 * PATTERN_YES when there was a match. */
enum pattern_result pattern_each(const struct pattern *p, struct slice subject,
                                 bool (*each)(void *arg, const struct match *m), void *arg);

/* The number of the group called `name`, 0 when there is none. */
size_t pattern_group(const struct pattern *p, const char *name);

/* Go's ReplaceAllString: every match becomes `replacement`, in which $1, ${1}, $name, ${name} and
 * $$ are expanded; an unknown or unset group is empty. "$1_x" names the group "1_x" in Go, which no
 * author meant: a digit name followed by letters is read as ${1}_x and *surprise (may be NULL) is
 * set. False when the match limit was hit. */
bool pattern_replace(const struct pattern *p, struct slice subject, struct slice replacement,
                     struct buf *out, bool *surprise);

#endif
