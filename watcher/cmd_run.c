/* The whole flow. Each stage takes the rows of the one before and adds to them. */
#include "watcher/dependents.h"
#include "watcher/plan.h"
#include "watcher/prove.h"
#include "watcher/prune.h"
#include "watcher/session.h"

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

static void print_results(const struct context *ctx, const struct options *o,
                          const struct results *r)
{
    report_row(o->report)->print(ctx, stdout, r, DEPTH_RUN);
    if (o->report != REPORT_TABLE)
        return;
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i]->changes)
            print_proposal(stdout, ctx, r->items[i]);
}

int cmd_run(struct context *ctx, struct options *options)
{
    struct session s = {0};
    struct results results = {0};
    struct error e = {0};
    int status;

    if (!options->dry_run)
        error_set(&e, ERROR_USAGE,
                  "run needs --dry-run: this version shows what it would propose; `mwatch bump` "
                  "writes files here");
    if (!error_is_set(&e) && session_open(&s, ctx, options, &e) && session_connect(&s, &e)) {
        session_check(&s, false, &results);
        prove_run(ctx, s.http, s.root, &results);
        prune_run(s.http, &results);
        plan_run(s.root, &results);
        dependents_run(ctx, s.root, &s.config, &s.found.components, &results);
        session_count(&s, &results);
        print_results(ctx, options, &results);
        status = results_status(&results, false);
    } else {
        status = fail(ctx, &e);
    }
    results_free(&results);
    session_close(&s);
    return status;
}
