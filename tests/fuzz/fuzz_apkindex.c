/* Fuzzes package indexes, as archives and as the text within one. */
#include "sources/source.h"
#include "tests/sources/plain_tar.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(struct slice archive, const char *package)
{
    struct arena a = {0};
    struct spec spec;
    struct candidates found = {0};
    struct error e = {0};
    struct page page = {0};
    struct parameter name = {.value = SLICE("apkindex")};
    struct parameter parameter = {.value = slice_of(package)};
    struct response answer = {.status = 200, .body = archive};
    if (!spec_make(&a, "", &name, &parameter, 1, &spec, &e))
        abort();
    if (spec.source->parse(&spec, &page, &answer, &a, &found, &e) == error_is_set(&e))
        abort();
    for (size_t i = 0; !error_is_set(&e) && i < found.list.count; i++)
        if (!*found.list.items[i].raw || found.list.items[i].published < 0)
            abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_new((const char *)data, size);
    struct buf tar = {0};
    plain_tar_add(&tar, "APKINDEX", bytes);
    parse(buf_slice(&tar), "a*");
    parse(buf_slice(&tar), "a");
    parse(bytes, "python-*");
    buf_free(&tar);
    return 0;
}
