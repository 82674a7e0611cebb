/* The refs a git server lists, read into candidates. */
#ifndef MWATCH_SOURCES_GIT_REFS_H
#define MWATCH_SOURCES_GIT_REFS_H

#include "sources/git.h"

/* Read pkt-lines up to the flush: the answer to ls-refs (version 2), or the refs that a server of
 * version 0 or 1 begins with. A tag gives a candidate with the commit behind it; with q->branch
 * only that branch does. ERROR_UPSTREAM when the list is cut off, a line is no ref, a peeled line
 * follows nothing, or the branch is not there. */
bool git_refs_read(const struct git_query *q, struct slice body, struct arena *a,
                   struct candidates *out, struct error *e);

/* The file that a server without git's own program gives for info/refs ("dumb" HTTP,
 * gitrepository-layout): told by its first line, and read likewise. */
bool git_refs_is_file(struct slice body);
bool git_refs_read_file(const struct git_query *q, struct slice body, struct arena *a,
                        struct candidates *out, struct error *e);

#endif
