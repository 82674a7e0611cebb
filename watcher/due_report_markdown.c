/* What is due, as Markdown. */
#include "watcher/due_report.h"
#include "watcher/markdown.h"

enum { MANY_CHANGES = 6 };

static void add_markdown_row(struct buf *out, const struct due_image *m)
{
    struct buf changes = {0};
    due_add_changes(&changes, m, MANY_CHANGES);
    buf_addf(out, "| %u | ", m->level);
    markdown_add(out, slice_of(m->name));
    buf_add_text(out, " | ");
    markdown_add_code_cell(out, slice_of(due_shown_tag(m)));
    buf_add_text(out, " | ");
    markdown_add(out, buf_slice(&changes));
    buf_add_text(out, " |\n");
    buf_free(&changes);
}

static void add_markdown_builds(struct buf *out, const struct due *d)
{
    struct buf text = {0};
    bool any = due_count_builds(d, DUE_REBUILD) > 0;
    buf_add_text(out, any ? "| recipe | built with |\n| --- | --- |\n" : "");
    for (size_t i = 0; i < d->builds.count; i++) {
        const struct due_build *b = d->builds.items[i];
        if (b->made.fate != DUE_REBUILD)
            continue;
        buf_clear(&text);
        due_add_causes(&text, b, MANY_CHANGES);
        buf_add_text(out, "| ");
        markdown_add_code_cell(out, slice_of(b->recipe->file));
        buf_add_text(out, " | ");
        markdown_add(out, buf_slice(&text));
        buf_add_text(out, " |\n");
    }
    buf_clear(&text);
    due_add_builds_summary(&text, d);
    buf_add_text(out, any ? "\n" : "");
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

static void add_markdown_images(struct buf *out, const struct due *d)
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
    buf_free(&summary);
}

void due_add_markdown(struct buf *out, const struct due *d)
{
    bool builds = due_count_builds(d, DUE_REBUILD) > 0;
    if (d->images.count)
        add_markdown_images(out, d);
    if (builds && d->images.count)
        buf_add_byte(out, '\n');
    if (builds || !d->images.count)
        add_markdown_builds(out, d);
    if (due_count(d, DUE_FAILED) + due_count_builds(d, DUE_FAILED)) {
        buf_add_byte(out, '\n');
        add_markdown_failures(out, d);
    }
}
