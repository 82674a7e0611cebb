/* What a registry says when it wants to know who asks: WWW-Authenticate as RFC 9110 (11.6.1) writes
 * it, with the parameters of Docker's token authentication; and what its token server answers.
 * https://distribution.github.io/distribution/spec/auth/token/ and .../oauth/ */
#ifndef MWATCH_HTTP_CHALLENGE_H
#define MWATCH_HTTP_CHALLENGE_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"
#include "watcher/base/request.h"

enum { TOKEN_MOST = 32 * 1024 }; /* bytes; longer ones are refused */

/* What is asked for; all in the arena it was read into. */
struct challenge {
    const char *realm; /* the token server's address; NULL = no bearer token is asked for */
    struct slice service, scope; /* what it is to be told; empty where absent */
    bool basic;                  /* user and password are taken, without a token server */
};

/* Read what the answer asks for: nothing at all when it has no challenge that is understood. A
 * realm that is no URL, or has a user or a fragment in it, is none. */
void challenge_read(const struct response *response, struct arena *a, struct challenge *out);

/* The address that gives a token, to anybody or to who sends user and password along: the realm
 * with service and scope. NULL when there is no realm. In the arena. */
const char *challenge_address(const struct challenge *c, struct arena *a);

/* The form that buys a token for a refresh token when it is posted to the realm. In the arena, and
 * as secret as the refresh token. */
struct slice challenge_form(const struct challenge *c, const char *refresh_token, struct arena *a);

/* The token in a token server's answer (`token`, else `access_token`), fit for a header, and how
 * many seconds it is good for (60 where that is not said); NULL with ERROR_UPSTREAM when there is
 * none. In the arena. */
const char *challenge_token(const struct response *response, struct arena *a, int64_t *seconds,
                            struct error *e);

#endif
