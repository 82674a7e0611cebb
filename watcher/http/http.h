/* The one HTTP engine: curl multi in one thread. Only it touches the network. */
#ifndef MWATCH_HTTP_HTTP_H
#define MWATCH_HTTP_HTTP_H

#include "watcher/base/archive.h"
#include "watcher/base/arena.h"
#include "watcher/base/context.h"
#include "watcher/base/error.h"
#include "watcher/base/hash.h"
#include "watcher/base/request.h"

struct http;

struct mirror {
    const char *prefix; /* "https://github.com/" */
    const char *target; /* "https://mirror.example/github/" */
};

/* As whom a registry is asked. Borrowed until the next call; no text but the secrets has a secret
 * in it. */
struct login {
    const char *basic;    /* secret: "Basic ..."; NULL = none */
    const char *identity; /* secret: a refresh token, which a token server gets before all else */
    const char *server;   /* the only token server's host that gets them; NULL = the registry's */
    const char *shown;    /* who that is: "the login for ghcr.io in FILE"; NULL = nobody */
    const char *advice;   /* what helps where it is refused; never NULL */
    bool implied; /* it was not given for this registry: what it is refused, anybody may yet get */
};

struct http_options {
    int jobs;     /* transfers at once, 0 = 32 */
    int per_host; /* of them to one host, 0 = 8 */
    int retries;  /* further tries after the first, -1 = 3 */
    int64_t
        deadline_ms; /* for one transfer with its retries, 0 = 120,000; artefacts get 20 times it */
    int64_t longest_wait_ms;      /* a Retry-After or rate-limit reset further away than this is not
                                     waited for but reported as an error; 0 = 120,000 */
    uint64_t body_limit;          /* bytes, for requests that name none; 0 = 64 MiB */
    uint64_t artefact_limit;      /* bytes; 0 = 4 GiB */
    const char *ca_file;          /* --cacert; NULL = SSL_CERT_FILE, else the system's */
    const struct mirror *mirrors; /* the longest prefix wins; the first of equal ones */
    size_t mirror_count;
    const char *const
        *plain_hosts; /* NULL-ended: "host" or "host:port" that http:// is allowed for; the host of
                         a mirror's http:// target is one of them anyway */
    bool allow_file;  /* file:// URLs are answered (tests, local indexes) */
    const char *cache_file; /* SQLite; NULL = nothing persists */
    /* Every exchange is added to it as it finishes; an older recording there is replaced, and any
     * other file refused. Written with mode 0600, without secrets. NULL = no. */
    const char *record_file;
    const char *replay_file; /* answer only from it, never from the network; NULL = no */
    /* The value of the Authorization header for a credential's name at this host ("host", or
     * "host:port" when the port is not the scheme's own), NULL = none. It is sent to that host over
     * https only (or to a plain host), never to where a redirect leads away, and appears in no log
     * and no recording. Asked anew for every request sent; borrowed until the next call. */
    const char *(*authorization)(void *arg, const char *credential, const char *host);
    void *authorization_arg;
    /* Told, with the same argument, that a server did not accept (401) the value it got. True: a
     * new one is worth a try, so the request is sent once more. NULL = there is never another. */
    bool (*not_accepted)(void *arg, const char *credential, const char *value);
    /* For `bearer` requests, when a registry asks who that is: fill in who asks for this URL. It is
     * sent over https only (or to this machine itself, or where the command line's mirrors lead) to
     * the URL's own host and to the token server it names, never to where a redirect leads away,
     * and appears in no log and no recording. NULL = registries are asked by nobody. */
    void (*login)(void *arg, const char *url, struct login *out);
    void *login_arg;
    size_t own_mirrors;     /* of the mirrors the first ones are the command line's: only they are
                               followed with a login */
    const char *user_agent; /* NULL = "mwatch/VERSION" */
};

/* What a BODY_ARTEFACT request yields beside the response. */
struct artefact_result {
    struct hash_result hash;
    enum file_kind kind;
    bool intact;      /* the archive read to its end, or the kind is no archive */
    char reason[160]; /* why not intact */
};

struct http_counts {
    unsigned long long sent;       /* requests that went to the network, retries counted */
    unsigned long long from_cache; /* answered by the cache (304 or shared within the run) */
    unsigned long long replayed;
    unsigned long long bytes; /* of bodies received */
};

/* Called once a request, from http_run. `e` is never NULL; it is set when there is no usable answer
 * (ERROR_NETWORK, ERROR_REFUSED), and then `response` is NULL. An answer with any status of the
 * server's is no error here (5xx, 408 and 429 were retried before). `response` lives only during
 * the call; its URL is as upstream would write it, whatever the mirrors. `artefact` is NULL for
 * BODY_MEMORY and for every status but 2xx. */
typedef void http_done(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *e);

/* Open; fails with ERROR_USAGE (a replay or CA file that cannot be read, a record file that is
 * something else), ERROR_SYSTEM. A cache that cannot be used is a warning, not an error. `ctx` and
 * the options' strings must outlive the engine. */
struct http *http_open(const struct context *ctx, const struct http_options *options,
                       struct error *e);

/* Queue a request; everything it points to is copied. Equal requests (method, URL after mirrors,
 * headers, body, credential, kind and limit) in one run are sent once; each caller gets the answer,
 * or the error. */
void http_submit(struct http *h, const struct request *request, http_done *done, void *arg);

/* Would the request go out with its credential? When replaying: was it recorded? Then what was
 * asked in the recording is asked again, whether or not there is a token now. */
bool http_grants(const struct http *h, const struct request *request);

/* Work until nothing is queued or under way; `done` callbacks may submit more, but neither run nor
 * fetch. */
void http_run(struct http *h);

/* Ask one thing and wait, for that and for all that was submitted before. The response is copied
 * into the arena; false with `e` set on no answer. `artefact` (may be NULL) is zero where http_done
 * would get NULL. */
bool http_fetch(struct http *h, struct arena *a, const struct request *request,
                struct response *response, struct artefact_result *artefact, struct error *e);

void http_counts(const struct http *h, struct http_counts *out);

/* A number remembered across runs, beside the persistent cache ("looked at this on ..."). Without
 * one nothing is remembered: get is false then. */
bool http_note_get(struct http *h, const char *key, int64_t *value);
void http_note_put(struct http *h, const char *key, int64_t value);

/* When replaying: the moment the recording was begun (seconds since 1970), else 0. Decisions that
 * depend on age are made as of then. */
int64_t http_recorded_at(const struct http *h);

void http_close(struct http *h);

#endif
