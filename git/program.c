#include "git/program.h"

#include "watcher/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS; main ignores SIGPIPE */
#endif

enum {
    SAID_MAX = 4096,
    WAIT_STEP_MS = 5,
    NOT_STARTED = 127, /* what posix_spawn's child ends with when there is no such program */
};

extern char **environ;

/* Git's variables are about the repository mwatch was started in, not about the one the program is
 * to look at (git clears the same ones: local_repo_env); tokens are nobody else's business. */
static bool is_withheld(const char *variable)
{
    static const char *const names[] = {
        "GIT_DIR=",
        "GIT_WORK_TREE=",
        "GIT_COMMON_DIR=",
        "GIT_INDEX_FILE=",
        "GIT_OBJECT_DIRECTORY=",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
        "GIT_PREFIX=",
        "GIT_NAMESPACE=",
        "GIT_SHALLOW_FILE=",
        "GIT_GRAFT_FILE=",
        "GIT_REPLACE_REF_BASE=",
        "GIT_NO_REPLACE_OBJECTS=",
        "GIT_QUARANTINE_PATH=",
        "GITHUB_TOKEN=",
        "GH_TOKEN=",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(variable, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static char **make_environment(void)
{
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **copy = memory_alloc(memory_product(count + 1, sizeof *copy));
    for (size_t i = 0; i < count; i++)
        if (!is_withheld(environ[i]))
            copy[kept++] = environ[i];
    copy[kept] = NULL;
    return copy;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* posix_spawn's own way to say "not into the next program". */
static void keep_private(const int *ends, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ends[i] >= 0)
            fcntl(ends[i], F_SETFD, FD_CLOEXEC);
}

/* Nobody reads a broken pipe's signal here, but the program must be able to die of one. */
static int spawn(pid_t *pid, const char *const *arguments, int talk, int complaints)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t usual;
    char **environment = make_environment();
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_adddup2(&actions, talk, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, talk, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
    /* The prototype predates const; posix_spawn changes nothing there. */
    union {
        const char *const *in;
        char *const *out;
    } argv = {arguments};
    int status = posix_spawnp(pid, arguments[0], &actions, &attributes, argv.out, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return status;
}

bool program_start(struct program *p, const struct context *ctx, const char *const *arguments,
                   int64_t allowance_ms, struct error *e)
{
    int ends[4] = {-1, -1, -1, -1}; /* ours and its of the socket, ours and its of the pipe */
    *p = (struct program){.ctx = ctx,
                          .name = arguments[0],
                          .talk = -1,
                          .complaints = -1,
                          .said = BUF_MAX(SAID_MAX),
                          .allowance = allowance_ms};
    int status = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || pipe(ends + 2) != 0)
        status = errno;
    keep_private(ends, 4);
    if (status == 0)
        status = spawn(&p->pid, arguments, ends[1], ends[3]);
    close_end(&ends[1]);
    close_end(&ends[3]);
    p->talk = ends[0];
    p->complaints = ends[2];
    if (status == 0)
        return true;
    p->pid = 0;
    errno = status;
    return error_errno(e, ERROR_SYSTEM, "cannot start %s", arguments[0]);
}

/* Keep the beginning; the rest is read so that the program is not held up. */
static void hear_complaints(struct program *p)
{
    char bytes[1024];
    ssize_t got = read(p->complaints, bytes, sizeof bytes);
    if (got > 0)
        buf_add(&p->said, slice_new(bytes, (size_t)got < p->said.max - p->said.len
                                               ? (size_t)got
                                               : p->said.max - p->said.len));
    else if (got == 0 || errno != EINTR)
        close_end(&p->complaints);
}

/* Wait until `events` can be served on the socket, listening to complaints meanwhile. */
static short wait_for(struct program *p, short events)
{
    int64_t until = context_milliseconds(p->ctx) + p->allowance;
    for (;;) {
        int64_t left = until - context_milliseconds(p->ctx);
        struct pollfd ends[] = {{p->talk, events, 0}, {p->complaints, POLLIN, 0}};
        if (left <= 0) {
            errno = ETIMEDOUT;
            return 0;
        }
        if (poll(ends, 2, left > INT32_MAX ? INT32_MAX : (int)left) < 0 && errno != EINTR)
            return 0;
        if (ends[1].revents)
            hear_complaints(p);
        if (ends[0].revents)
            return ends[0].revents;
    }
}

/* What a program that ended had not read makes a reset of what is an end. */
static ssize_t receive(struct program *p, char *bytes, size_t size, bool *later)
{
    ssize_t got = recv(p->talk, bytes, size, MSG_DONTWAIT);
    *later = got < 0 && (errno == EINTR || errno == EAGAIN);
    return got < 0 && errno == ECONNRESET ? 0 : got;
}

static bool send_some(struct program *p, struct slice *bytes)
{
    ssize_t sent = send(p->talk, bytes->ptr, bytes->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        *bytes = slice_from(*bytes, (size_t)sent);
    return sent >= 0 || errno == EINTR || errno == EAGAIN;
}

ssize_t program_read(struct program *p, char *bytes, size_t size)
{
    ssize_t got;
    bool later;
    do {
        if (!wait_for(p, POLLIN))
            return -1;
        got = receive(p, bytes, size, &later);
    } while (later);
    return got;
}

bool program_write(struct program *p, struct slice bytes)
{
    while (bytes.len)
        if (!wait_for(p, POLLOUT) || !send_some(p, &bytes))
            return false;
    return true;
}

static int reap(struct program *p, int64_t allowance)
{
    int status = 0;
    int64_t until = context_milliseconds(p->ctx) + allowance;
    const struct timespec step = {.tv_nsec = WAIT_STEP_MS * 1000000L};
    for (;;) {
        pid_t got = waitpid(p->pid, &status, WNOHANG);
        if (got == p->pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        if (got < 0 && errno != EINTR)
            return -1;
        if (context_milliseconds(p->ctx) >= until)
            kill(p->pid, SIGKILL);
        if (p->complaints >= 0) {
            struct pollfd end = {p->complaints, POLLIN, 0};
            if (poll(&end, 1, WAIT_STEP_MS) > 0)
                hear_complaints(p);
        } else {
            nanosleep(&step, NULL);
        }
    }
}

int program_end(struct program *p)
{
    int status = -1;
    close_end(&p->talk);
    if (p->pid > 0)
        status = reap(p, p->allowance);
    p->pid = 0;
    /* What it said last is still in the pipe; a daemon it left behind may hold the other end. */
    while (p->complaints >= 0) {
        struct pollfd end = {p->complaints, POLLIN, 0};
        if (poll(&end, 1, 0) <= 0)
            break;
        hear_complaints(p);
    }
    close_end(&p->complaints);
    return status;
}

/* Both ways at once, as it may answer before it has read everything. One that needs no input may be
 * gone by then: what it answered counts. */
static bool exchange(struct program *p, struct slice input, struct buf *output)
{
    char bytes[4096];
    bool later;
    for (;;) {
        short events = wait_for(p, input.len ? POLLIN | POLLOUT : POLLIN);
        if (!events)
            return false;
        if ((events & POLLOUT) && !send_some(p, &input))
            input.len = 0;
        if ((events & POLLOUT) && !input.len)
            shutdown(p->talk, SHUT_WR);
        if (!(events & (POLLIN | POLLHUP | POLLERR)))
            continue;
        ssize_t got = receive(p, bytes, sizeof bytes, &later);
        if (!later && (got <= 0 || !buf_add(output, slice_new(bytes, (size_t)got))))
            return got == 0;
    }
}

static bool fail(struct program *p, int status, struct error *e)
{
    struct slice words = slice_trim(buf_slice(&p->said));
    if (status == NOT_STARTED && !words.len)
        return error_set(e, ERROR_SYSTEM, "cannot start %s: no such program", p->name);
    if (words.len)
        return error_set(e, ERROR_REFUSED, "%s: %.*s", p->name, SLICE_ARG(words));
    return error_set(e, ERROR_REFUSED, "%s failed and gives no reason", p->name);
}

bool program_answer(const struct context *ctx, const char *const *arguments, int64_t allowance_ms,
                    struct slice input, struct buf *output, struct error *e)
{
    struct program p;
    bool good = false;
    if (program_start(&p, ctx, arguments, allowance_ms, e)) {
        if (!input.len)
            shutdown(p.talk, SHUT_WR);
        good = exchange(&p, input, output);
        if (!good && errno == ETIMEDOUT) {
            error_set(e, ERROR_REFUSED, "%s did not answer in %lld seconds", p.name,
                      (long long)allowance_ms / 1000);
            p.allowance = 0;
        }
    }
    int status = program_end(&p);
    bool well = status == 0 && good;
    if (!well && !error_is_set(e))
        fail(&p, status, e);
    buf_free(&p.said);
    return well;
}
