#include "git/connection.h"

#include <string.h>

enum { READ_AT_ONCE = 1 << 16, SAID_MAX = 4096 };

static const struct scheme_row schemes[] = {
    {"https://", git_smart_subtransport_http, true},
    {"http://", git_smart_subtransport_http, true},
    {"ssh://", git_smart_subtransport_ssh, false},
    {"git+ssh://", git_smart_subtransport_ssh, false},
    {"ssh+git://", git_smart_subtransport_ssh, false},
    {"git://", git_smart_subtransport_git, false},
    {"file://", local_server, false},
    {"/", local_server, false},
};
static const struct scheme_row ssh_short = {"", git_smart_subtransport_ssh, false};

static const struct scheme_row *scheme_of(const char *url)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (slice_starts(slice_of(url), slice_of(schemes[i].prefix)))
            return &schemes[i];
    return strstr(url, "://") ? NULL : &ssh_short;
}

/* libgit2 makes its own link to the server, and we keep a hand on it. */
static int make_link(git_smart_subtransport **out, git_transport *owner, void *param)
{
    struct connection *c = param;
    int status = c->scheme->make(out, owner, c->scheme->make == local_server ? c : NULL);
    c->link = status == 0 ? *out : NULL;
    return status;
}

static int make_transport(git_transport **out, git_remote *remote, void *param)
{
    struct connection *c = param;
    return git_transport_smart(out, remote, &c->definition);
}

void connection_hear(struct connection *c, struct slice words)
{
    buf_add(&c->said, slice_first(words, c->said.max - c->said.len));
}

static int hear(const char *text, int len, void *param)
{
    connection_hear(param, slice_new(text, len > 0 ? (size_t)len : 0));
    return 0;
}

/* A redirect to another host would take the token along. */
static int connect_remote(struct connection *c)
{
    git_remote_connect_options options = {
        .version = GIT_REMOTE_CONNECT_OPTIONS_VERSION,
        .callbacks = {.version = GIT_REMOTE_CALLBACKS_VERSION,
                      .credentials = connection_credentials,
                      .sideband_progress = hear,
                      .transport = make_transport,
                      .payload = c},
        .proxy_opts = {.version = GIT_PROXY_OPTIONS_VERSION, .type = GIT_PROXY_AUTO},
        .follow_redirects = GIT_REMOTE_REDIRECT_NONE};
    git_remote_create_options anonymous = {.version = GIT_REMOTE_CREATE_OPTIONS_VERSION,
                                           .repository = c->r->own,
                                           .flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF |
                                                    GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC};
    int status = git_remote_create_with_opts(&c->remote, c->place->url, &anonymous);
    if (status == 0)
        status = git_remote_connect_ext(
            c->remote, c->service == SERVICE_PUSH ? GIT_DIRECTION_PUSH : GIT_DIRECTION_FETCH,
            &options);
    return status == 0 ? git_remote_ls(&c->heads, &c->head_count, c->remote) : status;
}

static bool can_connect(const struct connection *c, struct error *e)
{
    if (!c->scheme)
        return error_set(e, ERROR_USAGE, "%s: this kind of address is not known", c->place->url);
    if (c->scheme->make == git_smart_subtransport_ssh &&
        !(git_libgit2_features() & GIT_FEATURE_SSH))
        return error_set(e, ERROR_USAGE,
                         "%s: this libgit2 was built without ssh: give the remote an https address",
                         c->place->url);
    return true;
}

bool connection_open(struct connection *c, struct repository *r, enum service service,
                     struct error *e)
{
    *c = (struct connection){.r = r, .service = service, .said = BUF_MAX(SAID_MAX)};
    c->place = service == SERVICE_PUSH ? &r->push : &r->fetch;
    c->scheme = scheme_of(c->place->url);
    if (!can_connect(c, e))
        return false;
    c->definition = (git_smart_subtransport_definition){
        .callback = make_link, .rpc = c->scheme->stateless, .param = c};
    git_error_clear();
    int status = connect_remote(c);
    return status == 0 || connection_fail(c, status, e);
}

void connection_close(struct connection *c)
{
    /* The stream of a lasting connection is libgit2's, which ends it with the connection. */
    if (c->stream && c->scheme->stateless)
        c->stream->free(c->stream);
    git_remote_free(c->remote);
    buf_free(&c->in);
    buf_free(&c->said);
}

const git_oid *connection_find(const struct connection *c, const char *ref)
{
    for (size_t i = 0; i < c->head_count; i++)
        if (strcmp(c->heads[i]->name, ref) == 0)
            return &c->heads[i]->oid;
    return NULL;
}

bool connection_send(struct connection *c, struct slice bytes, struct error *e)
{
    int status = 0;
    git_error_clear();
    if (!c->stream)
        status = c->link->action(&c->stream, c->link, c->place->url,
                                 c->service == SERVICE_PUSH ? GIT_SERVICE_RECEIVEPACK
                                                            : GIT_SERVICE_UPLOADPACK);
    if (status == 0)
        status = c->stream->write(c->stream, bytes.ptr, bytes.len);
    return status == 0 || connection_fail(c, status, e);
}

static bool read_more(struct connection *c, struct error *e)
{
    size_t got = 0;
    struct buf rest = {0};
    buf_add(&rest, slice_from(buf_slice(&c->in), c->used));
    size_t kept = rest.len;
    buf_pad(&rest, '\0', READ_AT_ONCE);
    git_error_clear();
    int status = c->stream->read(c->stream, rest.ptr + kept, READ_AT_ONCE, &got);
    buf_cut(&rest, kept + got);
    buf_free(&c->in);
    c->in = rest;
    c->used = 0;
    if (status < 0)
        return connection_fail(c, status, e);
    return got > 0 || error_set(e, ERROR_NETWORK, "%s hung up in the middle", c->r->public_url);
}

bool connection_read(struct connection *c, struct pkt *out, struct error *e)
{
    while (!pkt_ready(slice_from(buf_slice(&c->in), c->used)))
        if (!read_more(c, e))
            return false;
    struct slice rest = slice_from(buf_slice(&c->in), c->used);
    bool good = pkt_read(&rest, out, e);
    c->used = c->in.len - rest.len;
    if (!good)
        e->code = ERROR_NETWORK;
    return good;
}

bool connection_read_data(struct connection *c, struct pkt *out, struct error *e)
{
    enum { BAND_DATA = 1, BAND_WORDS = 2, BAND_ERROR = 3 };
    while (connection_read(c, out, e)) {
        char band = out->kind == PKT_LINE && out->bytes.len ? out->bytes.ptr[0] : 0;
        struct slice bytes = slice_from(out->bytes, 1);
        if (out->kind == PKT_FLUSH)
            return true;
        if (band == BAND_DATA) {
            out->bytes = bytes;
            return true;
        }
        /* Without multi_ack, upload-pack acknowledges a "have" that is a parent of the only one it
         * knew so far once more (do_got_oid in git's upload-pack.c). */
        if (out->kind == PKT_LINE && slice_starts(out->line, SLICE("ACK ")))
            continue;
        if (band == BAND_ERROR)
            return error_set(e, ERROR_REFUSED, "%s says: %.*s", c->r->public_url,
                             SLICE_ARG(slice_trim(bytes)));
        if (band != BAND_WORDS)
            return error_set(e, ERROR_NETWORK, "%s does not speak git's protocol",
                             c->r->public_url);
        connection_hear(c, bytes);
    }
    return false;
}

const char *connection_said(struct connection *c, struct arena *a)
{
    struct slice rest = buf_slice(&c->said), line;
    struct buf text = {0};
    while (slice_line(&rest, &line)) {
        line = slice_trim(line);
        if (line.len && text.len)
            buf_add_text(&text, "; ");
        buf_add(&text, line);
    }
    const char *copy = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return copy;
}
