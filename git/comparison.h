/* Two revisions of a repository, compared: what a push changed. Nothing is fetched, nothing is
 * written. Names of files are relative to the directory that was given, with slashes; what is
 * outside of it is left out. */
#ifndef MWATCH_GIT_COMPARISON_H
#define MWATCH_GIT_COMPARISON_H

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/base/error.h"

enum change_kind { CHANGE_ADDED, CHANGE_MADE, CHANGE_DELETED };

/* A renamed file is one that was deleted and one that was added. A changed mode counts. */
struct changed_file {
    const char *name;
    enum change_kind change;
    bool link; /* a symbolic link or a submodule on either side */
};

enum comparison_side { SIDE_OLD, SIDE_NEW };

struct comparison;

/* Compare as git does: "A..B"; "A...B", B with where it parted from A; "A", the same as "A..HEAD",
 * and HEAD for a side that is left out. An A of zeros only, as forges give it for a branch's first
 * push, is the empty revision: all files are new. `directory` is a work tree, something below one,
 * or a bare repository. ERROR_USAGE: no repository there, no such revision (of a shallow clone, how
 * to get it), no common ancestor. ERROR_SYSTEM: objects cannot be read. */
struct comparison *comparison_open(const char *directory, const char *revisions, struct error *e);
void comparison_close(struct comparison *c);

/* Sorted by name; borrowed. */
const struct changed_file *comparison_changes(const struct comparison *c, size_t *count);

/* All regular files of one side that `keep` wants, sorted by bytes, in the arena; links and
 * submodules are no files. Folders are asked about with a slash at their end, before what is in
 * them. ERROR_SYSTEM. */
struct comparison_files {
    VEC(const char *) names;
};
bool comparison_list(struct comparison *c, enum comparison_side side,
                     bool (*keep)(const char *name), struct arena *a, struct comparison_files *out,
                     struct error *e);

/* Read a file of one side into *out (cleared first). ERROR_SYSTEM when it is not there, no regular
 * file, larger than out->max, or not in this clone, which may be a partial one. */
bool comparison_read(struct comparison *c, enum comparison_side side, const char *name,
                     struct buf *out, struct error *e);

#endif
