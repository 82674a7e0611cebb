/* Workflow commands: annotations on the recipes' lines, as GitHub Actions reads them from the
 * output. */
#include "watcher/base/text.h"
#include "watcher/report.h"

/* Escapes of workflow commands: data needs % CR LF, properties , and : too (actions/toolkit). Line
 * breaks have become visible before, as all that steers a terminal: the log shows colours. */
static void add_escaped(struct buf *out, struct slice text, bool property)
{
    struct buf safe = {0};
    text_add_visible(&safe, text);
    for (size_t i = 0; i < safe.len; i++) {
        char c = safe.ptr[i];
        if (c == '%' || (property && (c == ':' || c == ',')))
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
        else
            buf_add_byte(out, c);
    }
    buf_free(&safe);
}

void report_add_annotation(struct buf *out, const char *level, const char *file, size_t line,
                           struct slice title, const char *message)
{
    buf_addf(out, "::%s file=", level);
    add_escaped(out, slice_of(file), true);
    if (line)
        buf_addf(out, ",line=%zu", line);
    buf_add_text(out, ",title=mwatch ");
    add_escaped(out, title, true);
    buf_add_text(out, "::");
    add_escaped(out, slice_of(message), false);
    buf_add_byte(out, '\n');
}

static void add_annotation(struct buf *out, const struct outcome *o, const char *level,
                           const char *message)
{
    struct buf title = {0};
    component_add_title(&title, o->component);
    report_add_annotation(out, level, o->component->file, o->component->line, buf_slice(&title),
                          message);
    buf_free(&title);
}

static void add_row(struct buf *out, const struct outcome *o)
{
    enum decision_kind kind = o->decision.kind;
    for (size_t i = 0; i < o->warnings.count; i++)
        add_annotation(out, o, "warning", o->warnings.items[i]);
    if (kind == DECISION_ERROR)
        add_annotation(out, o, "error", o->decision.reason);
    else if (kind == DECISION_REGRESSED || kind == DECISION_RETAGGED)
        add_annotation(out, o, "warning", o->decision.reason);
    else if (kind == DECISION_REBUILD)
        add_annotation(out, o, "notice", o->decision.reason);
    else if (decision_proposes(&o->decision)) {
        struct buf message = {0};
        buf_addf(&message, "%s: %s is out, %s is pinned", decision_name(kind), o->decision.version,
                 o->component->current);
        if (outcome_proof(o))
            buf_addf(&message, "; its artefact is %s", outcome_proof(o));
        add_annotation(out, o, "notice", buf_text(&message));
        buf_free(&message);
    }
}

static void print(const struct context *ctx, FILE *out, const struct results *results,
                  enum report_depth depth)
{
    struct buf text = {0};
    (void)ctx;
    for (size_t i = 0; i < results->count; i++)
        add_row(&text, results->items[i]);
    report_add_summary(&text, results, depth);
    buf_add_byte(&text, '\n');
    fputs(buf_text(&text), out);
    buf_free(&text);
}

const struct report report_github = {
    .name = "github",
    .help = "annotations for a workflow's log",
    .print = print,
};
