/* Fetching over a connection that is open. */
#ifndef MWATCH_GIT_FETCH_H
#define MWATCH_GIT_FETCH_H

#include "git/connection.h"

/* Ask for the commits that are not here yet and keep what comes in the repository of mwatch's own.
 * ERROR_NETWORK, ERROR_REFUSED, ERROR_SYSTEM. */
bool fetch_commits(struct connection *c, const git_oid *wanted, size_t count, struct error *e);

#endif
