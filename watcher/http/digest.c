#include "watcher/http/digest.h"

#include <string.h>

void digest_begin(struct digest *d, struct archive_list *list)
{
    *d = (struct digest){.hash = hash_begin(), .check = archive_check_begin()};
    if (list)
        archive_check_list(d->check, list);
}

void digest_add(struct digest *d, struct slice bytes)
{
    struct slice head = slice_first(bytes, DIGEST_HEAD - d->head_len);
    if (head.len)
        memcpy(d->head + d->head_len, head.ptr, head.len);
    d->head_len += head.len;
    hash_add(d->hash, bytes);
    archive_check_add(d->check, bytes);
}

void digest_end(struct digest *d, struct artefact_result *out)
{
    struct error broken = {0};
    *out = (struct artefact_result){.kind = file_kind_of(slice_new(d->head, d->head_len))};
    hash_end(d->hash, &out->hash);
    out->intact = archive_check_end(d->check, &broken);
    struct slice reason = slice_first(slice_of(broken.message), sizeof out->reason - 1);
    memcpy(out->reason, broken.message, reason.len);
    *d = (struct digest){0};
}

void digest_drop(struct digest *d)
{
    struct error ignored = {0};
    if (!d->hash)
        return;
    hash_drop(d->hash);
    archive_check_end(d->check, &ignored);
    *d = (struct digest){0};
}
