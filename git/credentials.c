/* Who we are, when the server asks. */
#include "git/connection.h"

#include <string.h>

/* What forges take a bare token's user to be; they look at the token only. */
#define TOKEN_USER "x-access-token"

enum { MOST_QUESTIONS = 4 };

static int stop(struct connection *c, enum obstacle why)
{
    c->obstacle = why;
    return GIT_EUSER;
}

/* Asked again, the server did not like the last one. A token may have been renewed meanwhile. */
static int show_token(struct connection *c, git_credential **out, const char *url)
{
    const struct repository_options *o = &c->r->options;
    const char *token = o->token ? o->token(o->token_arg) : NULL;
    const char *user = TOKEN_USER;
    if (token && !*token)
        token = NULL;
    if (!token && c->place->user_name) {
        token = c->place->pass_word ? c->place->pass_word : "";
        user = c->place->user_name;
    }
    if (!token)
        return stop(c, OBSTACLE_NO_TOKEN);
    if (!slice_starts(slice_of(url), SLICE("https://")))
        return stop(c, OBSTACLE_OPEN_LINE);
    if (c->shown && (c->asked > 2 || strcmp(token, c->shown) == 0))
        return stop(c, OBSTACLE_TOKEN_REFUSED);
    c->shown = token;
    return git_credential_userpass_plaintext_new(out, user, token);
}

static int show_key(struct connection *c, git_credential **out, const char *user)
{
    const char *file = c->r->options.ssh_key;
    if (c->shown)
        return stop(c, file ? OBSTACLE_KEY_REFUSED : OBSTACLE_NO_KEY);
    c->shown = file ? file : "agent";
    return file ? git_credential_ssh_key_new(out, user, NULL, file, NULL)
                : git_credential_ssh_key_from_agent(out, user);
}

int connection_credentials(git_credential **out, const char *url, const char *user,
                           unsigned allowed, void *payload)
{
    struct connection *c = payload;
    const char *ssh_user = user && *user ? user : "git";
    if (++c->asked > MOST_QUESTIONS)
        return stop(c, OBSTACLE_TOKEN_REFUSED);
    if (allowed & GIT_CREDENTIAL_USERNAME)
        return git_credential_username_new(out, ssh_user);
    if (allowed & GIT_CREDENTIAL_SSH_KEY)
        return show_key(c, out, ssh_user);
    if (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)
        return show_token(c, out, url);
    return stop(c, OBSTACLE_NO_TOKEN);
}
