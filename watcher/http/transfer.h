/* One transfer on curl: one try of one request at one address. */
#ifndef MWATCH_HTTP_TRANSFER_H
#define MWATCH_HTTP_TRANSFER_H

#include "watcher/http/answer.h"
#include "watcher/http/failure.h"
#include "watcher/http/order.h"

struct transfer; /* a curl handle and what it receives into; used again and again */

/* Never NULL. `owner` comes back from transfer_owner. */
struct transfer *transfer_new(void);
void transfer_free(struct transfer *t);

/* Hand it to curl; false when curl does not take it. */
bool transfer_start(struct transfer *t, CURLM *multi, const struct order *order, void *owner);
void *transfer_owner(const struct transfer *t);
struct transfer *transfer_of(CURL *easy);

/* Take it back from curl. The answer lives until transfer_reset; its error, with the public form of
 * the URL, is set when there is none. */
void transfer_finish(struct transfer *t, CURLM *multi, CURLcode code, struct answer *answer,
                     struct failure *failure);

/* Bytes of body that came over the wire. */
unsigned long long transfer_bytes(const struct transfer *t);

/* What it sent as Authorization, until it is reset; NULL = nothing. */
const char *transfer_authorization(const struct transfer *t);

/* Forget the answer and be ready for another order; ends a transfer that is under way. */
void transfer_reset(struct transfer *t, CURLM *multi);

#endif
