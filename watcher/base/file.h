/* Files: read whole with a limit, replaced whole or not at all. */
#ifndef MWATCH_BASE_FILE_H
#define MWATCH_BASE_FILE_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"

/* Read all of `path` into *out (cleared first). Fails with ERROR_SYSTEM naming the path: not there,
 * not a regular file, or larger than out->max. */
bool file_read(const char *path, struct buf *out, struct error *e);

/* Replace `path` by `content`: written beside it, flushed to disk, given the old file's mode, then
 * renamed over it, through symbolic links. On failure the old file is untouched and nothing is
 * left. */
bool file_replace(const char *path, struct slice content, struct error *e);

/* "a/b" joined from two parts with exactly one slash; `dir` "." or "" gives `name` alone. An
 * absolute `name` is taken alone. Added to *out. */
void path_join(struct buf *out, struct slice dir, struct slice name);

/* True when `path` is relative and stays below its start: no "..", not absolute, no NUL. */
bool path_is_inside(struct slice path);

/* The part after the last slash; the part before it ("/" for "/a", "" when there is no slash). */
struct slice path_base(struct slice path);
struct slice path_dir(struct slice path);

#endif
