/* What the remote lacks of a commit, as a pack. */
#ifndef MWATCH_GIT_PACK_H
#define MWATCH_GIT_PACK_H

#include "git/oid_set.h"
#include "git/repository_parts.h"

/* Put the commit `to` and all behind it that is behind no commit of `theirs` into the pack: of each
 * commit only what differs from its first parent. ERROR_CONFLICT when history ends before a commit
 * of theirs is met; ERROR_SYSTEM. */
bool pack_commits(struct repository *r, git_packbuilder *pack, const git_oid *to,
                  const struct oid_set *theirs, struct error *e);

#endif
