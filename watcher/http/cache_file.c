#include "watcher/http/cache_file.h"

#include "watcher/base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Make every folder above the file. */
static bool make_folders(const char *path, struct error *e)
{
    struct buf part = {0};
    bool good = true;
    for (const char *p = path; good && *p; p++) {
        if (*p == '/' && p > path && mkdir(buf_text(&part), 0700) != 0 && errno != EEXIST)
            good = error_errno(e, ERROR_SYSTEM, "cannot make the folder %s", buf_text(&part));
        buf_add_byte(&part, *p);
    }
    buf_free(&part);
    return good;
}

static int open_private(const char *path, const char *suffix, struct error *e)
{
    struct buf name = {0};
    buf_addf(&name, "%s%s", path, suffix);
    int fd = open(buf_text(&name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        error_errno(e, ERROR_SYSTEM, "cannot open %s", buf_text(&name));
    buf_free(&name);
    return fd;
}

bool cache_lock_take(struct cache_lock *lock, const char *path, struct error *e)
{
    *lock = (struct cache_lock){.fd = -1};
    if (!make_folders(path, e))
        return false;
    /* SQLite gives its other files the mode of this one. */
    int database = open_private(path, "", e);
    if (database < 0)
        return false;
    close(database);
    lock->fd = open_private(path, ".lock", e);
    if (lock->fd < 0)
        return false;
    if (cache_lock_alone(lock, true))
        return true;
    /* Whoever is alone with it is only setting it up. */
    if (flock(lock->fd, LOCK_SH) == 0)
        return true;
    error_errno(e, ERROR_SYSTEM, "cannot lock %s.lock", path);
    cache_lock_release(lock);
    return false;
}

bool cache_lock_alone(struct cache_lock *lock, bool alone)
{
    lock->alone = flock(lock->fd, alone ? LOCK_EX | LOCK_NB : LOCK_SH) == 0 && alone;
    return lock->alone == alone;
}

void cache_lock_release(struct cache_lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    *lock = (struct cache_lock){.fd = -1};
}

static void remove_beside(const char *path, const char *suffix)
{
    struct buf name = {0};
    buf_addf(&name, "%s%s", path, suffix);
    unlink(buf_text(&name));
    buf_free(&name);
}

bool cache_file_put_aside(const char *path, struct error *e)
{
    struct buf aside = {0};
    buf_addf(&aside, "%s.broken", path);
    bool good = rename(path, buf_text(&aside)) == 0 ||
                error_errno(e, ERROR_SYSTEM, "cannot rename %s", path);
    buf_free(&aside);
    if (!good)
        return false;
    remove_beside(path, "-wal");
    remove_beside(path, "-shm");
    remove_beside(path, "-journal");
    int fd = open_private(path, "", e);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}
