/* Where change sets are proposed. One const row a forge; GitHub is the first. The forge remembers
 * what was proposed: hidden markers in bodies name component and version, and are all the memory
 * there is. */
#ifndef MWATCH_GIT_FORGE_H
#define MWATCH_GIT_FORGE_H

#include "watcher/base/arena.h"
#include "watcher/base/context.h"
#include "watcher/base/error.h"
#include "watcher/http/http.h"

enum proposal_kind { PROPOSAL_PULL, PROPOSAL_ISSUE };
enum proposal_state { PROPOSAL_OPEN, PROPOSAL_MERGED, PROPOSAL_CLOSED };

/* Texts in an arena; vec_push fits. */
struct texts {
    const char **items;
    size_t count, capacity;
};

/* A pull request or issue as it stands on the forge. */
struct proposal {
    enum proposal_kind kind;
    enum proposal_state state;
    unsigned long long number;
    const char *node; /* GraphQL id */
    const char *url;  /* for people */
    const char *title, *body;
    const char *branch; /* pull requests: head ref in this repository; NULL for one of a fork */
    const char *head;   /* pull requests: the head's commit */
    const char *base;   /* pull requests: the branch it goes into */
    const char *author; /* login */
    bool draft, auto_merge;
    bool outsider;     /* its author may not write here: its marker is not to be believed */
    int64_t opened_at; /* seconds since 1970, 0 = not told */
    int64_t closed_at; /* likewise, 0 = open */
    struct texts labels;
    struct texts assignees, reviewers, team_reviewers; /* logins; slugs; who was asked and did not
                                                          answer yet */
    const char *milestone;                             /* title; NULL = none */
};
struct proposals {
    VEC(struct proposal) list;
};

/* What a proposal is to say; NULL members are left as they are on an update. */
struct proposal_text {
    const char *title, *body;
    const char *branch, *base; /* pull requests; an update moves the base, never the branch */
    struct texts labels;       /* made when missing; empty texts are passed over */
    struct texts assignees, reviewers; /* logins */
    struct texts team_reviewers;       /* slugs, "owner/" before them is left out */
    const char *milestone;             /* title of an open one */
    bool draft;                        /* only when it is created */
};

enum merge_method { MERGE_SQUASH, MERGE_MERGE, MERGE_REBASE };

struct forge_options {
    const char *api_url;     /* GITHUB_API_URL, NULL = https://api.github.com */
    const char *graphql_url; /* GITHUB_GRAPHQL_URL, NULL = derived from api_url */
    const char *server_url;  /* GITHUB_SERVER_URL, NULL = https://github.com */
    const char *repository;  /* owner/name */
    const char *credential;  /* the name the engine knows the token by */
};

/* What the forge says about the repository and about whose token this is. */
struct forge_facts {
    const char *login;      /* "octocat", "my-app[bot]", NULL = the token may not ask */
    const char *repository; /* owner/name as it is called today */
    const char *default_branch;
    bool auto_merge_allowed, squash_allowed, merge_allowed, rebase_allowed;
    bool archived, issues_enabled;
    bool rights_known; /* false for an App's or a workflow's token: it is not told what it may do */
    bool may_push, may_triage;
    const char *scopes;      /* classic tokens: X-OAuth-Scopes; NULL */
    int64_t expires_at;      /* seconds since 1970, 0 = not told */
    long long requests_left; /* of the hour's, -1 = not told */
    int64_t requests_reset;
};

/* Where a dispatch goes. */
struct forge_target {
    const char *repository; /* owner/name as it is called today */
    const char *default_branch;
    const char *workflow_state; /* "active", "disabled_manually"...; NULL = none was asked for */
    bool archived;
    bool rights_known, may_push; /* as in forge_facts */
};

/* What a branch is protected by, in the old way and by rulesets. */
struct forge_protection {
    bool is_protected;
    bool wants_checks;  /* status checks, workflows or deployments are required */
    bool wants_reviews; /* by a ruleset; those of the old way are not told to everybody */
};

struct forge_file {
    const char *path;
    struct slice content;
};

struct forge_session; /* one forge's own */

/* All of them write only after what they had to read was read. Their errors, beside what is said
 * below: ERROR_USAGE (the token is not accepted, the options are no good), ERROR_REFUSED (the token
 * may not, or a setting forbids it: the message says which), ERROR_UPSTREAM (the forge finds fault
 * with what was asked), ERROR_NETWORK (no answer, or a rate limit: the next run may do better). */
struct forge {
    const char *name; /* "github" */

    /* Asks nobody yet. `http` and the options' texts must outlive the session. */
    struct forge_session *(*open)(const struct context *ctx, struct http *http,
                                  const struct forge_options *options, struct error *e);
    void (*close)(struct forge_session *s);
    bool (*facts)(struct forge_session *s, struct arena *a, struct forge_facts *out,
                  struct error *e);

    /* Every pull request, open or not, whose head is this branch; all pages. A failed page is an
     * error: what could not be read must never look like nothing. */
    bool (*pulls_of)(struct forge_session *s, struct arena *a, const char *branch,
                     struct proposals *out, struct error *e);

    /* Every issue (no pull requests) in whose body `marker_start` stands, open or not; all pages.
     * Costs one request for every 100 issues of the repository, so ask once for all components. */
    bool (*issues_with)(struct forge_session *s, struct arena *a, const char *marker_start,
                        struct proposals *out, struct error *e);

    /* Every open pull request whose head branch begins with `prefix`; all pages. */
    bool (*open_pulls)(struct forge_session *s, struct arena *a, const char *prefix,
                       struct proposals *out, struct error *e);

    /* Every pull request that was merged since then (seconds since 1970) and whose head branch
     * begins with `prefix`; all pages. */
    bool (*merged_pulls)(struct forge_session *s, struct arena *a, const char *prefix,
                         int64_t since, struct proposals *out, struct error *e);

    /* Open one. ERROR_CONFLICT: the branch has an open pull request already, look for it again and
     * adopt it. ERROR_UPSTREAM: nothing to merge, or no such branch. Once it stands, labels,
     * people and a milestone that cannot be added are warnings, told to the log. */
    bool (*create)(struct forge_session *s, struct arena *a, enum proposal_kind kind,
                   const struct proposal_text *text, struct proposal *out, struct error *e);

    /* Make it say what `text` says; what it says already is not written again. Labels, people and
     * the milestone are added, never taken away, and not once more when they stood there before:
     * what a person took off stays off. So an update also finishes what a run that died left. */
    bool (*update)(struct forge_session *s, const struct proposal *p,
                   const struct proposal_text *text, struct error *e);

    /* Does `part` stand in one of its comments? All pages. */
    bool (*commented)(struct forge_session *s, const struct proposal *p, const char *part,
                      bool *found, struct error *e);

    /* Say it, unless the same comment is there already. */
    bool (*comment)(struct forge_session *s, const struct proposal *p, const char *body,
                    struct error *e);

    /* Comment as above (NULL = without a word), then close. Closed as not planned, when `done` as
     * completed; pull requests know no such difference. */
    bool (*close_proposal)(struct forge_session *s, const struct proposal *p, const char *comment,
                           bool done, struct error *e);
    bool (*reopen)(struct forge_session *s, const struct proposal *p, struct error *e);

    /* Switch auto-merge on for the head that `p` has, which must be the newest commit of ours; when
     * it is on already, or somebody else switched it off, nothing happens. ERROR_REFUSED, with what
     * to switch on in the settings, when the repository does not allow it or has nothing to wait
     * for; ERROR_CONFLICT when the head is another by now. */
    bool (*auto_merge)(struct forge_session *s, const struct proposal *p, enum merge_method method,
                       struct error *e);

    /* Switch it off, where `p` says that it is on. */
    bool (*no_auto_merge)(struct forge_session *s, const struct proposal *p, struct error *e);

    /* Commit through the API (verified when an App does it) and set the branch to it, with a lease
     * on `expected` ("" = it must not exist yet): ERROR_CONFLICT, and nothing has moved, when it is
     * elsewhere. Files keep their mode; author and committer are whose token it is. */
    bool (*commit)(struct forge_session *s, struct arena *a, const char *parent,
                   const struct forge_file *files, size_t count, const char *message,
                   const char *branch, const char *expected, const char **commit, struct error *e);

    /* repository_dispatch, and workflow_dispatch of a workflow file on a branch, in this (NULL) or
     * another repository ("owner/name"); `payload` and `inputs` are JSON objects or NULL. Sent once
     * and never again by itself: ERROR_NETWORK may mean that it arrived. */
    bool (*dispatch)(struct forge_session *s, const char *repository, const char *event,
                     const char *payload, struct error *e);
    bool (*dispatch_workflow)(struct forge_session *s, const char *repository, const char *workflow,
                              const char *ref, const char *inputs, struct error *e);

    /* The names of all labels; all pages. */
    bool (*labels)(struct forge_session *s, struct arena *a, struct texts *out, struct error *e);

    /* What must be before something is merged into the branch. ERROR_REFUSED: no such branch, or it
     * may not be seen. */
    bool (*protection)(struct forge_session *s, struct arena *a, const char *branch,
                       struct forge_protection *out, struct error *e);

    /* Look at where a dispatch would go, without sending any; `workflow` may be NULL. */
    bool (*target)(struct forge_session *s, struct arena *a, const char *repository,
                   const char *workflow, struct forge_target *out, struct error *e);
};

extern const struct forge forge_github;

#endif
