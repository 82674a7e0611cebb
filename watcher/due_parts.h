/* What the files of due share; nobody else includes this. */
#ifndef MWATCH_DUE_PARTS_H
#define MWATCH_DUE_PARTS_H

#include "watcher/due.h"

static inline bool due_failed(const struct due_image *m)
{
    return m->fate == DUE_FAILED;
}

/* The image has failed with what is in its error. */
static inline void due_fail(struct due_image *m)
{
    m->fate = DUE_FAILED;
}

/* The recipe that builds a package of this name, NULL when none does. */
const struct due_recipe *due_builder(const struct due *d, struct slice package);

/* The text of an index of all that the repository's recipes build. In the arena. */
struct slice due_local_index(struct due *d);

#endif
