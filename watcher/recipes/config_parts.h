/* The steps from mwatch.yaml to components, one file each. Only the files config*.c and init*.c see
 * this. */
#ifndef MWATCH_RECIPES_CONFIG_PARTS_H
#define MWATCH_RECIPES_CONFIG_PARTS_H

#include "watcher/recipes/config.h"
#include "watcher/recipes/config_layer.h"

/* Sort the entries for config_entry. */
void config_index(struct config *config);

/* The folder that stands for a file as a key; empty when none does. */
struct slice config_folder(const struct config_files *files, struct slice file);

/* Is the key a file or a folder of recipes, and so no name? */
bool config_is_place(const struct config_files *files, struct slice key);

/* What the types cannot say: every one of several components has a source and something to change;
 * `set` leaves the epoch alone. ERROR_USAGE with file, line and column. */
bool config_rules(const struct config *config, struct error *e);

/* The entry for a recipe, as config_apply states; NULL when there is none. Marks and binds it.
 * False with ERROR_USAGE when the entry, which is still returned, is not the only one that fits or
 * has another recipe already. */
bool config_entry(struct config *config, const struct config_files *files, const char *file,
                  const char *recipe, struct config_recipe **out, struct error *e);

/* A recipe that the configuration is laid over. */
struct target {
    const struct config *config;
    const struct config_recipe *entry; /* NULL = only defaults */
    const struct config_files *files;
    const char *file;
    const struct yaml *y; /* NULL: no YAML, for the reason in `unread` when its name promises it */
    struct slice source;
    struct error unread;
    struct arena arena; /* of the other files that were read */
    VEC(struct other_file {
        const char *name;
        struct slice content;
    })
    others;
};

/* One of its components on its way. */
struct making {
    struct target *target;
    const struct node *part; /* its name in `components:`, NULL = the recipe has only this one */
    const struct pattern *entry; /* finds its version in the list of `each`, NULL = it is in none */
    struct layers layers;
    struct component *c;
};

/* Record "mwatch.yaml:12:3: ..." on the component, at a node of the configuration; NULL = at what
 * stands for all of it. Returns false. */
bool making_fail(struct making *m, const struct node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A text in a file of the repository; borrowed from the target. */
struct spot {
    const char *file;
    size_t line;
    struct slice text;
};

/* A scalar of the recipe's file. `at` is where the configuration names the path; NULL when the path
 * goes without saying. False with the component's error set. */
bool spot_path(struct making *m, const struct node *at, const char *path, struct spot *out);

/* What the first match of a pattern in a file finds: the group "version", else 1, else all of it.
 * False with the component's error set. */
bool spot_pattern(struct making *m, const struct node *at, const char *file,
                  const struct pattern *pattern, struct spot *out);

/* The bytes of a file of the repository, read once a recipe and borrowed from the target. False
 * with the component's error set. */
bool spot_content(struct making *m, const struct node *at, const char *file, struct slice *out);

/* The names of the entries that the list of `each:` has, in its order; twice the same is once. An
 * empty list is no error. False with the component's error set when the file cannot be read. */
struct entries {
    VEC(const char *) names;
};
bool each_find(struct making *m, const struct node *each, struct arena *a, struct entries *out);

/* What finds one of them in the file: in the arena. */
const struct pattern *each_pattern(struct arena *a, const struct node *each, const char *name);

/* Does the pattern say where the name stands? */
bool each_is_named(const struct node *each);

/* The package names that a source is asked for ("python-*"); empty when it is asked for others. */
struct slice config_starred(const struct node *source);

/* Find the pinned version: current, and its line. False with the component's error set. */
bool pinned_find(struct making *m);

/* See that every path that is to be set, every hash and every place that is to move exists. False
 * with the component's error set. */
bool pinned_check(struct making *m);

#endif
