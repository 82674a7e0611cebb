#include "watcher/base/names.h"

#include "watcher/base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void names_free(struct names *n)
{
    free(n->entries);
    *n = (struct names){0};
}

void names_clear(struct names *n)
{
    if (n->count)
        memset(n->entries, 0, n->capacity * sizeof *n->entries);
    n->count = 0;
}

/* FNV-1a. */
static uint64_t hash(struct slice name)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(1099511628211);
    return h;
}

/* The entry that holds `name`, or the free one where it belongs. The capacity is a power of two and
 * never full. */
static struct name_entry *probe(const struct names *n, struct slice name)
{
    size_t i = (size_t)hash(name) & (n->capacity - 1);
    while (n->entries[i].name.ptr && !slice_equal(n->entries[i].name, name))
        i = (i + 1) & (n->capacity - 1);
    return &n->entries[i];
}

static void grow(struct names *n)
{
    struct names larger = {.count = n->count};
    larger.capacity = n->capacity ? n->capacity * 2 : FIRST_CAPACITY;
    larger.entries = memory_zalloc(memory_product(larger.capacity, sizeof *larger.entries));
    for (size_t i = 0; i < n->capacity; i++)
        if (n->entries[i].name.ptr)
            *probe(&larger, n->entries[i].name) = n->entries[i];
    free(n->entries);
    *n = larger;
}

void **names_slot(struct names *n, struct slice name)
{
    if (n->count * 2 >= n->capacity)
        grow(n);
    if (!name.ptr)
        name = slice_of("");
    struct name_entry *entry = probe(n, name);
    if (!entry->name.ptr) {
        entry->name = name;
        n->count++;
    }
    return &entry->what;
}

void *names_find(const struct names *n, struct slice name)
{
    return n->count ? probe(n, name)->what : NULL;
}
