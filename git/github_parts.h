/* What the files of the GitHub forge share; nobody else includes this. Requests are as GitHub's
 * REST description has them (version 2022-11-28) and its public GraphQL schema. */
#ifndef MWATCH_GIT_GITHUB_PARTS_H
#define MWATCH_GIT_GITHUB_PARTS_H

#include "git/forge.h"
#include "git/pacer.h"
#include "watcher/base/json.h"

struct forge_session {
    const struct context *ctx;
    struct http *http;
    struct arena arena; /* as long as the session */
    struct pacer pacer;
    const char *api, *graphql; /* base addresses, without a slash at the end */
    const char *credential;
    const char *owner, *name; /* as given; once identified, as the repository is called today */
    const char *node;         /* the repository's GraphQL id; NULL = not identified yet */
    struct texts labels;      /* the repository's, and those made; valid once labels_known */
    bool labels_known;

    /* Of the pull request that was written last: its events need not be read again for auto-merge.
     */
    unsigned long long written; /* 0 = none */
    bool auto_merge_off;        /* as in struct history */
};

/* An answer of the server's, whatever its status. */
struct reply {
    struct response response;
    json_t *json; /* NULL for an answer without a body */
};

/* ---- REST (github_rest.c) ---- */

/* One call. The body is a new reference, which is given away; NULL = none. */
struct call {
    const char *method;
    const char *path; /* "/repos/...", or the whole of an address */
    json_t *body;
    bool harmless;          /* a write that may come twice */
    const char *credential; /* NULL = the session's */
};

/* Ask, at the pace that writes have to keep. False when there is no answer, or none that can be
 * read; a status of the server's is no error here. The reply lives in the arena. */
bool github_call(struct forge_session *s, struct arena *a, const struct call *call,
                 struct reply *out, struct error *e);

/* The same, and everything but 2xx is an error. `what` completes "GitHub: cannot ...". */
bool github_do(struct forge_session *s, struct arena *a, const struct call *call, const char *what,
               struct reply *out, struct error *e);

/* GET all pages of a list, following Link as it is given, and hand over every item until `each`
 * returns false (with the error set, or because it has seen enough). */
bool github_pages(struct forge_session *s, const char *path, const char *what,
                  bool (*each)(void *arg, const json_t *item, struct error *e), void *arg,
                  struct error *e);

/* "/repos/OWNER/NAME" and what the format makes. */
const char *github_path(const struct forge_session *s, struct arena *a, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A text escaped for a path or a query. */
const char *github_escape(struct arena *a, const char *text, bool keep_slash);

/* A JSON string; what is not UTF-8 becomes U+FFFD. NULL gives NULL. */
json_t *github_string(const char *text);

/* ---- errors (github_error.c) ---- */

bool github_is_good(const struct reply *r);

/* Record what an answer other than 2xx means. Always false. */
bool github_fail(const struct reply *r, const char *what, struct error *e);

/* What the server says in `message` and `errors`, in one line. */
const char *github_message(struct arena *a, const json_t *answer);

/* ---- GraphQL (github_graphql.c) ---- */

/* Send a document with its variables (given away) and return `data`; NULL on any error the answer
 * has, `data` or not: half an answer is none. `why` (may be NULL) gets GitHub's own words. */
json_t *github_query(struct forge_session *s, struct arena *a, const char *document,
                     json_t *variables, const char *what, struct reply *reply, const char **why,
                     struct error *e);

/* ---- the repository (github_repository.c) ---- */

/* Take "owner/name" apart into the arena; false when it is something else. */
bool github_split(struct arena *a, const char *repository, const char **owner, const char **name);

/* Learn what the repository is called today, once: after a renaming the old name still answers, but
 * `head=OLD:branch` finds nothing. */
bool github_identify(struct forge_session *s, struct error *e);
bool github_facts(struct forge_session *s, struct arena *a, struct forge_facts *out,
                  struct error *e);

/* ---- reading proposals (github_read.c) ---- */

/* A pull request or issue as REST has it. ERROR_UPSTREAM when what identifies it is missing. */
bool github_read_pull(const json_t *pull, struct arena *a, struct proposal *out, struct error *e);
bool github_read_issue(const json_t *issue, struct arena *a, struct proposal *out, struct error *e);

/* An issue as the query of github_issues_with has it. */
bool github_read_node(const json_t *node, struct arena *a, struct proposal *out, struct error *e);

bool github_pulls_of(struct forge_session *s, struct arena *a, const char *branch,
                     struct proposals *out, struct error *e);
bool github_open_pulls(struct forge_session *s, struct arena *a, const char *prefix,
                       struct proposals *out, struct error *e);
bool github_merged_pulls(struct forge_session *s, struct arena *a, const char *prefix,
                         int64_t since, struct proposals *out, struct error *e);
bool github_issues_with(struct forge_session *s, struct arena *a, const char *marker_start,
                        struct proposals *out, struct error *e);

/* ---- writing proposals ---- */

bool github_create(struct forge_session *s, struct arena *a, enum proposal_kind kind,
                   const struct proposal_text *text, struct proposal *out, struct error *e);
bool github_update(struct forge_session *s, const struct proposal *p,
                   const struct proposal_text *text, struct error *e);
bool github_close(struct forge_session *s, const struct proposal *p, const char *comment, bool done,
                  struct error *e);
bool github_reopen(struct forge_session *s, const struct proposal *p, struct error *e);
bool github_commented(struct forge_session *s, const struct proposal *p, const char *part,
                      bool *found, struct error *e);
bool github_comment(struct forge_session *s, const struct proposal *p, const char *body,
                    struct error *e);
bool github_no_auto_merge(struct forge_session *s, const struct proposal *p, struct error *e);
bool github_auto_merge(struct forge_session *s, const struct proposal *p, enum merge_method method,
                       struct error *e);

/* Make the labels that the repository does not have. Only a list that cannot be read is an error; a
 * label that cannot be made is told to the log, and left out of *usable (in the arena). */
bool github_make_labels(struct forge_session *s, struct arena *a, const struct texts *wanted,
                        struct texts *usable, struct error *e);

/* Add what of `text` the proposal lacks and, unless it is `fresh`, never had: `labels` (they
 * exist), people, milestone. What cannot be added is told to the log; only what cannot be read is
 * an error.
 */
bool github_complete(struct forge_session *s, const struct proposal *p,
                     const struct proposal_text *text, const struct texts *labels, bool fresh,
                     struct error *e);

/* What a proposal once had, from its events (github_history.c). */
struct history {
    struct texts labels, assignees, reviewers, team_reviewers, milestones;
    bool auto_merge_off; /* the last who switched auto-merge switched it off, and did not open it */
};
bool github_history(struct forge_session *s, struct arena *a, const struct proposal *p,
                    struct history *out, struct error *e);

/* True when the text is among them, whatever its ASCII case: names of labels, users and teams
 * differ by more than case on GitHub. */
bool texts_have(const struct texts *texts, const char *text);

/* ---- commits and dispatches ---- */

bool github_commit(struct forge_session *s, struct arena *a, const char *parent,
                   const struct forge_file *files, size_t count, const char *message,
                   const char *branch, const char *expected, const char **commit, struct error *e);

/* The tree of a new commit with these files in it; NULL on error (github_tree.c). */
const char *github_tree(struct forge_session *s, struct arena *a, const char *parent,
                        const struct forge_file *files, size_t count, struct error *e);

bool github_dispatch(struct forge_session *s, const char *repository, const char *event,
                     const char *payload, struct error *e);
bool github_dispatch_workflow(struct forge_session *s, const char *repository, const char *workflow,
                              const char *ref, const char *inputs, struct error *e);
/* ---- settings (github_settings.c) ---- */

bool github_labels(struct forge_session *s, struct arena *a, struct texts *out, struct error *e);
bool github_protection(struct forge_session *s, struct arena *a, const char *branch,
                       struct forge_protection *out, struct error *e);
bool github_target(struct forge_session *s, struct arena *a, const char *repository,
                   const char *workflow, struct forge_target *out, struct error *e);

#endif
