/* mwatch.yaml read into components. */
#ifndef MWATCH_RECIPES_CONFIG_H
#define MWATCH_RECIPES_CONFIG_H

#include "watcher/recipes/component.h"
#include "watcher/yaml/yaml.h"

struct config_mirror {
    const char *prefix;
    const char *target;
};

/* One entry of `recipes:`; laid over its recipe when that is discovered. */
struct config_recipe {
    const char *key;         /* a file, a folder or a recipe's name */
    const char *file;        /* `file:`, NULL = found by key */
    const struct node *name; /* where the key stands */
    const struct node *node;
    bool used;
    const char *bound; /* the file it was given to, NULL = none yet */
};

/* The repository's files as discovery sees them. */
struct config_files {
    const char *const *names; /* the files that may be recipes, sorted by bytes */
    size_t count;
    /* Read a file, named relative to the repository's root, into *out (cleared first). */
    bool (*read)(void *arg, const char *file, struct buf *out, struct error *e);
    void *arg;
};

/* Whom to tell, and of what. */
enum trigger_on { TRIGGER_PROPOSED, TRIGGER_MERGED, TRIGGER_DUE /* by `mwatch rebuild` */ };

struct config_input {
    const char *name, *value;
};

struct config_trigger {
    enum trigger_on on;
    const char *repository; /* owner/name; NULL = where it is proposed */
    const char *event;      /* of a repository_dispatch; NULL = a workflow_dispatch */
    const char *workflow;   /* its file's name, or its number */
    const char *ref;        /* NULL = the repository's default branch */
    const char *input;      /* the workflow's input that takes the payload; NULL = none does */
    VEC(struct config_input) inputs;
    VEC(const char *) recipes; /* globs of their names; none = all */
};

/* How changes are proposed; NULL = not said. */
struct config_proposing {
    const char *author_name, *author_email;
    const char *sign; /* "openpgp" or "ssh" */
    const char *signing_key, *signing_program;
    const char *repository; /* owner/name */
    const char *base, *remote;
    bool through_api;
    const char *app_id, *app_key_file; /* a GitHub App */
    unsigned long long open, hourly;   /* limits; 20 and 50 when the file says nothing */
    VEC(struct config_trigger) triggers;
    bool dashboard; /* one issue tells of all components */
    const char *dashboard_title;
    VEC(const char *) dashboard_labels;
};

/* `templates:`: titles, and files below the repository's root; NULL = the built-in ones. */
struct config_templates {
    const char *title, *issue_title, *group_title;
    const char *pull_request, *issue, *rebuild, *group, *group_member, *commit;
};

struct config {
    struct arena arena;
    struct config_templates templates;
    struct yaml yaml;
    const char *file; /* as messages name it; NULL = no configuration */
    VEC(struct config_mirror) mirrors;
    VEC(const char *) plain_hosts; /* `plain-http:` */
    VEC(const char *) exclude;     /* globs of files that are no recipes */
    VEC(struct config_recipe) recipes;
    struct config_recipe **by_place; /* the same, sorted for config_apply */
    const struct node *defaults;
    struct config_proposing
        proposing; /* set by config_read; config_proposing_default without one */
};

/* What holds where nothing is said. */
struct config_proposing config_proposing_default(void);

/* Read and validate all of it: unknown keys, wrong types, unknown sources and schemes, patterns
 * that do not compile, unknown placeholders fail with ERROR_USAGE, file, line, column and the
 * nearest known key. The text is copied. */
bool config_read(struct config *config, const char *file, struct slice text, struct error *e);
void config_free(struct config *config);

/* Lay the configuration over what a recipe itself said (`found`, which is taken over: added or
 * freed), and add the components that come of it, at least one; one that cannot be watched carries
 * its error. To be called for every recipe: `defaults:` hold for those without an entry, too.
 *
 * The entry is the first of these: one whose `file:` or key is the file; one whose key is the
 * file's folder (the file is its melange.yaml or, where there is none, its only apko/ *.yaml); one
 * whose key is the recipe's name. It is marked used, and its key becomes the recipe's name, unless
 * the key is the file itself. Two entries for one recipe, or two recipes for one name, are errors
 * on the component.
 *
 * `y` is the parsed recipe; NULL for a file that is no recipe of its own (RECIPE_FILE), whose bytes
 * are `source`: it is read as YAML when its name says so. */
void config_apply(struct config *config, const struct config_files *files, const struct yaml *y,
                  struct slice source, struct component *found, struct components *out);

/* Add the JSON Schema of mwatch.yaml, made of the tables that config_read checks it by. */
void config_schema(struct buf *out);

/* For a recipe that could not be read: mark the entry that it would have been given as used, and
 * return its key, NULL when there is none. `recipe` is its name as far as it is known. */
const char *config_claim(struct config *config, const struct config_files *files, const char *file,
                         const char *recipe);

/* The placeholders that the templates of a component may use, NULL-ended:
 *   version, major, minor, patch, series ("11.4"), tag (upstream's raw string), commit;
 *   date (of the release, "2026-05-06");
 *   current (the pinned version), epoch (the next one), stream;
 *   recipe, component, name (of the melange package, else as recipe);
 *   repository (of the source, as it is named there: "redis/redis");
 *   url (the artefact's; only in its checksum's url). */
const char *const *config_placeholders(void);

#endif
