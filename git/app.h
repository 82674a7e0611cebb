/* A GitHub App: its private key makes JSON web tokens, and these buy installation tokens, which
 * live an hour. No secret leaves this but by the calls that hand it out, and all of it is wiped. */
#ifndef MWATCH_GIT_APP_H
#define MWATCH_GIT_APP_H

#include "watcher/base/context.h"
#include "watcher/base/error.h"
#include "watcher/http/http.h"

struct app;

struct app_options {
    const char *id;       /* the App's id, or its client id */
    const char *key_file; /* its private key: RSA, PEM */
    const char *api_url;  /* without a slash at the end */
    const struct http_options
        *http; /* copied: certificates, mirrors and plain hosts hold here too */
};

/* Read the key. ERROR_USAGE: it cannot be read or is no RSA key. The options' texts and the context
 * must outlive it. */
struct app *app_open(const struct context *ctx, const struct app_options *options, struct error *e);
void app_close(struct app *app);

/* The token of the installation that has the repository ("owner/name"; NULL = the App's only
 * installation), bought when there is none or less than five minutes are left of it. Borrowed until
 * the next call. NULL with ERROR_USAGE (the App is not known, or not installed there),
 * ERROR_REFUSED, ERROR_NETWORK; for the next minute the same error is given without asking again.
 * When buying fails, the old token is given as long as it lives. */
const char *app_token(struct app *app, const char *repository, struct error *e);

/* GitHub does not accept this token any more: the next call of app_token buys another, unless that
 * has happened already. False when so many were not accepted that another will not be either. */
bool app_forget(struct app *app, const char *repository, struct slice token);

/* What the App was given there: "write", "read", or NULL = nothing. `right` is GitHub's name of the
 * permission ("pull_requests"). Known once there is a token for the repository. */
const char *app_permission(const struct app *app, const char *repository, const char *right);

/* The App's name as the forge shows it, "my-app"; NULL before the first token. */
const char *app_slug(const struct app *app);

#endif
