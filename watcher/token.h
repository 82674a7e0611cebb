/* Where requests to GitHub take their credential from. A secret is read once, wiped in the end, and
 * appears nowhere: not in logs, addresses, recordings, core files, nor in what children inherit. */
#ifndef MWATCH_TOKEN_H
#define MWATCH_TOKEN_H

#include "watcher/http/http.h"

struct tokens;

struct token_options {
    const char *file;             /* --token-file; NULL = none */
    const char *app_id, *app_key; /* the configuration's App and its key file; NULL = none */
    const char *repository;       /* owner/name, where the App is installed; NULL = not known */
    const struct mirror *mirrors; /* the command line's: tokens go where they put the API */
    size_t mirror_count;
    const struct http_options *http; /* for an App's own requests, but for mirrors and callback */
};

/* Take, by this order: --token-file (its first line), an App (MWATCH_APP_ID and
 * MWATCH_APP_KEY_FILE, else the configuration's), GITHUB_TOKEN, which is taken out of the
 * environment, or nothing at all. NULL with ERROR_USAGE: a file that cannot be read or is empty,
 * anything but visible ASCII in a token, an App without key or id, a key that is none,
 * GITHUB_API_URL that is no address. The options' texts and the context must outlive it. */
struct tokens *tokens_open(const struct context *ctx, const struct token_options *options,
                           struct error *e);
void tokens_close(struct tokens *t);

/* Is there a token or an App? */
bool tokens_given(const struct tokens *t);

/* "a token", "the App my-app"; for people. Borrowed until the next call. */
const char *tokens_name(struct tokens *t);

/* What sort of credential it is, as far as its first letters tell (GitHub's "About authentication":
 * ghp_, gho_, ghu_, ghs_, github_pat_). */
enum token_kind {
    TOKEN_NONE,
    TOKEN_APP,          /* an App's key: mwatch buys tokens itself */
    TOKEN_INSTALLATION, /* bought by somebody else, or a workflow's GITHUB_TOKEN; both ghs_ */
    TOKEN_FINE_GRAINED,
    TOKEN_CLASSIC, /* a person's, with scopes */
    TOKEN_OTHER,
};
enum token_kind tokens_kind(const struct tokens *t);

/* An App's permission of this name on its repository; NULL = none, or no App. */
const char *tokens_permission(const struct tokens *t, const char *right);

/* Say for which repository an App's token is wanted, as soon as that is known. Copied. */
void tokens_set_repository(struct tokens *t, const char *repository);

/* The bare secret, for git over https: an App's token is bought when there is none, renewed when
 * its hour is nearly over. Borrowed until the next call. NULL without an error when none was given;
 * errors as app_token's. */
const char *tokens_secret(struct tokens *t, struct error *e);

/* For http_options.authorization, with a struct tokens: "Bearer ..." for the credentials "github"
 * and "github:OWNER/NAME" (where an App needs another token), and only for the hosts that api_host
 * lets have it. NULL otherwise, and when an App's token cannot be had, which is told to the log. */
const char *tokens_authorization(void *tokens, const char *credential, const char *host);

/* "Basic ..." with the secret as password, for the token server of ghcr.io and nobody else, which
 * takes any user's name beside it (GitHub's "Working with the Container registry"). NULL without an
 * error when none was given, and where the API is not github.com's: then the secret is not, either.
 * Errors as app_token's. Borrowed until the next call. */
const char *tokens_registry(struct tokens *t, struct error *e);

/* For http_options.not_accepted, with the same struct tokens: an App's token is forgotten, so that
 * the next one is bought; false for any other, and when too many were not accepted. */
bool tokens_not_accepted(void *tokens, const char *credential, const char *value);

#endif
