/* Advisories: OSV asked about many versions at once, whoever wants to know. */
#ifndef MWATCH_ADVISORIES_H
#define MWATCH_ADVISORIES_H

#include "watcher/http/http.h"
#include "watcher/osv.h"

/* Ask for the advisories that are known against each of the queries, in as few requests as the
 * server takes: equal queries are asked once, a thousand in a request, and one that the server
 * refuses spoils nobody else's answer. The ids of each answer are sorted, each once; an answer
 * without ids that is not `unknown` says that OSV knows of nothing. Everything in the answers,
 * which must be zero, lives in the arena. */
void advisories_ask(struct http *http, struct arena *a, const struct osv_query *queries,
                    struct osv_answer *answers, size_t count);

/* Is the id among those of an answer? */
bool advisories_have(const struct osv_answer *answer, const char *id);

/* Ask what there is to say of each (of which only the id need be there); it is filled in, in the
 * arena, when http_run has returned. One whose details cannot be had keeps what its id says. */
void advisories_describe(struct http *http, struct arena *a, struct advisory *list, size_t count);

#endif
