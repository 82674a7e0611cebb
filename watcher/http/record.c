#include "watcher/http/record.h"

#include "watcher/base/memory.h"
#include "watcher/base/timestamp.h"
#include "watcher/http/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct recorder {
    const struct context *ctx;
    const char *path;
    int fd; /* -1 = the recording has ended */
    struct arena arena;
    VEC(const char *) hidden; /* ended by a NULL */
};

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = slice_from(bytes, (size_t)n);
    }
    return true;
}

/* Only nothing, or what an earlier --record left, may be written over. */
static bool may_replace(int fd)
{
    char head[256];
    ssize_t n = read(fd, head, sizeof head);
    return n == 0 ||
           (n > 0 && slice_contains(slice_new(head, (size_t)n), SLICE("\"mwatch-recording\"")));
}

static int open_recording(const char *path, struct error *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_errno(e, ERROR_SYSTEM, "cannot write the recording %s", path);
        return -1;
    }
    struct stat s;
    bool regular = fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
    if (regular && !may_replace(fd))
        error_set(e, ERROR_USAGE, "%s: is there and is no recording; name another file", path);
    else if (regular && (fchmod(fd, 0600) != 0 || ftruncate(fd, 0) != 0))
        error_errno(e, ERROR_SYSTEM, "cannot write the recording %s", path);
    if (!error_is_set(e))
        return fd;
    close(fd);
    return -1;
}

struct recorder *record_open(const struct context *ctx, const char *path, struct error *e)
{
    int fd = open_recording(path, e);
    if (fd < 0)
        return NULL;
    struct buf head = {0};
    buf_add_text(&head, "{\n  \"mwatch-recording\": 1,\n  \"recorded\": \"");
    timestamp_add(&head, context_now(ctx));
    buf_add_text(&head, "\"\n}\n");
    bool written = write_all(fd, buf_slice(&head));
    buf_free(&head);
    if (!written) {
        error_errno(e, ERROR_SYSTEM, "cannot write the recording %s", path);
        close(fd);
        return NULL;
    }
    struct recorder *r = memory_zalloc(sizeof *r);
    *r = (struct recorder){.ctx = ctx, .path = path, .fd = fd};
    vec_push(&r->arena, &r->hidden, NULL);
    return r;
}

void record_hide(struct recorder *r, const char *secret)
{
    struct slice text = authorization_secret(secret);
    if (!r || !text.len)
        return;
    for (size_t i = 0; i + 1 < r->hidden.count; i++)
        if (slice_is(text, r->hidden.items[i]))
            return;
    r->hidden.items[r->hidden.count - 1] = arena_text(&r->arena, text);
    vec_push(&r->arena, &r->hidden, NULL);
}

void record_add(struct recorder *r, const struct request *request, const struct answer *answer)
{
    struct buf text = {0};
    if (!r || r->fd < 0)
        return;
    exchange_write(request, answer, r->hidden.items, &text);
    if (!write_all(r->fd, buf_slice(&text))) {
        log_warning(r->ctx, "%s: %s; the recording ends here", r->path, strerror(errno));
        close(r->fd);
        r->fd = -1;
    }
    buf_free(&text);
}

void record_close(struct recorder *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    arena_free(&r->arena);
    free(r);
}
