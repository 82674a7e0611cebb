#include "watcher/base/buf.h"

#include "watcher/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_free(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->overflow = false;
    if (b->ptr)
        b->ptr[0] = '\0';
}

bool buf_reserve(struct buf *b, size_t extra)
{
    if (extra >= (size_t)-1 - b->len || (b->max && extra > b->max - b->len)) {
        b->overflow = true;
        return false;
    }
    size_t need = b->len + extra + 1;
    if (need <= b->capacity)
        return true;
    size_t capacity = b->capacity < 64 ? 64 : b->capacity;
    while (capacity < need)
        capacity = capacity > (size_t)-1 / 2 ? need : capacity * 2;
    b->ptr = memory_resize(b->ptr, capacity);
    b->capacity = capacity;
    return true;
}

bool buf_add(struct buf *b, struct slice s)
{
    if (!buf_reserve(b, s.len))
        return false;
    if (s.len)
        memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
    b->ptr[b->len] = '\0';
    return true;
}

bool buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, slice_of(text));
}

bool buf_add_byte(struct buf *b, char c)
{
    return buf_add(b, slice_new(&c, 1));
}

bool buf_vaddf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    bool fits = len >= 0 && buf_reserve(b, (size_t)len);
    if (fits) {
        vsnprintf(b->ptr + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
    return fits;
}

bool buf_addf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool fits = buf_vaddf(b, format, args);
    va_end(args);
    return fits;
}

bool buf_pad(struct buf *b, char c, size_t count)
{
    if (!buf_reserve(b, count))
        return false;
    memset(b->ptr + b->len, c, count);
    b->len += count;
    b->ptr[b->len] = '\0';
    return true;
}

void buf_cut(struct buf *b, size_t len)
{
    if (len >= b->len)
        return;
    b->len = len;
    b->ptr[len] = '\0';
}

struct slice buf_slice(const struct buf *b)
{
    return slice_new(b->ptr, b->len);
}

const char *buf_text(const struct buf *b)
{
    return b->ptr ? b->ptr : "";
}
