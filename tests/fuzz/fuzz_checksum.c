/* Fuzzes the files in which upstreams publish hashes, clearsigned ones too. */
#include "watcher/artefact.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *hash)
{
    size_t len = hash ? strlen(hash) : SHA256_HEX;
    if ((len != SHA256_HEX && len != SHA512_HEX) || (hash && !slice_all_hex(slice_of(hash))))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct slice body = slice_new((const char *)data, size);
    struct slice said = checksum_clearsigned(&a, body);
    const char *named = checksum_named(&a, said, SLICE("x.tar.gz"));
    const char *found = checksum_find(&a, said, SLICE("x.tar.gz"), NULL);
    check(named);
    check(found);
    if (named && !found) /* what a list says beside the name, it says */
        abort();
    arena_free(&a);
    return 0;
}
