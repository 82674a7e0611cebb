/* Allocation that cannot fail: running out of memory ends the program. */
#ifndef MWATCH_BASE_MEMORY_H
#define MWATCH_BASE_MEMORY_H

#include <stddef.h>

/* End the program as below: for libraries that report no memory by other means than NULL. */
_Noreturn void memory_exhausted(void);

/* Return `size` bytes from the heap, to be released with free(). When there is no memory left the
 * program says so and exits with status 1: files are only ever replaced by rename, so nothing is
 * left half-written. */
void *memory_alloc(size_t size);

/* As memory_alloc, and every byte is zero. */
void *memory_zalloc(size_t size);

/* Grow or shrink `old` (NULL allowed) to `size` bytes; the old pointer is no longer valid. */
void *memory_resize(void *old, size_t size);

/* Return count * size, ending the program when the product does not fit. */
size_t memory_product(size_t count, size_t size);

/* Overwrite what was secret before its memory is given back; no compiler leaves it out. NULL with 0
 * bytes is allowed. */
void memory_wipe(void *bytes, size_t size);

/* The same of a text that is a secret, and that no one else reads any more; NULL is none. */
void memory_wipe_text(const char *secret);

/* From now on a crash leaves no core file: the process knows a secret. */
void memory_forbid_core(void);

#endif
