/* The one error value. The first error wins; callers only put context before it. */
#ifndef MWATCH_BASE_ERROR_H
#define MWATCH_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* Each code is a decision the caller makes, not a description of what broke. */
enum error_code {
    ERROR_NONE,
    ERROR_USAGE,    /* stop, exit status 2: wrong command line or configuration */
    ERROR_RECIPE,   /* this recipe's row is an error: the file must be mended by hand */
    ERROR_UPSTREAM, /* this component's row is an error: upstream answered, but not usefully */
    ERROR_NETWORK,  /* this component's row is an error: no answer; the next run may do better */
    ERROR_REFUSED,  /* this component's row is an error: the answer must not be trusted */
    ERROR_CONFLICT, /* somebody else holds or changed it: leave it alone, say so */
    ERROR_SYSTEM,   /* the machine failed (disk, permission): stop, exit status 1 */
};

enum { ERROR_TEXT = 1024 };

struct error {
    enum error_code code;
    char message[ERROR_TEXT]; /* one line, complete enough to print as it is */
};

/* Record an error unless one is there already, with printf's format; always returns false, so that
 * `return error_set(...)` leaves a bool function. Upstream's text may be in it: what is not visible
 * is written as \xNN (see text_add_visible). A message that does not fit is cut with "...". */
bool error_set(struct error *e, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set, with "file:line:column: " before the message; line and column count from 1, and
 * one that is 0 is left out. */
bool error_at(struct error *e, enum error_code code, const char *file, size_t line, size_t column,
              const char *format, ...) __attribute__((format(printf, 6, 7)));

/* As error_set, with ": " and the text of errno after it. */
bool error_errno(struct error *e, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "context: " before a message that is there; without an error nothing happens. Returns false.
 */
bool error_context(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool error_is_set(const struct error *e);
void error_clear(struct error *e);

#endif
