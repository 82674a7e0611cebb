/* What is asked of an upstream, and what it answered: built and read by adapters, sent by the
 * engine. */
#ifndef MWATCH_BASE_REQUEST_H
#define MWATCH_BASE_REQUEST_H

#include "watcher/base/slice.h"

#include <stdint.h>

struct header {
    const char *name;
    const char *value;
};

enum { REQUEST_HEADERS = 6 };

enum request_body { BODY_MEMORY, BODY_ARTEFACT /* hashed as it streams, never kept */ };

/* Gets an artefact's bytes as they pass, beside the hashes. `begin` comes before the first ones,
 * and again when they begin anew. */
struct sink {
    const char *id; /* requests with equal ones may be answered together */
    void (*begin)(void *arg);
    void (*add)(void *arg, struct slice bytes);
    void *arg;
};

struct request {
    const char *method; /* "GET" when NULL */
    const char *url;    /* absolute; https, http (where the configuration says http) or file */
    struct header headers[REQUEST_HEADERS]; /* ended by a NULL name; never a secret */
    struct slice body;                      /* sent with POST, PUT, PATCH */
    const char *credential;                 /* the *name* of a credential ("github"), NULL = none */
    uint64_t limit; /* bytes of body allowed; 0 = the engine's default (64 MiB) */
    uint64_t keep;  /* of them that are still kept for the next run; less than 8 MiB counts as that.
                       For what is large and seldom changes: a package index */
    enum request_body kind;
    const struct sink *sink; /* BODY_ARTEFACT: it must outlive the request; NULL = none */
    /* Neither read from nor written to the cache, and never shared with an equal request. POST and
     * PATCH with it are taken for writes: sent again only when the server surely did not act,
     * unless they are `harmless`: coming twice, they do what they would have done once. */
    bool uncached, harmless;
    bool secret; /* the answer holds one (a token): `uncached`, and it is never recorded */
    /* A registry is asked: a 401 is answered with what it asks for, a token from its token server
     * or user and password, as http_options.login says, else with anybody's token; the answer to
     * that is then the answer. One that still refuses is ERROR_REFUSED, and says to whom it refused
     * what and how that is mended. */
    bool bearer;
};

struct response {
    int status;             /* 200 ... ; 0 = no answer */
    const char *url;        /* after redirects */
    struct header *headers; /* names in lower case */
    size_t header_count;
    struct slice body; /* empty for BODY_ARTEFACT */
    bool from_cache;
};

/* The value of a response header (`name` in lower case), empty when absent. */
struct slice response_header(const struct response *r, const char *name);

/* The target of rel="next" in Link (RFC 8288), empty when there is none. Borrowed. */
struct slice response_next_link(const struct response *r);

#endif
