/* What a workflow gets to know: outputs for its other steps, and a summary for people. */
#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/deliver.h"
#include "watcher/markdown.h"

#include <stdlib.h>

/* A runner refuses a step's summary beyond 1 MiB, whole. */
enum { SUMMARY_MOST = 900 * 1024 };

static bool stands(const struct proposed *p)
{
    return p->url && p->state != PROPOSED_NOTHING && p->state != PROPOSED_CLOSED &&
           p->state != PROPOSED_DECLINED;
}

/* Several rows may stand or fall together. */
static void add_address(json_t *array, const char *url)
{
    size_t i;
    json_t *known;
    json_array_foreach(array, i, known)
    {
        if (slice_is(slice_of(json_string_value(known)), url))
            return;
    }
    json_array_append_new(array, json_string(url));
}

void deliver_add_outputs(struct buf *out, const struct results *r)
{
    size_t updates = 0;
    json_t *proposals = json_array();
    for (size_t i = 0; i < r->count; i++) {
        updates += decision_proposes(&r->items[i]->decision);
        if (stands(&r->items[i]->proposed))
            add_address(proposals, r->items[i]->proposed.url);
    }
    char *text = json_dumps(proposals, JSON_COMPACT | JSON_ENSURE_ASCII);
    buf_addf(out, "updates=%zu\nproposals=%s\n", updates, text);
    free(text);
    json_decref(proposals);
}

bool deliver_plan(const struct deliver_plan *plan, struct slice table, const char *output,
                  const char *summary, struct error *e)
{
    struct buf text = {0};
    char *matrix = json_dumps(plan->matrix, JSON_COMPACT);
    buf_addf(&text, "matrix=%s\ncount=%zu\nlevels=%u\n", matrix, plan->count, plan->levels);
    bool good = (!output || !*output || deliver_append(output, buf_slice(&text), e)) &&
                (!summary || !*summary || deliver_append(summary, table, e));
    free(matrix);
    buf_free(&text);
    return good;
}

static void add_cell(struct buf *out, const char *text)
{
    buf_add_text(out, "| ");
    if (text)
        markdown_add(out, slice_of(text));
    buf_add_byte(out, ' ');
}

/* An address that can be nothing but the target of a link. */
static bool is_plain(const char *url)
{
    struct slice rest = slice_of(url);
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] <= ' ' || rest.ptr[i] > '~' ||
            slice_find_byte(SLICE("()<>[]|\\`\"'"), rest.ptr[i]) != SLICE_NONE)
            return false;
    return slice_starts(rest, SLICE("https://"));
}

/* What became of it, which leads to where it can be seen; else why. */
static void add_outcome(struct buf *out, const struct outcome *o)
{
    const struct proposed *p = &o->proposed;
    if (!p->what || !p->url || !is_plain(p->url)) {
        add_cell(out, p->what ? p->what : o->decision.reason);
        return;
    }
    buf_add_text(out, "| [");
    markdown_add(out, slice_of(p->what));
    buf_addf(out, "](%s) ", p->url);
}

static bool is_shown(const struct outcome *o)
{
    return (o->decision.kind != DECISION_CURRENT && o->decision.kind != DECISION_DISABLED) ||
           o->warnings.count > 0;
}

static void add_row(struct buf *out, const struct outcome *o)
{
    struct buf name = {0};
    component_add_title(&name, o->component);
    add_cell(out, buf_text(&name));
    add_cell(out, o->component->current);
    add_cell(out, o->decision.version);
    add_cell(out, decision_name(o->decision.kind));
    add_outcome(out, o);
    buf_add_text(out, "|\n");
    for (size_t i = 0; i < o->warnings.count; i++) {
        add_cell(out, buf_text(&name));
        buf_add_text(out, "| | | warning ");
        add_cell(out, o->warnings.items[i]);
        buf_add_text(out, "|\n");
    }
    buf_free(&name);
}

void deliver_add_summary(struct buf *out, const struct results *r, enum report_depth depth)
{
    size_t shown = 0, left = 0;
    struct buf row = {0};
    size_t silent = report_count_left_out(NULL, r, depth);
    for (size_t i = 0; i < r->count; i++) {
        if (!is_shown(r->items[i]))
            continue;
        buf_clear(&row);
        add_row(&row, r->items[i]);
        bool fits = left == 0 && out->len + row.len < SUMMARY_MOST;
        left += !fits;
        if (!fits)
            continue;
        if (shown++ == 0)
            buf_add_text(out, "| recipe | current | latest | decision | what |\n"
                              "| --- | --- | --- | --- | --- |\n");
        buf_add(out, buf_slice(&row));
    }
    if (left)
        buf_addf(out, "\n%zu more rows do not fit in here; the report has them.\n", left);
    buf_add_text(out, shown ? "\n" : "");
    report_add_summary(out, r, depth);
    buf_add_text(out, silent ? "\n\n" : "\n");
    report_add_left_out(out, silent, false);
    buf_free(&row);
}
