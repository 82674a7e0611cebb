/* The table for a terminal: 80 columns, colours only when asked for, what needs a person in full
 * below. */
#include "watcher/base/text.h"
#include "watcher/report.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, NAME_MOST = 30, VERSION_MOST = 17, DECISION_WIDTH = 10, STUMP = 24 };

struct widths {
    size_t name, current, latest;
};

static const char *color_of(enum decision_kind kind)
{
    switch (kind) {
    case DECISION_PATCH:
    case DECISION_MINOR:
    case DECISION_REBUILD:
        return "32";
    case DECISION_MAJOR:
    case DECISION_NEW_STREAM:
    case DECISION_MANUAL:
        return "36";
    case DECISION_REGRESSED:
    case DECISION_RETAGGED:
    case DECISION_HELD:
        return "33";
    case DECISION_ERROR:
        return "1;31";
    default:
        return "2";
    }
}

static size_t at_most(size_t value, size_t most)
{
    return value < most ? value : most;
}

static void widen(size_t *width, struct slice text, size_t most)
{
    struct buf safe = {0};
    text_add_visible(&safe, text);
    size_t w = at_most(text_width(buf_slice(&safe)), most);
    if (w > *width)
        *width = w;
    buf_free(&safe);
}

static struct widths measure(const struct results *r)
{
    struct widths w = {6, 7, 6};
    for (size_t i = 0; i < r->count; i++) {
        struct buf name = {0};
        component_add_title(&name, r->items[i]->component);
        widen(&w.name, buf_slice(&name), NAME_MOST);
        widen(&w.current, slice_of(r->items[i]->component->current), VERSION_MOST);
        widen(&w.latest, slice_of(r->items[i]->decision.version), VERSION_MOST);
        buf_free(&name);
    }
    return w;
}

static void add_cell(struct buf *line, struct slice text, size_t width)
{
    struct buf safe = {0}, cut = {0};
    text_add_visible(&safe, text);
    text_add_cut(&cut, buf_slice(&safe), width);
    buf_add(line, buf_slice(&cut));
    buf_pad(line, ' ', width - at_most(text_width(buf_slice(&cut)), width) + 2);
    buf_free(&safe);
    buf_free(&cut);
}

static struct slice or_dash(const char *text)
{
    return text ? slice_of(text) : SLICE("-");
}

/* What policy does about it, or why nobody is asked. */
static void add_remarked(struct buf *out, const struct outcome *o, enum report_depth depth)
{
    static const char *const actions[] = {
        [ACTION_MERGE] = "pull request, auto-merge",
        [ACTION_PR] = "pull request",
        [ACTION_ISSUE] = "issue",
        [ACTION_IGNORE] = "",
    };
    if (o->decision.kind == DECISION_DISABLED && o->decision.reason) {
        buf_add_text(out, o->decision.reason);
    } else if (depth != DEPTH_LIST && o->proposed.what) {
        buf_add_text(out, o->proposed.what);
    } else if (depth != DEPTH_LIST && decision_proposes(&o->decision)) {
        buf_add_text(out, actions[o->decision.action]);
        if (outcome_proof(o))
            buf_addf(out, ", %s", outcome_proof(o));
    }
}

/* In what is left of the line, unless only a stump of it would fit. */
static void add_remark(struct buf *line, struct slice text, size_t columns)
{
    struct buf safe = {0};
    text_add_visible(&safe, text);
    if (columns >= STUMP || text_width(buf_slice(&safe)) <= columns)
        text_add_cut(line, buf_slice(&safe), columns);
    buf_free(&safe);
}

static void trim_end(struct buf *line)
{
    while (line->len && line->ptr[line->len - 1] == ' ')
        line->ptr[--line->len] = '\0';
}

/* What a person must read in full: why something is not as it should be. */
static bool needs_reason(enum decision_kind kind)
{
    return kind == DECISION_ERROR || kind == DECISION_REGRESSED || kind == DECISION_RETAGGED ||
           kind == DECISION_HELD;
}

static void print_reasons(FILE *out, const struct outcome *o)
{
    struct buf text = {0};
    if (needs_reason(o->decision.kind) && o->decision.reason)
        report_add_wrapped(&text, slice_of(o->decision.reason), 4, COLUMNS);
    if (o->proposed.state == PROPOSED_WAITS || o->proposed.state == PROPOSED_LEFT)
        report_add_wrapped(&text, slice_of(o->proposed.what), 4, COLUMNS);
    if (o->proposed.url)
        report_add_wrapped(&text, slice_of(o->proposed.url), 4, COLUMNS);
    for (size_t i = 0; i < o->warnings.count; i++) {
        struct buf warning = {0};
        buf_addf(&warning, "warning: %s", o->warnings.items[i]);
        report_add_wrapped(&text, buf_slice(&warning), 4, COLUMNS);
        buf_free(&warning);
    }
    fputs(buf_text(&text), out);
    buf_free(&text);
}

static const char *third_column(const struct outcome *o, enum report_depth depth)
{
    if (depth != DEPTH_LIST)
        return o->decision.version;
    return report_source(o->component);
}

static const char *state(const struct outcome *o, enum report_depth depth)
{
    bool shown = depth != DEPTH_LIST || o->decision.kind == DECISION_DISABLED ||
                 o->decision.kind == DECISION_ERROR;
    return shown ? decision_name(o->decision.kind) : recipe_kind_name(o->component->kind);
}

/* The colour ends with the word: blanks after it could reach beyond the last column. */
static void add_state(struct buf *line, const struct context *ctx, const struct outcome *o,
                      enum report_depth depth, bool remarked)
{
    const char *word = state(o, depth);
    if (ctx->color)
        buf_addf(line, "\033[%sm%s\033[0m", color_of(o->decision.kind), word);
    else
        buf_add_text(line, word);
    if (remarked)
        buf_pad(line, ' ', DECISION_WIDTH - at_most(strlen(word), DECISION_WIDTH) + 2);
}

static void print_row(const struct context *ctx, FILE *out, const struct outcome *o,
                      const struct widths *w, enum report_depth depth)
{
    struct buf line = {0}, name = {0}, remark = {0};
    component_add_title(&name, o->component);
    add_remarked(&remark, o, depth);
    add_cell(&line, buf_slice(&name), w->name);
    add_cell(&line, or_dash(o->component->current), w->current);
    add_cell(&line, or_dash(third_column(o, depth)), w->latest);
    add_state(&line, ctx, o, depth, remark.len > 0);
    size_t used = w->name + w->current + w->latest + DECISION_WIDTH + 8;
    if (used < COLUMNS)
        add_remark(&line, buf_slice(&remark), COLUMNS - used);
    trim_end(&line);
    fprintf(out, "%s\n", buf_text(&line));
    buf_free(&line);
    buf_free(&name);
    buf_free(&remark);
}

static void print_heading(FILE *out, const struct widths *w, enum report_depth depth)
{
    struct buf line = {0};
    add_cell(&line, SLICE("RECIPE"), w->name);
    add_cell(&line, SLICE("CURRENT"), w->current);
    add_cell(&line, depth == DEPTH_LIST ? SLICE("SOURCE") : SLICE("LATEST"), w->latest);
    buf_add_text(&line, depth == DEPTH_LIST ? "KIND" : "DECISION");
    fprintf(out, "%s\n", buf_text(&line));
    buf_free(&line);
}

static void widen_for_sources(struct widths *w, const struct results *r)
{
    for (size_t i = 0; i < r->count; i++)
        widen(&w->latest, slice_of(report_source(r->items[i]->component)), VERSION_MOST);
}

static void print_summary(FILE *out, const struct results *r, enum report_depth depth,
                          size_t left_out)
{
    struct buf summary = {0}, text = {0};
    report_add_summary(&summary, r, depth);
    report_add_wrapped(&text, buf_slice(&summary), 0, COLUMNS);
    report_add_left_out(&text, left_out, true);
    fputs(buf_text(&text), out);
    buf_free(&summary);
    buf_free(&text);
}

static void print(const struct context *ctx, FILE *out, const struct results *results,
                  enum report_depth depth)
{
    struct results shown;
    size_t left_out = report_select(ctx, results, depth, &shown);
    struct widths w = measure(&shown);
    if (depth == DEPTH_LIST)
        widen_for_sources(&w, &shown);
    if (shown.count)
        print_heading(out, &w, depth);
    for (size_t i = 0; i < shown.count; i++) {
        print_row(ctx, out, shown.items[i], &w, depth);
        print_reasons(out, shown.items[i]);
    }
    if (shown.count)
        fputc('\n', out);
    print_summary(out, results, depth, left_out);
    free(shown.items);
}

const struct report report_table = {
    .name = "table",
    .help = "for a terminal, 80 columns",
    .print = print,
};
