/* One scalar's change under way: what the files that make edits share. */
#ifndef MWATCH_YAML_CHANGE_H
#define MWATCH_YAML_CHANGE_H

#include "watcher/yaml/edit.h"

struct change {
    struct arena *arena;
    struct edits *edits;
    const struct yaml *yaml;
    const struct node *scalar;
    const char *path;
    struct slice value; /* the new value of the whole scalar */
    bool string;        /* it must read as a string */
    struct error *error;
};

/* "file:line:column: path: message", false. */
bool change_fail(const struct change *c, const char *message);

/* Is it a scalar that can be edited: none, with the error set, for collections and aliases. */
bool change_allowed(const struct change *c);

/* May the new value stand plain, on one line, where the scalar is? */
bool change_may_be_plain(const struct change *c);

/* Add an edit of the bytes start..end. What it means for the value is the caller's to fill in; the
 * address is valid until the next one is added. */
struct edit *change_add(const struct change *c, enum edit_kind kind, size_t start, size_t end,
                        struct slice bytes);

/* Add an edit of the bytes start..end that gives the whole scalar its new value. */
void change_value(const struct change *c, size_t start, size_t end, struct slice bytes);

/* Give a block scalar its new value, line by line. */
bool change_block(struct change *c);

#endif
