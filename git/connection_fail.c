/* What went wrong with a connection, in words that say what to do. */
#include "git/connection.h"

#include "git/program.h"

#include <string.h>

/* "unexpected http status code: 404" is all that libgit2 tells. 0 = it tells something else. */
static int http_status(void)
{
    const git_error *last = git_error_last();
    struct slice text = slice_of(last ? last->message : ""), mark = SLICE("status code: ");
    unsigned long long status = 0;
    size_t at = slice_find(text, mark);
    if (at == SLICE_NONE || !slice_number(slice_trim(slice_from(text, at + mark.len)), &status))
        return 0;
    return status < 1000 ? (int)status : 0;
}

static bool fail_obstacle(const struct connection *c, struct error *e)
{
    const char *url = c->r->public_url;
    switch (c->obstacle) {
    case OBSTACLE_NO_TOKEN:
        return error_set(e, ERROR_REFUSED,
                         "%s asks who we are (401), and there is no token: set GITHUB_TOKEN or "
                         "--token-file",
                         url);
    case OBSTACLE_TOKEN_REFUSED:
        return error_set(e, ERROR_REFUSED,
                         "%s refuses the token (401): it is wrong, or has ended, or is not for "
                         "this server",
                         url);
    case OBSTACLE_OPEN_LINE:
        return error_set(e, ERROR_REFUSED,
                         "%s asks who we are, but a token is never sent over http: give the remote "
                         "an https address",
                         url);
    case OBSTACLE_NO_KEY:
        return error_set(e, ERROR_REFUSED,
                         "%s wants an ssh key: start an agent that has it, or name the key's file",
                         url);
    case OBSTACLE_KEY_REFUSED:
    case OBSTACLE_NONE:
        break;
    }
    return error_set(e, ERROR_REFUSED,
                     "%s refuses the ssh key: it is not among the account's keys, or may not write",
                     url);
}

static bool fail_status(const struct connection *c, int status, struct error *e)
{
    const char *url = c->r->public_url;
    if (status == 401)
        return error_set(e, ERROR_REFUSED, "%s refuses the token (401)", url);
    if (status == 403)
        return error_set(e, ERROR_REFUSED, "%s: the token may not %s here (403)%s", url,
                         c->service == SERVICE_PUSH ? "push" : "read",
                         c->service == SERVICE_PUSH ? ": it needs write access to contents" : "");
    if (status == 404)
        return error_set(e, ERROR_REFUSED,
                         "%s: no repository there, or the token may not see it (404)", url);
    return error_set(e, ERROR_NETWORK, "%s answers with status %d", url, status);
}

/* An error of libgit2's transport for a certificate or host key it does not trust. */
static bool fail_trust(const struct connection *c, struct error *e)
{
    if (slice_starts(slice_of(c->place->url), SLICE("http")))
        return error_set(e, ERROR_REFUSED,
                         "%s: its certificate is not trusted: name the certificate authority with "
                         "--cacert FILE or SSL_CERT_FILE if the server is yours",
                         c->r->public_url);
    return error_set(
        e, ERROR_REFUSED,
        "%s: its host key is not the one in ~/.ssh/known_hosts, or is not there: check "
        "it, then add it with ssh-keyscan",
        c->r->public_url);
}

/* Git's own program says on standard error why it ended; wait for its last word. */
static bool fail_program(struct connection *c, struct error *e)
{
    if (c->program) {
        program_end(c->program);
        connection_hear(c, buf_slice(&c->program->said));
    }
    struct slice words = slice_trim(buf_slice(&c->said));
    return words.len &&
           !error_set(e, ERROR_REFUSED, "%s: %.*s", c->r->public_url, SLICE_ARG(words));
}

bool connection_fail(struct connection *c, int status, struct error *e)
{
    int answer = http_status();
    if (error_is_set(e))
        return false;
    if (c->obstacle != OBSTACLE_NONE)
        return fail_obstacle(c, e);
    if (status == GIT_ECERTIFICATE)
        return fail_trust(c, e);
    if (answer)
        return fail_status(c, answer, e);
    if (status == GIT_EAUTH)
        return fail_status(c, 401, e);
    if (c->scheme->make == local_server && fail_program(c, e))
        return false;
    /* Once a key was asked for, ssh speaks of it, or the server's git of the repository. */
    const git_error *last = git_error_last();
    bool key = last && last->klass == GIT_ERROR_SSH && c->asked;
    if (key && !c->r->options.ssh_key && strstr(last->message, "agent")) {
        c->obstacle = OBSTACLE_NO_KEY;
        return fail_obstacle(c, e);
    }
    return git_fail(e, key ? ERROR_REFUSED : ERROR_NETWORK, "cannot %s %s",
                    c->service == SERVICE_PUSH ? "push to" : "fetch from", c->r->public_url);
}
