#include "watcher/report.h"

#include "watcher/base/text.h"

#include <string.h>

static const struct report *const rows[REPORT_FORMATS] = {
    [REPORT_TABLE] = &report_table,
    [REPORT_JSON] = &report_json,
    [REPORT_MARKDOWN] = &report_markdown,
    [REPORT_GITHUB] = &report_github,
};

const struct report *report_row(enum report_format format)
{
    return rows[format];
}

const char *const *report_names(void)
{
    static const char *const names[] = {"table", "json", "markdown", "github", NULL};
    return names;
}

bool report_parse(const char *name, enum report_format *out)
{
    for (int i = 0; i < REPORT_FORMATS; i++) {
        if (strcmp(rows[i]->name, name) != 0)
            continue;
        *out = (enum report_format)i;
        return true;
    }
    return false;
}

void report_add_summary(struct buf *out, const struct results *results, enum report_depth depth)
{
    size_t count = results->count;
    buf_addf(out, "%zu component%s", count, count == 1 ? "" : "s");
    const char *before = ": ";
    for (int kind = 0; kind < DECISION_KINDS; kind++) {
        size_t with = results_with(results, (enum decision_kind)kind);
        bool shown = depth != DEPTH_LIST || kind == DECISION_DISABLED || kind == DECISION_ERROR;
        if (!with || !shown)
            continue;
        buf_addf(out, "%s%zu %s", before, with, decision_name((enum decision_kind)kind));
        before = ", ";
    }
}
