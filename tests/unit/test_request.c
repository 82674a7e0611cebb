#include "tests/unit/stanza.h"

#include "watcher/base/request.h"

static void run_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    struct header headers[8] = {{"etag", "\"1\""}};
    struct response r = {.headers = headers, .header_count = 1};
    for (size_t i = 0; i < s->lines.count; i++) {
        if (slice_is(s->lines.items[i].key, "link"))
            headers[r.header_count++] =
                (struct header){"link", arena_text(&a, s->lines.items[i].value)};
    }
    assert_slice(response_next_link(&r), stanza_get(s, "next"));
    arena_free(&a);
}

static void headers(void **state)
{
    struct header list[] = {{"etag", "\"1\""}, {"link", ""}, {"etag", "\"2\""}};
    struct response r = {.headers = list, .header_count = 3}, none = {0};
    (void)state;
    assert_slice(response_header(&r, "etag"), SLICE("\"1\""));
    assert_slice(response_header(&r, "link"), SLICE(""));
    assert_slice(response_header(&r, "retry-after"), SLICE(""));
    assert_slice(response_header(&none, "etag"), SLICE(""));
    assert_slice(response_next_link(&none), SLICE(""));
}

int main(void)
{
    const struct CMUnitTest fixed[] = {cmocka_unit_test(headers)};
    return stanzas_run("request", fixed, sizeof fixed / sizeof *fixed, "tests/unit/base/link.cases",
                       run_case);
}
