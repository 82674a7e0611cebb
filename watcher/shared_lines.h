/* Components whose pull requests conflict: they change the same or neighbouring lines of a file,
 * and are not proposed together. */
#ifndef MWATCH_SHARED_LINES_H
#define MWATCH_SHARED_LINES_H

#include "watcher/recipes/component.h"

/* Called once for each file with such lines: the components, in the order of their lines. */
typedef void shared_lines_tell(void *arg, const char *file, const struct component *const *who,
                               size_t count);

/* Look at every file that several of the watched components write to; nobody is asked. Files that
 * cannot be read are passed over: who changes them says so. */
void shared_lines(const char *root, const struct components *components, shared_lines_tell *tell,
                  void *arg);

#endif
