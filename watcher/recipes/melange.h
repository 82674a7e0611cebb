/* melange recipes: what they pin, what their `update:` block asks for, what a bump changes.
 * The rules are those of melange's own sources and of Wolfi os's history (2026-08). */
#ifndef MWATCH_RECIPES_MELANGE_H
#define MWATCH_RECIPES_MELANGE_H

#include "watcher/recipes/component.h"
#include "watcher/yaml/yaml.h"

/* Does this look like a melange recipe: a mapping with `package:` that is a mapping with `name`? */
bool melange_is(const struct yaml *y);

/* Fill name, current, commit, epoch, line and, from the `update:` block, everything it says. A
 * block that is absent or not enabled makes `disabled`; one that cannot be understood makes
 * `error`; an unknown key a warning with its line. False with `e` (ERROR_RECIPE) when there is no
 * usable package. */
bool melange_read(const struct yaml *y, struct component *c, struct error *e);

/* The values `${{...}}` can have. */
struct variables {
    VEC(struct variable {
        const char *name;
        const char *value;
    })
    list;
};

/* package.{name,version,description,epoch,full-version}, vars.*, then var-transforms in order (each
 * may use what the ones before gave), as they are once the version is `version` and the epoch 0;
 * NULL for both as they stand. A setting in `overrides` (path "vars.x") replaces that variable
 * first. */
bool melange_variables(struct arena *a, const struct yaml *y, const char *version,
                       const struct variables *overrides, struct variables *out, struct error *e);

/* Replace every ${{name}} (blanks inside allowed). False with `e` when a name is not known; then
 * *out holds the text with that one left as it was. */
bool melange_expand(const struct variables *vars, struct slice text, struct buf *out,
                    struct error *e);

/* One pinned thing of the main pipeline and its nested pipelines. */
enum pin_kind { PIN_SHA256, PIN_SHA512, PIN_COMMIT };
struct pin {
    enum pin_kind kind;
    const char *path;   /* "pipeline[0].with.expected-sha256" */
    const char *old;    /* the literal value pinned now */
    const char *url;    /* fetch: the evaluated uri; git-checkout: the evaluated repository */
    const char *tag;    /* git-checkout: the evaluated tag, or NULL with a branch */
    const char *branch; /* git-checkout without tag */
    bool moves; /* does the url, tag or destination depend on package.version (directly, by a
                   variable or by a var-transform)? Only those are renewed by a new version */
    const char *variable; /* the pin is ${{vars.x}}: `path` is then "vars.x"; NULL for a literal */
};
struct pins {
    VEC(struct pin) list;
    VEC(const char *) left; /* what was left alone and why, for the report */
};
bool melange_pins(struct arena *a, const struct yaml *y, const struct variables *vars,
                  struct pins *out, struct error *e);

#endif
