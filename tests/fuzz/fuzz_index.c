/* Fuzzes package indexes read into a table, and what may stand before them as a signature. */
#include "watcher/rebuild/index.h"
#include "watcher/rebuild/signature.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct index *ix)
{
    for (uint32_t i = 0; i < index_count(ix); i++) {
        const struct package *p = index_package(ix, i);
        uint32_t found = index_find(ix, p->name, p->version);
        if (!p->name.len || !p->version.len || found == INDEX_NONE || found > i)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_new((const char *)data, size), part;
    struct error e = {0}, refused = {0};
    struct index *ix = index_new();
    struct keyring *k = keyring_new();
    if (index_add(ix, &(struct repository){"fuzz", "tag"}, bytes, &e)) {
        index_link(ix);
        check(ix);
    } else if (!error_is_set(&e)) {
        abort();
    }
    if (signature_verify(k, bytes, &part, &refused) || part.len)
        abort();
    keyring_free(k);
    index_free(ix);
    return 0;
}
