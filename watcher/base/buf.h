/* A growing byte buffer that owns its memory and knows how large it may become. */
#ifndef MWATCH_BASE_BUF_H
#define MWATCH_BASE_BUF_H

#include "watcher/base/slice.h"

#include <stdarg.h>

struct buf {
    char *ptr;
    size_t len;
    size_t capacity;
    size_t max;    /* bytes it may hold; 0 = no limit */
    bool overflow; /* something did not fit; sticky, and what did not fit was not added */
};

/* An empty buffer of at most `max` bytes (0 = no limit) is BUF_MAX(max); {0} has no limit. */
#define BUF_MAX(limit) ((struct buf){.max = (limit)})

void buf_free(struct buf *b);

/* Make room for `extra` more bytes; false, and overflow set, when they do not fit in b->max. */
bool buf_reserve(struct buf *b, size_t extra);

/* Forget the content, keep the memory and the limit. */
void buf_clear(struct buf *b);

/* Add bytes; false, and overflow set, when they do not fit in b->max. The buffer is always
 * followed by a zero byte that is not counted. */
bool buf_add(struct buf *b, struct slice s);
bool buf_add_text(struct buf *b, const char *text);
bool buf_add_byte(struct buf *b, char c);
bool buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buf_vaddf(struct buf *b, const char *format, va_list args);

/* Add `count` times the byte. */
bool buf_pad(struct buf *b, char c, size_t count);

/* Forget everything after the first `len` bytes, if there are more. */
void buf_cut(struct buf *b, size_t len);

/* What it holds, borrowed until the next change; never NULL for buf_text. */
struct slice buf_slice(const struct buf *b);
const char *buf_text(const struct buf *b);

#endif
