/* Decompression turned inside out: bytes are pushed in, plain bytes are pushed on. libarchive only
 * pulls, so it runs in a thread of its own that is handed one piece at a time: whoever pushes waits
 * until the piece is used up, so nothing is copied or kept and only one of the two runs at once.
 * Only archive_check.c includes this. */
#ifndef MWATCH_BASE_ARCHIVE_STREAM_H
#define MWATCH_BASE_ARCHIVE_STREAM_H

#include "watcher/base/error.h"
#include "watcher/base/slice.h"

struct archive_stream;

/* Start the thread; `sink` is called from it with plain bytes, never while the caller runs outside
 * archive_stream_add and archive_stream_end. NULL when there can be no thread. */
struct archive_stream *archive_stream_begin(void (*sink)(void *arg, struct slice bytes), void *arg);

/* Push bytes; returns when they are used up. Nothing more happens after a failure. */
void archive_stream_add(struct archive_stream *s, struct slice bytes);

/* No more bytes: join the thread and release. False, with ERROR_REFUSED, unless the compressed data
 * was whole. */
bool archive_stream_end(struct archive_stream *s, struct error *e);

#endif
