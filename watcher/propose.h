/* Propose: open, update and close pull requests and issues, so that running it twice, or dying
 * half-way, never hurts. */
#ifndef MWATCH_PROPOSE_H
#define MWATCH_PROPOSE_H

#include "watcher/base/context.h"
#include "watcher/outcome.h"
#include "watcher/templates.h"
#include "watcher/token.h"

struct propose_options {
    const struct config_proposing *config;
    const struct templates *templates; /* NULL = the built-in ones */
    const char *root;                  /* of the recipes; may be below the repository's */
    struct tokens *tokens;  /* whose secret also opens the forge's own git remotes, and no other */
    const char *ca_file;    /* NULL = the system's */
    const char *repository; /* GITHUB_REPOSITORY; NULL = the remote's address tells */
    const char *api_url, *graphql_url, *server_url; /* NULL = github.com's */
};

struct proposer;

/* Find repository and forge; asks the network for nothing. ERROR_USAGE when one cannot be told or
 * nobody is named who commits. The options and what they point to must outlive it. */
struct proposer *propose_open(const struct context *ctx, struct http *http,
                              const struct propose_options *options, struct error *e);
void propose_close(struct proposer *p);

/* The forge's repository, "owner/name". */
const char *propose_repository(const struct proposer *p);

/* Make the forge say what the rows, with their changes, want, and put into each row what was done.
 * A row that fails becomes an error, the others go on. False when what all of them need could not
 * be read; nothing was written then. */
bool propose_run(struct proposer *p, struct results *results, struct error *e);

/* "owner/name" out of a remote's address on this host ("https://github.com/owner/name.git",
 * "git@github.com:owner/name"); NULL when it is none. In the arena. */
const char *propose_name_of(struct arena *a, const char *url, const char *host);

#endif
