/* Memory that is released all at once: one arena per component, one per file read. */
#ifndef MWATCH_BASE_ARENA_H
#define MWATCH_BASE_ARENA_H

#include "watcher/base/slice.h"

#include <stdarg.h>

struct arena_block;
struct arena_cleanup;

struct arena {
    struct arena_block *blocks;     /* newest first */
    struct arena_cleanup *cleanups; /* likewise */
};

/* An empty arena is {0}. Everything below returns memory that lives until arena_free. */
void arena_free(struct arena *a);

/* Zeroed memory, aligned for any type. Never NULL (see memory_alloc). */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Zero-ended copies. arena_copy of NULL gives NULL. */
const char *arena_copy(struct arena *a, const char *text);
const char *arena_text(struct arena *a, struct slice s);
struct slice arena_slice(struct arena *a, struct slice s);
const char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Have `cleanup(what)` called by arena_free, newest first and before any memory of the arena goes:
 * for what a foreign library owns. */
void arena_defer(struct arena *a, void (*cleanup)(void *what), void *what);

/* Growing arrays in an arena: struct { T *items; size_t count, capacity; }. Old storage stays in
 * the arena, so pointers to items are valid only until the next push. */
#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

/* Append a zeroed item and return its address. */
#define vec_add(a, vec)                                                                            \
    ((vec)->items =                                                                                \
         arena_grow((a), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items),      \
     &(vec)->items[(vec)->count++])

#define vec_push(a, vec, value) ((void)(*vec_add(a, vec) = (value)))

/* The storage behind vec_add: room for one more than `count` items, the new part zeroed. */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t size);

#endif
