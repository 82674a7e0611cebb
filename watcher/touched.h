/* Touched: what the difference of two revisions means for recipes and images. */
#ifndef MWATCH_TOUCHED_H
#define MWATCH_TOUCHED_H

#include "git/comparison.h"
#include "watcher/gather.h"

/* A node, and a file through which it is touched. */
struct touch {
    uint32_t node;
    const char *file;
    enum change_kind change;
    bool own; /* the file is the node's own */
};

struct touched {
    struct gathering gathering; /* of the new revision: the work tree is not looked at */
    VEC(struct touch) list;     /* by node, its own file first */
    VEC(uint32_t)
    nodes;        /* each once; those that nothing here builds are names of packages
                     that were built before */
    size_t files; /* that differ */
};

/* Compare `revisions` (see comparison_open) of the repository in `root`. A recipe or image is
 * touched by
 * - its own file, when that was added, changed or renamed;
 * - a file it includes, or a pipeline of the repository that it uses, wherever that is, also when
 *   it was deleted or only now comes to be;
 * - any other file in a folder of its own, which is the nearest one above the file (but never the
 *   root) that is named like the recipe, beside it, or that has it directly in it; where there is
 *   neither, the nearest one with recipes anywhere below it, with all of those. Text for people
 *   (*.md) and what git reads (.gitignore, .gitattributes) touches nothing.
 * Packages that a recipe built before and no longer builds touch those who need them.
 *
 * Files that the configuration excludes touch nothing but those that include them. To be released
 * either way. */
bool touched_find(const char *root, const struct config *config, const char *revisions,
                  struct touched *out, struct error *e);
void touched_release(struct touched *t);

#endif
