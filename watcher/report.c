#include "watcher/report.h"

#include "watcher/base/memory.h"
#include "watcher/base/text.h"
#include "watcher/recipes/apko.h"

#include <string.h>

static const struct report *const rows[REPORT_FORMATS] = {
    [REPORT_TABLE] = &report_table,
    [REPORT_JSON] = &report_json,
    [REPORT_MARKDOWN] = &report_markdown,
    [REPORT_GITHUB] = &report_github,
};

const struct report *report_row(enum report_format format)
{
    return rows[format];
}

const char *const *report_names(void)
{
    static const char *const names[] = {"table", "json", "markdown", "github", NULL};
    return names;
}

bool report_parse(const char *name, enum report_format *out)
{
    for (int i = 0; i < REPORT_FORMATS; i++) {
        if (strcmp(rows[i]->name, name) != 0)
            continue;
        *out = (enum report_format)i;
        return true;
    }
    return false;
}

void report_add_summary(struct buf *out, const struct results *results, enum report_depth depth)
{
    size_t count = results->count;
    buf_addf(out, "%zu component%s", count, count == 1 ? "" : "s");
    const char *before = ": ";
    for (int kind = 0; kind < DECISION_KINDS; kind++) {
        size_t with = results_with(results, (enum decision_kind)kind);
        bool shown = depth != DEPTH_LIST || kind == DECISION_DISABLED || kind == DECISION_ERROR;
        if (!with || !shown)
            continue;
        buf_addf(out, "%s%zu %s", before, with, decision_name((enum decision_kind)kind));
        before = ", ";
    }
}

static bool is_left_out(const struct outcome *o)
{
    const struct component *c = o->component;
    return o->decision.kind == DECISION_DISABLED && apko_pins_nothing(c) && !c->named &&
           !o->warnings.count && o->proposed.state == PROPOSED_NOTHING;
}

static bool shows_all(const struct context *ctx, enum report_depth depth)
{
    return depth == DEPTH_LIST || (ctx && ctx->level >= LOG_INFO);
}

size_t report_count_left_out(const struct context *ctx, const struct results *r,
                             enum report_depth depth)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count && !shows_all(ctx, depth); i++)
        count += is_left_out(r->items[i]);
    return count;
}

size_t report_select(const struct context *ctx, const struct results *r, enum report_depth depth,
                     struct results *shown)
{
    bool all = shows_all(ctx, depth);
    *shown = *r;
    shown->items = memory_zalloc((r->count + 1) * sizeof *shown->items);
    shown->count = 0;
    for (size_t i = 0; i < r->count; i++)
        if (all || !is_left_out(r->items[i]))
            shown->items[shown->count++] = r->items[i];
    return r->count - shown->count;
}

void report_add_left_out(struct buf *out, size_t left_out, bool verbose_shows)
{
    bool one = left_out == 1;
    if (left_out)
        buf_addf(out, "%zu apko image%s no versions: nothing to watch%s%s\n", left_out,
                 one ? " pins" : "s pin", verbose_shows ? "; -v lists " : "",
                 !verbose_shows ? ""
                 : one          ? "it"
                                : "them");
}
