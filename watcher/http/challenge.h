/* What a registry says when it wants a bearer token: WWW-Authenticate as RFC 9110 (11.6.1) writes
 * it, with the parameters of Docker's token authentication. */
#ifndef MWATCH_HTTP_CHALLENGE_H
#define MWATCH_HTTP_CHALLENGE_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"
#include "watcher/base/request.h"

enum { TOKEN_MOST = 32 * 1024 }; /* bytes; longer ones are refused */

/* The address that gives an anonymous token for what was asked: the challenge's realm, with its
 * service and scope. NULL when the answer asks for no bearer token, or names no realm that is a
 * URL. In the arena. */
const char *challenge_address(const struct response *response, struct arena *a);

/* The token in a token server's answer (`token`, else `access_token`), fit for a header; NULL with
 * ERROR_UPSTREAM when there is none. In the arena. */
const char *challenge_token(const struct response *response, struct arena *a, struct error *e);

#endif
