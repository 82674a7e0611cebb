/* What the files that read needs share; nobody else includes this. */
#ifndef MWATCH_RECIPES_NEEDS_PARTS_H
#define MWATCH_RECIPES_NEEDS_PARTS_H

#include "watcher/base/names.h"
#include "watcher/recipes/melange_parts.h"
#include "watcher/recipes/needs.h"

/* Limits that no recipe comes near (the largest of Wolfi's has some 600 packages), so that ranges
 * and nested pipelines of a hostile one cost little. */
enum {
    MOST_PACKAGES = 20000,
    MOST_USES = 200000,    /* steps looked at */
    MOST_ENTRIES = 500000, /* of lists, and inputs */
    DEEPEST_USE = 20,      /* pipelines within pipelines */
    LONGEST_NEED = 512,
};

struct needs_reader {
    struct arena *a;
    const struct yaml *y;
    struct variables vars; /* the innermost scope last */
    struct needs *out;
    struct pipelines *pipelines;
    struct names seen; /* what is in the lists already */
    size_t packages, uses, entries;
    const char *exceeded; /* what there is too much of, NULL = nothing */
};

/* Where an entry stands: in the file, except that a pipeline's are at the step that uses it. */
struct need_place {
    const char *file;
    size_t line, column;
};

struct need_place need_place_of(const struct needs_reader *r, const struct node *node);

/* Add what a list of texts needs; NULL and what is no list count as empty. */
void needs_add_list(struct needs_reader *r, enum need_kind kind, const struct node *list,
                    const struct need_place *at);

/* Add a package; false, and a problem, when that is no name for one. */
bool needs_add_package(struct needs_reader *r, const char *name, const char *version,
                       long long priority, const struct need_place *at);

/* Add what a package provides besides: name[=version]. */
void needs_add_provided(struct needs_reader *r, const struct node *entry, long long priority);

/* Is this text seen for the first time? The tag tells apart what is remembered. */
bool needs_is_new(struct needs_reader *r, char tag, const char *text);

/* Add a file that the recipe is made of. */
void needs_add_file(struct needs_reader *r, struct slice path);

/* Say once what was left out. */
void needs_problem(struct needs_reader *r, const struct need_place *at, const char *message);

/* The text with its variables replaced, in the arena; NULL, and a problem, when it cannot be. */
const char *needs_expand(struct needs_reader *r, struct slice text, const struct need_place *at);

/* A variable for what comes next; needs_leave takes back all since needs_enter. */
size_t needs_enter(const struct needs_reader *r);
void needs_bind(struct needs_reader *r, const char *name, const char *value);
void needs_leave(struct needs_reader *r, size_t mark);

/* Add what the steps and the pipelines that they use need. `at` NULL = each at its own step. */
void needs_add_steps(struct needs_reader *r, const struct steps *steps, unsigned depth,
                     const struct need_place *at);

#endif
