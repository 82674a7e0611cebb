/* Whose token it is, what it may do, and for how long. */
#include "watcher/preflight_parts.h"

#include "watcher/base/timestamp.h"

#include <string.h>

enum { DAY = 24 * 60 * 60, SOON = 14 * DAY, FEW_REQUESTS = 200 };

static const char workflows_folder[] = ".github/workflows/";

static bool is_workflow_file(const struct preflight *f, const char *file)
{
    const char *path = arena_printf(f->a, "%s%s", repository_prefix(f->p->repository), file);
    return slice_starts(slice_of(path), slice_of(workflows_folder));
}

bool preflight_touches_workflows(const struct preflight *f)
{
    for (size_t i = 0; i < f->found->count; i++) {
        const struct component *c = f->found->items[i];
        if (c->disabled)
            continue;
        if (is_workflow_file(f, c->file))
            return true;
        for (size_t k = 0; k < c->places.count; k++)
            if (is_workflow_file(f, c->places.items[k].file))
                return true;
    }
    return false;
}

static void say_who(struct preflight *f)
{
    const char *login = f->facts.login ? f->facts.login : "somebody it does not name";
    switch (tokens_kind(f->p->tokens)) {
    case TOKEN_APP:
        preflight_say(f, FINDING_GOOD,
                      "%s is reached as %s, an App that is installed there; mwatch renews its "
                      "tokens every hour",
                      f->facts.repository, login);
        break;
    case TOKEN_INSTALLATION:
        preflight_say(f, FINDING_GOOD, "%s is reached as %s, with %s", f->facts.repository, login,
                      f->is_workflow ? "a workflow's GITHUB_TOKEN, which ends with its job"
                                     : "an App's token, which ends within the hour");
        break;
    default:
        preflight_say(f, FINDING_GOOD, "%s is reached as %s", f->facts.repository, login);
    }
}

/* "Events triggered by the GITHUB_TOKEN ... will not create a new workflow run" (GitHub's manual on
 * automatic token authentication); dispatches are the exception. */
static void say_workflow(struct preflight *f)
{
    preflight_say(
        f, FINDING_WARNING,
        "a workflow's GITHUB_TOKEN starts no CI on the pull requests it opens: let an App "
        "(MWATCH_APP_ID, MWATCH_APP_KEY_FILE) or a person's token open them");
    preflight_say(f, FINDING_NOTE,
                  "GitHub does not tell what a workflow's token may do. It needs `permissions: "
                  "{contents: write, pull-requests: write, issues: write}`, and under Settings > "
                  "Actions > General that Actions may create pull requests");
    if (preflight_touches_workflows(f))
        preflight_say(f, FINDING_BAD,
                      "changes touch .github/workflows, where a workflow's GITHUB_TOKEN may never "
                      "write: use an App with the permission Workflows, or a token with the scope "
                      "workflow");
}

static bool lacks(struct preflight *f, const char *right, const char *shown, enum finding kind,
                  const char *for_what)
{
    const char *has = tokens_permission(f->p->tokens, right);
    if (has && (strcmp(has, "write") == 0 || strcmp(has, "admin") == 0))
        return false;
    preflight_say(f, kind,
                  "the App may not %s: give it %s: read and write, and accept that where it is "
                  "installed",
                  for_what, shown);
    return true;
}

static bool starts_own_workflow(const struct preflight *f)
{
    for (size_t i = 0; i < f->p->config->triggers.count; i++) {
        const struct config_trigger *t = &f->p->config->triggers.items[i];
        if (t->workflow && !t->repository)
            return true;
    }
    return false;
}

static void say_app(struct preflight *f)
{
    bool bad = lacks(f, "contents", "Contents", FINDING_BAD, "push branches");
    bad = lacks(f, "pull_requests", "Pull requests", FINDING_BAD, "open pull requests") || bad;
    bad = lacks(f, "issues", "Issues", FINDING_WARNING, "open issues and make labels") || bad;
    if (preflight_touches_workflows(f))
        bad = lacks(f, "workflows", "Workflows", FINDING_BAD, "change .github/workflows") || bad;
    if (starts_own_workflow(f))
        bad = lacks(f, "actions", "Actions", FINDING_WARNING, "start workflows") || bad;
    if (!bad)
        preflight_say(f, FINDING_GOOD, "the App has every permission that is needed");
}

static bool has_scope(const char *scopes, const char *wanted)
{
    struct slice rest = slice_of(scopes), one;
    while (slice_split(&rest, ',', &one))
        if (slice_is(slice_trim(one), wanted))
            return true;
    return false;
}

/* Only classic tokens have scopes. */
static void say_scopes(struct preflight *f)
{
    const char *scopes = f->facts.scopes;
    const char *shown = *scopes ? scopes : "none";
    if (!has_scope(scopes, "repo") && !has_scope(scopes, "public_repo"))
        preflight_say(f, FINDING_BAD,
                      "the token's scopes are %s: it needs repo (public_repo for a public "
                      "repository)",
                      shown);
    else
        preflight_say(f, FINDING_GOOD, "the token's scopes are %s", shown);
    if (preflight_touches_workflows(f) && !has_scope(scopes, "workflow"))
        preflight_say(f, FINDING_BAD,
                      "changes touch .github/workflows: the token needs the scope workflow");
}

static void say_person(struct preflight *f)
{
    if (f->facts.rights_known && !f->facts.may_push)
        preflight_say(f, FINDING_BAD, "%s may not write to %s", f->facts.login,
                      f->facts.repository);
    if (f->facts.scopes)
        say_scopes(f);
    else
        preflight_say(f, FINDING_NOTE,
                      "GitHub does not tell what a fine-grained token may do. It needs Contents, "
                      "Pull requests and Issues: read and write%s",
                      preflight_touches_workflows(f)
                          ? ", and Workflows, because changes touch .github/workflows"
                          : "");
}

static void say_end(struct preflight *f)
{
    struct buf date = {0};
    int64_t left = f->facts.expires_at - context_now(f->p->ctx);
    if (!f->facts.expires_at)
        return;
    timestamp_add_date(&date, f->facts.expires_at);
    preflight_say(f, left < SOON ? FINDING_WARNING : FINDING_GOOD,
                  "the token ends on %s, in %lld %s", buf_text(&date), (long long)(left / DAY),
                  left / DAY == 1 ? "day" : "days");
    buf_free(&date);
}

static void say_quota(struct preflight *f)
{
    struct buf time = {0};
    if (f->facts.requests_left < 0)
        return;
    timestamp_add(&time, f->facts.requests_reset);
    preflight_say(f, f->facts.requests_left < FEW_REQUESTS ? FINDING_WARNING : FINDING_GOOD,
                  "%lld requests are left until %s", f->facts.requests_left, buf_text(&time));
    buf_free(&time);
}

void preflight_token(struct preflight *f)
{
    enum token_kind kind = tokens_kind(f->p->tokens);
    say_who(f);
    if (kind == TOKEN_APP)
        say_app(f);
    else if (f->is_workflow)
        say_workflow(f);
    else if (kind == TOKEN_INSTALLATION)
        preflight_say(f, FINDING_NOTE,
                      "GitHub does not tell what an App's token may do. It needs Contents, Pull "
                      "requests and Issues: read and write");
    else
        say_person(f);
    say_end(f);
    say_quota(f);
}
