/* Every candidate and the rule that decided its fate, newest first. */
#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/markdown.h"
#include "watcher/session.h"

#include <stdlib.h>

/* Candidates by natural order of what they read like; the best first. */
static int by_version(const void *a, const void *b)
{
    const struct verdict *x = a, *y = b;
    bool valid_x = scheme_natural.valid(x->version), valid_y = scheme_natural.valid(y->version);
    if (x->fate != y->fate && (x->fate >= FATE_OLDER || y->fate >= FATE_OLDER))
        return (int)y->fate - (int)x->fate;
    if (valid_x != valid_y)
        return valid_y - valid_x;
    int order = valid_x ? scheme_natural.compare(y->version, x->version) : 0;
    return order ? order : slice_compare(slice_of(x->candidate->raw), slice_of(y->candidate->raw));
}

static void add_date(struct buf *out, const struct candidate *candidate)
{
    if (candidate->published)
        timestamp_add_date(out, candidate->published);
}

static void add_column(struct buf *line, struct slice text, size_t width)
{
    struct buf safe = {0}, cut = {0};
    text_add_visible(&safe, text);
    text_add_cut(&cut, buf_slice(&safe), width);
    buf_add(line, buf_slice(&cut));
    size_t used = text_width(buf_slice(&cut));
    buf_pad(line, ' ', used < width ? width - used + 2 : 2);
    buf_free(&safe);
    buf_free(&cut);
}

static void print_verdict(FILE *out, const struct verdict *v)
{
    struct buf line = {0}, date = {0}, why = {0};
    add_date(&date, v->candidate);
    add_column(&line, slice_of(v->candidate->raw), 26);
    add_column(&line, v->version, 16);
    add_column(&line, buf_slice(&date), 10);
    buf_add_text(&why, fate_name(v->fate));
    if (v->detail)
        buf_addf(&why, " %s", v->detail);
    text_add_visible(&line, buf_slice(&why));
    fprintf(out, "  %s\n", buf_text(&line));
    buf_free(&line);
    buf_free(&date);
    buf_free(&why);
}

static void print_decision(FILE *out, const struct outcome *o)
{
    struct buf line = {0}, wrapped = {0};
    buf_addf(&line, "%s%s%s: %s", decision_name(o->decision.kind), o->decision.version ? " " : "",
             o->decision.version ? o->decision.version : "", o->decision.reason);
    report_add_wrapped(&wrapped, buf_slice(&line), 0, 80);
    fputs(buf_text(&wrapped), out);
    buf_free(&wrapped);
    buf_free(&line);
}

static void print_question(FILE *out, const struct outcome *o)
{
    const struct component *c = o->component;
    struct buf title = {0};
    component_add_title(&title, c);
    fprintf(out, "%s (%s", buf_text(&title), c->file);
    if (c->line)
        fprintf(out, ":%zu", c->line);
    fprintf(out, ") pins %s\n", c->current ? c->current : "nothing");
    if (c->spec.source)
        fprintf(out, "source %s%s%s, scheme %s%s%s\n", c->spec.source->name,
                c->spec.values[0] ? " " : "", c->spec.values[0] ? c->spec.values[0] : "",
                c->scheme->name, c->stream ? ", stream " : "", c->stream ? c->stream : "");
    buf_free(&title);
}

static void print_table(FILE *out, struct results *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct outcome *o = r->items[i];
        bool first = i == 0 || r->items[i - 1]->component != o->component;
        if (first && i > 0)
            fputc('\n', out);
        if (first)
            print_question(out, o);
        for (size_t k = 0; k < o->verdict_count; k++)
            print_verdict(out, &o->verdicts[k]);
        for (size_t k = 0; k < o->warnings.count; k++)
            fprintf(out, "warning: %s\n", o->warnings.items[k]);
        print_decision(out, o);
    }
}

static json_t *verdict_json(const struct verdict *v)
{
    json_t *raw = json_string(v->candidate->raw);
    struct buf safe = {0}, date = {0};
    text_add_visible(&safe, slice_of(v->candidate->raw));
    if (v->candidate->published)
        timestamp_add(&date, v->candidate->published);
    json_t *object = json_pack("{s:o, s:s%, s:s, s:s*, s:s*, s:s*}", "tag",
                               raw ? raw : json_string(buf_text(&safe)), "version",
                               v->version.ptr ? v->version.ptr : "", v->version.len, "fate",
                               fate_name(v->fate), "detail", v->detail, "commit",
                               v->candidate->commit, "published", date.len ? date.ptr : NULL);
    buf_free(&safe);
    buf_free(&date);
    return object;
}

static void print_json(FILE *out, const struct results *r)
{
    json_t *components = json_array();
    for (size_t i = 0; i < r->count; i++) {
        const struct outcome *o = r->items[i];
        json_t *object = report_component_json(o, DEPTH_CHECK);
        json_t *candidates = json_array();
        for (size_t k = 0; k < o->verdict_count; k++)
            json_array_append_new(candidates, verdict_json(&o->verdicts[k]));
        json_object_set_new(object, "candidates", candidates);
        json_array_append_new(components, object);
    }
    json_t *root = json_pack("{s:o}", "components", components);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}

static void add_markdown_row(struct buf *out, const struct verdict *v)
{
    buf_add_text(out, "| ");
    markdown_add(out, slice_of(v->candidate->raw));
    buf_add_text(out, " | ");
    markdown_add(out, v->version);
    buf_add_text(out, " | ");
    add_date(out, v->candidate);
    buf_addf(out, " | %s ", fate_name(v->fate));
    if (v->detail)
        markdown_add_code(out, slice_of(v->detail));
    buf_add_text(out, " |\n");
}

static void print_markdown(FILE *out, const struct results *r)
{
    struct buf text = {0};
    for (size_t i = 0; i < r->count; i++) {
        const struct outcome *o = r->items[i];
        buf_add_text(&text, "### ");
        component_add_title(&text, o->component);
        buf_addf(&text, ": %s\n\n", decision_name(o->decision.kind));
        markdown_add(&text, slice_of(o->decision.reason));
        buf_add_text(&text, "\n\n");
        if (o->verdict_count)
            buf_add_text(&text, "| tag | version | date | fate |\n| --- | --- | --- | --- |\n");
        for (size_t k = 0; k < o->verdict_count; k++)
            add_markdown_row(&text, &o->verdicts[k]);
        buf_add_byte(&text, '\n');
    }
    fputs(buf_text(&text), out);
    buf_free(&text);
}

static void print(enum report_format format, struct results *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i]->verdict_count)
            qsort(r->items[i]->verdicts, r->items[i]->verdict_count, sizeof(struct verdict),
                  by_version);
    if (format == REPORT_JSON)
        print_json(stdout, r);
    else if (format == REPORT_MARKDOWN)
        print_markdown(stdout, r);
    else
        print_table(stdout, r);
}

int cmd_explain(struct context *ctx, struct options *options)
{
    struct session s = {0};
    struct results results = {0};
    struct error e = {0};
    int status;

    if (options->operands.count == 0)
        error_set(&e, ERROR_USAGE, "explain needs a RECIPE (see mwatch list)");
    if (!error_is_set(&e) && session_open(&s, ctx, options, &e) && session_connect(&s, &e)) {
        session_check(&s, true, &results);
        print(options->report, &results);
        status = results_status(&results, false);
    } else {
        status = fail(ctx, &e);
    }
    results_free(&results);
    session_close(&s);
    return status;
}
