/* Addresses: taken apart, joined, escaped, and shown without secrets. */
#ifndef MWATCH_BASE_URL_H
#define MWATCH_BASE_URL_H

#include "watcher/base/buf.h"
#include "watcher/base/slice.h"

/* The parts of an absolute URL, borrowed: "https", "user:pw" or empty, "host", "8443" or empty,
 * "/path" or empty, "query" without the mark, fragment likewise. */
struct url {
    struct slice scheme, user, host, port, path, query, fragment;
};

/* False unless it is scheme://host/... (host may be empty for file only), without blanks or control
 * bytes. */
bool url_parse(struct slice text, struct url *out);

/* Add `reference` resolved against the absolute `base` (RFC 3986, 5.2); false when base is
 * unusable. */
bool url_join(struct buf *out, struct slice base, struct slice reference);

/* Add with every byte outside A-Z a-z 0-9 - . _ ~ as %NN. `keep_slash` lets "/" through. */
void url_escape(struct buf *out, struct slice text, bool keep_slash);

/* Add with %NN decoded. False on a bad escape. */
bool url_unescape(struct buf *out, struct slice text);

/* Add the URL without user and password, and with the values of query parameters whose names sound
 * like a secret (token, key, secret, password, signature, sig, auth, credential) as "***". */
void url_add_public(struct buf *out, struct slice url);

#endif
