/* What the files share that ask registries; nobody else includes this. */
#ifndef MWATCH_HTTP_BEARER_PARTS_H
#define MWATCH_HTTP_BEARER_PARTS_H

#include "watcher/http/bearer.h"
#include "watcher/http/challenge.h"

/* How a repository is asked for. All is in the engine's arena. */
struct bearer {
    struct slice resource;      /* the URL up to the repository's name */
    const char *name;           /* the same, for the log */
    struct challenge challenge; /* what its registry asked for last */
    struct login login;
    bool known;                /* who asks was looked up */
    bool anonymous;            /* a login that is only implied was refused: on without it */
    bool proven;               /* the registry has answered to it */
    bool asking;               /* a token is under way */
    bool bought;               /* it, or the one that is there, is bought with the login */
    bool shown;                /* the login was shown to somebody */
    const char *authorization; /* the header's value; NULL = none yet */
    int64_t until;             /* when it dies, on the millisecond clock; 0 = never */
    struct job *waiting;       /* for the token; linked by `next` */
    int refused;               /* the status with which the login was refused first */
    struct error last_word;    /* of the token server: nobody asks it again */
};

/* Look up who asks for the repository, once. */
void bearer_look_up(struct http *h, struct bearer *b, const char *url);

/* Is there a login that may be shown to the registry itself, or to the token server it names? */
bool bearer_may_show(const struct bearer *b, const char *url);
bool bearer_may_buy(const struct http *h, const struct bearer *b);

/* Set an error that says whom `server` ("the registry") refused with this status, and what helps.
 */
void bearer_refuse(struct error *e, const struct bearer *b, const char *server, int status);

#endif
