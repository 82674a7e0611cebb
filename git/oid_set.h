/* Lists and sets of object ids, in an arena. */
#ifndef MWATCH_GIT_OID_SET_H
#define MWATCH_GIT_OID_SET_H

#include "watcher/base/arena.h"

#include <git2/oid.h>

struct oid_list {
    git_oid *items;
    size_t count, capacity;
};

/* An empty set is {.arena = a}. */
struct oid_set {
    struct arena *arena;
    git_oid *slots; /* open addressing; the zero id is a free slot */
    size_t count, capacity;
};

/* False when it was there already. The zero id is never in. */
bool oid_set_add(struct oid_set *set, const git_oid *id);
bool oid_set_has(const struct oid_set *set, const git_oid *id);

#endif
