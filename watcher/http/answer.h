/* What a request comes to in the end: an answer or an error, with everything it points to. */
#ifndef MWATCH_HTTP_ANSWER_H
#define MWATCH_HTTP_ANSWER_H

#include "watcher/base/arena.h"
#include "watcher/http/http.h"

struct answer {
    struct response response; /* meaningless when `error` is set */
    bool hashed;              /* `artefact` is filled in */
    struct artefact_result artefact;
    struct error error;
};

enum { ANSWER_KEY = SHA256_HEX + 1 };

/* What makes two requests the same: method, URL, headers, body, the credential's *name*, and
 * whether the body is hashed; `url` is where it is sent first, after mirrors. Within a run the
 * `limit` on the body tells them apart too; across runs it is 0. Hex, zero-ended. */
void answer_key(const struct request *request, const char *url, uint64_t limit,
                char key[ANSWER_KEY]);

/* What is secret in the value of an Authorization header: the text after its scheme. Empty for
 * NULL, and for less than 8 bytes: hiding so little would hide innocent text. Borrowed. */
struct slice authorization_secret(const char *authorization);

/* The request's method in the spelling that is sent. */
const char *request_method(const struct request *request);

/* Headers as text, "name: value\n" each, and back into the arena. */
void headers_write(const struct response *response, struct buf *out);
void headers_read(struct arena *a, struct slice text, struct response *response);

/* Set a header of the response, in place of all of that name. */
void headers_set(struct arena *a, struct response *response, const char *name, struct slice value);

#endif
