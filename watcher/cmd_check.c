#include "watcher/session.h"

int cmd_check(struct context *ctx, struct options *options)
{
    struct session s;
    struct results results = {0};
    struct error e = {0};
    int status;

    if (session_open(&s, ctx, options, &e) && session_connect(&s, &e)) {
        session_check(&s, false, &results);
        session_count(&s, &results);
        report_row(options->report)->print(ctx, stdout, &results, DEPTH_CHECK);
        status = results_status(&results, options->exit_code);
    } else {
        status = fail(ctx, &e);
    }
    results_free(&results);
    session_close(&s);
    return status;
}
