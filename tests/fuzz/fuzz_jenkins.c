/* Fuzzes the update centre's list of plugin versions. */
#include "sources/source.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct spec spec;
    struct candidates found = {0};
    struct error e = {0};
    struct page page = {0};
    struct parameter name = {.value = SLICE("jenkins")};
    struct parameter parameters[] = {{.key = SLICE("plugin"), .value = SLICE("a")},
                                     {.key = SLICE("core"), .value = SLICE("2.555.1")}};
    char *copy = malloc(size + 1); /* on the heap, so that reading past its end is seen */
    memcpy(copy, data, size);
    struct response answer = {.status = 200, .body = slice_new(copy, size)};
    if (!spec_make(&a, "", &name, parameters, 2, &spec, &e))
        abort();
    if (spec.source->parse(&spec, &page, &answer, &a, &found, &e) == error_is_set(&e))
        abort();
    free(copy);
    arena_free(&a);
    return 0;
}
