/* mwatch.yaml read into components. */
#ifndef MWATCH_RECIPES_CONFIG_H
#define MWATCH_RECIPES_CONFIG_H

#include "watcher/recipes/component.h"
#include "watcher/yaml/yaml.h"

struct config_mirror {
    const char *prefix;
    const char *target;
};

/* One entry of `recipes:`; read when its file is discovered. */
struct config_recipe {
    const char *key;  /* a file, a folder or a recipe's name */
    const char *file; /* `file:`, NULL = found by key */
    const struct node *key_node;
    const struct node *node;
    bool used;
    const char *bound;                 /* the file it was given to, NULL = none yet */
    const struct config_recipe *rival; /* another entry that fits `bound` as well */
};

/* The repository's files as discovery sees them. */
struct config_files {
    const char *const *names; /* the files that may be recipes, sorted by bytes */
    size_t count;
    /* Read a file, named relative to the repository's root, into *out (cleared first). */
    bool (*read)(void *arg, const char *file, struct buf *out, struct error *e);
    void *arg;
};

struct config {
    struct arena arena;
    struct yaml yaml;
    const char *file; /* as messages name it; NULL = no configuration */
    VEC(struct config_mirror) mirrors;
    VEC(const char *) plain_hosts; /* `plain-http:` */
    VEC(const char *) exclude;     /* globs of files that are no recipes */
    VEC(struct config_recipe) recipes;
    const struct node *defaults;
};

/* Read and validate all of it: unknown keys, wrong types, unknown sources and schemes, patterns
 * that do not compile, unknown placeholders fail with ERROR_USAGE, file, line, column and the
 * nearest known key. The text is copied. */
bool config_read(struct config *config, const char *file, struct slice text, struct error *e);
void config_free(struct config *config);

/* The entry for a recipe found at `file` under the name `recipe`; NULL when there is none. The
 * first of these that an entry says: `file:` or a key that is the file; a key that is the file's
 * folder (the file is its melange.yaml or, where there is none, its only apko/ *.yaml); a key that
 * is the name. Marks it used. */
struct config_recipe *config_for(struct config *config, const struct config_files *files,
                                 const char *file, const char *recipe);

/* Make the components an entry describes, starting from what the recipe itself said (`found`, which
 * is taken over: freed or added). `y` is the parsed recipe; NULL for a file that is no YAML, whose
 * bytes are `source`. Adds at least one component; one that cannot be watched carries its error. */
void config_apply(struct config *config, struct config_recipe *entry,
                  const struct config_files *files, const struct yaml *y, struct slice source,
                  struct component *found, struct components *out);

/* The placeholders that the templates of a component may use, NULL-ended. All are known when a
 * change is made; `url` only in a checksum's url, where it is the artefact's.
 *   version, major, minor, patch, series ("11.4"), tag (upstream's raw string), commit, date (of
 * the release, "2026-05-06"); current (the pinned version), epoch (the next one), stream; recipe,
 * component, name (of the melange package, else as recipe) */
const char *const *config_placeholders(void);

#endif
