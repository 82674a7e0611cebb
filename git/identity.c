/* Who commits: the options, else what git itself would take. */
#include "git/repository_parts.h"

#include <stdlib.h>
#include <string.h>

struct role {
    const char *name, *name_variable, *name_key;
    const char *email_variable, *email_key;
};

static const struct role roles[] = {
    {"author", "GIT_AUTHOR_NAME", "author.name", "GIT_AUTHOR_EMAIL", "author.email"},
    {"committer", "GIT_COMMITTER_NAME", "committer.name", "GIT_COMMITTER_EMAIL", "committer.email"},
};

/* In git's order: its variable, the role's key, the user's. */
static const char *find(struct repository *r, const char *given, const char *variable,
                        const char *key, const char *user_key)
{
    const char *value = given;
    if (!value)
        value = arena_copy(&r->arena, context_variable(variable));
    if (!value)
        value = config_text(r, key);
    return value ? value : config_text(r, user_key);
}

/* A line break here would write a commit's headers; git silently leaves such characters out. */
static bool is_plain(const char *text)
{
    bool visible = false;
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == '<' || *c == '>' || *c == 0x7f)
            return false;
        visible = visible || *c != ' ';
    }
    return visible;
}

static bool read_role(struct repository *r, const struct role *role, const struct signature *given,
                      git_signature **out, struct error *e)
{
    const char *name = find(r, given->name, role->name_variable, role->name_key, "user.name");
    const char *email = find(r, given->email, role->email_variable, role->email_key, "user.email");
    if (!name || !email)
        return error_set(e, ERROR_USAGE,
                         "no %s for the %s of commits: set it with `git config --global %s`, or in "
                         "the variable %s",
                         name ? "email" : "name", role->name, name ? "user.email" : "user.name",
                         name ? role->email_variable : role->name_variable);
    if (!is_plain(name) || !is_plain(email))
        return error_set(e, ERROR_USAGE, "the %s of commits cannot be \"%s <%s>\"", role->name,
                         name, email);
    return git_signature_new(out, name, email, 0, 0) == 0 ||
           git_fail(e, ERROR_USAGE, "the %s of commits cannot be \"%s <%s>\"", role->name, name,
                    email);
}

bool identity_read(struct repository *r, struct error *e)
{
    return read_role(r, &roles[0], &r->options.author, &r->author, e) &&
           read_role(r, &roles[1], &r->options.committer, &r->committer, e);
}
