/* A program of the user's, started without a shell and without mwatch's tokens, and spoken to
 * through its standard input and output. */
#ifndef MWATCH_GIT_PROGRAM_H
#define MWATCH_GIT_PROGRAM_H

#include "watcher/base/buf.h"
#include "watcher/base/context.h"
#include "watcher/base/error.h"

#include <sys/types.h>

struct program {
    const struct context *ctx;
    const char *name;  /* borrowed from the arguments */
    pid_t pid;         /* 0 = none */
    int talk;          /* a socket: its standard input and output; -1 = closed */
    int complaints;    /* a pipe: its standard error; -1 = closed */
    struct buf said;   /* the beginning of what came from there */
    int64_t allowance; /* milliseconds without a byte, or until it ends, before it is killed */
};

/* Start `arguments` (NULL-ended; the first is searched in PATH). ERROR_SYSTEM when it cannot be
 * started. Whatever is returned, program_end must follow. */
bool program_start(struct program *p, const struct context *ctx, const char *const *arguments,
                   int64_t allowance_ms, struct error *e);

/* Read what is there, at most `size` bytes: the number, 0 at its end, -1 (errno set) on failure or
 * when the allowance is used up (ETIMEDOUT). */
ssize_t program_read(struct program *p, char *bytes, size_t size);

/* Write all of it. False, errno set, as above. */
bool program_write(struct program *p, struct slice bytes);

/* Give it `input` and keep what it answers in *output until it closes. ERROR_REFUSED when it does
 * not end with status 0, with its last words; ERROR_SYSTEM when it cannot be started. */
bool program_answer(const struct context *ctx, const char *const *arguments, int64_t allowance_ms,
                    struct slice input, struct buf *output, struct error *e);

/* Close its input, wait, and kill it if it outlasts the allowance. Its exit status; -1 when it was
 * killed or never ran. p->said stays until it is freed by the caller. */
int program_end(struct program *p);

#endif
