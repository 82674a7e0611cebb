/* The steps of a melange recipe that move a Go module's dependencies: `uses: go/bump`, and `uses:
 * bump` where that is about Go. (melange's and Wolfi os's pipelines of these names.) */
#ifndef MWATCH_RECIPES_MELANGE_BUMP_H
#define MWATCH_RECIPES_MELANGE_BUMP_H

#include "watcher/recipes/melange.h"

/* A list such a step is given: words of the form module@version, or old=new@version. */
struct bump_list {
    const char *key;  /* "deps", "packages", "replaces" */
    const char *path; /* "pipeline[1].with.deps" */
    const struct node *node;
};

struct bump_step {
    const char *path; /* "pipeline[1]" */
    VEC(const char *)
    roots; /* folders of the modules below the workspace, without "." and ".."; ""
              is the workspace itself */
    VEC(struct bump_list) lists;
    bool whole;          /* without its lists it has nothing left to do */
    bool needs_deps;     /* melange refuses it without */
    const char *problem; /* why its folders are not known; NULL = they are */
};

/* A git-checkout of the main pipeline, as it is at the version of the variables. */
struct bump_checkout {
    const char *path;       /* "pipeline[0]" */
    const char *folder;     /* below the workspace, like roots */
    const char *repository; /* evaluated */
    const char *tag;        /* NULL with a branch */
    const char *commit;     /* as it is pinned now; NULL = not */
};

struct bumps {
    VEC(struct bump_step) steps;
    VEC(struct bump_checkout) checkouts;
};

/* What the main pipeline and its nested ones have of both. Never fails: what is not understood is
 * left out, or has its problem. */
void melange_bumps(struct arena *a, const struct yaml *y, const struct variables *vars,
                   struct bumps *out);

/* Put the modules that the recipe's steps ask for, with their versions, into c->bumped: of
 * "old=new@version" the new one; what is not understood is left out. */
void melange_bumped(const struct yaml *y, const struct variables *vars, struct component *c);

/* The checkout a folder lies in: the one with the longest folder; and the rest of the path there,
 * which is empty for the checkout's own folder. NULL when there is none. */
const struct bump_checkout *bump_checkout_of(const struct bumps *b, const char *folder,
                                             const char **rest);

/* The text of a list without the words that `stale` is true for, each asked once, in order; a line
 * that had only such words goes with its comment. *left is how many words stay. In the arena. */
const char *bump_without(struct arena *a, struct slice text,
                         bool (*stale)(void *arg, struct slice word), void *arg, size_t *left);

#endif
