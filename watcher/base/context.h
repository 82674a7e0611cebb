/* What a run is given from outside, so that tests can give something else: clock and logger. */
#ifndef MWATCH_BASE_CONTEXT_H
#define MWATCH_BASE_CONTEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct context {
    enum log_level level;               /* messages above it are dropped */
    FILE *messages;                     /* standard error, NULL = nowhere */
    bool progress;                      /* a progress line may be drawn on `messages` */
    bool color;                         /* colours on standard output */
    int64_t (*now)(void *arg);          /* seconds since 1970 UTC */
    int64_t (*milliseconds)(void *arg); /* monotonic, from any start */
    uint32_t (*random)(void *arg);      /* for jitter, not for secrets */
    void *arg;
};

/* The real clock and random source, warnings to standard error. */
void context_init(struct context *ctx);

/* The value of an environment variable; NULL when it is unset or empty. Borrowed until that
 * changes.
 */
const char *context_variable(const char *name);

int64_t context_now(const struct context *ctx);
int64_t context_milliseconds(const struct context *ctx);
uint32_t context_random(const struct context *ctx);

/* One line "mwatch: ..." on ctx->messages; control bytes are shown as \xNN (upstream's text may be
 * in it). A progress line that stands there is wiped first. */
void log_error(const struct context *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_warning(const struct context *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_info(const struct context *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_debug(const struct context *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Redraw the progress line, at most 79 columns; "" wipes it. Nothing unless ctx->progress. */
void log_progress(const struct context *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
