/* The refs of a repository on this machine, told as a git server tells them. */
#ifndef MWATCH_GIT_LOCAL_REFS_H
#define MWATCH_GIT_LOCAL_REFS_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"

/* Add the path of the repository that a request's URL is for ("file:///srv/a%20b.git/info/refs?..."
 * gives "/srv/a b.git"). False when it is no file:// URL of that form on this machine. */
bool git_local_path(struct slice url, struct buf *path);

/* Put what `ls-refs` answers into *body: HEAD and every ref as a pkt-line "OID REF", with
 * " peeled:OID" after a tag object's, then a flush. `path` is a bare repository, a work tree or its
 * .git. ERROR_UPSTREAM when there is no repository or it cannot be read, or the list is larger than
 * body->max. */
bool git_local_refs(const char *path, struct buf *body, struct error *e);

#endif
