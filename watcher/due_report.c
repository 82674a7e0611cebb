#include "watcher/due_report.h"

#include "watcher/base/json.h"

#include <stdlib.h>
#include <string.h>

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

const char *due_shown_tag(const struct due_image *m)
{
    return m->tag ? m->tag : "-";
}

void due_add_builds_summary(struct buf *out, const struct due *d)
{
    size_t due = due_count_builds(d, DUE_REBUILD), failed = due_count_builds(d, DUE_FAILED);
    size_t same = due_count_builds(d, DUE_SAME);
    if (due) {
        buf_addf(out, "%zu of %zu recipe%s would be built with other packages than last time", due,
                 d->builds.count, d->builds.count == 1 ? "" : "s");
    } else if (d->images.count == 0) {
        buf_add_text(out, "nothing to rebuild: ");
        add_count(out, same, "recipe");
        buf_add_text(out, " would be built with the same packages as last time");
    }
    if (failed && out->len)
        buf_addf(out, "; %zu failed", failed);
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

static void add_annotation(struct buf *out, const struct due_image *m)
{
    struct buf message = {0};
    buf_addf(&message, "rebuild as %s in level %u: ", due_shown_tag(m), m->level);
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
    if (d->images.count)
        due_add_summary(out, d);
    else
        due_add_builds_summary(out, d);
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
        due_print_table(out, d);
    if (text.len)
        fputs(buf_text(&text), out);
    buf_free(&text);
    if (format == REPORT_JSON || !proposed || proposed->count == 0)
        return;
    if (format != REPORT_GITHUB)
        fputc('\n', out);
    report_row(format)->print(ctx, out, proposed, DEPTH_RUN);
}
