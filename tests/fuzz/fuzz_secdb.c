/* Fuzzes security databases. */
#include "watcher/rebuild/secdb.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_new((const char *)data, size);
    struct arena a = {0};
    struct secdb_fixed found;
    struct error e = {0};
    struct secdb *db = secdb_new();
    if (secdb_add(db, text, &e) == error_is_set(&e))
        abort();
    secdb_find(db, &a, "openssl", "0.1", "99", &found);
    for (size_t i = 0; i < found.ids.count; i++)
        if (!*found.ids.items[i])
            abort();
    secdb_free(db);
    arena_free(&a);
    return 0;
}
