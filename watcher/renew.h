/* What moving a component will renew in its recipe: hashes of artefacts, commits behind tags. */
#ifndef MWATCH_RENEW_H
#define MWATCH_RENEW_H

#include "watcher/recipes/melange.h"
#include "watcher/release.h"

struct renewal {
    enum pin_kind kind;
    const char *path;                /* the scalar in the recipe */
    const char *old;                 /* its value now */
    const char *value;               /* its value then; NULL until proven or given */
    const char *const *urls;         /* hashes: where the artefact is, tried in order, NULL-ended */
    const struct checksum *checksum; /* upstream's word on it, NULL = none configured */
    const struct signature_rule *signature; /* who must have signed it, NULL = nobody is named */
    const char *old_url;    /* where the pinned release's artefact is, to compare sizes; NULL */
    const char *repository; /* commits: asked for ... */
    const char *ref;        /* ... this tag, without refs/tags/; NULL = none is checked out */
    const char *branch;     /* ... else for the head of this branch ("HEAD": the default's) */
    bool main;              /* commits: the checkout of the recipe's own upstream */
    bool loose; /* the branch is the same for every version: a release's own commit is better than
                   its head */
};

struct renewals {
    VEC(struct renewal) list;
    VEC(const char *) left; /* what stays as it is although it looks as if it should move */
};

/* A recipe file read for changing it; everything lives in the arena. */
struct recipe_file {
    const char *name; /* relative to the root */
    struct slice source;
    struct yaml yaml;
    bool is_yaml;
};

/* Read `file` below root; ERROR_RECIPE when `recipe` is set and it is no YAML. Any other file is
 * read as YAML when its name says so and it is. */
bool recipe_load(struct arena *a, const char *root, const char *file, bool recipe,
                 struct recipe_file *out, struct error *e);

/* The node at a path, in the first document that has it; NULL when none has, or it is no YAML. */
struct node *recipe_node(const struct recipe_file *file, const char *path);

/* Everything the component's move to the release renews: the configuration's artefacts, then the
 * fetch and git-checkout steps whose address or tag changes with it. */
bool renewals_find(struct arena *a, const struct component *c, const struct recipe_file *file,
                   const struct release *r, struct renewals *out, struct error *e);

/* The hashes that are pinned now, each with the address whose bytes it is of, as far as that can be
 * told: `r` is a release of the component (its tag shows how upstream spells tags), or NULL. */
void renewals_pinned(struct arena *a, const struct component *c, const struct recipe_file *file,
                     const struct release *r, struct renewals *out);

/* The settings of the component with their values filled in: path and value, in order. */
bool settings_expand(struct arena *a, const struct component *c, const struct release *r,
                     struct variables *out, struct error *e);

#endif
