/* Addresses as libcurl reads them: what is checked here is exactly what is then asked. */
#ifndef MWATCH_HTTP_ADDRESS_H
#define MWATCH_HTTP_ADDRESS_H

#include "watcher/base/arena.h"
#include "watcher/http/http.h"

enum { ADDRESS_HOST = 256 };

/* Where a request goes. Two addresses with equal origins share connections, limits and
 * credentials. */
struct origin {
    char scheme[16];              /* lower case */
    char host[ADDRESS_HOST];      /* lower case; empty for file */
    char port[8];                 /* "" when it is the scheme's own */
    char name[ADDRESS_HOST + 10]; /* host, or host:port where the port is not the scheme's own */
};

/* False when libcurl cannot read the URL or it is too long for an origin. */
bool origin_of(const char *url, struct origin *out);
bool origin_equal(const struct origin *a, const struct origin *b);

/* False with ERROR_REFUSED when the options do not let a request go there: anything but https, http
 * to a plain host (or one that a mirror names with http), and file where it is allowed. */
bool origin_allowed(const struct origin *o, const struct http_options *options, struct error *e);

/* `reference` resolved against `base` as libcurl would follow it (blanks and bytes over 127 are
 * escaped, the fragment is dropped), in the arena; NULL when it cannot be followed. */
const char *address_join(struct arena *a, const char *base, struct slice reference);

/* The URL fit for messages: its public form, nothing in it that could steer a terminal; in the
 * arena. */
const char *address_public(struct arena *a, const char *url);

#endif
