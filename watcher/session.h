/* What the commands share: configuration, recipes and engine, opened as the options say. */
#ifndef MWATCH_SESSION_H
#define MWATCH_SESSION_H

#include "watcher/cli.h"
#include "watcher/discover.h"
#include "watcher/logins.h"
#include "watcher/outcome.h"
#include "watcher/propose.h"
#include "watcher/templates.h"
#include "watcher/token.h"

struct session {
    struct context *ctx;
    const struct options *options;
    struct arena arena;
    const char *root;
    struct config config;
    struct templates templates;
    struct discovery found;
    struct http *http;     /* NULL until session_connect */
    struct tokens *tokens; /* NULL until session_connect */
    struct logins *logins; /* likewise */
    int64_t started;       /* milliseconds */
};

/* Only the first half of session_open: the configuration, and no recipes. ERROR_USAGE. */
bool session_configure(struct session *s, struct context *ctx, const struct options *options,
                       struct error *e);

/* Read the configuration (-c, else mwatch.yaml at the root, else none) and find the recipes that
 * the operands name. ERROR_USAGE as the parts say. */
bool session_open(struct session *s, struct context *ctx, const struct options *options,
                  struct error *e);

/* Open the engine: mirrors, cache, recording or replay, token. */
bool session_connect(struct session *s, struct error *e);

/* Open what reads and writes the forge, with what the environment and the configuration say. Errors
 * as propose_open's. */
struct proposer *session_forge(struct session *s, struct error *e);

/* The same to propose with; also ERROR_USAGE, which names the command, without a token and with
 * --replay. */
struct proposer *session_proposer(struct session *s, const char *command, struct error *e);

/* The file whose lock keeps two runs on the repository of this name apart; NULL when nothing is to
 * be kept. In the session's arena. */
const char *session_lock_file(struct session *s, const char *name);

/* Two runs on what has this name do not overlap: take its lock, after waiting for it. Where there
 * can be none that is told, and leases keep them apart. For lock_release. */
int session_lock(struct session *s, const char *name);

/* Remember the looks that led to a proposal. */
void session_proposed(struct session *s, const struct results *results);

/* Fill in what the report says about the run as a whole. */
void session_count(const struct session *s, struct results *r);

void session_close(struct session *s);

/* Ask every upstream and decide for every component; rows in the order of the files. */
void session_check(struct session *s, bool keep_verdicts, struct results *out);

/* Hand the rows over as the options say (deliver.h); false when a file could not be written. */
bool session_deliver(const struct session *s, const struct results *r, enum report_depth depth,
                     struct error *e);

/* The exit status the rows call for: 1 when a row is an error or contradicted, else 10 when
 * `updates` and there is something to propose, else 0. */
int results_status(const struct results *r, bool updates);

/* Print the error as "mwatch: ..." and return the exit status its code calls for. */
int fail(const struct context *ctx, const struct error *e);

#endif
