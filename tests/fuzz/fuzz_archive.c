/* The first byte is a size of pieces, the rest an archive. The verdict, and what the archive is
 * said to hold, must not depend on the pieces it came in. */
#include "watcher/base/archive.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool check(struct slice bytes, size_t piece, struct archive_list *list)
{
    struct error e = {0};
    struct archive_check *c = archive_check_begin();
    archive_check_list(c, list);
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
    struct archive_list whole, parts;
    bool good = check(bytes, bytes.len + 1, &whole);
    if (good != check(bytes, (size_t)data[0] + 1, &parts))
        abort();
    if (good && (strcmp(whole.content, parts.content) != 0 || whole.partial != parts.partial ||
                 !slice_equal(buf_slice(&whole.members), buf_slice(&parts.members))))
        abort();
    buf_free(&whole.members);
    buf_free(&parts.members);
    archive_entry(bytes, "APKINDEX", &out, &e);
    file_kind_promised(slice_first(bytes, 40));
    buf_free(&out);
    return 0;
}
