#include "watcher/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A lock on a record rather than flock(2), which POSIX does not have; both end with the process. */
static int set_lock(int file, bool wait)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int done;
    do
        done = fcntl(file, wait ? F_SETLKW : F_SETLK, &whole);
    while (done != 0 && errno == EINTR);
    return done;
}

int lock_take(const struct context *ctx, const char *path, struct error *e)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool good = file >= 0;
    if (good && set_lock(file, false) != 0) {
        bool held = errno == EACCES || errno == EAGAIN;
        if (held)
            log_warning(ctx, "another mwatch is at work on this repository: waiting for it");
        good = held && set_lock(file, true) == 0;
    }
    if (good)
        return file;
    error_errno(e, ERROR_SYSTEM, "%s: cannot be locked", path);
    lock_release(file);
    return -1;
}

void lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}
