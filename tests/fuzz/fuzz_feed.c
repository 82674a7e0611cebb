/* Fuzzes Atom feeds, and GitHub's reading of them. */
#include "sources/feed.h"
#include "sources/source.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(struct slice body)
{
    struct arena a = {0};
    struct spec spec;
    struct candidates found = {0};
    struct error e = {0};
    struct page page = {.cursor = "feed"};
    struct parameter name = {.value = SLICE("github")};
    struct parameter parameters[] = {{.value = SLICE("redis/redis")}};
    struct response answer = {.status = 200, .url = "https://github.com/", .body = body};
    if (!spec_make(&a, "", &name, parameters, 1, &spec, &e))
        abort();
    if (spec.source->parse(&spec, &page, &answer, &a, &found, &e) == error_is_set(&e))
        abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_new((const char *)data, size);
    struct arena a = {0};
    struct feed feed;
    struct error e = {0};
    if (feed_read(&a, body, &feed, &e) == error_is_set(&e))
        abort();
    arena_free(&a);
    parse(body);
    return 0;
}
