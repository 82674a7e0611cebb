#include "watcher/base/arena.h"

#include "watcher/base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena_cleanup {
    struct arena_cleanup *next;
    void (*cleanup)(void *what);
    void *what;
};

/* Most arenas serve one component; the first block is small, so thousands of them stay cheap. */
enum { FIRST_BLOCK = 2048, LARGEST_BLOCK = 256 * 1024 };

void arena_free(struct arena *a)
{
    for (; a->cleanups; a->cleanups = a->cleanups->next)
        a->cleanups->cleanup(a->cleanups->what);
    while (a->blocks) {
        struct arena_block *block = a->blocks;
        a->blocks = block->next;
        free(block);
    }
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
    struct arena_block *block = memory_zalloc(sizeof *block + size);
    block->size = size;
    block->next = a->blocks;
    a->blocks = block;
    return block;
}

static size_t next_size(const struct arena *a, size_t need)
{
    size_t size = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK;
    if (size < FIRST_BLOCK)
        size = FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    return size < need ? need : size;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        memory_product(SIZE_MAX, 2);
    size = (size + unit - 1) / unit * unit;
    struct arena_block *block = a->blocks;
    if (!block || block->size - block->used < size)
        block = add_block(a, next_size(a, size));
    void *p = block->bytes + block->used;
    block->used += size;
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    return arena_alloc(a, memory_product(count, size));
}

const char *arena_copy(struct arena *a, const char *text)
{
    return text ? arena_text(a, slice_of(text)) : NULL;
}

const char *arena_text(struct arena *a, struct slice s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return copy;
}

struct slice arena_slice(struct arena *a, struct slice s)
{
    return slice_new(arena_text(a, s), s.len);
}

const char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(a, len < 0 ? 1 : (size_t)len + 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

void arena_defer(struct arena *a, void (*cleanup)(void *what), void *what)
{
    struct arena_cleanup *c = arena_new(a, struct arena_cleanup);
    *c = (struct arena_cleanup){a->cleanups, cleanup, what};
    a->cleanups = c;
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t larger = *capacity ? *capacity * 2 : 8;
    void *copy = arena_array(a, larger, size);
    if (count)
        memcpy(copy, items, count * size);
    *capacity = larger;
    return copy;
}
