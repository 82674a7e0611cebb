/* Raise: a recipe is built again at the same version, under the next epoch. */
#ifndef MWATCH_RAISE_H
#define MWATCH_RAISE_H

#include "watcher/outcome.h"
#include "watcher/rewrite.h"
#include "watcher/templates.h"

/* The file with its epoch raised by one, and `comment` as the comment behind it. All in the arena.
 * ERROR_RECIPE when it has no epoch that is a number. */
bool raise_epoch(struct arena *a, const struct recipe_file *file, const char *comment,
                 struct file_change *out, struct error *e);

struct raise {
    const char *recipe, *file;
    const char *comment; /* for what: "openssl 3.5.3" */
    const char *reason;  /* a sentence for people, without its stop */
    bool unpublished;    /* what it is built for again is still to be published */
};

/* Add the row that proposes it, DECISION_REBUILD, and its component, which follows nothing, to
 * `components`. What cannot be raised is an error of its row. All is copied. */
void raise_add_row(const struct raise *r, const char *root, const struct templates *templates,
                   struct components *components, struct results *results);

#endif
