/* What the files of index and resolver share; nobody else includes this. */
#ifndef MWATCH_REBUILD_INDEX_PARTS_H
#define MWATCH_REBUILD_INDEX_PARTS_H

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/base/names.h"
#include "watcher/rebuild/index.h"

/* A package has this name; the first provide of every package is its own name. */
struct provide {
    struct slice version; /* empty = none */
    uint32_t name;
    uint32_t package;
};

/* The package's install_if speaks of this name. */
struct trigger {
    uint32_t name;
    uint32_t package;
};

/* Growing arrays on the heap, as an arena would keep what they outgrow. */
#define HEAP_VEC(type)                                                                             \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

struct index {
    struct arena arena;
    struct names names;          /* of packages, provides and origins: number + 1 */
    HEAP_VEC(struct slice) list; /* the names by number */
    HEAP_VEC(struct package) packages;
    HEAP_VEC(struct provide) provides; /* by package */
    HEAP_VEC(struct trigger) triggers;
    VEC(struct repository) repositories;
    VEC(struct buf) texts; /* what the slices borrow from */
    bool tagged;           /* some repository has a tag */

    /* Made by index_link. Each has one entry more at its end. */
    uint32_t *first;         /* by name: its first entry in `by_name` */
    uint32_t *by_name;       /* provides by name, those of one package together */
    uint32_t *versioned;     /* by name: how many of them have a version */
    uint32_t *first_trigger; /* by name: its first entry in `triggered` */
    uint32_t *triggered;     /* packages */

    bool bare;              /* neither names nor provides are taken */
    const char **withdrawn; /* by package: the architecture that does not have it, NULL = none; NULL
                               when nothing is */
    bool readmitted;
};

/* The architecture that does not have the package, NULL = none. */
static inline const char *index_withdrawn(const struct index *ix, uint32_t package)
{
    return ix->withdrawn && !ix->readmitted ? ix->withdrawn[package] : NULL;
}

/* Room for one more item in a HEAP_VEC; the address of its array. */
void *index_grow(void *items, size_t count, size_t *capacity, size_t size);

#define index_push(vec, value)                                                                     \
    ((vec)->items =                                                                                \
         index_grow((vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items),           \
     (void)((vec)->items[(vec)->count++] = (value)))

/* The number of a name, made when it is new; and the number it has, INDEX_NONE when nothing has it.
 */
uint32_t index_name(struct index *ix, struct slice name);
uint32_t index_known_name(const struct index *ix, struct slice name);

/* The version by which a shared library's name is ordered. One without a release number
 * ("so:libfoo.so.1=1", the soname's) comes before all that have one ("=1.2.3-r0", the package's),
 * as apko orders them since melange writes the latter. In the arena, or `version` itself. */
struct slice index_soname_version(struct arena *a, struct slice name, struct slice version);

/* Read the stanzas of a text, which must stay; `repository` is the number of where they are from.
 */
bool index_read(struct index *ix, uint32_t repository, struct slice text, struct error *e);

#endif
