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
    const struct node *node;
    bool used;
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
 * that do not compile fail with ERROR_USAGE, file, line, column and the nearest known key. */
bool config_read(struct config *config, const char *file, struct slice text, struct error *e);
void config_free(struct config *config);

/* The entry for a recipe found at `file` under the name `recipe`; NULL when there is none. Marks it
 * used. */
struct config_recipe *config_for(struct config *config, const char *file, const char *recipe);

/* Make the components an entry describes, starting from what the recipe itself said (`found`, which
 * is taken over: freed or added). `y` is the parsed recipe; NULL for a file that is no YAML, whose
 * bytes are `source`. Adds at least one component; one that cannot be watched carries its error. */
void config_apply(struct config *config, struct config_recipe *entry, const struct yaml *y,
                  struct slice source, struct component *found, struct components *out);

#endif
