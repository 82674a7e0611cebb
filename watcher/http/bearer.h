/* Anonymous bearer tokens: what registries want before they tell anybody anything. The token is
 * sent where it was asked for and nowhere else, and stands in no log, recording or cache. */
#ifndef MWATCH_HTTP_BEARER_H
#define MWATCH_HTTP_BEARER_H

#include "watcher/http/engine.h"

/* Where the 401 of a request that allows it asks for a token: give the job's place and transfer
 * back, get the token, and send the job again. False when nothing of that is called for. */
bool bearer_answer(struct http *h, struct job *job, const struct response *response);

/* The Authorization header for a job that has its token, or may use the one another page of the
 * same list was given; NULL when there is none. */
const char *bearer_authorization(const struct http *h, const struct job *job);

/* Forget all tokens. */
void bearers_free(struct http *h);

#endif
