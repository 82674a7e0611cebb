/* What the files of the melange reader share; nobody else includes this. */
#ifndef MWATCH_RECIPES_MELANGE_PARTS_H
#define MWATCH_RECIPES_MELANGE_PARTS_H

#include "watcher/recipes/melange.h"

/* Replacements that name a group Go does not find ("$1_beta" names "1_beta") are read as their
 * author meant them ("${1}_beta"); this gives the sentence that says so, NULL when it is not
 * needed. In the arena. */
const char *melange_replacement_note(struct arena *a, const struct yaml *y,
                                     const struct node *replace);

/* A text out of a recipe as a message may show it: nothing in it steers a terminal, and what is
 * too long for a message is cut. In the arena. */
const char *melange_shown(struct arena *a, struct slice text);

/* What a package may be called: letters, digits, and behind the first of them "." "-" "+"; "_". */
bool melange_is_name(struct slice name);

/* Letters, digits, "_", "-" and ".": what melange takes for a name inside ${{}}. */
bool melange_is_variable(struct slice name);

/* The path of a variable's scalar: "vars.x", "vars['a.b']". In the arena. */
const char *melange_variable_path(struct arena *a, struct slice name);

/* The first document, or NULL. */
const struct node *melange_root(const struct yaml *y);

/* A step of a pipeline that names what it uses. */
struct step {
    const char *path; /* "pipeline[0].pipeline[1]" */
    const struct node *node;
    const struct node *with; /* NULL when it has none */
    const char *arch; /* the only architecture it runs for, by its own or an outer `if:`; NULL */
    struct slice directory; /* its own or an outer `working-directory:`; empty = the workspace */
};

enum { LONGEST_VALUE = 16384 }; /* bytes of a text once its variables are replaced */

enum { MOST_STEPS = 5000 }; /* nested aliases could make any number of a short file */

struct steps {
    VEC(struct step) list;
    bool cut; /* there are more than MOST_STEPS */
};

/* Add the steps of root[`pipeline`] and of the pipelines nested in them, in the file's order.
 * `path` is what stands before in their paths ("", "test"). */
void melange_steps(struct arena *a, const struct node *holder, const char *path, struct steps *out);

/* The address at which a checkout's repository can be asked: git:// is asked by https instead. In
 * the arena. */
const char *melange_repository(struct arena *a, struct slice repository);

/* Does the step use this pipeline ("fetch")? */
bool step_uses(const struct step *s, const char *name);

/* Fill the part of `c` that the `update:` block describes; `vars` are as they stand, `pins` those
 * of the recipe, and c->current is known. What cannot be understood becomes c->error. */
void melange_update(const struct yaml *y, const struct variables *vars, const struct pins *pins,
                    struct component *c);

#endif
