#include "watcher/base/context.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int64_t real_now(void *arg)
{
    (void)arg;
    return (int64_t)time(NULL);
}

static int64_t real_milliseconds(void *arg)
{
    (void)arg;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Jitter only has to differ between processes and moments. */
static uint32_t real_random(void *arg)
{
    (void)arg;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint32_t x = (uint32_t)t.tv_nsec ^ ((uint32_t)getpid() << 16);
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x;
}

const char *context_variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

void context_init(struct context *ctx)
{
    *ctx = (struct context){
        .level = LOG_WARNING,
        .messages = stderr,
        .now = real_now,
        .milliseconds = real_milliseconds,
        .random = real_random,
    };
}

int64_t context_now(const struct context *ctx)
{
    return ctx->now(ctx->arg);
}

int64_t context_milliseconds(const struct context *ctx)
{
    return ctx->milliseconds(ctx->arg);
}

uint32_t context_random(const struct context *ctx)
{
    return ctx->random(ctx->arg);
}

static void print_line(const struct context *ctx, const char *format, va_list args)
{
    struct buf raw = {0}, safe = {0};
    buf_vaddf(&raw, format, args);
    text_add_visible(&safe, buf_slice(&raw));
    fprintf(ctx->messages, "%smwatch: %s\n", ctx->progress ? "\r\033[K" : "", buf_text(&safe));
    buf_free(&raw);
    buf_free(&safe);
}

#define LOG_AT(wanted)                                                                             \
    do {                                                                                           \
        if (!ctx->messages || ctx->level < (wanted))                                               \
            return;                                                                                \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        print_line(ctx, format, args);                                                             \
        va_end(args);                                                                              \
    } while (0)

void log_error(const struct context *ctx, const char *format, ...)
{
    LOG_AT(LOG_ERROR);
}

void log_warning(const struct context *ctx, const char *format, ...)
{
    LOG_AT(LOG_WARNING);
}

void log_info(const struct context *ctx, const char *format, ...)
{
    LOG_AT(LOG_INFO);
}

void log_debug(const struct context *ctx, const char *format, ...)
{
    LOG_AT(LOG_DEBUG);
}

void log_progress(const struct context *ctx, const char *format, ...)
{
    enum { COLUMNS = 79 };
    if (!ctx->messages || !ctx->progress)
        return;
    struct buf raw = {0}, safe = {0}, line = {0};
    va_list args;
    va_start(args, format);
    buf_vaddf(&raw, format, args);
    va_end(args);
    text_add_visible(&safe, buf_slice(&raw));
    text_add_cut(&line, buf_slice(&safe), COLUMNS);
    fprintf(ctx->messages, "\r\033[K%s", buf_text(&line));
    fflush(ctx->messages);
    buf_free(&raw);
    buf_free(&safe);
    buf_free(&line);
}
