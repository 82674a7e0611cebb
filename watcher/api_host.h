/* Which servers GitHub's token is for. */
#ifndef MWATCH_API_HOST_H
#define MWATCH_API_HOST_H

#include "watcher/base/arena.h"
#include "watcher/http/http.h"

/* Does the token go to `host` ("host" or "host:port")? It is for api.github.com, or for the API
 * that GITHUB_API_URL names instead; for GITHUB_GRAPHQL_URL's server; and for where a mirror of the
 * command line puts that API. The configuration's mirrors do not count: whoever can change a
 * repository must not be able to have the token sent elsewhere. */
bool api_host(const char *host, const struct mirror *given, size_t count);

/* Is the token one of github.com's, not of a server that GITHUB_API_URL names? */
bool api_is_public(void);

/* The mirror that GITHUB_GRAPHQL_URL stands for: in the place of the address that follows from the
 * API's. False when it is not set, or is that address. */
bool api_graphql_mirror(struct arena *a, struct mirror *out);

#endif
