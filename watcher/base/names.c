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

/* Eight bytes at a time: packages' names are some twenty long, and an index has them by the hundred
 * thousand. */
static uint64_t hash(struct slice name)
{
    uint64_t h = name.len * UINT64_C(0x9e3779b97f4a7c15), word;
    for (; name.len >= sizeof word; name = slice_from(name, sizeof word)) {
        memcpy(&word, name.ptr, sizeof word);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    word = 0;
    if (name.len)
        memcpy(&word, name.ptr, name.len);
    h = (h ^ word) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 29;
}

/* The entry that holds `name`, or the free one where it belongs. The capacity is a power of two and
 * never full. */
static struct name_entry *probe(const struct names *n, struct slice name, uint64_t h)
{
    size_t i = (size_t)h & (n->capacity - 1);
    while (n->entries[i].name.ptr &&
           (n->entries[i].hash != h || !slice_equal(n->entries[i].name, name)))
        i = (i + 1) & (n->capacity - 1);
    return &n->entries[i];
}

static void put(struct names *n, const struct name_entry *entry)
{
    size_t i = (size_t)entry->hash & (n->capacity - 1);
    while (n->entries[i].name.ptr)
        i = (i + 1) & (n->capacity - 1);
    n->entries[i] = *entry;
}

static void grow(struct names *n, size_t capacity)
{
    struct names larger = {.count = n->count, .capacity = capacity};
    larger.entries = memory_zalloc(memory_product(larger.capacity, sizeof *larger.entries));
    for (size_t i = 0; i < n->capacity; i++)
        if (n->entries[i].name.ptr)
            put(&larger, &n->entries[i]);
    free(n->entries);
    *n = larger;
}

void names_reserve(struct names *n, size_t count)
{
    size_t capacity = n->capacity ? n->capacity : FIRST_CAPACITY;
    while (capacity / 2 <= count)
        capacity *= 2;
    if (capacity > n->capacity)
        grow(n, capacity);
}

void **names_slot(struct names *n, struct slice name)
{
    if (n->count * 2 >= n->capacity)
        grow(n, n->capacity ? n->capacity * 2 : FIRST_CAPACITY);
    if (!name.ptr)
        name = slice_of("");
    uint64_t h = hash(name);
    struct name_entry *entry = probe(n, name, h);
    if (!entry->name.ptr) {
        entry->name = name;
        entry->hash = h;
        n->count++;
    }
    return &entry->what;
}

void *names_find(const struct names *n, struct slice name)
{
    return n->count ? probe(n, name, hash(name))->what : NULL;
}
