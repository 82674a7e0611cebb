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

/* Columns of the table: the tag, the version made of it, its day; the rule takes the rest. */
struct widths {
    size_t tag, version, date;
};

enum { COLUMNS = 80, TAG_MOST = 28, VERSION_MOST = 16, DATE_WIDTH = 10 };

static const char *shown(struct arena *a, struct slice text, size_t most)
{
    struct buf safe = {0}, cut = {0};
    text_add_visible(&safe, text);
    text_add_cut(&cut, buf_slice(&safe), most);
    const char *copy = arena_text(a, buf_slice(&cut));
    buf_free(&safe);
    buf_free(&cut);
    return copy;
}

static void widen(size_t *width, const char *text)
{
    size_t w = text_width(slice_of(text));
    *width = w > *width ? w : *width;
}

static struct widths measure(const struct outcome *o)
{
    struct widths w = {0};
    struct arena a = {0};
    for (size_t i = 0; i < o->verdict_count; i++) {
        const struct verdict *v = &o->verdicts[i];
        widen(&w.tag, shown(&a, slice_of(v->candidate->raw), TAG_MOST));
        widen(&w.version, shown(&a, v->version, VERSION_MOST));
        if (v->candidate->published)
            w.date = DATE_WIDTH;
    }
    arena_free(&a);
    return w;
}

static void add_column(struct buf *line, const char *text, size_t width)
{
    buf_add_text(line, text);
    buf_pad(line, ' ', width - text_width(slice_of(text)) + (width ? 2 : 0));
}

/* The rule goes on below itself where it is long. */
static void print_verdict(FILE *out, const struct verdict *v, const struct widths *w)
{
    struct arena a = {0};
    struct buf line = {0}, date = {0}, why = {0}, wrapped = {0};
    add_date(&date, v->candidate);
    buf_pad(&line, ' ', 2);
    add_column(&line, shown(&a, slice_of(v->candidate->raw), TAG_MOST), w->tag);
    add_column(&line, shown(&a, v->version, VERSION_MOST), w->version);
    add_column(&line, buf_text(&date), w->date);
    buf_addf(&why, "%s%s%s", fate_name(v->fate), v->detail ? " " : "", v->detail ? v->detail : "");
    size_t indent = text_width(buf_slice(&line));
    report_add_wrapped(&wrapped, buf_slice(&why), indent, COLUMNS);
    fprintf(out, "%s%s", buf_text(&line), buf_text(&wrapped) + indent);
    buf_free(&line);
    buf_free(&date);
    buf_free(&why);
    buf_free(&wrapped);
    arena_free(&a);
}

static void print_wrapped(FILE *out, const struct buf *text)
{
    struct buf wrapped = {0};
    report_add_wrapped(&wrapped, buf_slice(text), 0, COLUMNS);
    fputs(buf_text(&wrapped), out);
    buf_free(&wrapped);
}

static void print_decision(FILE *out, const struct outcome *o)
{
    struct buf line = {0};
    buf_addf(&line, "%s%s%s: %s", decision_name(o->decision.kind), o->decision.version ? " " : "",
             o->decision.version ? o->decision.version : "", o->decision.reason);
    print_wrapped(out, &line);
    buf_free(&line);
}

static void print_question(FILE *out, const struct outcome *o)
{
    const struct component *c = o->component;
    struct buf line = {0};
    component_add_title(&line, c);
    buf_addf(&line, " (%s", c->file);
    if (c->line)
        buf_addf(&line, ":%zu", c->line);
    buf_addf(&line, ") pins %s", c->current ? c->current : "nothing");
    print_wrapped(out, &line);
    buf_clear(&line);
    if (c->spec.source) {
        const char *first = c->spec.values[0];
        buf_addf(&line, "source %s%s%s, scheme %s%s%s", report_source(c), first ? " " : "",
                 first ? first : "", c->scheme->name, c->stream ? ", stream " : "",
                 c->stream ? c->stream : "");
        print_wrapped(out, &line);
    }
    buf_free(&line);
}

static void print_texts(FILE *out, const char *kind, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf line = {0};
        buf_addf(&line, "%s: %s", kind, texts[i]);
        print_wrapped(out, &line);
        buf_free(&line);
    }
}

static void print_table(FILE *out, struct results *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct outcome *o = r->items[i];
        struct widths w = measure(o);
        bool first = i == 0 || r->items[i - 1]->component != o->component;
        if (first && i > 0)
            fputc('\n', out);
        if (first)
            print_question(out, o);
        for (size_t k = 0; k < o->verdict_count; k++)
            print_verdict(out, &o->verdicts[k], &w);
        print_texts(out, "warning", o->warnings.items, o->warnings.count);
        print_texts(out, "note", o->notes.items, o->notes.count);
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
    json_dumpf(root, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
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
    buf_addf(out, " | %s%s", fate_name(v->fate), v->detail ? " " : "");
    if (v->detail)
        markdown_add_code_cell(out, slice_of(v->detail));
    buf_add_text(out, " |\n");
}

static void print_markdown(FILE *out, const struct results *r)
{
    struct buf text = {0};
    for (size_t i = 0; i < r->count; i++) {
        const struct outcome *o = r->items[i];
        buf_add_text(&text, "### ");
        struct buf title = {0};
        component_add_title(&title, o->component);
        markdown_add(&text, buf_slice(&title));
        buf_free(&title);
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
