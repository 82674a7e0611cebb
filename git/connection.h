/* A connection to the remote: libgit2 connects, shows who we are and lists the branches; what is
 * said then, we say. Its own fetch and push (before 1.7; push to this day) walk history to its
 * roots, which a shallow clone does not have, and its push has no lease. */
#ifndef MWATCH_GIT_CONNECTION_H
#define MWATCH_GIT_CONNECTION_H

#include "git/repository_parts.h"
#include "watcher/base/pktline.h"

#include <git2/sys/transport.h>

enum service { SERVICE_FETCH, SERVICE_PUSH };

/* Why libgit2 was told to stop; it has no words for these. */
enum obstacle {
    OBSTACLE_NONE,
    OBSTACLE_NO_TOKEN,
    OBSTACLE_TOKEN_REFUSED,
    OBSTACLE_OPEN_LINE,
    OBSTACLE_NO_KEY,
    OBSTACLE_KEY_REFUSED
};

struct program;

/* How a remote is reached, by its address. */
struct scheme_row {
    const char *prefix;
    git_smart_subtransport_cb make;
    bool stateless; /* each request is a connection of its own */
};

struct connection {
    struct repository *r;
    enum service service;
    const struct place *place;
    const struct scheme_row *scheme;
    git_smart_subtransport_definition definition;
    git_remote *remote;
    git_smart_subtransport *link;
    git_smart_subtransport_stream *stream; /* NULL until something is said */
    struct program *program;               /* on this machine: git's own, else NULL */
    enum obstacle obstacle;
    int asked;         /* how often the server asked who we are */
    const char *shown; /* the token last shown, so that the same is not shown twice */

    const git_remote_head **heads; /* what the remote has, once connected */
    size_t head_count;

    struct buf in; /* bytes that came and are not used up yet: from `used` on */
    size_t used;
    struct buf said; /* the server's words for people */
};

/* Connect and list. ERROR_NETWORK, ERROR_REFUSED. Whatever is returned, connection_close must
 * follow. */
bool connection_open(struct connection *c, struct repository *r, enum service service,
                     struct error *e);
void connection_close(struct connection *c);

/* Where a ref of the remote's is ("refs/heads/main"); NULL when it is not there. */
const git_oid *connection_find(const struct connection *c, const char *ref);

/* Say something; the first time it must be a whole request. */
bool connection_send(struct connection *c, struct slice bytes, struct error *e);

/* The next frame, valid until the next call. ERROR_NETWORK when the server hangs up. */
bool connection_read(struct connection *c, struct pkt *out, struct error *e);

/* The next frame of data among words for people, which are kept in c->said: PKT_LINE with its band
 * taken off, or PKT_FLUSH. */
bool connection_read_data(struct connection *c, struct pkt *out, struct error *e);

/* Keep words for people, as many as there is room for. */
void connection_hear(struct connection *c, struct slice words);

/* The sentence for what went wrong when libgit2 returned `status`. Returns false. */
bool connection_fail(struct connection *c, int status, struct error *e);

/* The last of the server's words for people, in one line; "" when there are none. */
const char *connection_said(struct connection *c, struct arena *a);

/* Show the server who we are: libgit2's callback, with the connection as payload. */
int connection_credentials(git_credential **out, const char *url, const char *user,
                           unsigned allowed, void *payload);

/* A server on this machine: git's own program, started for the connection `param`. */
int local_server(git_smart_subtransport **out, git_transport *owner, void *param);

#endif
