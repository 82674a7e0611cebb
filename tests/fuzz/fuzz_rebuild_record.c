/* Fuzzes the record of what was triggered and built. */
#include "watcher/base/buf.h"
#include "watcher/rebuild/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read can be written and read again, and is written the same then. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct record read = {0}, again = {0};
    struct error e = {0}, late = {0};
    struct buf first = {0}, second = {0};
    bool good = record_read(&a, slice_new((const char *)data, size), &read, &e);
    if (good == error_is_set(&e))
        abort();
    if (good) {
        record_write(&read, &first);
        if (!record_read(&a, buf_slice(&first), &again, &late))
            abort();
        record_write(&again, &second);
        if (!slice_equal(buf_slice(&first), buf_slice(&second)))
            abort();
    }
    buf_free(&first);
    buf_free(&second);
    arena_free(&a);
    return 0;
}
