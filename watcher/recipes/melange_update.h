/* Reading the `update:` block: what its two files share; nobody else includes this. */
#ifndef MWATCH_RECIPES_MELANGE_UPDATE_H
#define MWATCH_RECIPES_MELANGE_UPDATE_H

#include "watcher/recipes/melange_parts.h"

struct update_reader {
    const struct yaml *y;
    const struct variables *vars;
    const struct pins *pins;
    struct component *c;
    const struct pair *monitor; /* the one source that the block names */
};

/* A key, how its value is read (NULL = elsewhere), and where in the component it goes. */
struct update_key {
    const char *name; /* NULL ends a table */
    void (*read)(struct update_reader *r, const struct pair *p, size_t offset);
    size_t offset;
};

/* The component's error, at a node; the first one stays. */
#define UPDATE_FAIL(r, node, ...)                                                                  \
    error_at(&(r)->c->error, ERROR_RECIPE, (r)->y->name, (node)->line, (node)->column, __VA_ARGS__)

/* A warning of the component's, at a node. */
#define UPDATE_WARN(r, node, format, ...)                                                          \
    vec_push(&(r)->c->arena, &(r)->c->warnings,                                                    \
             arena_printf(&(r)->c->arena, "%s:%zu:%zu: " format, (r)->y->name, (node)->line,       \
                          (node)->column, __VA_ARGS__))

/* Read a mapping by a table of keys. A key that is not in it becomes a warning. */
void update_read_keys(struct update_reader *r, const struct node *mapping,
                      const struct update_key *keys);

/* The text of a value with its variables replaced, in the component's arena; NULL when there is
 * none, or when it is wrong, which becomes the component's error. */
const char *update_text(struct update_reader *r, const struct node *value, const char *name);

/* For tables: a text (const char *) and a flag (bool) of the component, at `offset`. */
void update_read_text(struct update_reader *r, const struct pair *p, size_t offset);
void update_read_flag(struct update_reader *r, const struct pair *p, size_t offset);

/* A flag's value; null is false. Anything else becomes the component's error. */
bool update_flag(struct update_reader *r, const struct pair *p);

/* Make the component's spec of the source that r->monitor names, and read its filters. */
void update_monitor(struct update_reader *r);

#endif
