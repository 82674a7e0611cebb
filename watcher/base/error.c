#include "watcher/base/error.h"

#include "watcher/base/text.h"
#include "watcher/base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Keep `raw` as the message: visible, and cut between two characters when it is too long. Releases
 * raw. */
static void keep(struct error *e, struct buf *raw)
{
    struct buf message = {0};
    text_add_visible(&message, buf_slice(raw));
    size_t len = message.len;
    if (len >= sizeof e->message) {
        len = sizeof e->message - sizeof "...";
        while (utf8_continues(message.ptr[len]))
            len--;
        buf_cut(&message, len);
        buf_add_text(&message, "...");
    }
    memcpy(e->message, buf_text(&message), message.len + 1);
    buf_free(&message);
    buf_free(raw);
}

bool error_set(struct error *e, enum error_code code, const char *format, ...)
{
    if (error_is_set(e))
        return false;
    struct buf raw = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&raw, format, args);
    va_end(args);
    e->code = code;
    keep(e, &raw);
    return false;
}

bool error_at(struct error *e, enum error_code code, const char *file, size_t line, size_t column,
              const char *format, ...)
{
    if (error_is_set(e))
        return false;
    struct buf raw = {0};
    buf_addf(&raw, "%s:", file);
    if (line)
        buf_addf(&raw, "%zu:", line);
    if (line && column)
        buf_addf(&raw, "%zu:", column);
    buf_add_byte(&raw, ' ');
    va_list args;
    va_start(args, format);
    buf_vaddf(&raw, format, args);
    va_end(args);
    e->code = code;
    keep(e, &raw);
    return false;
}

bool error_errno(struct error *e, enum error_code code, const char *format, ...)
{
    int number = errno;
    if (error_is_set(e))
        return false;
    struct buf raw = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&raw, format, args);
    va_end(args);
    buf_addf(&raw, ": %s", strerror(number));
    e->code = code;
    keep(e, &raw);
    return false;
}

bool error_context(struct error *e, const char *format, ...)
{
    if (!error_is_set(e))
        return false;
    struct buf raw = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&raw, format, args);
    va_end(args);
    buf_addf(&raw, ": %s", e->message);
    keep(e, &raw);
    return false;
}

bool error_is_set(const struct error *e)
{
    return e->code != ERROR_NONE;
}

void error_clear(struct error *e)
{
    *e = (struct error){0};
}
