#include "watcher/session.h"

/* Nobody is asked, so what there is to decide is only whether a component can be watched at all. */
static void add_row(struct results *r, const struct component *c)
{
    struct outcome *o = results_add(r, c);
    o->decision.kind = DECISION_CURRENT;
    for (size_t i = 0; i < c->warnings.count; i++)
        vec_push(&o->arena, &o->warnings, c->warnings.items[i]);
    if (error_is_set(&c->error)) {
        o->decision.kind = DECISION_ERROR;
        o->decision.reason = c->error.message;
    } else if (c->disabled) {
        o->decision.kind = DECISION_DISABLED;
        o->decision.reason = c->disabled;
    }
}

int cmd_list(struct context *ctx, struct options *options)
{
    struct session s;
    struct results results = {0};
    struct error e = {0};
    int status;

    if (session_open(&s, ctx, options, &e)) {
        for (size_t i = 0; i < s.found.components.count; i++)
            add_row(&results, s.found.components.items[i]);
        session_count(&s, &results);
        report_row(options->report)->print(ctx, stdout, &results, DEPTH_LIST);
        status = results_status(&results, false);
    } else {
        status = fail(ctx, &e);
    }
    results_free(&results);
    session_close(&s);
    return status;
}
