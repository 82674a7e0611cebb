/* Fuzzes signatures of minisign: the first line is the key, the rest the signature. */
#include "watcher/base/minisign.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error e = {0};
    struct slice rest = slice_new((const char *)data, size), key;
    if (!slice_line(&rest, &key))
        return 0;
    struct minisign *m = minisign_begin(key, rest, &e);
    if ((m == NULL) != error_is_set(&e))
        abort();
    if (!m)
        return 0;
    minisign_add(m, SLICE("these bytes "));
    minisign_restart(m);
    minisign_add(m, SLICE("nobody signed"));
    if (minisign_end(m, &e) || !error_is_set(&e))
        abort();
    return 0;
}
