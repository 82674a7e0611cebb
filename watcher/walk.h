/* The files below a directory that may be recipes. */
#ifndef MWATCH_WALK_H
#define MWATCH_WALK_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

struct file_list {
    VEC(const char *) names;  /* relative to the root, with slashes, sorted by bytes */
    VEC(const char *) unread; /* directories whose recipes are not among them, and why */
};

/* Is a file or folder of this name (relative, a folder's with a slash at its end) one to look at?
 */
bool walk_wants(const char *name);

/* The same of all the folders it is in, too. */
bool walk_wants_path(const char *file);

/* Every regular *.yaml and *.yml below `root`. Hidden entries, node_modules and symbolic links to
 * directories are passed over; a symbolic link to a file counts unless its target, or another link
 * to it, is in the list itself. A directory below that cannot be read, or is more than 40 deep, is
 * noted and passed over. ERROR_USAGE when root cannot be read. */
bool walk_recipes(struct arena *a, const char *root, struct file_list *out, struct error *e);

#endif
