/* Fuzzes what a git server answers: every input is read as the first answer and as the list of
 * refs, for tags and for a branch. */
#include "sources/git.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const char *cursor, const char *branch, struct slice body)
{
    struct arena a = {0};
    struct candidates found = {0};
    struct error e = {0};
    struct page page = {.cursor = cursor};
    struct git_query q = {.repository = "https://git.example.org/a", .branch = branch};
    struct response answer = {.status = 200, .url = q.repository, .body = body};
    if (git_query_parse(&q, &page, &answer, &a, &found, &e) == error_is_set(&e))
        abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_new((const char *)data, size);
    parse(NULL, NULL, body);
    parse("sha1 https://git.example.org/a", NULL, body);
    parse("sha1 https://git.example.org/a", "main", body);
    return 0;
}
