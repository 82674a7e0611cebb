/* One transfer on curl: one try of one request at one address. */
#ifndef MWATCH_HTTP_TRANSFER_H
#define MWATCH_HTTP_TRANSFER_H

#include "watcher/http/answer.h"
#include "watcher/http/failure.h"

#include <curl/curl.h>

/* What is to be sent. Everything is borrowed until transfer_finish. */
struct order {
    const struct request *request;
    const char *url;           /* where to, after mirrors and redirects */
    const char *method;        /* may differ from the request's after a redirect */
    struct slice body;         /* likewise */
    const char *authorization; /* the header's value, NULL = none */
    const char *etag;          /* for If-None-Match, NULL = none */
    const char *modified;      /* for If-Modified-Since, NULL = none */
    uint64_t limit;            /* bytes of body */
    int64_t timeout_ms;        /* for all of it, above 0 */
    const char *user_agent;
    const char *ca_file; /* NULL = curl's own */
};

struct transfer; /* a curl handle and what it receives into; used again and again */

/* Never NULL. `owner` comes back from transfer_owner. */
struct transfer *transfer_new(void);
void transfer_free(struct transfer *t);

/* Hand it to curl; false when curl does not take it. */
bool transfer_start(struct transfer *t, CURLM *multi, const struct order *order, void *owner);
void *transfer_owner(const struct transfer *t);
struct transfer *transfer_of(CURL *easy);

/* Take it back from curl. The answer lives until transfer_reset; its error, with the public form of
 * the URL, is set when there is none. */
void transfer_finish(struct transfer *t, CURLM *multi, CURLcode code, struct answer *answer,
                     struct failure *failure);

/* Bytes of body that came over the wire. */
unsigned long long transfer_bytes(const struct transfer *t);

/* Forget the answer and be ready for another order; ends a transfer that is under way. */
void transfer_reset(struct transfer *t, CURLM *multi);

#endif
