#include "watcher/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

static bool read_all(int fd, const char *path, struct buf *out, struct error *e)
{
    char chunk[16384];
    for (;;) {
        ssize_t count = read(fd, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_errno(e, ERROR_SYSTEM, "%s", path);
        if (count == 0)
            return true;
        if (!buf_add(out, slice_new(chunk, (size_t)count)))
            return error_set(e, ERROR_SYSTEM, "%s: larger than %zu bytes", path, out->max);
    }
}

/* A pipe or a device may never end. */
static bool is_regular(int fd, const char *path, struct error *e)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return error_errno(e, ERROR_SYSTEM, "%s", path);
    if (!S_ISREG(st.st_mode))
        return error_set(e, ERROR_SYSTEM, "%s: not a regular file", path);
    return true;
}

bool file_read(const char *path, struct buf *out, struct error *e)
{
    buf_clear(out);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* opening a FIFO must not wait */
    if (fd < 0)
        return error_errno(e, ERROR_SYSTEM, "%s", path);
    bool good = is_regular(fd, path, e) && read_all(fd, path, out, e);
    close(fd);
    return good;
}

/* ---- replacing ---- */

/* The file that `path` leads to through symbolic links, itself when it does not exist; to be
 * freed. */
static char *resolve(const char *path, struct error *e)
{
    char *real = realpath(path, NULL);
    if (!real && errno == ENOENT && lstat(path, &(struct stat){0}) < 0)
        real = strdup(path);
    if (!real)
        error_errno(e, ERROR_SYSTEM, "%s", path);
    return real;
}

static bool write_all(int fd, struct slice content)
{
    while (content.len) {
        ssize_t count = write(fd, content.ptr, content.len);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        content = slice_from(content, (size_t)count);
    }
    return true;
}

/* A new file gets what open() would have given it. */
static mode_t default_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool fill(int fd, const char *target, struct slice content)
{
    struct stat st;
    mode_t mode = default_mode();
    if (stat(target, &st) == 0) {
        mode = st.st_mode & 07777;
        /* Only root may give files away, and only root's work could take one from its owner. */
        if (geteuid() == 0 && fchown(fd, st.st_uid, st.st_gid) < 0)
            return false;
    }
    return write_all(fd, content) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
}

/* A rename is on disk only when its directory is. Some file systems cannot do that: no error. */
static void flush_directory(const char *target)
{
    struct buf name = {0};
    struct slice dir = path_dir(slice_of(target));
    buf_add(&name, dir.len ? dir : SLICE("."));
    int fd = open(buf_text(&name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    buf_free(&name);
}

/* Write `content` to the open file `fd` called `temporary` and put it in the target's place. */
static bool put(int fd, const char *temporary, const char *target, struct slice content)
{
    bool good = fill(fd, target, content);
    int why = errno;
    if (close(fd) < 0 && good) {
        good = false;
        why = errno;
    }
    if (good && rename(temporary, target) < 0) {
        good = false;
        why = errno;
    }
    if (!good)
        unlink(temporary);
    errno = why;
    return good;
}

bool file_replace(const char *path, struct slice content, struct error *e)
{
    struct buf temporary = {0};
    bool good = false;
    char *target = resolve(path, e);
    if (!target)
        return false;
    buf_addf(&temporary, "%s.XXXXXX", target);
    int fd = mkstemp(temporary.ptr);
    if (fd >= 0)
        good = put(fd, temporary.ptr, target, content);
    if (!good)
        error_errno(e, ERROR_SYSTEM, "%s cannot be replaced", path);
    else
        flush_directory(target);
    buf_free(&temporary);
    free(target);
    return good;
}

/* ---- names ---- */

void path_join(struct buf *out, struct slice dir, struct slice name)
{
    bool absolute = slice_starts(name, SLICE("/"));
    if (!absolute && dir.len && !slice_is(dir, ".")) {
        buf_add(out, dir);
        if (dir.ptr[dir.len - 1] != '/')
            buf_add_byte(out, '/');
    }
    buf_add(out, name);
}

bool path_is_inside(struct slice path)
{
    struct slice part;
    if (path.len == 0 || path.ptr[0] == '/' || slice_find_byte(path, '\0') != SLICE_NONE)
        return false;
    while (slice_split(&path, '/', &part))
        if (slice_is(part, ".."))
            return false;
    return true;
}

struct slice path_base(struct slice path)
{
    size_t slash = slice_find_last_byte(path, '/');
    return slash == SLICE_NONE ? path : slice_from(path, slash + 1);
}

struct slice path_dir(struct slice path)
{
    size_t slash = slice_find_last_byte(path, '/');
    if (slash == SLICE_NONE)
        return slice_first(path, 0);
    return slice_first(path, slash ? slash : 1);
}
