/* Looks: components with a schedule are asked no more often than it says. */
#ifndef MWATCH_LOOKS_H
#define MWATCH_LOOKS_H

#include "watcher/outcome.h"

struct looks {
    struct http *http; /* whose notes remember the last look */
    const char *root;  /* of the repository: another one's looks are not ours */
    int64_t now;
};

/* Put the components that are to be asked now into asked[], which has room for all; the others get
 * their row, which says when they are next. One that an operand names is always asked, and its
 * schedule does not count. Returns how many are to be asked. */
size_t looks_due(const struct looks *l, const struct components *found, struct component **asked,
                 struct results *rows);

/* Remember the looks that were taken. One that found something to propose counts only once that is
 * proposed, and in a group's pull request only once that is closed: until then every run is to find
 * it again. An error is no look. */
void looks_note(const struct looks *l, const struct results *rows, bool proposed);

#endif
