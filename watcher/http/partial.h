/* What has arrived of an artefact, and how the rest is asked for when its connection breaks (RFC
 * 9110, 13.1.5 and 14): nothing is read twice, and nothing of two different files is mixed. */
#ifndef MWATCH_HTTP_PARTIAL_H
#define MWATCH_HTTP_PARTIAL_H

#include "watcher/base/request.h"
#include "watcher/http/digest.h"

enum { PARTIAL_VALIDATOR = 256 };

/* Begin with {0}. */
struct partial {
    struct digest digest;              /* of the bytes so far; not begun = nothing has come */
    uint64_t received;                 /* bytes so far */
    uint64_t total;                    /* of the whole file, 0 = not known */
    struct archive_list list;          /* what it holds, once it is whole and where it was wanted */
    char validator[PARTIAL_VALIDATOR]; /* for If-Range: a strong ETag or date; "" = none */
};

/* An answer with all of it begins: what came before is forgotten. */
void partial_begin(struct partial *p, const struct response *r, bool list);

void partial_add(struct partial *p, struct slice bytes);

/* Can the rest be asked for? Only with a validator that fits one file alone: a strong ETag, or a
 * Last-Modified at least a second before the answer's own Date. */
bool partial_can_go_on(const struct partial *p);

/* Is this 206 the rest that was asked for: from the next byte to the end of the same file? */
bool partial_goes_on(struct partial *p, const struct response *r);

/* Is everything there that was announced? */
bool partial_is_whole(const struct partial *p);

/* Forget everything; it can be used again. */
void partial_drop(struct partial *p);

#endif
