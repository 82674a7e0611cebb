/* What is due, in the form somebody asked for. */
#ifndef MWATCH_DUE_REPORT_H
#define MWATCH_DUE_REPORT_H

#include "watcher/due.h"
#include "watcher/report.h"

/* Print it, and the rows that were, or would be, proposed for it; NULL = nobody asked for any.
 * REPORT_GITHUB prints annotations. */
void due_print(const struct context *ctx, FILE *out, const struct due *d,
               const struct results *proposed, enum report_format format);

/* Few changes are named where there is little room. */
enum { FEW_CHANGES = 3 };

/* Append to the files that a workflow's step is given: to `output` the build matrix, with the
 * numbers of builds and levels, to `summary` the table; either may be NULL or "". ERROR_SYSTEM. */
bool due_tell_workflow(const struct due *d, const char *output, const char *summary,
                       struct error *e);

/* "3 of 12 images to rebuild, in 2 levels; 9 the same". Added to *out. */
void due_add_summary(struct buf *out, const struct due *d);

/* Its tag, "-" where there is none. */
const char *due_shown_tag(const struct due_image *m);

/* "openssl 3.5.1-r0 → 3.5.2-r0, libssl3 3.5.1-r0 → 3.5.2-r0 and 3 more": the image's own package
 * first, `most` of them at most. Added to *out. */
void due_add_changes(struct buf *out, const struct due_image *m, size_t most);

/* The same of a recipe: which packages that it names moved, as due_add_changes has them. */
void due_add_causes(struct buf *out, const struct due_build *b, size_t most);

/* "1 of 5 recipes would be built with other packages than last time". Added to *out; nothing where
 * none would and there are images to speak of. */
void due_add_builds_summary(struct buf *out, const struct due *d);

/* Print the table, 80 columns wide. */
void due_print_table(FILE *out, const struct due *d);

/* The table, as Markdown. Added to *out. */
void due_add_markdown(struct buf *out, const struct due *d);

/* The whole document; the build matrix; and what a dispatch for one level says, 0 = all. The
 * caller's. */
struct json_t;
struct json_t *due_json(const struct due *d, const struct results *proposed);
struct json_t *due_matrix(const struct due *d, unsigned level);

#endif
