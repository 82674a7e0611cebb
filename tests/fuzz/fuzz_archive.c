/* The first byte is a size of pieces, the rest an archive. The verdict must not depend on the
 * pieces it came in. */
#include "watcher/base/archive.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool check(struct slice bytes, size_t piece)
{
    struct error e = {0};
    struct archive_check *c = archive_check_begin();
    for (size_t at = 0; at < bytes.len; at += piece)
        archive_check_add(c, slice_first(slice_from(bytes, at), piece));
    bool good = archive_check_end(c, &e);
    if (good == error_is_set(&e))
        abort();
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out = BUF_MAX(1 << 20);
    struct error e = {0};
    if (size == 0)
        return 0;
    struct slice bytes = slice_new((const char *)data + 1, size - 1);
    if (check(bytes, bytes.len + 1) != check(bytes, (size_t)data[0] + 1))
        abort();
    archive_entry(bytes, "APKINDEX", &out, &e);
    file_kind_promised(slice_first(bytes, 40));
    buf_free(&out);
    return 0;
}
