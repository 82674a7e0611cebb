/* Discover: every recipe below a directory, read into components. */
#ifndef MWATCH_DISCOVER_H
#define MWATCH_DISCOVER_H

#include "watcher/base/context.h"
#include "watcher/recipes/config.h"

struct discovery {
    struct components components; /* in the order of their files */
    size_t files;                 /* looked at */
};

/* The files below `root` that may be recipes, with a reader for them; names and reader live in the
 * arena. Directories that cannot be read are warned about, unless ctx is NULL. ERROR_USAGE when
 * root cannot be read. */
bool discovery_files(const struct context *ctx, struct arena *a, const char *root,
                     struct config_files *out, struct error *e);

/* Is the file one of those that the configuration says are no recipes? */
bool discovery_excludes(const struct config *config, const char *file);

/* Can the text be a recipe's, by a cheap look that spares the parsing of others? */
bool discovery_may_be_recipe(struct slice text);

/* Walk `root` (hidden directories, node_modules and symbolic links to directories are passed over),
 * read each melange and apko file and what the configuration names, and lay the configuration over
 * them. A file that cannot be read or parsed becomes a component whose row is an error; the others
 * are still there. False only for a root that cannot be read (ERROR_USAGE). */
bool discover(const struct context *ctx, const char *root, struct config *config,
              struct discovery *out, struct error *e);

/* Keep the components that an operand names: a recipe, recipe/component, a file or a folder. No
 * operand keeps everything. With `groups`, all of a group whose component is named. False with
 * ERROR_USAGE when one names nothing; the nearest name is offered. */
bool discovery_select(struct discovery *d, const char *const *operands, size_t count, bool groups,
                      struct error *e);

/* Keep shard `index` of `count` (from 1); the components of one file stay together, and those of
 * one group. */
void discovery_shard(struct discovery *d, unsigned index, unsigned count);

void discovery_free(struct discovery *d);

#endif
