/* What must be rebuilt, in the form somebody asked for. */
#ifndef MWATCH_REBUILD_REPORT_H
#define MWATCH_REBUILD_REPORT_H

#include "watcher/base/context.h"
#include "watcher/base/error.h"
#include "watcher/rebuild/graph.h"
#include "watcher/report.h"
#include "watcher/touched.h"

struct rebuild {
    const struct graph *graph;
    const uint32_t *moved;
    size_t moved_count;
    struct graph_dependents found; /* only its rebuilt items are shown */
    const char *revisions;         /* "main..HEAD": what moved is what they touch; NULL = by name */
    const struct touched *touched; /* and how */
};

/* Print it. REPORT_GITHUB prints annotations. */
void rebuild_print(const struct context *ctx, FILE *out, const struct rebuild *r,
                   enum report_format format);

/* Append to the files that a workflow's step is given: the build matrix, with the numbers of
 * rebuilds and levels, to `output`, and the table to `summary`; either may be NULL or "".
 * ERROR_SYSTEM. */
bool rebuild_tell_workflow(const struct rebuild *r, const char *output, const char *summary,
                           struct error *e);

/* "openssl-dev>3", and how it leads to what moved when it is only brought along: "build-base →
 * gcc". Added to *out. */
void rebuild_add_reason(struct buf *out, const struct rebuild *r, uint32_t need);

/* How a node is touched: *count of what, NULL when it is not, but what it needs is. */
const struct touch *rebuild_touches(const struct rebuild *r, uint32_t node, size_t *count);
const char *rebuild_change_name(enum change_kind change); /* "added" */

/* "42 to rebuild when openssl moves, in 5 levels: 40 recipes, 2 images". Added to *out. */
void rebuild_add_summary(struct buf *out, const struct rebuild *r);

/* "a → b → a", each needing the next. Added to *out. */
void rebuild_add_way(struct buf *out, const struct rebuild *r, const struct graph_cycle *cycle);

/* Add the table as Markdown. */
void rebuild_add_markdown(struct buf *out, const struct rebuild *r);

/* The whole document, and the build matrix of a workflow ({"include": [...]}); the caller's. */
struct json_t;
struct json_t *rebuild_json(const struct rebuild *r);
struct json_t *rebuild_matrix(const struct rebuild *r);

#endif
