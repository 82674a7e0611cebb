/* The pipelines that steps name with `uses:`: the repository's own, else melange's. */
#ifndef MWATCH_RECIPES_PIPELINES_H
#define MWATCH_RECIPES_PIPELINES_H

#include "watcher/recipes/config.h"

struct steps;

struct pipeline {
    const char *file;          /* NULL = melange's own */
    const struct node *root;   /* of its YAML: inputs, needs, pipeline; NULL = none */
    const struct steps *steps; /* those of `pipeline`, nested ones too */
    const char *problem;       /* why it cannot be read; NULL = it could */
};

struct pipelines;

/* Owned by the caller. `files` and what it names must outlive it; pipelines are read and parsed
 * when they are first asked for, and kept. */
struct pipelines *pipelines_new(const struct config_files *files);
void pipelines_free(struct pipelines *p);

/* The pipeline that a recipe means by `uses`: pipelines/USES.yaml in the recipe's folder or in the
 * nearest one above it, else melange's own; NULL when there is none. */
const struct pipeline *pipelines_find(struct pipelines *p, const char *recipe, struct slice uses);

/* The places that pipelines_find looks at in the repository, from the recipe's folder up: the
 * `nth` one is added to *path. False when there are no more. */
bool pipelines_place(const char *recipe, struct slice uses, size_t nth, struct buf *path);

/* One of melange's own: the part of its YAML that says what it needs. */
struct builtin_pipeline {
    const char *name;
    const char *text;
};

/* Sorted by name, ended by a NULL name. */
extern const struct builtin_pipeline builtin_pipelines[];

#endif
