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

void rebuild_add_summary(struct buf *out, const struct rebuild *r)
{
    size_t images = 0;
    for (size_t i = 0; i < r->found.count; i++)
        images += r->found.items[i].rebuilt && node_of(r, r->found.items[i].node)->image;
    if (r->found.rebuilt == 0)
        buf_add_text(out, "nothing here must be rebuilt when ");
    else
        buf_addf(out, "%zu to rebuild when ", r->found.rebuilt);
    for (size_t i = 0; i < r->moved_count; i++)
        buf_addf(out, "%s%s", i ? ", " : "", node_of(r, r->moved[i])->name);
    buf_add_text(out, r->moved_count == 1 ? " moves" : " move");
    if (r->found.rebuilt == 0)
        return;
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

/* The reason is cut to `columns`, so that where it stands can be read in full; 0 = not cut. */
static void add_because(struct buf *out, const struct rebuild *r, const struct graph_dependent *d,
                        size_t columns)
{
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
    report_add_wrapped(&wrapped, buf_slice(&summary), 0, COLUMNS);
    fprintf(out, "%s%s", r->found.rebuilt ? "\n" : "", buf_text(&wrapped));
    buf_free(&summary);
    buf_free(&wrapped);
}

static void add_markdown_row(struct buf *out, const struct rebuild *r,
                             const struct graph_dependent *d)
{
    const struct graph_need *need = graph_need_at(r->graph, d->needs[0]);
    struct buf reason = {0}, where = {0};
    rebuild_add_reason(&reason, r, d->needs[0]);
    add_where(&where, need);
    buf_addf(out, "| %u | ", d->level);
    markdown_add(out, slice_of(node_of(r, d->node)->name));
    buf_addf(out, " | %s | ", need_kind_name((enum need_kind)need->kind));
    markdown_add_code(out, buf_slice(&reason));
    buf_add_text(out, " | ");
    markdown_add_code(out, buf_slice(&where));
    buf_add_text(out, " |\n");
    buf_free(&reason);
    buf_free(&where);
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
    const struct graph_need *need = graph_need_at(r->graph, d->needs[0]);
    struct buf message = {0};
    buf_addf(&message, "rebuild in level %u: ", d->level);
    add_because(&message, r, d, 0);
    report_add_annotation(out, "notice", need->file, need->line,
                          slice_of(node_of(r, d->node)->name), buf_text(&message));
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
