/* How registries are asked: with nothing, until one says with a 401 what it wants; then with a
 * token of its token server, bought for the login or given to anybody, or with user and password.
 * Tokens are used for all of a repository, are sent where they were asked for and nowhere else, and
 * stand in no log, recording or cache. */
#ifndef MWATCH_HTTP_BEARER_H
#define MWATCH_HTTP_BEARER_H

#include "watcher/http/engine.h"

/* Where the answer to a `bearer` request asks for a login, or refuses one that need not be the last
 * word: give the job's place and transfer back, get what is wanted, and send the job again. False
 * when nothing of that is called for: the answer stands. */
bool bearer_answer(struct http *h, struct job *job, const struct response *response);

/* The Authorization header for a `bearer` job: what another request for the same repository was
 * given. NULL when there is none. */
const char *bearer_authorization(const struct http *h, const struct job *job);

/* An answer that stands, and refuses a `bearer` request, becomes an error that says who was
 * refused. */
void bearer_conclude(struct http *h, struct job *job, struct answer *answer);

/* Forget all tokens. */
void bearers_free(struct http *h);

#endif
