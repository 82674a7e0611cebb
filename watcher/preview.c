#include "watcher/preview.h"

#include "watcher/report.h"

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

void preview_print(FILE *out, const struct context *ctx, const struct results *r, bool dry_run)
{
    for (size_t i = 0; dry_run && i < r->count; i++) {
        const struct outcome *row = r->items[i];
        if (row->group && row == row->group->members.items[0])
            print_proposal(out, ctx, &row->group->whole);
        else if (row->changes && !row->group)
            print_proposal(out, ctx, row);
    }
    for (size_t i = 0; i < r->told.count; i++)
        print_told(out, ctx, &r->told.items[i], dry_run);
}
