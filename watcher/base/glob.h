/* Shell-like patterns over paths. */
#ifndef MWATCH_BASE_GLOB_H
#define MWATCH_BASE_GLOB_H

#include "watcher/base/slice.h"

/* Does the whole path fit the glob? `?` is one byte and `*` any run within one part of the path,
 * `**` any run across parts ("**" followed by a slash also stands for nothing); other bytes are
 * themselves. */
bool glob_matches(struct slice glob, struct slice path);

#endif
