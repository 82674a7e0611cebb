/* The whole flow. Each stage takes the rows of the one before and adds to them. */
#include "watcher/dashboard.h"
#include "watcher/dependents.h"
#include "watcher/lock.h"
#include "watcher/plan.h"
#include "watcher/plan_group.h"
#include "watcher/propose.h"
#include "watcher/prove.h"
#include "watcher/prune.h"
#include "watcher/session.h"
#include "watcher/trigger.h"
#include "watcher/verify.h"

#include <stdlib.h>

static void print_rule(FILE *out, const struct context *ctx, const char *text)
{
    fprintf(out, "\n%s== %s%s\n", ctx->color ? "\033[1m" : "", text, ctx->color ? "\033[0m" : "");
}

static void print_diff(FILE *out, const struct context *ctx, const struct change_set *set)
{
    struct buf diff = {0};
    struct slice rest, line;
    report_add_diff(&diff, set);
    rest = buf_slice(&diff);
    while (slice_line(&rest, &line)) {
        const char *color = "";
        if (ctx->color && line.len)
            color = line.ptr[0] == '+' ? "\033[32m" : line.ptr[0] == '-' ? "\033[31m" : "";
        fprintf(out, "%s%.*s%s\n", color, SLICE_ARG(line), *color ? "\033[0m" : "");
    }
    buf_free(&diff);
}

static void print_proposal(FILE *out, const struct context *ctx, const struct outcome *o)
{
    const struct change_set *set = o->changes;
    struct buf heading = {0};
    buf_addf(&heading, "%s: %s", set->branch ? "pull request" : "issue", set->title);
    print_rule(out, ctx, buf_text(&heading));
    if (set->branch)
        fprintf(out, "branch %s%s\n", set->branch,
                o->decision.action == ACTION_MERGE ? ", auto-merge" : "");
    print_diff(out, ctx, set);
    fprintf(out, "\n%s", set->body);
    buf_free(&heading);
}

/* The sentence of what was told, or the whole of what would be. */
static void print_told(FILE *out, const struct context *ctx, const struct told_target *t,
                       bool dry_run)
{
    struct buf text = {0}, wrapped = {0};
    if (dry_run) {
        buf_addf(&text, "trigger: %s, when %s", t->name, t->on);
        print_rule(out, ctx, buf_text(&text));
        buf_clear(&text);
        report_add_payload(&wrapped, t);
    } else {
        buf_addf(&text, "%s %s: %s is %s", t->sent ? "told" : "NOT told", t->name, t->what, t->on);
        report_add_wrapped(&wrapped, buf_slice(&text), 0, 80);
    }
    fputs(buf_text(&wrapped), out);
    buf_free(&text);
    buf_free(&wrapped);
}

static void print_proposals(const struct context *ctx, const struct options *o,
                            const struct results *r)
{
    if (o->report != REPORT_TABLE)
        return;
    for (size_t i = 0; o->dry_run && i < r->count; i++) {
        const struct outcome *row = r->items[i];
        if (row->group && row == row->group->members.items[0])
            print_proposal(stdout, ctx, &row->group->whole);
        else if (row->changes && !row->group)
            print_proposal(stdout, ctx, row);
    }
    for (size_t i = 0; i < r->told.count; i++)
        print_told(stdout, ctx, &r->told.items[i], o->dry_run);
}

/* Where it would be proposed, as far as that is known without asking git. */
static const char *repository_of(const struct session *s)
{
    const char *configured = s->config.proposing.repository;
    const char *variable = getenv("GITHUB_REPOSITORY");
    return configured ? configured : variable && *variable ? variable : NULL;
}

/* What the program cannot propose without is told before anybody is asked. */
static struct proposer *open_proposer(struct session *s, struct error *e)
{
    if (s->options->replay) {
        error_set(e, ERROR_USAGE, "--replay answers nothing that is written: add --dry-run");
        return NULL;
    }
    if (!tokens_given(s->tokens)) {
        error_set(
            e, ERROR_USAGE,
            "run proposes through GitHub's API, which wants a token: set GITHUB_TOKEN or give "
            "--token-file; with --dry-run nothing is written and none is needed");
        return NULL;
    }
    return session_proposer(s, e);
}

/* A run over some of the recipes says nothing about the others. */
static bool is_whole(const struct session *s)
{
    return s->options->operands.count == 0 && s->options->shard_count <= 1;
}

/* Two runs on one repository do not overlap; where there can be no lock, leases keep them apart. */
static bool propose(struct session *s, struct proposer *p, struct results *results, struct error *e)
{
    struct error unlocked = {0};
    const char *file = session_lock_file(s, propose_repository(p));
    int lock = file ? lock_take(s->ctx, file, &unlocked) : -1;
    if (error_is_set(&unlocked))
        log_warning(s->ctx, "%s", unlocked.message);
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
    if (!o->dry_run && !(p = open_proposer(s, e)))
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
    print_proposals(s->ctx, o, results);
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
    int status = run(&s, &results, &e);
    results_free(&results);
    session_close(&s);
    return status;
}
