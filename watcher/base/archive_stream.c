#include "watcher/base/archive_stream.h"

#include "watcher/base/archive_bomb.h"
#include "watcher/base/memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

/* What an artefact may expand to; more is a bomb. */
#define LARGEST (UINT64_C(16) << 30)

struct archive_stream {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slice offered; /* pushed, not yet asked for */
    bool waiting;         /* the thread has used up everything and wants more */
    bool complete;        /* nothing will be pushed any more */
    bool finished;        /* the thread wants nothing any more */
    void (*sink)(void *arg, struct slice bytes);
    void *arg;
    struct error error; /* the thread's until it is joined */
};

/* ---- in the thread ---- */

/* What libarchive calls for more. The piece given last is used up then. */
static la_ssize_t next_piece(struct archive *a, void *arg, const void **bytes)
{
    struct archive_stream *s = arg;
    (void)a;
    pthread_mutex_lock(&s->lock);
    s->waiting = true;
    pthread_cond_broadcast(&s->changed);
    while (!s->offered.len && !s->complete)
        pthread_cond_wait(&s->changed, &s->lock);
    struct slice piece = s->offered;
    s->offered = slice_from(piece, piece.len);
    s->waiting = false;
    pthread_mutex_unlock(&s->lock);
    *bytes = piece.ptr;
    return (la_ssize_t)piece.len;
}

static void refuse(struct archive_stream *s, struct archive *a)
{
    const char *reason = archive_error_string(a);
    error_set(&s->error, ERROR_REFUSED, "%s", reason ? reason : "too short");
}

static void read_plain(struct archive_stream *s, struct archive *a)
{
    const void *block;
    size_t len;
    la_int64_t offset;
    uint64_t total = 0;
    int status;
    while ((status = archive_read_data_block(a, &block, &len, &offset)) == ARCHIVE_OK) {
        total += len;
        if (total > LARGEST) {
            error_set(&s->error, ERROR_REFUSED, "it expands to more than 16 GiB");
            return;
        }
        if (archive_is_bomb(total, (uint64_t)archive_filter_bytes(a, -1))) {
            error_set(&s->error, ERROR_REFUSED, ARCHIVE_BOMB);
            return;
        }
        s->sink(s->arg, slice_new(block, len));
    }
    if (status != ARCHIVE_EOF)
        refuse(s, a);
}

/* The compression alone is libarchive's part here ("raw"): its tar reader stops at the end mark and
 * would not see that the compressed data breaks off behind it. */
static void read_archive(struct archive_stream *s, struct archive *a)
{
    struct archive_entry *entry;
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    int status = archive_read_open(a, s, NULL, next_piece, NULL);
    if (status == ARCHIVE_OK)
        status = archive_read_next_header(a, &entry);
    bool compressed = archive_filter_code(a, 0) != ARCHIVE_FILTER_NONE;
    if (status == ARCHIVE_OK && compressed)
        read_plain(s, a);
    else if (status != ARCHIVE_EOF || !compressed) /* EOF: nothing, compressed */
        refuse(s, a);
}

static void *run(void *arg)
{
    struct archive_stream *s = arg;
    struct archive *a = archive_read_new();
    if (a)
        read_archive(s, a);
    else
        error_set(&s->error, ERROR_SYSTEM, "libarchive cannot start");
    archive_read_free(a);
    pthread_mutex_lock(&s->lock);
    s->finished = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- outside ---- */

/* Signals are for the main thread. */
static bool start(struct archive_stream *s)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&s->thread, NULL, run, s) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void release(struct archive_stream *s)
{
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct archive_stream *archive_stream_begin(void (*sink)(void *arg, struct slice bytes), void *arg)
{
    struct archive_stream *s = memory_zalloc(sizeof *s);
    s->sink = sink;
    s->arg = arg;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    if (start(s))
        return s;
    release(s);
    return NULL;
}

void archive_stream_add(struct archive_stream *s, struct slice bytes)
{
    if (!bytes.len)
        return;
    pthread_mutex_lock(&s->lock);
    if (!s->finished) {
        s->offered = bytes;
        pthread_cond_broadcast(&s->changed);
        while (!s->finished && (s->offered.len || !s->waiting))
            pthread_cond_wait(&s->changed, &s->lock);
        s->offered = slice_first(bytes, 0);
    }
    pthread_mutex_unlock(&s->lock);
}

bool archive_stream_end(struct archive_stream *s, struct error *e)
{
    pthread_mutex_lock(&s->lock);
    s->complete = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    bool good = !error_is_set(&s->error);
    if (!good)
        error_set(e, s->error.code, "%s", s->error.message);
    release(s);
    return good;
}
