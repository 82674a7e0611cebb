/* Which images would come out different if they were built now. */
#include "watcher/cmd_rebuild_due.h"

#include "watcher/cmd_rebuild_parts.h"
#include "watcher/due_report.h"
#include "watcher/lock.h"
#include "watcher/preview.h"

#include <string.h>

/* The stages one after the other; what fails in one image is in that image. */
static bool find_due(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    if (!due_read(&r->due, s->root, &s->config, s->http, e))
        return false;
    bool packages = r->due.settings.repositories.list.count && r->due.recipes.count;
    if (r->due.images.count == 0 && !packages)
        return error_set(
            e, ERROR_USAGE,
            "%s holds no apko image that could be rebuilt, and mwatch.yaml does not say "
            "by rebuild.repositories where melange recipes are built from",
            s->root);
    r->due.record = r->record_file ? &r->record : NULL;
    r->due.bumps = s->options->bump;
    due_recall(&r->due);
    due_resolve(&r->due);
    if (s->options->lock && !s->options->dry_run)
        due_lock(&r->due, s->ctx);
    due_compare(&r->due);
    due_builds(&r->due);
    due_fixed(&r->due);
    const struct options *o = s->options;
    if (o->images.count && !due_ask_for(&r->due, o->images.items, o->images.count, e))
        return false;
    due_tag(&r->due, o->trigger || o->report == REPORT_GITHUB);
    due_order(&r->due);
    if (o->images.count)
        due_keep_asked(&r->due);
    return true;
}

static bool is_same_failure(const struct due_image *one, const struct due_image *other)
{
    return one->build == other->build && strcmp(one->error.message, other->error.message) == 0;
}

/* An index that cannot be had fails every image alike: that is told once. */
static void complain_of(const struct context *ctx, struct due_image *const *failed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct due_image *m = failed[i];
        size_t before = 0, same = 0;
        while (before < i && !is_same_failure(failed[before], m))
            before++;
        if (before < i)
            continue;
        for (size_t k = i + 1; k < count; k++)
            same += is_same_failure(failed[k], m);
        const char *what = m->build ? "what it is built with: " : "";
        if (same)
            log_error(ctx, "%s and %zu more: %s%s", m->file, same, what, m->error.message);
        else
            log_error(ctx, "%s: %s%s", m->file, what, m->error.message);
    }
}

static void complain(struct rebuilding *r)
{
    struct due *d = &r->due;
    struct due_image **failed =
        arena_array(&d->arena, d->images.count + d->builds.count + 1, sizeof *failed);
    size_t count = 0;
    for (size_t i = 0; i < d->warnings.count; i++)
        log_warning(r->session.ctx, "%s", d->warnings.items[i]);
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_FAILED)
            failed[count++] = d->images.items[i];
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_FAILED)
            failed[count++] = &d->builds.items[i]->made;
    complain_of(r->session.ctx, failed, count);
}

static bool check_options(const struct options *o, struct error *e)
{
    if (o->operands.count)
        return error_set(e, ERROR_USAGE, "rebuild takes no recipe: name what moves by --of %s",
                         o->operands.items[0]);
    if (o->bump && o->images.count)
        return error_set(e, ERROR_USAGE, "--image does not go with --bump: images have no epoch");
    if (o->trigger && o->replay && !o->dry_run)
        return error_set(e, ERROR_USAGE,
                         "--replay answers nothing that is written: add --dry-run to --trigger");
    if (o->direct || o->kind)
        return error_set(e, ERROR_USAGE, "--%s goes with --of", o->direct ? "direct" : "kind");
    return true;
}

static void print(const struct rebuilding *r)
{
    const struct options *o = r->session.options;
    due_print(r->session.ctx, stdout, &r->due, o->bump ? &r->bumps : NULL, o->report);
    if (o->report == REPORT_TABLE)
        preview_print(stdout, r->session.ctx, &r->bumps, o->dry_run);
}

/* Whatever cannot be proposed, images are built. */
static bool run(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    struct error untold = {0};
    if (!session_connect(s, e) || !rebuilding_open(r, e) || !rebuilding_read_record(r, e))
        return false;
    if (s->options->bump && !r->record_file)
        return error_set(e, ERROR_USAGE,
                         "--bump compares with what was noted before, and nothing is kept: set "
                         "rebuild.record in mwatch.yaml, or leave --no-cache out");
    if (!find_due(r, e))
        return false;
    complain(r);
    bool bumped = !s->options->bump || rebuilding_bump(r, e);
    print(r);
    bool handed = rebuilding_hand_on(r, &untold);
    if (!bumped && !handed)
        log_error(s->ctx, "%s", untold.message);
    else if (!handed)
        *e = untold;
    return bumped && handed;
}

static bool configure(struct rebuilding *r, struct context *ctx, struct options *options,
                      struct error *e)
{
    struct session *s = &r->session;
    return check_options(options, e) && session_configure(s, ctx, options, e) &&
           (!options->bump || templates_load(&s->arena, s->root, &s->config, &s->templates, e));
}

static int status_of(const struct rebuilding *r)
{
    size_t failed = due_count(&r->due, DUE_FAILED) + due_count_builds(&r->due, DUE_FAILED);
    return failed ? EXIT_SOME_FAILED : results_status(&r->bumps, false);
}

int rebuild_due(struct context *ctx, struct options *options)
{
    struct rebuilding r = {0};
    struct error e = {0};
    int lock = -1;
    bool good = configure(&r, ctx, options, &e);
    if (good && (options->trigger || options->bump) && !options->dry_run)
        lock = session_lock(&r.session, "rebuild");
    good = good && run(&r, &e);
    int status = good ? status_of(&r) : fail(ctx, &e);
    lock_release(lock);
    propose_close(r.proposer);
    results_free(&r.bumps);
    due_release(&r.due);
    session_close(&r.session);
    return status;
}
