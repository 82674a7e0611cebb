/* What the stages have found out about one component, and what is to be done about it. */
#ifndef MWATCH_OUTCOME_H
#define MWATCH_OUTCOME_H

#include "watcher/base/hash.h"
#include "watcher/decision.h"
#include "watcher/http/http.h"
#include "watcher/osv.h"
#include "watcher/renew.h"
#include "watcher/yaml/edit.h"

/* How an artefact's hash was obtained and what confirmed it. */
enum proof_state {
    PROOF_CONFIRMED,   /* upstream publishes the same hash */
    PROOF_UNCONFIRMED, /* upstream publishes none that we know of */
    PROOF_CONTRADICTED /* upstream publishes another one: never proposed */
};

struct proof {
    const char *url;
    const char *final_url; /* after redirects, NULL when the same */
    struct hash_result hash;
    enum proof_state state;
    const char *confirmed_by;  /* who says so, or signed it: "php releases", a file's URL; NULL */
    const char *contradiction; /* "URL says HASH", NULL unless contradicted */
};

/* A dependency of a go/bump step that the release has by itself. */
struct pruned {
    const char *path; /* of the prune_edit that takes it away */
    const char *word; /* "golang.org/x/net@v0.55.0", as the recipe has it */
    const char *has;  /* "v0.56.0" */
};

/* A step, or a value of it, that becomes shorter or goes. */
struct prune_edit {
    const char *path;
    const char *value; /* NULL: what stands at the path is removed */
};

struct prunings {
    VEC(struct prune_edit) edits;
    VEC(struct pruned) words;
    VEC(const char *) notes; /* what could not be looked at, and why */
};

/* One file of a change set: its bytes before and after, and the edits between them. */
struct file_change {
    const char *file; /* relative to the root */
    struct slice before, after;
    struct edits edits;
    const char *recipe; /* which is none of the component's own, but rebuilt with it; else NULL */
    const char *why;    /* "build openssl-dev, curl.yaml:24" */
};

/* What stands or falls together. */
struct change_set {
    VEC(struct file_change) files;
    VEC(const char *) notes; /* what was left alone, and why */
    const char *branch;      /* NULL for an issue */
    const char *title;
    const char *body;
    const char *message; /* the commit's */
    const char *image;   /* the tag that merging publishes, NULL = none */
    VEC(const char *) labels;
};

/* What became of a row on the forge. */
enum proposed_state {
    PROPOSED_NOTHING, /* nothing was to be done */
    PROPOSED_OPENED,
    PROPOSED_UPDATED,
    PROPOSED_UNCHANGED,
    PROPOSED_CLOSED,
    PROPOSED_DECLINED, /* somebody closed it before */
    PROPOSED_WAITS,    /* for an older one, or for the next run */
    PROPOSED_LEFT,     /* somebody else's work is there */
    PROPOSED_STATES
};

struct proposed {
    enum proposed_state state;
    const char *what; /* for people: "declined in #3"; NULL = nothing */
    const char *url;  /* of the pull request or issue, NULL = none */
};

/* What OSV knows against the versions of a row. */
struct advised {
    bool asked;                 /* `current` is known */
    bool compared;              /* so are `fixed` and `left` */
    VEC(const char *) current;  /* the ids of what is known against the pinned version */
    VEC(struct advisory) fixed; /* what is not known against the new one, the worst first */
    size_t left;                /* how many of `current` are known against it, too */
};

struct group;

/* One row of the report. */
struct outcome {
    struct arena arena;
    const struct component *component;
    struct decision decision;
    const struct decision *patient; /* what holds if the haste of `decision` fixes nothing; NULL */
    struct advised advised;
    bool unasked; /* its schedule kept it from being asked */
    VEC(const char *) warnings;
    VEC(const char *) notes; /* what could not be seen the way upstream was asked */
    VEC(struct proof) proofs;
    struct change_set *changes; /* NULL when nothing is proposed */
    struct group *group;        /* that proposes it; NULL = the row does so itself */
    struct proposed proposed;
    struct release release;   /* what the component moves to */
    struct recipe_file *file; /* as it is now; NULL when nothing is to be rewritten */
    struct renewals renewals;
    struct prunings prunings;
    struct verdict *verdicts; /* kept for explain only */
    size_t verdict_count;
};

/* Rows that are proposed as one. `whole` is no row of the report: its component stands for all of
 * the members, its changes are all of theirs. */
struct group {
    const char *name;
    VEC(struct outcome *) members; /* in the order of the rows */
    struct outcome whole;
    bool done; /* the forge says what it wants */
};

/* A dispatch: sent, or what would be sent. */
struct told_target {
    const char *name;    /* "repository_dispatch rebuilt to octo/images" */
    const char *on;      /* "merged" */
    const char *what;    /* "redis 8.6.1 → 8.6.2, zlib 1.3 → 1.4" */
    const char *payload; /* JSON */
    bool sent;
};

struct results {
    struct arena arena; /* of the groups and of who was told */
    VEC(struct group *) groups;
    struct outcome **items;
    size_t count;
    size_t capacity;
    VEC(struct told_target) told;
    struct http_counts counts;
    double seconds;
};

/* A new row, owned by the list. */
struct outcome *results_add(struct results *r, const struct component *c);
void results_free(struct results *r);

/* Drop all rows but the first `count`. */
void results_cut(struct results *r, size_t count);

/* Turn the row into an error, keeping what was decided before in the reason's place. */
void outcome_fail(struct outcome *o, const struct error *e);

/* Is a pull request, with its edits, to be made of it? */
bool outcome_rewrites(const struct outcome *o);

/* The weakest of its proofs: "unconfirmed" where one of several is; NULL when it has none. */
const char *outcome_proof(const struct outcome *o);

/* Proofs of all rows in this state. */
size_t results_proofs(const struct results *r, enum proof_state state);

/* Rows with this decision. */
size_t results_with(const struct results *r, enum decision_kind kind);

/* "rails/ruby", or "redis" when the recipe has only one component. Added to *out. */
void component_add_title(struct buf *out, const struct component *c);

const char *proposed_state_name(enum proposed_state state); /* "opened" */
const char *proof_state_name(enum proof_state state);       /* "confirmed" */

#endif
