/* Report: the rows in the form somebody asked for. One file a format, one table of them. */
#ifndef MWATCH_REPORT_H
#define MWATCH_REPORT_H

#include "watcher/base/context.h"
#include "watcher/outcome.h"

enum report_format { REPORT_TABLE, REPORT_JSON, REPORT_MARKDOWN, REPORT_GITHUB, REPORT_FORMATS };

/* Which stages have run: that decides what there is to show. */
enum report_depth { DEPTH_LIST, DEPTH_CHECK, DEPTH_RUN };

struct report {
    const char *name; /* "table" */
    const char *help;
    void (*print)(const struct context *ctx, FILE *out, const struct results *results,
                  enum report_depth depth);
};

extern const struct report report_table, report_json, report_markdown, report_github;

/* The row of a format, and all of them, ended by NULL. */
const struct report *report_row(enum report_format format);
const char *const *report_names(void);
bool report_parse(const char *name, enum report_format *out);

/* One line for people: "13 components: 4 patch, 1 major, 8 current". Added to *out. */
void report_add_summary(struct buf *out, const struct results *results, enum report_depth depth);

/* The rows that a report for people shows, in *shown, which borrows all but `items` (for free());
 * how many it leaves out. Those are apko images that pin no versions and that nobody named: there
 * is nothing to be done about them. `list` and -v (LOG_INFO; ctx NULL = without) leave out none. */
size_t report_select(const struct context *ctx, const struct results *r, enum report_depth depth,
                     struct results *shown);

/* How many that would leave out. */
size_t report_count_left_out(const struct context *ctx, const struct results *r,
                             enum report_depth depth);

/* Add the line that stands for the rows left out, where -v would show them with a word on that.
 * Nothing for 0. */
void report_add_left_out(struct buf *out, size_t left_out, bool verbose_shows);

/* Add `text` wrapped at word ends to `columns` columns, each line after `indent` blanks; control
 * bytes are made visible. A word longer than a line is broken. Ends in a line break. */
void report_add_wrapped(struct buf *out, struct slice text, size_t indent, size_t columns);

/* Add a workflow command that annotates a line of a file (line 0 = the file): `level` is "notice",
 * "warning" or "error". */
void report_add_annotation(struct buf *out, const char *level, const char *file, size_t line,
                           struct slice title, const char *message);

/* Add text of several lines with control bytes made visible; tabs stay, CRLF becomes LF. */
void report_add_lines(struct buf *out, struct slice text);

/* Add the diffs of all files of a change set, as report_add_lines does. */
void report_add_diff(struct buf *out, const struct change_set *set);

/* Add the payload of a dispatch, a member a line. */
void report_add_payload(struct buf *out, const struct told_target *t);

/* What its source is called where it is configured: the preset's name, else the adapter's; NULL
 * when it has none. */
const char *report_source(const struct component *c);

/* Add "rails/ruby" or "redis" (see component_add_title), made visible. */
void report_add_title(struct buf *out, const struct component *c);

/* The whole object for a component, as `check --format json` gives it; the caller owns it. */
struct json_t;
struct json_t *report_component_json(const struct outcome *o, enum report_depth depth);

#endif
