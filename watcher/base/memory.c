#include "watcher/base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

void memory_exhausted(void)
{
    fputs("mwatch: out of memory\n", stderr);
    exit(1);
}

void *memory_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_zalloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_resize(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

size_t memory_product(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_exhausted();
    return count * size;
}

void memory_wipe(void *bytes, size_t size)
{
    volatile char *at = bytes;
    while (size--)
        *at++ = 0;
}

void memory_wipe_text(const char *secret)
{
    if (secret)
        memory_wipe((char *)(uintptr_t)secret, strlen(secret));
}

void memory_forbid_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
