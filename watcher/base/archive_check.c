#include "watcher/base/archive.h"
#include "watcher/base/archive_stream.h"
#include "watcher/base/memory.h"
#include "watcher/base/tar.h"
#include "watcher/base/tar_list.h"
#include "watcher/base/zip_tail.h"

#include <stdlib.h>
#include <string.h>

/* Bytes flow in at archive_check_add. The first block tells the kind; then they go on to the part
 * that knows it, and what a compressed file holds goes through here once more:
 *
 *      bytes -> outer (stream, zip tail or tar) -> plain -> tar
 */
struct archive_check {
    struct buf head; /* gathered until the kind is known */
    bool known;
    enum file_kind kind;
    struct archive_stream *stream;
    struct zip_tail *zip;
    struct buf plain_head; /* the first block of what was compressed, likewise */
    bool plain_known;
    struct tar *tar;
    struct archive_list *wanted; /* NULL = no list is */
    struct tar_list *list;       /* of the tar, NULL = none */
    struct hash256 *content;     /* of what is compressed, likewise */
    struct error error;
};

/* Gather a first block in `head`; the rest of `bytes` is returned. */
static struct slice gather(struct buf *head, struct slice bytes)
{
    size_t room = TAR_BLOCK - head->len;
    buf_add(head, slice_first(bytes, room));
    return slice_from(bytes, room < bytes.len ? room : bytes.len);
}

static void begin_tar(struct archive_check *c)
{
    c->tar = memory_zalloc(sizeof *c->tar);
    if (!c->wanted)
        return;
    c->list = memory_zalloc(sizeof *c->list);
    tar_list_begin(c->list);
    c->tar->list = c->list;
}

static void add_tar(struct archive_check *c, struct slice bytes)
{
    if (c->tar)
        tar_add(c->tar, bytes);
}

/* What a compressed file holds is followed when it is a tar archive, else only passed over. */
static void add_plain(void *arg, struct slice bytes)
{
    struct archive_check *c = arg;
    if (c->content)
        hash256_add(c->content, bytes);
    if (!c->plain_known) {
        bytes = gather(&c->plain_head, bytes);
        if (c->plain_head.len < TAR_BLOCK)
            return;
        c->plain_known = true;
        if (tar_is_header(buf_slice(&c->plain_head)))
            begin_tar(c);
        add_tar(c, buf_slice(&c->plain_head));
    }
    add_tar(c, bytes);
}

static bool is_compressed(enum file_kind kind)
{
    return kind == FILE_GZIP || kind == FILE_XZ || kind == FILE_BZIP2 || kind == FILE_ZSTD;
}

static void pass_on(struct archive_check *c, struct slice bytes)
{
    if (c->stream)
        archive_stream_add(c->stream, bytes);
    else if (c->zip)
        zip_tail_add(c->zip, bytes);
    else
        add_tar(c, bytes);
}

static bool begin_stream(struct archive_check *c)
{
    if (c->wanted)
        c->content = hash256_begin();
    c->stream = archive_stream_begin(add_plain, c);
    return c->stream != NULL;
}

/* The head is whole, or all there is. */
static void recognise(struct archive_check *c)
{
    c->known = true;
    c->kind = file_kind_of(buf_slice(&c->head));
    if (c->kind == FILE_TAR)
        begin_tar(c);
    else if (c->kind == FILE_ZIP)
        c->zip = memory_zalloc(sizeof *c->zip);
    else if (is_compressed(c->kind) && !begin_stream(c))
        error_set(&c->error, ERROR_SYSTEM, "no thread can be started");
    pass_on(c, buf_slice(&c->head));
}

struct archive_check *archive_check_begin(void)
{
    return memory_zalloc(sizeof(struct archive_check));
}

void archive_check_add(struct archive_check *c, struct slice bytes)
{
    if (!c->known) {
        bytes = gather(&c->head, bytes);
        if (c->head.len < TAR_BLOCK)
            return;
        recognise(c);
    }
    pass_on(c, bytes);
}

static void finish(struct archive_check *c)
{
    const char *reason = NULL;
    if (!c->known)
        recognise(c);
    if (c->stream)
        archive_stream_end(c->stream, &c->error);
    if (c->zip)
        reason = zip_tail_end(c->zip);
    if (c->tar)
        reason = tar_end(c->tar, c->kind == FILE_TAR);
    if (reason)
        error_set(&c->error, ERROR_REFUSED, "%s", reason);
    if (c->error.code == ERROR_REFUSED)
        error_context(&c->error, "the %s archive cannot be read to its end",
                      file_kind_name(c->kind));
}

void archive_check_list(struct archive_check *c, struct archive_list *out)
{
    *out = (struct archive_list){.members = BUF_MAX(TAR_LIST_MOST)};
    c->wanted = out;
}

static void give_list(struct archive_check *c)
{
    struct archive_list *out = c->wanted;
    if (c->content)
        hash256_end(c->content, out->content);
    if (c->zip)
        out->partial = !zip_tail_list(c->zip, &out->members);
    if (!c->list)
        return;
    tar_list_end(c->list);
    buf_add(&out->members, buf_slice(&c->list->lines));
    out->partial = c->list->full;
    tar_list_free(c->list);
    free(c->list);
}

bool archive_check_end(struct archive_check *c, struct error *e)
{
    finish(c);
    if (c->wanted)
        give_list(c);
    bool good = !error_is_set(&c->error);
    if (!good)
        error_set(e, c->error.code, "%s", c->error.message);
    buf_free(&c->head);
    buf_free(&c->plain_head);
    free(c->tar);
    free(c->zip);
    free(c);
    return good;
}
