/* A remote on this machine: git's own server programs, spoken to as over ssh. libgit2's transport
 * for local paths runs no hooks, compares nothing when it moves a ref, and walks whole histories.
 */
#include "git/connection.h"

#include "git/program.h"
#include "watcher/base/memory.h"
#include "watcher/base/url.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Hooks may take their time. */
enum { SILENCE_MS = 600000 };

struct local_stream {
    git_smart_subtransport_stream base; /* first: libgit2 knows only this */
    struct program program;
};

struct local_link {
    git_smart_subtransport base; /* first, likewise */
    struct connection *connection;
    struct local_stream *stream;
};

static int read_stream(git_smart_subtransport_stream *stream, char *bytes, size_t size, size_t *got)
{
    struct local_stream *s = (struct local_stream *)stream;
    ssize_t n = program_read(&s->program, bytes, size);
    *got = n > 0 ? (size_t)n : 0;
    if (n >= 0)
        return 0;
    if (errno == ETIMEDOUT)
        s->program.allowance = 0;
    git_error_set_str(GIT_ERROR_NET, strerror(errno));
    return -1;
}

static int write_stream(git_smart_subtransport_stream *stream, const char *bytes, size_t size)
{
    struct local_stream *s = (struct local_stream *)stream;
    if (program_write(&s->program, slice_new(bytes, size)))
        return 0;
    git_error_set_str(GIT_ERROR_NET, strerror(errno));
    return -1;
}

/* The program belongs to the link, which outlives the stream in the connection's eyes. */
static void free_stream(git_smart_subtransport_stream *stream)
{
    (void)stream;
}

/* As git does: what looks like an address is unescaped, a path is taken as it stands. */
static bool local_path(const char *url, struct buf *path)
{
    struct slice text = slice_of(url);
    if (!slice_starts(text, SLICE("file://")))
        return buf_add(path, text);
    text = slice_from(text, strlen("file://"));
    if (slice_starts(text, SLICE("localhost/")))
        text = slice_from(text, strlen("localhost"));
    return url_unescape(path, text) && strlen(buf_text(path)) == path->len;
}

static int start(struct local_link *link, const char *url, bool push)
{
    struct buf path = {0};
    struct error e = {0};
    struct local_stream *s = memory_zalloc(sizeof *s);
    s->base = (git_smart_subtransport_stream){&link->base, read_stream, write_stream, free_stream};
    link->stream = s;
    link->connection->program = &s->program;
    bool good = local_path(url, &path);
    const char *const arguments[] = {"git", push ? "receive-pack" : "upload-pack", buf_text(&path),
                                     NULL};
    if (!good)
        error_set(&e, ERROR_USAGE, "not a path");
    else
        good = program_start(&s->program, link->connection->r->ctx, arguments, SILENCE_MS, &e);
    if (!good)
        git_error_set_str(GIT_ERROR_NET, e.message);
    buf_free(&path);
    return good ? 0 : -1;
}

static int act(git_smart_subtransport_stream **out, git_smart_subtransport *transport,
               const char *url, git_smart_service_t action)
{
    struct local_link *link = (struct local_link *)transport;
    bool first = action == GIT_SERVICE_UPLOADPACK_LS || action == GIT_SERVICE_RECEIVEPACK_LS;
    int status = 0;
    if (first && !link->stream)
        status = start(link, url, action == GIT_SERVICE_RECEIVEPACK_LS);
    *out = link->stream && status == 0 ? &link->stream->base : NULL;
    return *out ? status : -1;
}

static int close_link(git_smart_subtransport *transport)
{
    struct local_link *link = (struct local_link *)transport;
    if (link->stream) {
        program_end(&link->stream->program);
        connection_hear(link->connection, buf_slice(&link->stream->program.said));
        buf_free(&link->stream->program.said);
        free(link->stream);
        link->connection->program = NULL;
    }
    link->stream = NULL;
    return 0;
}

static void free_link(git_smart_subtransport *transport)
{
    close_link(transport);
    free(transport);
}

int local_server(git_smart_subtransport **out, git_transport *owner, void *param)
{
    struct local_link *link = memory_zalloc(sizeof *link);
    (void)owner;
    link->base = (git_smart_subtransport){act, close_link, free_link};
    link->connection = param;
    *out = &link->base;
    return 0;
}
