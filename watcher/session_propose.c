/* What proposes, and what keeps two that do apart. */
#include "watcher/lock.h"
#include "watcher/session.h"

int session_lock(struct session *s, const char *name)
{
    struct error e = {0};
    const char *file = session_lock_file(s, name);
    int lock = file ? lock_take(s->ctx, file, &e) : -1;
    if (error_is_set(&e))
        log_warning(s->ctx, "%s", e.message);
    return lock;
}

struct proposer *session_forge(struct session *s, struct error *e)
{
    struct propose_options *options = arena_new(&s->arena, struct propose_options);
    *options = (struct propose_options){
        .config = &s->config.proposing,
        .templates = &s->templates,
        .root = s->root,
        .tokens = s->tokens,
        .ca_file = s->options->cacert,
        .repository = context_variable("GITHUB_REPOSITORY"),
        .api_url = context_variable("GITHUB_API_URL"),
        .graphql_url = context_variable("GITHUB_GRAPHQL_URL"),
        .server_url = context_variable("GITHUB_SERVER_URL"),
    };
    return propose_open(s->ctx, s->http, options, e);
}

/* What the program cannot propose without is told before anybody is asked. */
struct proposer *session_proposer(struct session *s, const char *command, struct error *e)
{
    if (s->options->replay) {
        error_set(e, ERROR_USAGE, "--replay answers nothing that is written: add --dry-run");
        return NULL;
    }
    if (!tokens_given(s->tokens)) {
        error_set(e, ERROR_USAGE,
                  "%s proposes through GitHub's API, which wants a token: set GITHUB_TOKEN or give "
                  "--token-file; with --dry-run nothing is written and none is needed",
                  command);
        return NULL;
    }
    return session_forge(s, e);
}
