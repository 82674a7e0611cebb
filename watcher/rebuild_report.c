#include "watcher/rebuild_report.h"

#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/markdown.h"
#include "watcher/recipes/needs.h"

#include <stdlib.h>

enum { COLUMNS = 80, NAME_MOST = 26, LEVEL_WIDTH = 5, REASON_LEAST = 12 };

#define ARROW " \xe2\x86\x92 "

static const struct graph_node *node_of(const struct rebuild *r, uint32_t node)
{
    return graph_node_at(r->graph, node);
}

const struct touch *rebuild_touches(const struct rebuild *r, uint32_t node, size_t *count)
{
    size_t from = 0, end = r->touched ? r->touched->list.count : 0, first;
    const struct touch *list = r->touched ? r->touched->list.items : NULL;
    *count = 0;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (list[middle].node < node)
            from = middle + 1;
        else
            end = middle;
    }
    for (first = from; r->touched && from < r->touched->list.count; from++, ++*count)
        if (list[from].node != node)
            break;
    return *count ? &list[first] : NULL;
}

const char *rebuild_change_name(enum change_kind change)
{
    static const char *const names[] = {"added", "changed", "deleted"};
    return names[change];
}

/* What a node only brings along leads on: its own need is the next step. */
void rebuild_add_reason(struct buf *out, const struct rebuild *r, uint32_t need)
{
    const struct graph_need *n = graph_need_at(r->graph, need);
    buf_add_text(out, n->text);
    for (;;) {
        uint32_t place = r->found.place[n->to];
        if (place == GRAPH_NONE || r->found.items[place].rebuilt)
            return;
        n = graph_need_at(r->graph, r->found.items[place].needs[0]);
        buf_addf(out, ARROW "%s", n->text);
    }
}

void rebuild_add_way(struct buf *out, const struct rebuild *r, const struct graph_cycle *cycle)
{
    for (size_t i = 0; i < cycle->way_count; i++)
        buf_addf(out, "%s" ARROW, node_of(r, cycle->way[i])->name);
    buf_add_text(out, node_of(r, cycle->way[0])->name);
}

static void add_count(struct buf *out, size_t count, const char *what)
{
    buf_addf(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* "when a, b move", or the revisions that they were found by. */
static void add_occasion(struct buf *out, const struct rebuild *r)
{
    if (r->revisions) {
        buf_add_text(out, "for ");
        text_add_visible(out, slice_of(r->revisions));
        return;
    }
    buf_add_text(out, "when ");
    for (size_t i = 0; i < r->moved_count; i++)
        buf_addf(out, "%s%s", i ? ", " : "", node_of(r, r->moved[i])->name);
    buf_add_text(out, r->moved_count == 1 ? " moves" : " move");
}

static void add_nothing(struct buf *out, const struct rebuild *r)
{
    buf_add_text(out, r->revisions ? "nothing to rebuild " : "nothing here must be rebuilt ");
    add_occasion(out, r);
    if (!r->revisions)
        return;
    buf_add_text(out, ": ");
    if (r->touched->files == 0)
        buf_add_text(out, "no file differs");
    else if (r->touched->files == 1)
        buf_add_text(out, "one file differs, which no recipe or image is made of");
    else
        buf_addf(out, "%zu files differ, none that a recipe or image is made of",
                 r->touched->files);
}

void rebuild_add_summary(struct buf *out, const struct rebuild *r)
{
    size_t images = 0;
    if (r->found.rebuilt == 0) {
        add_nothing(out, r);
        return;
    }
    for (size_t i = 0; i < r->found.count; i++)
        images += r->found.items[i].rebuilt && node_of(r, r->found.items[i].node)->image;
    buf_addf(out, "%zu to rebuild ", r->found.rebuilt);
    add_occasion(out, r);
    buf_add_text(out, ", in ");
    add_count(out, r->found.levels, "level");
    buf_add_text(out, ": ");
    add_count(out, r->found.rebuilt - images, "recipe");
    buf_add_text(out, ", ");
    add_count(out, images, "image");
}

/* Only file and line tell apart what is called the same. */
static void add_where(struct buf *out, const struct graph_need *need)
{
    buf_add_text(out, need->file);
    if (need->line)
        buf_addf(out, ":%u", (unsigned)need->line);
}

/* "changed redis/melange.yaml and 2 more" */
static void add_touches(struct buf *out, const struct touch *touches, size_t count, size_t columns)
{
    struct buf text = {0};
    buf_addf(&text, "%s ", rebuild_change_name(touches[0].change));
    text_add_visible(&text, slice_of(touches[0].file));
    if (count > 1)
        buf_addf(&text, " and %zu more", count - 1);
    text_add_cut(out, buf_slice(&text), columns ? columns : SIZE_MAX);
    buf_free(&text);
}

/* The reason is cut to `columns`, so that where it stands can be read in full; 0 = not cut. */
static void add_because(struct buf *out, const struct rebuild *r, const struct graph_dependent *d,
                        size_t columns)
{
    size_t count;
    const struct touch *touches = rebuild_touches(r, d->node, &count);
    if (touches) {
        add_touches(out, touches, count, columns);
        return;
    }
    const struct graph_need *need = graph_need_at(r->graph, d->needs[0]);
    struct buf reason = {0}, where = {0};
    buf_addf(&reason, "%s ", need_kind_name((enum need_kind)need->kind));
    rebuild_add_reason(&reason, r, d->needs[0]);
    add_where(&where, need);
    size_t used = text_width(buf_slice(&where)) + 2;
    size_t least = used + REASON_LEAST < columns ? columns - used : REASON_LEAST;
    text_add_cut(out, buf_slice(&reason), columns ? least : SIZE_MAX);
    buf_addf(out, ", %s", buf_text(&where));
    buf_free(&reason);
    buf_free(&where);
}

static size_t name_width(const struct rebuild *r)
{
    size_t width = 6;
    for (size_t i = 0; i < r->found.count; i++) {
        size_t w = text_width(slice_of(node_of(r, r->found.items[i].node)->name));
        if (r->found.items[i].rebuilt && w > width)
            width = w < NAME_MOST ? w : NAME_MOST;
    }
    return width;
}

static void print_row(FILE *out, const struct rebuild *r, const struct graph_dependent *d,
                      size_t width)
{
    struct buf line = {0}, name = {0}, safe = {0};
    text_add_visible(&safe, slice_of(node_of(r, d->node)->name));
    text_add_cut(&name, buf_slice(&safe), width);
    buf_addf(&line, "%*u  %s", LEVEL_WIDTH, d->level, buf_text(&name));
    buf_pad(&line, ' ', width - text_width(buf_slice(&name)) + 2);
    add_because(&line, r, d, COLUMNS - LEVEL_WIDTH - width - 4);
    fprintf(out, "%s\n", buf_text(&line));
    buf_free(&line);
    buf_free(&name);
    buf_free(&safe);
}

static void print_cycles(FILE *out, const struct rebuild *r)
{
    struct buf text = {0};
    for (size_t i = 0; i < r->found.cycle_count; i++) {
        struct buf line = {0};
        const struct graph_cycle *cycle = &r->found.cycles[i];
        buf_addf(&line, "cycle of %zu%s: ", cycle->count,
                 cycle->count > cycle->way_count ? ", for one" : "");
        rebuild_add_way(&line, r, cycle);
        report_add_wrapped(&text, buf_slice(&line), 0, COLUMNS);
        buf_free(&line);
    }
    if (text.len)
        fprintf(out, "\n%s", buf_text(&text));
    buf_free(&text);
}

static void print_table(FILE *out, const struct rebuild *r)
{
    size_t width = name_width(r);
    struct buf summary = {0}, wrapped = {0};
    if (r->found.rebuilt)
        fprintf(out, "LEVEL  %-*s  BECAUSE OF\n", (int)width, "RECIPE");
    for (size_t i = 0; i < r->found.count; i++)
        if (r->found.items[i].rebuilt)
            print_row(out, r, &r->found.items[i], width);
    print_cycles(out, r);
    rebuild_add_summary(&summary, r);
    if (r->found.rebuilt)
        report_add_wrapped(&wrapped, buf_slice(&summary), 0, COLUMNS);
    else
        buf_addf(&wrapped, "%s\n", buf_text(&summary));
    fprintf(out, "%s%s", r->found.rebuilt ? "\n" : "", buf_text(&wrapped));
    buf_free(&summary);
    buf_free(&wrapped);
}

static void add_touched_row(struct buf *out, const struct touch *touches, size_t count)
{
    buf_addf(out, " | %s | ", rebuild_change_name(touches[0].change));
    markdown_add_code_cell(out, slice_of(touches[0].file));
    if (count > 1)
        buf_addf(out, " and %zu more", count - 1);
    buf_add_text(out, " | |\n");
}

static void add_needing_row(struct buf *out, const struct rebuild *r,
                            const struct graph_dependent *d)
{
    const struct graph_need *need = graph_need_at(r->graph, d->needs[0]);
    struct buf reason = {0}, where = {0};
    rebuild_add_reason(&reason, r, d->needs[0]);
    add_where(&where, need);
    buf_addf(out, " | %s | ", need_kind_name((enum need_kind)need->kind));
    markdown_add_code(out, buf_slice(&reason));
    buf_add_text(out, " | ");
    markdown_add_code(out, buf_slice(&where));
    buf_add_text(out, " |\n");
    buf_free(&reason);
    buf_free(&where);
}

static void add_markdown_row(struct buf *out, const struct rebuild *r,
                             const struct graph_dependent *d)
{
    size_t count;
    const struct touch *touches = rebuild_touches(r, d->node, &count);
    buf_addf(out, "| %u | ", d->level);
    markdown_add(out, slice_of(node_of(r, d->node)->name));
    if (touches)
        add_touched_row(out, touches, count);
    else
        add_needing_row(out, r, d);
}

static void add_markdown_cycle(struct buf *out, const struct rebuild *r,
                               const struct graph_cycle *cycle)
{
    struct buf way = {0};
    rebuild_add_way(&way, r, cycle);
    buf_addf(out, "\n- cycle of %zu: ", cycle->count);
    markdown_add(out, buf_slice(&way));
    buf_free(&way);
}

void rebuild_add_markdown(struct buf *out, const struct rebuild *r)
{
    struct buf summary = {0};
    rebuild_add_summary(&summary, r);
    if (r->found.rebuilt)
        buf_add_text(out, "| level | recipe | kind | because of | where |\n"
                          "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < r->found.count; i++)
        if (r->found.items[i].rebuilt)
            add_markdown_row(out, r, &r->found.items[i]);
    for (size_t i = 0; i < r->found.cycle_count; i++)
        add_markdown_cycle(out, r, &r->found.cycles[i]);
    buf_add_text(out, r->found.cycle_count ? "\n\n" : r->found.rebuilt ? "\n" : "");
    markdown_add(out, buf_slice(&summary));
    buf_add_byte(out, '\n');
    buf_free(&summary);
}

static void add_annotation(struct buf *out, const struct rebuild *r,
                           const struct graph_dependent *d)
{
    size_t touches;
    bool touched = rebuild_touches(r, d->node, &touches);
    const struct graph_need *need = touched ? NULL : graph_need_at(r->graph, d->needs[0]);
    const struct graph_node *node = node_of(r, d->node);
    struct buf message = {0};
    buf_addf(&message, "rebuild in level %u: ", d->level);
    add_because(&message, r, d, 0);
    report_add_annotation(out, "notice", need ? need->file : node->file, need ? need->line : 0,
                          slice_of(node->name), buf_text(&message));
    buf_free(&message);
}

static void print_annotations(FILE *out, const struct rebuild *r)
{
    struct buf text = {0};
    for (size_t i = 0; i < r->found.count; i++)
        if (r->found.items[i].rebuilt)
            add_annotation(&text, r, &r->found.items[i]);
    rebuild_add_summary(&text, r);
    fprintf(out, "%s\n", buf_text(&text));
    buf_free(&text);
}

static void print_json(FILE *out, const struct rebuild *r)
{
    json_t *root = rebuild_json(r);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}

static void print_markdown(FILE *out, const struct rebuild *r)
{
    struct buf text = {0};
    rebuild_add_markdown(&text, r);
    fputs(buf_text(&text), out);
    buf_free(&text);
}

void rebuild_print(const struct context *ctx, FILE *out, const struct rebuild *r,
                   enum report_format format)
{
    (void)ctx;
    switch (format) {
    case REPORT_JSON:
        print_json(out, r);
        break;
    case REPORT_MARKDOWN:
        print_markdown(out, r);
        break;
    case REPORT_GITHUB:
        print_annotations(out, r);
        break;
    default:
        print_table(out, r);
        break;
    }
}
