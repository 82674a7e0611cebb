/* Fuzzes resolution: the first line is the world, the rest the text of an index. Whatever comes of
 * it must hold together, and come again when the world is turned round. */
#include "watcher/rebuild/resolve.h"
#include "watcher/versions/dependency.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 32 };

static bool has(const struct index *ix, const struct resolution *r, uint32_t package)
{
    size_t times = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct package *p = index_package(ix, r->packages[i].package);
        times += slice_equal(p->name, index_package(ix, package)->name);
    }
    return times == 1;
}

static void check(const struct index *ix, const char *const *world, size_t count)
{
    struct arena a = {0};
    struct resolution first, second;
    struct error e = {0}, again = {0};
    const char *backwards[MOST];
    for (size_t i = 0; i < count; i++)
        backwards[i] = world[count - 1 - i];
    bool good = resolve(ix, &a, &(struct world){world, count, NULL}, &first, &e);
    if (good == error_is_set(&e) ||
        resolve(ix, &a, &(struct world){backwards, count, NULL}, &second, &again) != good)
        abort();
    if (strcmp(e.message, again.message) != 0 || first.count != second.count)
        abort();
    for (size_t i = 0; good && i < first.count; i++)
        if (first.packages[i].package != second.packages[i].package ||
            !has(ix, &first, first.packages[i].package))
            abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_new((const char *)data, size), line = {0}, word;
    struct arena a = {0};
    struct error e = {0};
    struct index *ix = index_new();
    const char *world[MOST];
    size_t count = 0;
    slice_line(&text, &line);
    while (count < MOST && slice_split(&line, ' ', &word))
        if (word.len)
            world[count++] = arena_text(&a, word);
    if (index_add(ix, &(struct repository){"fuzz", ""}, text, &e)) {
        index_link(ix);
        check(ix, world, count);
    }
    index_free(ix);
    arena_free(&a);
    return 0;
}
