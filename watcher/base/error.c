#include "watcher/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Write at `at`, and mark a text that was cut. */
static size_t put(struct error *e, size_t at, const char *format, va_list args)
{
    int len = vsnprintf(e->message + at, sizeof e->message - at, format, args);
    if (len < 0)
        return at;
    if (at + (size_t)len < sizeof e->message)
        return at + (size_t)len;
    memcpy(e->message + sizeof e->message - 4, "...", 4);
    return sizeof e->message - 1;
}

static size_t put_text(struct error *e, size_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    at = put(e, at, format, args);
    va_end(args);
    return at;
}

bool error_set(struct error *e, enum error_code code, const char *format, ...)
{
    if (error_is_set(e))
        return false;
    va_list args;
    va_start(args, format);
    e->code = code;
    put(e, 0, format, args);
    va_end(args);
    return false;
}

bool error_at(struct error *e, enum error_code code, const char *file, size_t line, size_t column,
              const char *format, ...)
{
    if (error_is_set(e))
        return false;
    e->code = code;
    size_t at = put_text(e, 0, "%s:", file);
    if (line)
        at = put_text(e, at, "%zu:", line);
    if (line && column)
        at = put_text(e, at, "%zu:", column);
    at = put_text(e, at, " ");
    va_list args;
    va_start(args, format);
    put(e, at, format, args);
    va_end(args);
    return false;
}

bool error_errno(struct error *e, enum error_code code, const char *format, ...)
{
    int number = errno;
    if (error_is_set(e))
        return false;
    va_list args;
    va_start(args, format);
    e->code = code;
    size_t at = put(e, 0, format, args);
    va_end(args);
    put_text(e, at, ": %s", strerror(number));
    return false;
}

bool error_context(struct error *e, const char *format, ...)
{
    if (!error_is_set(e))
        return false;
    char inner[ERROR_TEXT];
    memcpy(inner, e->message, sizeof inner);
    va_list args;
    va_start(args, format);
    size_t at = put(e, 0, format, args);
    va_end(args);
    put_text(e, at, ": %s", inner);
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
