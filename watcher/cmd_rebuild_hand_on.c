/* What becomes of that which is due. */
#include "watcher/cmd_rebuild_parts.h"
#include "watcher/deliver.h"
#include "watcher/due_bump.h"
#include "watcher/due_report.h"
#include "watcher/due_trigger.h"
#include "watcher/lock.h"

/* Dispatches are sent as whoever proposes. */
static struct forge_session *open_forge(struct session *s, const char **name, struct error *e)
{
    struct forge_options *options = arena_new(&s->arena, struct forge_options);
    const char *said = s->config.proposing.repository;
    *name = said ? said : context_variable("GITHUB_REPOSITORY");
    if (!tokens_given(s->tokens)) {
        error_set(e, ERROR_USAGE,
                  "--trigger sends dispatches, which wants a token: set GITHUB_TOKEN or give "
                  "--token-file; with --dry-run nothing is sent");
        return NULL;
    }
    if (!*name) {
        error_set(e, ERROR_USAGE,
                  "set forge.repository in mwatch.yaml, or GITHUB_REPOSITORY, to owner/name");
        return NULL;
    }
    tokens_set_repository(s->tokens, *name);
    *options = (struct forge_options){
        .api_url = context_variable("GITHUB_API_URL"),
        .graphql_url = context_variable("GITHUB_GRAPHQL_URL"),
        .server_url = context_variable("GITHUB_SERVER_URL"),
        .repository = *name,
        .credential = "github",
    };
    return forge_github.open(s->ctx, s->http, options, e);
}

/* Level by level; what was sent is remembered also when the next one fails. */
static bool dispatch(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    const char *name;
    struct forge_session *forge = open_forge(s, &name, e);
    bool good = forge != NULL;
    for (unsigned level = 1; good && level <= r->due.levels; level++) {
        good = due_send(&r->due, &forge_github, forge, name, level, e);
        if (good)
            due_note(&r->due, level, context_now(s->ctx));
    }
    if (forge)
        forge_github.close(forge);
    return good;
}

/* Without anybody to be told, the report itself is what is handed on. */
static bool trigger(struct rebuilding *r, struct error *e)
{
    if (due_targets(&r->due) > 0)
        return due_count(&r->due, DUE_REBUILD) == 0 || dispatch(r, e);
    due_note(&r->due, 0, context_now(r->session.ctx));
    return true;
}

/* What was handed on is remembered, and so is what recipes are built with that were not seen
 * before. */
static bool remember(struct rebuilding *r, struct error *e)
{
    bool due = r->session.options->trigger && due_count(&r->due, DUE_REBUILD) > 0;
    bool noted = due_note_builds(&r->due) || due;
    return !noted || !r->record_file || rebuilding_write_record(r, e);
}

static bool tell_workflow(const struct rebuilding *r, struct error *e)
{
    const char *output = context_variable("GITHUB_OUTPUT"),
               *summary = context_variable("GITHUB_STEP_SUMMARY");
    struct buf outputs = {0}, table = {0};
    bool good = due_tell_workflow(&r->due, output, summary, e);
    if (good && r->session.options->bump) {
        deliver_add_outputs(&outputs, &r->bumps);
        if (r->bumps.count)
            deliver_add_summary(&table, &r->bumps, DEPTH_RUN);
        good = (!output || deliver_append(output, buf_slice(&outputs), e)) &&
               (!summary || deliver_append(summary, buf_slice(&table), e));
    }
    buf_free(&outputs);
    buf_free(&table);
    return good;
}

/* Remembered only when it is really handed on. */
bool rebuilding_hand_on(struct rebuilding *r, struct error *e)
{
    const struct options *o = r->session.options;
    struct error unwritten = {0};
    if (o->report == REPORT_GITHUB && !tell_workflow(r, e))
        return false;
    if (o->dry_run || (!o->trigger && !o->bump))
        return true;
    bool good = !o->trigger || trigger(r, e);
    if (!remember(r, &unwritten))
        good = error_set(e, unwritten.code, "%s", unwritten.message);
    return good;
}

/* The recipes' next epochs, as proposals. */
bool rebuilding_bump(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    due_bump(&r->due, &s->templates, &s->found.components, &r->bumps);
    if (!r->proposer || r->bumps.count == 0)
        return true;
    int lock = session_lock(s, propose_repository(r->proposer));
    bool good = propose_run(r->proposer, &r->bumps, e);
    lock_release(lock);
    return good;
}

bool rebuilding_open(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    if (!s->options->bump || s->options->dry_run)
        return true;
    r->proposer = session_proposer(s, "rebuild --bump", e);
    return r->proposer != NULL;
}
