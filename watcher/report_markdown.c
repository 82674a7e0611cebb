/* Markdown for a chat, an issue or a step summary. Upstream's text is made harmless. */
#include "watcher/base/text.h"
#include "watcher/markdown.h"
#include "watcher/report.h"

#include <stdlib.h>

static void add_cell(struct buf *out, const char *text)
{
    buf_add_text(out, "| ");
    if (text)
        markdown_add(out, slice_of(text));
    buf_add_byte(out, ' ');
}

static void add_title(struct buf *out, const struct component *c)
{
    struct buf name = {0};
    component_add_title(&name, c);
    markdown_add(out, buf_slice(&name));
    buf_free(&name);
}

/* What there is to say of a component nobody was asked about. */
static void add_listed(struct buf *out, const struct outcome *o)
{
    bool odd = o->decision.kind == DECISION_DISABLED || o->decision.kind == DECISION_ERROR;
    add_cell(out, report_source(o->component));
    add_cell(out, recipe_kind_name(o->component->kind));
    add_cell(out, odd ? decision_name(o->decision.kind) : NULL);
    add_cell(out, odd ? o->decision.reason : NULL);
}

static void add_why(struct buf *out, const struct outcome *o)
{
    struct buf why = {0};
    const char *what = o->proposed.what ? o->proposed.what : o->decision.reason;
    const char *proof = decision_proposes(&o->decision) ? outcome_proof(o) : NULL;
    buf_addf(&why, "%s%s%s", what ? what : "", what && proof ? "; " : "", proof ? proof : "");
    add_cell(out, why.len ? buf_text(&why) : NULL);
    buf_free(&why);
}

static void add_row(struct buf *out, const struct outcome *o, enum report_depth depth)
{
    struct buf name = {0};
    component_add_title(&name, o->component);
    add_cell(out, buf_text(&name));
    add_cell(out, o->component->current);
    if (depth == DEPTH_LIST) {
        add_listed(out, o);
    } else {
        add_cell(out, o->decision.version);
        add_cell(out, decision_name(o->decision.kind));
        add_why(out, o);
    }
    buf_add_text(out, "|\n");
    buf_free(&name);
}

static void add_warnings(struct buf *out, const struct results *r)
{
    const char *gap = "\n";
    for (size_t i = 0; i < r->count; i++) {
        for (size_t k = 0; k < r->items[i]->warnings.count; k++) {
            buf_addf(out, "%s- ", gap);
            gap = "";
            add_title(out, r->items[i]->component);
            buf_add_text(out, ": ");
            markdown_add(out, slice_of(r->items[i]->warnings.items[k]));
            buf_add_byte(out, '\n');
        }
    }
}

static void add_change(struct buf *out, const struct change_set *set)
{
    struct buf diff = {0};
    if (set->title) {
        buf_add_text(out, "\n### ");
        markdown_add(out, slice_of(set->title));
        buf_add_text(out, "\n\n");
    }
    report_add_diff(&diff, set);
    if (diff.len)
        markdown_add_block(out, "diff", buf_slice(&diff));
    if (set->body)
        buf_addf(out, "\n%s\n", set->body);
    buf_free(&diff);
}

static void print(const struct context *ctx, FILE *out, const struct results *results,
                  enum report_depth depth)
{
    struct buf text = {0};
    struct results shown;
    size_t left_out = report_select(ctx, results, depth, &shown);
    buf_add_text(&text, depth == DEPTH_LIST ? "| recipe | current | source | kind | state | why |\n"
                                              "| --- | --- | --- | --- | --- | --- |\n"
                                            : "| recipe | current | latest | decision | why |\n"
                                              "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < shown.count; i++)
        add_row(&text, shown.items[i], depth);
    buf_add_byte(&text, '\n');
    report_add_summary(&text, results, depth);
    buf_add_text(&text, left_out ? "\n\n" : "\n");
    report_add_left_out(&text, left_out, true);
    add_warnings(&text, results);
    for (size_t i = 0; i < results->count && depth == DEPTH_RUN; i++)
        if (results->items[i]->changes)
            add_change(&text, results->items[i]->changes);
    fputs(buf_text(&text), out);
    buf_free(&text);
    free(shown.items);
}

const struct report report_markdown = {
    .name = "markdown",
    .help = "a table for an issue, a chat or a step summary",
    .print = print,
};
