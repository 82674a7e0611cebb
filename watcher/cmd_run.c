/* The whole flow. Each stage takes the rows of the one before and adds to them. */
#include "watcher/dashboard.h"
#include "watcher/dependents.h"
#include "watcher/lock.h"
#include "watcher/plan.h"
#include "watcher/plan_group.h"
#include "watcher/preview.h"
#include "watcher/propose.h"
#include "watcher/prove.h"
#include "watcher/prune.h"
#include "watcher/session.h"
#include "watcher/trigger.h"
#include "watcher/verify.h"

/* Where it would be proposed, as far as that is known without asking git. */
static const char *repository_of(const struct session *s)
{
    const char *configured = s->config.proposing.repository;
    return configured ? configured : context_variable("GITHUB_REPOSITORY");
}

/* A run over some of the recipes says nothing about the others. */
static bool is_whole(const struct session *s)
{
    return s->options->operands.count == 0 && s->options->shard_count <= 1;
}

static bool propose(struct session *s, struct proposer *p, struct results *results, struct error *e)
{
    int lock = session_lock(s, propose_repository(p));
    bool good = propose_run(p, results, e);
    if (good) {
        trigger_run(p, &s->config, results);
        if (is_whole(s))
            dashboard_write(p, results);
        session_proposed(s, results);
    }
    lock_release(lock);
    return good;
}

static int run(struct session *s, struct results *results, struct error *e)
{
    const struct options *o = s->options;
    struct proposer *p = NULL;
    if (!session_open(s, s->ctx, o, e) || !session_connect(s, e))
        return fail(s->ctx, e);
    if (!o->dry_run && !(p = session_proposer(s, "run", e)))
        return fail(s->ctx, e);
    if (p && is_whole(s))
        dashboard_obey(p, &s->found.components);
    session_check(s, false, results);
    verify_run(s->http, s->root, results, o->verify);
    prove_run(s->ctx, s->http, s->root, results);
    prune_run(s->http, results);
    plan_run(s->root, &s->templates, results);
    dependents_run(s->ctx, s->root, &s->config, &s->templates, &s->found.components, results);
    plan_groups(s->root, &s->templates, results);
    bool good = !p || propose(s, p, results, e);
    if (!p)
        trigger_preview(s->ctx, s->root, &s->config, repository_of(s), results);
    session_count(s, results);
    struct error unwritten = {0};
    bool delivered = session_deliver(s, results, DEPTH_RUN, &unwritten);
    if (o->report == REPORT_TABLE)
        preview_print(stdout, s->ctx, results, o->dry_run);
    propose_close(p);
    if (!delivered)
        fail(s->ctx, &unwritten);
    int status = good ? results_status(results, false) : fail(s->ctx, e);
    return delivered || status != EXIT_WELL ? status : EXIT_SOME_FAILED;
}

int cmd_run(struct context *ctx, struct options *options)
{
    struct session s = {.ctx = ctx, .options = options};
    struct results results = {0};
    struct error e = {0};
    options->groups = true;
    int status = run(&s, &results, &e);
    results_free(&results);
    session_close(&s);
    return status;
}
