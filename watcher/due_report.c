#include "watcher/due_report.h"

#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/markdown.h"

#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS = 80,
    NAME_MOST = 24,
    FILE_MOST = 36,
    TAG_MOST = 20,
    LEVEL_WIDTH = 5,
    FEW_CHANGES = 3
};

#define ARROW " \xe2\x86\x92 "

static void add_count(struct buf *out, size_t count, const char *what)
{
    buf_addf(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

void due_add_summary(struct buf *out, const struct due *d)
{
    size_t due = due_count(d, DUE_REBUILD), same = due_count(d, DUE_SAME);
    size_t waiting = due_count(d, DUE_TRIGGERED), failed = due_count(d, DUE_FAILED);
    if (due == 0 && waiting == 0 && failed == 0) {
        buf_add_text(out, "nothing to rebuild: ");
        add_count(out, same, "image");
        buf_addf(out, " would come out as %s", same == 1 ? "it is" : "they are");
        return;
    }
    if (due == 0)
        buf_add_text(out, "nothing to rebuild");
    else
        buf_addf(out, "%zu of %zu images to rebuild, in %u level%s", due, d->images.count,
                 d->levels, d->levels == 1 ? "" : "s");
    buf_addf(out, "; %zu the same", same);
    if (waiting)
        buf_addf(out, ", %zu triggered before", waiting);
    if (failed)
        buf_addf(out, ", %zu failed", failed);
}

void due_add_builds_summary(struct buf *out, const struct due *d)
{
    size_t due = due_count_builds(d, DUE_REBUILD);
    if (due)
        buf_addf(out, "%zu of %zu recipe%s would be built with other packages than last time", due,
                 d->builds.count, d->builds.count == 1 ? "" : "s");
}

static void add_change(struct buf *out, const struct state_change *c)
{
    switch (c->kind) {
    case STATE_ADDED:
        buf_addf(out, "%s %s added", c->name, c->to);
        break;
    case STATE_REMOVED:
        buf_addf(out, "%s %s removed", c->name, c->from);
        break;
    case STATE_MOVED:
        buf_addf(out, "%s %s" ARROW "%s", c->name, c->from, c->to);
        break;
    case STATE_REBUILT:
        buf_addf(out, "%s %s built anew", c->name, c->to);
        break;
    }
    if (c->archs)
        buf_addf(out, " (%s)", c->archs);
}

static void add_fixed(struct buf *out, const struct due_image *m, size_t change)
{
    size_t count = m->fixed ? m->fixed[change].ids.count : 0;
    if (count == 0)
        return;
    buf_addf(out, " (fixes %s", m->fixed[change].ids.items[0]);
    if (count > 1)
        buf_addf(out, " and %zu more", count - 1);
    buf_add_byte(out, ')');
}

/* The package that people know the image by comes first. */
static bool is_primary(const struct due_image *m, const struct state_change *c)
{
    return m->primary && strcmp(m->primary, c->name) == 0;
}

void due_add_changes(struct buf *out, const struct due_image *m, size_t most)
{
    size_t shown = 0, count = m->changes.list.count;
    if (m->then.sets.count == 0) {
        buf_add_text(out, !m->then.digest ? "there is no image yet"
                          : m->asked      ? "asked for"
                                          : "other packages than its label tells of");
        return;
    }
    if (count == 0 && m->asked)
        buf_add_text(out, "asked for");
    for (int primary = 1; primary >= 0; primary--)
        for (size_t i = 0; i < count && shown < most; i++) {
            const struct state_change *c = &m->changes.list.items[i];
            if (is_primary(m, c) != (primary == 1))
                continue;
            buf_add_text(out, shown++ ? ", " : "");
            add_change(out, c);
            add_fixed(out, m, i);
        }
    if (count > shown)
        buf_addf(out, " and %zu more", count - shown);
}

void due_add_causes(struct buf *out, const struct due_build *b, size_t most)
{
    for (size_t i = 0; i < b->causes.count && i < most; i++) {
        buf_add_text(out, i ? ", " : "");
        add_change(out, &b->made.changes.list.items[b->causes.items[i]]);
    }
    if (b->causes.count > most)
        buf_addf(out, " and %zu more", b->causes.count - most);
}

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
            w.tag = wider(w.tag, d->images.items[i]->tag, TAG_MOST);
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
    add_cell(&line, m->tag, w.tag);
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
    if (due_count_builds(d, DUE_REBUILD) == 0)
        return;
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_REBUILD)
            width = wider(width, d->builds.items[i]->recipe->file, FILE_MOST);
    fprintf(out, "\n%-*s  BUILT WITH\n", (int)width, "RECIPE");
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_REBUILD)
            print_build(out, d->builds.items[i], width);
    due_add_builds_summary(&summary, d);
    report_add_wrapped(&wrapped, buf_slice(&summary), 0, COLUMNS);
    fprintf(out, "\n%s", buf_text(&wrapped));
    buf_free(&summary);
    buf_free(&wrapped);
}

static void print_table(FILE *out, const struct due *d)
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
    print_builds(out, d);
    buf_free(&summary);
    buf_free(&wrapped);
}

static void add_markdown_row(struct buf *out, const struct due_image *m)
{
    struct buf changes = {0};
    due_add_changes(&changes, m, 2 * FEW_CHANGES);
    buf_addf(out, "| %u | ", m->level);
    markdown_add(out, slice_of(m->name));
    buf_add_text(out, " | ");
    markdown_add_code_cell(out, slice_of(m->tag));
    buf_add_text(out, " | ");
    markdown_add(out, buf_slice(&changes));
    buf_add_text(out, " |\n");
    buf_free(&changes);
}

static void add_markdown_builds(struct buf *out, const struct due *d)
{
    struct buf text = {0};
    buf_add_text(out, "\n| recipe | built with |\n| --- | --- |\n");
    for (size_t i = 0; i < d->builds.count; i++) {
        const struct due_build *b = d->builds.items[i];
        if (b->made.fate != DUE_REBUILD)
            continue;
        buf_clear(&text);
        due_add_causes(&text, b, 2 * FEW_CHANGES);
        buf_add_text(out, "| ");
        markdown_add_code_cell(out, slice_of(b->recipe->file));
        buf_add_text(out, " | ");
        markdown_add(out, buf_slice(&text));
        buf_add_text(out, " |\n");
    }
    buf_clear(&text);
    due_add_builds_summary(&text, d);
    buf_add_byte(out, '\n');
    markdown_add(out, buf_slice(&text));
    buf_add_byte(out, '\n');
    buf_free(&text);
}

static void add_markdown_failure(struct buf *out, const struct due_image *m)
{
    buf_add_text(out, "- ");
    markdown_add_code(out, slice_of(m->file));
    buf_addf(out, ": %s", m->build ? "what it is built with: " : "");
    markdown_add(out, slice_of(m->error.message));
    buf_add_byte(out, '\n');
}

static void add_markdown_failures(struct buf *out, const struct due *d)
{
    for (size_t i = 0; i < d->images.count; i++) {
        if (d->images.items[i]->fate == DUE_FAILED)
            add_markdown_failure(out, d->images.items[i]);
    }
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_FAILED)
            add_markdown_failure(out, &d->builds.items[i]->made);
}

void due_add_markdown(struct buf *out, const struct due *d)
{
    struct buf summary = {0};
    bool any = due_count(d, DUE_REBUILD) > 0;
    if (any)
        buf_add_text(out, "| level | image | tag | because of |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_REBUILD)
            add_markdown_row(out, d->images.items[i]);
    due_add_summary(&summary, d);
    buf_add_text(out, any ? "\n" : "");
    markdown_add(out, buf_slice(&summary));
    buf_add_byte(out, '\n');
    if (due_count_builds(d, DUE_REBUILD))
        add_markdown_builds(out, d);
    if (due_count(d, DUE_FAILED) + due_count_builds(d, DUE_FAILED)) {
        buf_add_byte(out, '\n');
        add_markdown_failures(out, d);
    }
    buf_free(&summary);
}

static void add_annotation(struct buf *out, const struct due_image *m)
{
    struct buf message = {0};
    buf_addf(&message, "rebuild as %s in level %u: ", m->tag, m->level);
    due_add_changes(&message, m, FEW_CHANGES);
    report_add_annotation(out, "notice", m->file, 0, slice_of(m->name), buf_text(&message));
    buf_free(&message);
}

static void add_build_annotation(struct buf *out, const struct due_build *b)
{
    struct buf message = {0};
    const char *kind = b->made.fate == DUE_FAILED ? "error" : "notice";
    if (b->made.fate == DUE_FAILED)
        buf_addf(&message, "what it is built with: %s", b->made.error.message);
    else if (b->made.fate == DUE_REBUILD)
        due_add_causes(&message, b, FEW_CHANGES);
    if (message.len)
        report_add_annotation(out, kind, b->recipe->file, 0, slice_of(b->recipe->name),
                              buf_text(&message));
    buf_free(&message);
}

static void add_annotations(struct buf *out, const struct due *d)
{
    for (size_t i = 0; i < d->images.count; i++) {
        const struct due_image *m = d->images.items[i];
        if (m->fate == DUE_REBUILD)
            add_annotation(out, m);
        else if (m->fate == DUE_FAILED)
            report_add_annotation(out, "error", m->file, 0, slice_of(m->name), m->error.message);
    }
    for (size_t i = 0; i < d->builds.count; i++)
        add_build_annotation(out, d->builds.items[i]);
    due_add_summary(out, d);
    buf_add_byte(out, '\n');
}

static void add_json(struct buf *out, const struct due *d, const struct results *proposed)
{
    json_t *root = due_json(d, proposed);
    char *text = json_dumps(root, JSON_INDENT(2));
    buf_addf(out, "%s\n", text);
    free(text);
    json_decref(root);
}

void due_print(const struct context *ctx, FILE *out, const struct due *d,
               const struct results *proposed, enum report_format format)
{
    struct buf text = {0};
    if (format == REPORT_JSON)
        add_json(&text, d, proposed);
    else if (format == REPORT_MARKDOWN)
        due_add_markdown(&text, d);
    else if (format == REPORT_GITHUB)
        add_annotations(&text, d);
    else
        print_table(out, d);
    if (text.len)
        fputs(buf_text(&text), out);
    buf_free(&text);
    if (format == REPORT_JSON || !proposed || proposed->count == 0)
        return;
    if (format != REPORT_GITHUB)
        fputc('\n', out);
    report_row(format)->print(ctx, out, proposed, DEPTH_RUN);
}
