/* Fuzzes GitHub's answers, as a list of releases and as a list of tags. */
#include "sources/source.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const char *use, struct slice body)
{
    struct arena a = {0};
    struct spec spec;
    struct candidates found = {0};
    struct error e = {0};
    struct page page = {0};
    struct parameter name = {.value = SLICE("github")};
    struct parameter parameters[] = {{.value = SLICE("redis/redis")},
                                     {.key = SLICE("use"), .value = slice_of(use)}};
    struct response answer = {.status = 200, .url = "https://api.github.com/", .body = body};
    if (!spec_make(&a, "", &name, parameters, 2, &spec, &e))
        abort();
    if (spec.source->parse(&spec, &page, &answer, &a, &found, &e) == error_is_set(&e))
        abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_new((const char *)data, size);
    parse("releases", body);
    parse("tags-api", body);
    return 0;
}
