/* What the files of the preflight share; nobody else includes this. */
#ifndef MWATCH_PREFLIGHT_PARTS_H
#define MWATCH_PREFLIGHT_PARTS_H

#include "watcher/preflight.h"
#include "watcher/propose_parts.h"

struct preflight {
    struct proposer *p;
    const struct config *config;
    const struct components *found;
    void (*say)(void *arg, enum finding kind, const char *text);
    void *arg;
    struct arena *a;
    struct forge_facts facts;
    bool is_workflow; /* the token is a workflow's own */
};

void preflight_say(struct preflight *f, enum finding kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whose the token is, what it may do, how long (preflight_token.c). */
void preflight_token(struct preflight *f);

/* Do changes touch workflows, which takes a right of its own? */
bool preflight_touches_workflows(const struct preflight *f);

#endif
