/* What the files of the propose stage share; nobody else but their tests includes this. What is to
 * be done is decided by functions that only look at a situation; one thin part observes it, and
 * does what was decided. So a run that died anywhere is finished by the next one. */
#ifndef MWATCH_PROPOSE_PARTS_H
#define MWATCH_PROPOSE_PARTS_H

#include "git/forge.h"
#include "git/repository.h"
#include "watcher/marker.h"
#include "watcher/outcome.h"
#include "watcher/plan.h"
#include "watcher/propose.h"

/* ---- what was seen ---- */

/* A proposal whose marker names the component. */
struct seen {
    struct proposal *p;
    struct marker marker;
    int order; /* its version against the wanted one: older below 0, the same 0, newer above */
};
struct sightings {
    VEC(struct seen) list;
};

/* What is wanted of a component: its marker, and the scheme that orders its versions. */
struct wanted {
    struct marker marker; /* with the digest of what was generated */
    const struct scheme *scheme;
    const struct group *group; /* whose members are wanted together; NULL = one component */
};

/* The order of a group's earlier proposal: below 0 when some member is wanted in a version newer
 * than it had there, or was not there; 0 when all are there and nothing else; else above 0. */
int members_order(struct arena *a, const struct group *wanted, const char *members);

/* Is the row's component among a marker's members? *order is its version's there against the one
 * that is wanted. */
bool member_order(struct arena *a, const struct outcome *o, const char *members, int *order);

/* Keep those whose marker names the component and whose author may write here. */
void sight(struct arena *a, const struct wanted *w, const struct proposals *all,
           struct sightings *out);

/* Below 0, 0, above 0 as version a is older than, equal to, newer than b; texts that are no
 * versions of the scheme are equal or older. */
int version_order(const struct scheme *scheme, const char *a, const char *b);

/* ---- pull requests ---- */

/* The recipe's files on the remote's base branch. */
enum base_state {
    BASE_AS_HERE, /* as the checkout has them */
    BASE_HAS_IT,  /* as they would be afterwards */
    BASE_DIFFERS  /* otherwise: the checkout is old */
};

enum branch_state {
    BRANCH_NONE,
    BRANCH_OURS,   /* only mwatch's commits, but not what is wanted now */
    BRANCH_READY,  /* one commit of mwatch's, with what is wanted, and it merges into the base */
    BRANCH_FOREIGN /* somebody else's commit is on it */
};

struct pull_situation {
    struct sightings seen;       /* of the branch */
    const struct proposal *open; /* an open one of the branch that is not mwatch's; NULL */
    enum base_state base;
    enum branch_state branch;
    const char *stranger;  /* BRANCH_FOREIGN: whose commit it is */
    const char *base_name; /* "main" */
    const char *base_file; /* BASE_DIFFERS: which file */
    const char *digest;    /* of the text that is wanted */
    bool sequential;       /* an older one is left alone */
    bool covered; /* the open one of a group has all that is wanted, and members nobody looked at */
    bool room_open, room_hour; /* the limits allow one more */
    bool asked;                /* somebody wants it opened, whatever was declined */
};

enum pull_deed { PULL_NOTHING, PULL_KEEP, PULL_CREATE };

struct pull_plan {
    enum pull_deed deed;
    struct proposed told; /* PULL_NOTHING: what the row says */
    struct seen *current; /* PULL_KEEP: the open one */
    struct seen *old;     /* PULL_CREATE: an open one to be closed before; NULL */
    struct seen *before;  /* the one that this one took the place of; NULL */
    bool push;            /* the branch is to be set anew */
    bool retext;          /* title and body are to be written anew */
};

/* Everything in the plan is borrowed from the situation or lives in the arena. */
struct pull_plan pull_decide(struct arena *a, const struct pull_situation *s);

/* ---- branches ---- */

/* "Mwatch-Component: rails:ruby" and the digest of the files a commit sets: what stands at the end
 * of commit messages. In the arena. */
const char *commit_message(struct arena *a, const char *message, const char *component,
                           const char *change);

/* The digest of a change set's files, as they are afterwards. In the arena. */
const char *change_digest(struct arena *a, const struct change_set *set);

/* The value of a trailer, empty when there is none. */
struct slice commit_trailer(const char *message, const char *name);

/* Did mwatch make this commit for the component? Its trailer says so, and nobody else committed it
 * again: `committer` is our own e-mail address. Commits made through the API are GitHub's, or their
 * author's. */
bool commit_is_ours(const struct branch_commit *c, const char *component, const char *committer,
                    bool through_api);

/* ---- issues ---- */

struct issue_situation {
    struct sightings seen; /* of the component */
    const char *line;
    bool once; /* the line is told once; else a newer version is told again */
    const char *digest;
    bool room_hour;
    bool asked; /* somebody wants it opened, whatever was declined */
};

enum issue_deed { ISSUE_NOTHING, ISSUE_KEEP, ISSUE_REOPEN, ISSUE_CREATE };

struct issue_plan {
    enum issue_deed deed;
    struct proposed told;
    struct seen *current; /* ISSUE_KEEP, ISSUE_REOPEN */
    bool retext;
};

struct issue_plan issue_decide(struct arena *a, const struct issue_situation *s);

/* What an issue is about, once each: the next stream, the next major's series; "next" for what is
 * told again with every version. In the arena. */
const char *issue_line(struct arena *a, const struct component *c, const struct decision *d);

/* Should this open issue go because `current` is there? "duplicate", "superseded", or NULL. */
const char *issue_gives_way(const struct seen *open, const struct seen *current);

/* Has the recipe moved past what the issue is about? */
bool issue_is_done(const struct component *c, const struct marker *m);

/* The generated text with the boxes ticked that people ticked in the old one. In the arena. */
const char *issue_keep_ticks(struct arena *a, const char *generated, const char *old);

/* ---- what is no longer wanted ---- */

struct stale_situation {
    bool wanted;         /* a row proposes on this branch */
    bool judged;         /* every row of the component is a decision on an answer of upstream's */
    bool disabled;       /* the component is not watched */
    bool at_base;        /* the recipe is on the base branch as it is here */
    bool ignored;        /* policy has nothing, or an issue, for this version */
    int order;           /* the pinned version against the proposed one */
    const char *current; /* the pinned version */
    const char *group;   /* that proposes the component now, on another branch; NULL */
};

/* Why an open pull request goes: "done" or "unwanted", with a sentence for people in *comment (in
 * the arena); NULL when it stays. */
const char *stale_decide(struct arena *a, const struct stale_situation *s, const char **comment);

/* ---- doing it ---- */

struct proposer {
    const struct context *ctx;
    const struct templates *templates;
    struct arena arena;
    const struct config_proposing *config;
    const char *root;
    const struct forge *forge;
    struct forge_session *session;
    struct repository *repository;
    const char *committer; /* e-mail */
    struct tokens *tokens;
    const char *name;   /* owner/name */
    const char *server; /* the host the token is for */

    /* What is asked once a run. */
    struct forge_facts facts;
    struct proposals pulls;  /* open, on branches of mwatch's */
    struct proposals issues; /* with a marker */
    struct oid base_tip;
    unsigned long long open, hour; /* pull requests open; proposals opened within the hour */
};

/* A row that proposes by pull request, or by issue. False only when it is the row's error. */
bool propose_pull(struct proposer *p, struct outcome *o, const struct results *results,
                  struct error *e);
bool propose_issue(struct proposer *p, struct outcome *o, struct error *e);

/* A group, all of whose members then say what was done. Those whose files are others on the base
 * branch are left out. */
void propose_group(struct proposer *p, struct group *g, const struct results *results);

/* Did this run look at the component and get an answer? An artefact that upstream contradicts is
 * one. */
bool row_is_judged(const struct outcome *o);

/* Has the open proposal all that the group wants, and beside it only members that this run did not
 * look at? */
bool group_is_covered(struct arena *a, const struct group *g, const struct marker *open,
                      const struct results *results);

/* The first row of the component that a marker names; NULL when this run has none. */
struct outcome *row_of_component(struct arena *a, const struct results *results,
                                 struct slice component);

/* After issues were opened and all were read again: where another mwatch opened the same one at the
 * same time, the lower number stays. */
bool propose_settle(struct proposer *p, struct outcome *o, struct error *e);

/* Close what the recipe has by now or policy no longer wants. What goes wrong becomes a warning of
 * the component's row. */
void propose_stale(struct proposer *p, struct results *results);
void propose_stale_issues(struct proposer *p, struct results *results);

/* Is the component's file on the base branch as it is in the checkout? */
bool observe_recipe(struct proposer *p, const struct component *c, bool *same, struct error *e);

/* What base and branch hold of a change set. `set` NULL: only whose the commits are. */
bool observe_base(struct proposer *p, struct arena *a, const struct change_set *set,
                  enum base_state *state, const char **file, struct error *e);
bool observe_branch(struct proposer *p, struct arena *a, const char *branch, const char *component,
                    const struct change_set *set, enum branch_state *state, const char **stranger,
                    struct error *e);

/* The marker's text of a body that is being closed by mwatch, then a comment, then closed. */
bool propose_end(struct proposer *p, struct seen *seen, const char *ended, const char *comment,
                 bool done, struct error *e);

/* Delete the branches whose pull request was merged and that nobody pushed to since; what cannot be
 * deleted is a warning. */
void propose_merged(struct proposer *p, const struct results *results);

/* Labels, people and the rest, as the component's configuration says. */
void propose_wishes(struct outcome *o, struct proposal_text *text);

/* What the row says: state, words and whose address. */
struct proposed told(struct arena *a, enum proposed_state state, const struct proposal *about,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
