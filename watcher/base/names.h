/* A table from names to whatever they stand for. */
#ifndef MWATCH_BASE_NAMES_H
#define MWATCH_BASE_NAMES_H

#include "watcher/base/slice.h"

#include <stdint.h>

struct name_entry {
    struct slice name; /* borrowed; ptr NULL = free */
    void *what;
    uint64_t hash; /* of the name: growing need not look at it again */
};

/* An empty table is {0}. */
struct names {
    struct name_entry *entries;
    size_t count, capacity;
};

void names_free(struct names *n);

/* Forget all names, keep the memory. */
void names_clear(struct names *n);

/* Make room for so many names in all, so that the table need not grow on its way there. */
void names_reserve(struct names *n, size_t count);

/* Where the thing behind `name` is kept: *result is NULL for a name that was not there before and
 * is now. Valid until the next call. */
void **names_slot(struct names *n, struct slice name);

/* The thing behind `name`, NULL when there is none. */
void *names_find(const struct names *n, struct slice name);

#endif
