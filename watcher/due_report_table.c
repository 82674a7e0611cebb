/* What is due, for a terminal. */
#include "watcher/base/text.h"
#include "watcher/due_report.h"

enum {
    COLUMNS = 80,
    NAME_MOST = 24,
    FILE_MOST = 36,
    TAG_MOST = 20,
    LEVEL_WIDTH = 5,
};

struct widths {
    size_t name, tag;
};

static size_t wider(size_t width, const char *text, size_t most)
{
    size_t own = text_width(slice_of(text));
    own = own < most ? own : most;
    return own > width ? own : width;
}

static struct widths find_widths(const struct due *d)
{
    struct widths w = {5, 3};
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_REBUILD) {
            w.name = wider(w.name, d->images.items[i]->name, NAME_MOST);
            w.tag = wider(w.tag, due_shown_tag(d->images.items[i]), TAG_MOST);
        }
    return w;
}

static void add_cell(struct buf *out, const char *text, size_t width)
{
    struct buf safe = {0}, cut = {0};
    text_add_visible(&safe, slice_of(text));
    text_add_cut(&cut, buf_slice(&safe), width);
    buf_add(out, buf_slice(&cut));
    buf_pad(out, ' ', width - text_width(buf_slice(&cut)) + 2);
    buf_free(&safe);
    buf_free(&cut);
}

static void print_row(FILE *out, const struct due_image *m, struct widths w)
{
    struct buf line = {0}, changes = {0};
    due_add_changes(&changes, m, FEW_CHANGES);
    buf_addf(&line, "%*u  ", LEVEL_WIDTH, m->level);
    add_cell(&line, m->name, w.name);
    add_cell(&line, due_shown_tag(m), w.tag);
    text_add_cut(&line, buf_slice(&changes), COLUMNS - LEVEL_WIDTH - w.name - w.tag - 6);
    fprintf(out, "%s\n", buf_text(&line));
    buf_free(&line);
    buf_free(&changes);
}

static void print_build(FILE *out, const struct due_build *b, size_t width)
{
    struct buf line = {0}, causes = {0};
    due_add_causes(&causes, b, FEW_CHANGES);
    add_cell(&line, b->recipe->file, width);
    text_add_cut(&line, buf_slice(&causes), COLUMNS - width - 2);
    fprintf(out, "%s\n", buf_text(&line));
    buf_free(&line);
    buf_free(&causes);
}

static void print_builds(FILE *out, const struct due *d)
{
    size_t width = 6;
    struct buf summary = {0}, wrapped = {0};
    bool any = due_count_builds(d, DUE_REBUILD) > 0;
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_REBUILD)
            width = wider(width, d->builds.items[i]->recipe->file, FILE_MOST);
    if (any)
        fprintf(out, "%-*s  BUILT WITH\n", (int)width, "RECIPE");
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_REBUILD)
            print_build(out, d->builds.items[i], width);
    due_add_builds_summary(&summary, d);
    report_add_wrapped(&wrapped, buf_slice(&summary), 0, COLUMNS);
    fprintf(out, "%s%s", any ? "\n" : "", buf_text(&wrapped));
    buf_free(&summary);
    buf_free(&wrapped);
}

static void print_images(FILE *out, const struct due *d)
{
    struct widths w = find_widths(d);
    struct buf summary = {0}, wrapped = {0};
    bool any = due_count(d, DUE_REBUILD) > 0;
    if (any)
        fprintf(out, "LEVEL  %-*s  %-*s  BECAUSE OF\n", (int)w.name, "IMAGE", (int)w.tag, "TAG");
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_REBUILD)
            print_row(out, d->images.items[i], w);
    due_add_summary(&summary, d);
    report_add_wrapped(&wrapped, buf_slice(&summary), 0, COLUMNS);
    fprintf(out, "%s%s", any ? "\n" : "", buf_text(&wrapped));
    buf_free(&summary);
    buf_free(&wrapped);
}

void due_print_table(FILE *out, const struct due *d)
{
    bool builds = due_count_builds(d, DUE_REBUILD) > 0;
    if (d->images.count)
        print_images(out, d);
    if (builds && d->images.count)
        fputc('\n', out);
    if (builds || !d->images.count)
        print_builds(out, d);
}
