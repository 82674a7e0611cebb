/* For tests of the engine: servers of our own on loopback, a clock that runs fast, an engine with
 * its answers. Included once by each test program. */
#ifndef MWATCH_TESTS_HTTP_HARNESS_H
#define MWATCH_TESTS_HTTP_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watcher/base/buf.h"
#include "watcher/base/file.h"
#include "watcher/base/json.h"
#include "watcher/http/http.h"

/* The machine's proxies have no business in between. */
static inline void forget_proxies(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy",  "HTTPS_PROXY",
                                        "all_proxy",  "ALL_PROXY",    "no_proxy",
                                        "NO_PROXY",   "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

/* A process that ends when `input` is closed. */
struct server {
    pid_t pid;
    int input;
    int port;
};

/* Start a program that prints "ready PORT" and ends with its standard input. */
static inline void server_start(struct server *s, char *const argv[])
{
    int in[2], out[2];
    char line[64] = "";
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    /* A server started later must not hold this one's input open. */
    fcntl(in[1], F_SETFD, FD_CLOEXEC);
    fcntl(out[0], F_SETFD, FD_CLOEXEC);
    s->pid = fork();
    if (s->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execv(argv[0], argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    s->input = in[1];
    FILE *answer = fdopen(out[0], "r");
    assert_non_null(fgets(line, sizeof line, answer));
    fclose(answer);
    assert_int_equal(sscanf(line, "ready %d", &s->port), 1);
}

/* The same of the engine's usual server, over http; plain: its host, as `plain_hosts` has it. */
enum { SERVER_HOST = 32 };
static inline void server_start_plain(struct server *s, char plain[SERVER_HOST])
{
    char *const argv[] = {"/usr/bin/python3", "tests/http/server.py", NULL};
    forget_proxies();
    server_start(s, argv);
    snprintf(plain, SERVER_HOST, "127.0.0.1:%d", s->port);
}

static inline void server_stop(struct server *s)
{
    close(s->input);
    waitpid(s->pid, NULL, 0);
}

/* A context whose clocks run `speed` times as fast as the real ones, with what it says kept. */
struct test_context {
    struct context ctx;
    struct context real;
    int64_t speed;
    int64_t start_ms, start_s;
    char *text;
    size_t text_len;
};

static inline int64_t fast_milliseconds(void *arg)
{
    struct test_context *t = arg;
    int64_t now = context_milliseconds(&t->real);
    return t->start_ms + (now - t->start_ms) * t->speed;
}

static inline int64_t fast_now(void *arg)
{
    struct test_context *t = arg;
    return t->start_s + (fast_milliseconds(arg) - t->start_ms) / 1000;
}

static inline uint32_t even_random(void *arg)
{
    (void)arg;
    return 7;
}

static inline void test_context_init(struct test_context *t, int64_t speed)
{
    *t = (struct test_context){.speed = speed};
    context_init(&t->real);
    t->start_ms = context_milliseconds(&t->real);
    t->start_s = context_now(&t->real);
    t->ctx = (struct context){
        .level = LOG_DEBUG,
        .messages = open_memstream(&t->text, &t->text_len),
        .now = fast_now,
        .milliseconds = fast_milliseconds,
        .random = even_random,
        .arg = t,
    };
}

static inline const char *test_context_text(struct test_context *t)
{
    fflush(t->ctx.messages);
    return t->text;
}

static inline void test_context_free(struct test_context *t)
{
    fclose(t->ctx.messages);
    free(t->text);
}

/* A folder that is removed with what is in it. */
static inline void make_folder(char path[64])
{
    snprintf(path, 64, "/tmp/mwatch-test-XXXXXX");
    assert_non_null(mkdtemp(path));
}

static inline void remove_folder(const char *path)
{
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

/* What a request came to. */
struct got {
    int calls;
    int status;
    char body[4096];
    char url[1024];
    char etag[64];
    char fresh[16];
    bool from_cache;
    bool hashed;
    struct artefact_result artefact;
    struct error error;
};

static inline void copy_text(char *out, size_t room, struct slice text)
{
    struct slice fits = slice_first(text, room - 1);
    if (fits.len)
        memcpy(out, fits.ptr, fits.len);
    out[fits.len] = '\0';
}

static inline void take_answer(void *arg, const struct response *r,
                               const struct artefact_result *artefact, const struct error *e)
{
    struct got *got = arg;
    got->calls++;
    got->error = *e;
    if (!r)
        return;
    got->status = r->status;
    got->from_cache = r->from_cache;
    copy_text(got->body, sizeof got->body, r->body);
    copy_text(got->url, sizeof got->url, slice_of(r->url));
    copy_text(got->etag, sizeof got->etag, response_header(r, "etag"));
    copy_text(got->fresh, sizeof got->fresh, response_header(r, "x-fresh"));
    got->hashed = artefact != NULL;
    if (artefact)
        got->artefact = *artefact;
}

static inline struct http *open_engine(const struct context *ctx, const struct http_options *o)
{
    struct error e = {0};
    struct http *h = http_open(ctx, o, &e);
    if (!h)
        fail_msg("%s", e.message);
    return h;
}

/* Send one request and wait for it. */
static inline void ask_request(struct http *h, const struct request *request, struct got *got)
{
    *got = (struct got){0};
    http_submit(h, request, take_answer, got);
    http_run(h);
    assert_int_equal(got->calls, 1);
}

static inline void ask(struct http *h, const char *url, struct got *got)
{
    struct request request = {.url = url};
    ask_request(h, &request, got);
}

#define assert_answer(got, wanted, text)                                                           \
    do {                                                                                           \
        assert_string_equal((got).error.message, "");                                              \
        assert_int_equal((got).status, wanted);                                                    \
        assert_string_equal((got).body, text);                                                     \
    } while (0)

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        if (!strstr(text, part))                                                                   \
            fail_msg("\"%s\" is not in \"%s\"", part, text);                                       \
    } while (0)

#define assert_lacks(text, part)                                                                   \
    do {                                                                                           \
        if (strstr(text, part))                                                                    \
            fail_msg("\"%s\" is in \"%s\"", part, text);                                           \
    } while (0)

#define assert_failure(got, wanted, part)                                                          \
    do {                                                                                           \
        assert_int_equal((got).error.code, wanted);                                                \
        assert_contains((got).error.message, part);                                                \
    } while (0)

#endif
