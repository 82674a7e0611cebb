/* Rewrite: turn a proven release into edits of files, byte by byte, and check that they do what
 * they should and nothing else. */
#ifndef MWATCH_REWRITE_H
#define MWATCH_REWRITE_H

#include "watcher/outcome.h"

struct rewriting {
    const char *root;
    const struct component *component;
    const struct release *release;
    const struct recipe_file *file;  /* the component's own, as it is */
    const struct renewals *renewals; /* every value filled in; one that is NULL is left as it is */
    const struct prunings *prunings; /* NULL = none */
    const struct variables *extra;   /* further paths and values (`bump --set`); NULL = none */
};

/* Work out the files of the change set. A new package.version sets the epoch to 0 (unless it is to
 * be kept, or `extra` sets it); the same version, with another hash, commit or variable, adds 1 to
 * it; an epoch that would change alone is refused, and so is a change of nothing at all.
 * ERROR_RECIPE, ERROR_SYSTEM.
 */
bool rewrite(struct arena *a, const struct rewriting *w, struct change_set *out, struct error *e);

/* Replace the files below root by what the change set makes of them. ERROR_SYSTEM; ERROR_CONFLICT
 * when one is no longer what it was. Files are replaced one by one, each whole; when one cannot be,
 * those before it get their old bytes again. */
bool rewrite_write(const char *root, const struct change_set *set, struct error *e);

#endif
