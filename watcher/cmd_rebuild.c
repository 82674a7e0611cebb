/* Who must be rebuilt when something moves. */
#include "watcher/cmd_rebuild_due.h"
#include "watcher/gather.h"
#include "watcher/rebuild_report.h"
#include "watcher/session.h"

#include <stdlib.h>
#include <string.h>

static bool check_options(const struct options *o, struct error *e)
{
    if (o->operands.count)
        return error_set(e, ERROR_USAGE, "rebuild takes no recipe: name what moves by --of %s",
                         o->operands.items[0]);
    if (o->images.count)
        return error_set(e, ERROR_USAGE, "--image does not go with --%s",
                         o->changed ? "changed" : "of");
    if (o->of.count && o->changed)
        return error_set(e, ERROR_USAGE, "--of and --changed are two questions: ask one of them");
    if (o->trigger || o->lock || o->bump)
        return error_set(e, ERROR_USAGE, "--%s does not go with --%s",
                         o->trigger ? "trigger"
                         : o->lock  ? "lock"
                                    : "bump",
                         o->changed ? "changed" : "of");
    return true;
}

struct question {
    struct session *session;
    struct touched touched; /* without --changed only its gathering is filled in */
    struct gathering *gathering;
    VEC(uint32_t) moved;
};

static bool find_moved(struct question *q, const char *name, struct error *e)
{
    const struct graph *graph = q->gathering->graph;
    struct arena *a = &q->session->arena;
    size_t count;
    struct slice given = slice_of(name);
    if (slice_starts(given, SLICE("./")))
        name += 2;
    const uint32_t *nodes = graph_find(graph, a, name, &count);
    const char *near = count ? NULL : graph_nearest(graph, name);
    for (size_t i = 0; i < count; i++)
        vec_push(a, &q->moved, nodes[i]);
    return count ||
           error_set(e, ERROR_USAGE,
                     "--of %s: nothing here builds or needs a package of this name%s%s%s", name,
                     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static void ask(const struct question *q, struct rebuild *r)
{
    const struct options *o = q->session->options;
    struct graph_query query = {
        .moved = q->moved.items,
        .count = q->moved.count,
        .builds = GATHER_BUILDS,
        .brings = GATHER_BRINGS,
        .direct = o->direct,
        .itself = o->changed != NULL,
    };
    if (o->kind && strcmp(o->kind, "build") == 0) {
        query.builds = 1u << NEED_BUILD | 1u << NEED_PIPELINE;
        query.brings = 0;
    } else if (o->kind && strcmp(o->kind, "runtime") == 0) {
        query.builds = 1u << NEED_RUNTIME | 1u << NEED_CONTENTS;
        query.brings = 0;
    }
    *r = (struct rebuild){
        .graph = q->gathering->graph, .moved = q->moved.items, .moved_count = q->moved.count};
    if (o->changed) {
        r->revisions = o->changed;
        r->touched = &q->touched;
    }
    graph_dependents(r->graph, &q->session->arena, &query, &r->found);
}

static int answer(const struct question *q)
{
    struct rebuild r;
    struct error e = {0};
    ask(q, &r);
    rebuild_print(q->session->ctx, stdout, &r, q->session->options->report);
    if (q->session->options->report == REPORT_GITHUB &&
        !rebuild_tell_workflow(&r, getenv("GITHUB_OUTPUT"), getenv("GITHUB_STEP_SUMMARY"), &e))
        return fail(q->session->ctx, &e);
    return EXIT_WELL;
}

/* What is missing in the graph may be what somebody looks for. */
static int complain(const struct context *ctx, const struct gathering *g)
{
    for (size_t i = 0; i < g->failures.count; i++)
        log_error(ctx, "%s", g->failures.items[i]);
    for (size_t i = 0; i < g->problems.count; i++)
        log_warning(ctx, "%s", g->problems.items[i]);
    for (size_t i = 0; i < g->unknown.count; i++)
        log_info(ctx, "pipeline %s is not in the repository: what it needs is not known",
                 g->unknown.items[i]);
    return g->failures.count ? EXIT_SOME_FAILED : EXIT_WELL;
}

/* Read the repository as it is, or as it is in a revision, and find what moved. */
static bool find_all(struct question *q, const char *root, const struct config *config, int *status,
                     struct error *e)
{
    const struct options *o = q->session->options;
    if (o->changed && !touched_find(root, config, o->changed, &q->touched, e))
        return error_context(e, "--changed %s", o->changed);
    if (!o->changed && !gather(root, config, q->gathering, e))
        return false;
    *status = complain(q->session->ctx, q->gathering);
    for (size_t i = 0; i < q->touched.nodes.count; i++)
        vec_push(&q->session->arena, &q->moved, q->touched.nodes.items[i]);
    for (size_t i = 0; i < o->of.count; i++)
        if (!find_moved(q, o->of.items[i], e))
            return false;
    return true;
}

int cmd_rebuild(struct context *ctx, struct options *options)
{
    struct session s = {0};
    struct question q = {.session = &s};
    struct error e = {0};
    int status = EXIT_WELL;
    if (!options->of.count && !options->changed)
        return rebuild_due(ctx, options);
    q.gathering = &q.touched.gathering;
    if (!check_options(options, &e) || !session_configure(&s, ctx, options, &e) ||
        !find_all(&q, s.root, &s.config, &status, &e))
        status = fail(ctx, &e);
    else if (answer(&q) != EXIT_WELL)
        status = EXIT_SOME_FAILED;
    touched_release(&q.touched);
    session_close(&s);
    return status;
}
