/* Fuzzes GitHub's answers to a batch that asks three questions: a first page, a later one, and one
 * release. The first byte makes the status. */
#include "sources/source.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ITEMS = 3 };

static struct spec spec_of(struct arena *a)
{
    struct spec spec;
    struct error e = {0};
    struct parameter name = {.value = SLICE("github")};
    struct parameter parameters[] = {{.value = SLICE("redis/redis")}};
    if (!spec_make(a, "", &name, parameters, 1, &spec, &e))
        abort();
    return spec;
}

/* What came of an item must be one thing only. */
static void check(const struct batch_item *item, enum batch_verdict verdict)
{
    bool failed = error_is_set(&item->error);
    if (failed && item->unanswered)
        abort();
    if (verdict != BATCH_READ && (failed || item->unanswered))
        abort();
    if ((verdict != BATCH_READ || failed || item->unanswered) && item->found->list.count)
        abort();
    for (size_t i = 0; i < item->found->list.count; i++)
        if (!item->found->list.items[i].raw || !*item->found->list.items[i].raw)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 401, 403, 404, 429, 502};
    static const char *const cursors[ITEMS] = {NULL, "after x", "release v1"};
    struct arena a = {0};
    struct spec spec = spec_of(&a);
    struct candidates found[ITEMS] = {0};
    struct batch_item items[ITEMS];
    struct error e = {0};
    int status = size && data[0] != '{' ? statuses[data[0] % 6] : 200;
    size_t skip = size && data[0] != '{';
    struct slice body = slice_new((const char *)data + skip, size - skip);
    struct response answer = {.status = status, .url = "https://api.github.com/", .body = body};
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = (struct batch_item){
            .spec = &spec, .page = {.cursor = cursors[i]}, .arena = &a, .found = &found[i]};
    enum batch_verdict verdict = spec.source->batch->parse(items, ITEMS, &answer, &a, &e);
    if ((verdict == BATCH_READ) == error_is_set(&e))
        abort();
    for (size_t i = 0; i < ITEMS; i++)
        check(&items[i], verdict);
    arena_free(&a);
    return 0;
}
