/* Fuzzes web pages: their links with dates behind them, and an XPath over them. */
#include "sources/source.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read the page with a spec of two parameters and the page's address. */
static void parse(struct slice body, struct parameter first, struct parameter second)
{
    struct arena a = {0};
    struct spec spec;
    struct candidates found = {0};
    struct error e = {0};
    struct page page = {0};
    struct parameter name = {.value = SLICE("html")};
    struct parameter parameters[] = {
        {.key = SLICE("url"), .value = SLICE("https://example.org/dl/")}, first, second};
    struct header type = {"content-type", "text/html; charset=utf-8"};
    struct response answer = {.status = 200,
                              .url = "https://example.org/dl/",
                              .headers = &type,
                              .header_count = 1,
                              .body = body};
    if (!spec_make(&a, "", &name, parameters, 3, &spec, &e))
        abort();
    if (spec.source->parse(&spec, &page, &answer, &a, &found, &e) == error_is_set(&e))
        abort();
    for (size_t i = 0; !error_is_set(&e) && i < found.list.count; i++)
        if (!*found.list.items[i].raw)
            abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_new((const char *)data, size);
    parse(body, (struct parameter){.key = SLICE("link"), .value = SLICE("-(\\d[^/]*)\\.tar\\.gz")},
          (struct parameter){.key = SLICE("date"), .value = SLICE("\\d{4}-\\d\\d-\\d\\d")});
    parse(body,
          (struct parameter){.key = SLICE("xpath"),
                             .value = SLICE("//*[@id] | //li/a/@href | //@* | //text()[last()]")},
          (struct parameter){.key = SLICE("version"), .value = SLICE("\\d.*")});
    return 0;
}
