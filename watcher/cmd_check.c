#include "watcher/session.h"
#include "watcher/verify.h"

int cmd_check(struct context *ctx, struct options *options)
{
    struct session s;
    struct results results = {0};
    struct error e = {0};
    int status;

    if (session_open(&s, ctx, options, &e) && session_connect(&s, &e)) {
        session_check(&s, false, &results);
        verify_run(s.http, s.root, &results, options->verify);
        session_count(&s, &results);
        bool good = session_deliver(&s, &results, DEPTH_CHECK, &e);
        status = good ? results_status(&results, options->exit_code) : fail(ctx, &e);
    } else {
        status = fail(ctx, &e);
    }
    results_free(&results);
    session_close(&s);
    return status;
}
