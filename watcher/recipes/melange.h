/* melange recipes: what they pin, what their `update:` block asks for, what a bump changes.
 * The rules are those of melange's own sources and of Wolfi os's history (2026-08). */
#ifndef MWATCH_RECIPES_MELANGE_H
#define MWATCH_RECIPES_MELANGE_H

#include "watcher/recipes/component.h"
#include "watcher/yaml/yaml.h"

/* Does this look like a melange recipe: a mapping with `package:` that is a mapping with `name`? */
bool melange_is(const struct yaml *y);

/* Fill kind, recipe, name, current, commit, epoch, line and, from the `update:` block, everything
 * it says; `settings` gets package.version and a variable that holds the version. A block that is
 * absent or not enabled makes `disabled`; one that cannot be understood makes `error`; an unknown
 * key a warning with its line. False with `e` (ERROR_RECIPE) when there is no usable package. */
bool melange_read(const struct yaml *y, struct component *c, struct error *e);

/* One value `${{...}}` can have. */
struct variable {
    const char *name;    /* "package.version", "vars.x" */
    const char *value;   /* "" when there is a problem */
    const char *problem; /* why it has no value, to be said when it is used; NULL = none */
    bool moves; /* does it depend on package.version or on an override, by however many steps? */
};

struct variables {
    VEC(struct variable) list;
    VEC(const char *) notes; /* "kpt.yaml:9:14: ..." of what was read otherwise than Go would */
};

/* package.{name,version,description,epoch,full-version}, vars.* (which may use each other), then
 * var-transforms in order (each may use what the ones before gave), as they are once the version is
 * `version` and the epoch 0; NULL for both as they stand. A setting of vars.* in `overrides` (named
 * by its path; NULL = none) replaces that variable first; other settings are passed over. Fails
 * with ERROR_RECIPE, file and line for a var-transform that is incomplete or whose pattern does not
 * compile. */
bool melange_variables(struct arena *a, const struct yaml *y, const char *version,
                       const struct variables *overrides, struct variables *out, struct error *e);

/* Add `text` with every ${{name}} (blanks inside allowed) replaced. False with `e` (ERROR_RECIPE)
 * when a name is not known or has a problem; what could not be replaced is added as it was. */
bool melange_expand(const struct variables *vars, struct slice text, struct buf *out,
                    struct error *e);

/* As melange_expand; *moves is set when a variable that moves was used, and else left alone. */
bool melange_expand_moving(const struct variables *vars, struct slice text, struct buf *out,
                           bool *moves, struct error *e);

/* What a bump has to renew: one pinned hash or commit. */
enum pin_kind { PIN_SHA256, PIN_SHA512, PIN_COMMIT };

enum pin_follows {
    FOLLOWS_NOTHING, /* a fixed thing: a new version leaves it alone */
    FOLLOWS_VERSION, /* its uri or tag depends on package.version, directly or by a variable */
    FOLLOWS_BRANCH,  /* the recipe's main checkout, but of a branch: renewed when the new commit
                        is known, as it is for snapshots */
};

struct pin {
    enum pin_kind kind;
    enum pin_follows follows;
    const char *path;    /* "pipeline[0].with.expected-sha256", "vars.x" for one in a variable */
    const char *old;     /* the value pinned now */
    const char *url;     /* fetch: the evaluated uri; git-checkout: the evaluated repository */
    const char *tag;     /* git-checkout: the evaluated tag, or NULL with a branch */
    const char *branch;  /* git-checkout without tag, NULL = the repository's default branch */
    bool main;           /* the first checkout that follows, and those of the same repository and
                            tag or branch: component.commit is its commit */
    const char *problem; /* why url, tag or branch is not known ("${{build.arch}} is not known"),
                            to be said when it is needed; NULL = they are known */
    size_t line;
};

struct pins {
    VEC(struct pin) list; /* in the file's order, the main pipeline before the others */
    VEC(const char *)
    left; /* "pipeline[2] ...": what a bump leaves alone and why, for the report */
};

/* The pins of the main pipeline and its nested pipelines. From tests and subpackages only those
 * checkouts that repeat a checkout of the main pipeline which follows (same repository, tag or
 * branch, and commit): they would contradict it otherwise. Never fails for what can be left. */
void melange_pins(struct arena *a, const struct yaml *y, const struct variables *vars,
                  struct pins *out);

#endif
