/* What one transfer is to do, and how curl is told. */
#ifndef MWATCH_HTTP_ORDER_H
#define MWATCH_HTTP_ORDER_H

#include "watcher/http/partial.h"

#include <curl/curl.h>

/* What is to be sent. Everything is borrowed until transfer_finish. */
struct order {
    const struct request *request;
    const char *url;           /* where to, after mirrors and redirects */
    const char *scheme;        /* the URL's: curl gets to know no other */
    const char *method;        /* may differ from the request's after a redirect */
    struct slice body;         /* likewise */
    const char *authorization; /* the header's value, NULL = none */
    const char *etag;          /* for If-None-Match, NULL = none */
    const char *modified;      /* for If-Modified-Since, NULL = none */
    struct partial *partial;   /* where an artefact goes, and what it goes on from; else NULL */
    bool list;                 /* what the artefact holds is to be told */
    bool once;                 /* a write that must not reach the server twice */
    uint64_t limit;            /* bytes of body */
    int64_t timeout_ms;        /* for all of it, above 0 */
    const char *user_agent;
    const char *ca_file; /* NULL = curl's own */
};

/* Set the handle's options. The header lines that come back must live as long as the transfer; free
 * them with curl_slist_free_all. */
struct curl_slist *order_apply(CURL *easy, const struct order *o);

#endif
