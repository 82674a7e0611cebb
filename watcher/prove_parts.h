/* What the files of the prove stage share; nobody else includes this. */
#ifndef MWATCH_PROVE_PARTS_H
#define MWATCH_PROVE_PARTS_H

#include "watcher/prove.h"

struct prover {
    const struct context *ctx;
    struct http *http;
    const char *root;
    VEC(struct task *) tasks;
    struct arena arena;
};

/* One renewal of one row being proven. */
struct task {
    struct prover *prover;
    struct outcome *o;
    struct renewal *renewal;
    size_t tried;       /* addresses given up */
    struct error error; /* why the last one was */
    struct hash_result hash;
    const char *url; /* the one that answered */
    const char *final_url;
    unsigned long long old_size; /* 0 = not known */
    const char *published;       /* upstream's hash of it */
    const char *published_at;
    bool fetched;
    struct component *asker; /* commits: who asks git for the tag or branch */
};

/* Fill in the commit of a renewal where it is known already, or prepare to ask for it. */
void prove_commit(struct task *t);

/* Ask for all commits that are wanted, and send everything else that was submitted. */
void prove_commits(struct prover *p);

#endif
