/* The texts of proposals as templates: the built-in ones, and what the repository has instead. */
#ifndef MWATCH_TEMPLATES_H
#define MWATCH_TEMPLATES_H

#include "watcher/recipes/config.h"

enum template_kind {
    TEMPLATE_PULL_REQUEST,
    TEMPLATE_ISSUE,
    TEMPLATE_REBUILD,
    TEMPLATE_GROUP,        /* the body of a group's pull request ... */
    TEMPLATE_GROUP_MEMBER, /* ... and what is said there of each member */
    TEMPLATE_COMMIT,
    TEMPLATE_KINDS
};

struct templates {
    const char *texts[TEMPLATE_KINDS];             /* NULL = the built-in one */
    const char *title, *issue_title, *group_title; /* NULL = what mwatch says by itself */
};

/* Read and check what the configuration names, in files below the root. ERROR_USAGE with file, line
 * and column for an unknown placeholder (the nearest is named) and whatever else template_compile
 * finds; ERROR_USAGE, too, when one cannot be read. In the arena. */
bool templates_load(struct arena *a, const char *root, const struct config *config,
                    struct templates *out, struct error *e);

/* The text in force; `t` may be NULL. */
const char *templates_text(const struct templates *t, enum template_kind kind);

/* "pull-request.md" */
const char *template_file(enum template_kind kind);

/* The placeholders that may stand in one, NULL-ended. */
const char *const *template_names(enum template_kind kind);

/* The built-in template of a file's name, NULL when there is none. */
const char *template_builtin(const char *name);

#endif
