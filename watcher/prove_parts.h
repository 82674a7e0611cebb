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
    struct error error; /* why it cannot be renewed */

    /* Hashes. */
    size_t tried; /* addresses given up */
    bool fetched;
    struct hash_result hash;
    const char *url;             /* the one that answered */
    const char *final_url;       /* after redirects, NULL when the same */
    unsigned long long old_size; /* 0 = not known */
    const char *checksum_url;    /* where upstream's hash is asked for, NULL = nowhere */
    const char *published;       /* upstream's hash of it, NULL = none was found */
    const char *published_at;
    const char *doubt;           /* a checksum that should be there is not */
    struct error checksum_error; /* one that the configuration names is not */

    struct component *asker; /* commits: who asks git for the tag or branch */
};

/* Fetch the artefact and what upstream publishes about it; when everything has been answered, fill
 * in the renewal's value and the row's proof, or `e`. */
void prove_hash(struct task *t);
void prove_hash_end(struct task *t, struct error *e);

/* Fill in the commit of a renewal where it is known already, or prepare to ask for it. */
void prove_commit(struct task *t);

/* Ask for all commits that are wanted, and send everything else that was submitted. */
void prove_commits(struct prover *p);

#endif
