/* What the files of due share; nobody else includes this. */
#ifndef MWATCH_DUE_PARTS_H
#define MWATCH_DUE_PARTS_H

#include "watcher/base/buf.h"
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

/* The image's lock file, as apko names it: "python.yaml" is locked by "python.lock.json"; and its
 * text, empty when it is not there. */
const char *due_lock_name(struct arena *a, const char *file);
bool due_lock_read(const struct due *d, const char *name, struct buf *out, struct error *e);

/* The recipe that builds a package of this name, NULL when none does. */
const struct due_recipe *due_builder(const struct due *d, struct slice package);

/* The text of an index of all that the repository's recipes build. In the arena. */
struct slice due_local_index(struct due *d);

#endif
