/* Hand the rows over: to standard output, to the workflow that runs us, to a file. */
#ifndef MWATCH_DELIVER_H
#define MWATCH_DELIVER_H

#include "watcher/base/error.h"
#include "watcher/report.h"

struct json_t;

struct delivery {
    enum report_format format;
    enum report_depth depth;
    bool dry_run;        /* nothing was proposed: what would be is news */
    bool quiet;          /* a table holds only news, and nothing is printed when there are none */
    const char *report;  /* the file for the JSON report; NULL = none */
    const char *output;  /* GITHUB_OUTPUT and GITHUB_STEP_SUMMARY; NULL or "" = none. Only for */
    const char *summary; /* REPORT_GITHUB */
};

/* Print the rows, and fill the files that the delivery names. Whatever cannot be written, the rest
 * is; ERROR_SYSTEM tells of the first file. */
bool deliver(const struct context *ctx, const struct delivery *d, const struct results *r,
             struct error *e);

/* Append to a file that another program reads afterwards, as a workflow's runner does. */
bool deliver_append(const char *path, struct slice text, struct error *e);

/* What `output` gets: `updates`, how many rows have something to propose, and `proposals`, the
 * addresses of what stands for them, a JSON array. Docs: "Workflow commands for GitHub Actions". */
void deliver_add_outputs(struct buf *out, const struct results *r);

/* What is to be built: the matrix of its rows, how many these are, and in how many levels. */
struct deliver_plan {
    struct json_t *matrix;
    size_t count;
    unsigned levels;
};

/* Append to the files that a step is given: to `output` the plan as `matrix`, `count` and `levels`,
 * to `summary` the table; either may be NULL or "". ERROR_SYSTEM. */
bool deliver_plan(const struct deliver_plan *plan, struct slice table, const char *output,
                  const char *summary, struct error *e);

/* What `summary` gets: a table of what is not current, warnings, and the totals. Below the size
 * that a runner takes, with a word on what was left out. */
void deliver_add_summary(struct buf *out, const struct results *r, enum report_depth depth);

#endif
