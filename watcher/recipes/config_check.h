/* Checking values of mwatch.yaml: what the files config_check.c, config_scalar.c and config_where.c
 * share. */
#ifndef MWATCH_RECIPES_CONFIG_CHECK_H
#define MWATCH_RECIPES_CONFIG_CHECK_H

#include "watcher/recipes/config_type.h"

struct checker {
    struct arena arena; /* scratch */
    const char *file;
    size_t seen; /* values so far */
    struct error *e;
};

/* Where a value stands; the chain leads up to the file. */
struct crumb {
    const struct crumb *up;
    enum { CRUMB_FILE, CRUMB_MEMBER, CRUMB_ITEM, CRUMB_KEY } kind;
    struct slice name; /* members */
    size_t index;      /* items */
};

/* "recipes.rails.places[0]", "a key of mirrors"; "" for the file itself. */
const char *where_is(struct checker *c, const struct crumb *at);

/* The text without anything that could steer a terminal or break the line. */
const char *where_visible(struct checker *c, struct slice text);

/* "a, b or c" */
const char *where_list(struct checker *c, const char *const *words, const char *last);

/* Fail with "WHERE must be WHAT, not IT". */
bool where_fail(struct checker *c, const struct config_type *type, const struct node *node,
                const struct crumb *at);

/* Check a value that is neither list nor mapping. */
bool check_scalar(struct checker *c, const struct config_type *type, const struct node *node,
                  const struct crumb *at);

#endif
