/* Preflight: what the forge says of the token, the repository and its settings, before a run needs
 * them. Nothing is written. */
#ifndef MWATCH_PREFLIGHT_H
#define MWATCH_PREFLIGHT_H

#include "watcher/propose.h"

enum finding {
    FINDING_GOOD,
    FINDING_NOTE,    /* what the forge does not tell, or happens by itself */
    FINDING_WARNING, /* something will not be done */
    FINDING_BAD,     /* a run would fail */
};

/* Ask, and say everything in sentences. */
void preflight_run(struct proposer *p, const struct config *config, const struct components *found,
                   void (*say)(void *arg, enum finding kind, const char *text), void *arg);

#endif
