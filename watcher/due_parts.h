/* What the files of due share; nobody else includes this. */
#ifndef MWATCH_DUE_PARTS_H
#define MWATCH_DUE_PARTS_H

#include "watcher/base/buf.h"
#include "watcher/due.h"
#include "watcher/rebuild/load.h"
#include "watcher/yaml/yaml.h"

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

/* Give it its architectures, as apk calls them, sorted and each once: what is said, else its own,
 * else both of Wolfi's. */
void due_take_archs(struct due *d, const struct apko_list *said, const struct apko_list *own,
                    struct due_image *m);

/* Note which packages the recipe builds; of several that build one the first stays. */
void due_add_built(struct due *d, struct due_recipe *recipe);

/* The recipe that builds a package of this name, NULL when none does. */
const struct due_recipe *due_builder(const struct due *d, struct slice package);

/* An image for an architecture. */
struct due_task {
    struct due_image *image;
    const char *arch;
    const char *key; /* the same for tasks that are resolved together */
    size_t index;    /* of the task */
    struct load_query query;
};

/* Resolve the image in the table, or note why it cannot be. */
void due_task_resolve(struct due *d, const struct due_task *t, struct index *ix);
void due_task_fail(const struct due_task *t, const struct error *e);

/* Fill in the image's primary package and its version. ERROR_USAGE when it is not said and cannot
 * be guessed, or is said and not there; ERROR_CONFLICT when architectures have it at two versions.
 */
bool due_find_primary(struct due *d, struct due_image *m);

/* Resolve these, each for its architectures; one that has failed is passed over. */
void due_resolve_images(struct due *d, struct due_image *const *items, size_t count);

/* A recipe's environment and architectures, out of its file. */
void due_read_environment(struct arena *a, const struct yaml *y, struct due_recipe *out);

/* Note what the recipes are built with that are built with this image. */
void due_note_built(struct due *d, const struct due_image *m);

/* The text of an index of all that the repository's recipes build. In the arena. */
struct slice due_local_index(struct due *d);

#endif
