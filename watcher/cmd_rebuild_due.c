/* Which images would come out different if they were built now. */
#include "watcher/cmd_rebuild_due.h"

#include "watcher/base/file.h"
#include "watcher/due_report.h"
#include "watcher/due_trigger.h"
#include "watcher/lock.h"
#include "watcher/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST_RECORD = 256 << 20 };

struct rebuilding {
    struct session session;
    struct due due;
    struct record record;
    const char *record_file; /* NULL = nothing is remembered */
};

/* Where the configuration says, else beside the cache, by the folder. */
static const char *find_record(struct rebuilding *r)
{
    struct session *s = &r->session;
    const char *said = config_rebuild_record(&s->config, &s->arena);
    char *folder = realpath(s->root, NULL);
    const char *found = NULL;
    if (said) {
        found = arena_printf(&s->arena, "%s/%s", s->root, said);
    } else if (folder) {
        const char *lock = session_lock_file(s, arena_printf(&s->arena, "rebuild of %s", folder));
        found = lock ? arena_printf(&s->arena, "%s.json", lock) : NULL;
    }
    free(folder);
    return found;
}

static bool read_record(struct rebuilding *r, struct error *e)
{
    struct buf text = BUF_MAX(LARGEST_RECORD);
    const char *file = r->record_file = find_record(r);
    bool good = !file || (access(file, F_OK) != 0 && errno == ENOENT);
    if (!good)
        good = file_read(file, &text, e) &&
               (record_read(&r->session.arena, buf_slice(&text), &r->record, e) ||
                error_context(e, "%s", file));
    buf_free(&text);
    return good;
}

static bool write_record(const struct rebuilding *r, struct error *e)
{
    struct buf text = {0};
    record_write(&r->record, &text);
    bool good = file_replace(r->record_file, buf_slice(&text), e);
    buf_free(&text);
    return good;
}

/* The stages one after the other; what fails in one image is in that image. */
static bool find_due(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    if (!due_read(&r->due, s->root, &s->config, s->http, e))
        return false;
    if (r->due.images.count == 0)
        return error_set(e, ERROR_USAGE, "%s holds no apko image that could be rebuilt", s->root);
    r->due.record = r->record_file ? &r->record : NULL;
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
    due_tag(&r->due);
    due_order(&r->due);
    if (o->images.count)
        due_keep_asked(&r->due);
    return true;
}

static void complain(const struct context *ctx, const struct due *d)
{
    for (size_t i = 0; i < d->warnings.count; i++)
        log_warning(ctx, "%s", d->warnings.items[i]);
    for (size_t i = 0; i < d->images.count; i++)
        if (d->images.items[i]->fate == DUE_FAILED)
            log_error(ctx, "%s: %s", d->images.items[i]->file, d->images.items[i]->error.message);
    for (size_t i = 0; i < d->builds.count; i++)
        if (d->builds.items[i]->made.fate == DUE_FAILED)
            log_error(ctx, "%s: what it is built with: %s", d->builds.items[i]->recipe->file,
                      d->builds.items[i]->made.error.message);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* Dispatches are sent as whoever proposes. */
static struct forge_session *open_forge(struct session *s, const char **name, struct error *e)
{
    struct forge_options *options = arena_new(&s->arena, struct forge_options);
    const char *said = s->config.proposing.repository;
    *name = said ? said : variable("GITHUB_REPOSITORY");
    if (!tokens_given(s->tokens)) {
        error_set(e, ERROR_USAGE,
                  "--trigger sends dispatches, which wants a token: set GITHUB_TOKEN or give "
                  "--token-file; with --dry-run nothing is sent");
        return NULL;
    }
    if (!*name) {
        error_set(e, ERROR_USAGE,
                  "set forge.repository in mwatch.yaml, or GITHUB_REPOSITORY, to owner/name");
        return NULL;
    }
    tokens_set_repository(s->tokens, *name);
    *options = (struct forge_options){
        .api_url = variable("GITHUB_API_URL"),
        .graphql_url = variable("GITHUB_GRAPHQL_URL"),
        .server_url = variable("GITHUB_SERVER_URL"),
        .repository = *name,
        .credential = "github",
    };
    return forge_github.open(s->ctx, s->http, options, e);
}

/* Level by level; what was sent is remembered also when the next one fails. */
static bool dispatch(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    const char *name;
    struct forge_session *forge = open_forge(s, &name, e);
    bool good = forge != NULL;
    for (unsigned level = 1; good && level <= r->due.levels; level++) {
        good = due_send(&r->due, &forge_github, forge, name, level, e);
        if (good)
            due_note(&r->due, level, context_now(s->ctx));
    }
    if (forge)
        forge_github.close(forge);
    return good;
}

/* Without anybody to be told, the report itself is what is handed on. */
static bool trigger(struct rebuilding *r, struct error *e)
{
    struct error unwritten = {0};
    bool good = true, due = due_count(&r->due, DUE_REBUILD) > 0;
    if (due_targets(&r->due) == 0)
        due_note(&r->due, 0, context_now(r->session.ctx));
    else if (due)
        good = dispatch(r, e);
    bool noted = due_note_builds(&r->due) || due;
    if (noted && r->record_file && !write_record(r, &unwritten))
        good = error_set(e, unwritten.code, "%s", unwritten.message);
    return good;
}

/* Remembered only when it is really handed on. */
static bool hand_on(struct rebuilding *r, struct error *e)
{
    const struct options *o = r->session.options;
    if (o->report == REPORT_GITHUB &&
        !due_tell_workflow(&r->due, getenv("GITHUB_OUTPUT"), getenv("GITHUB_STEP_SUMMARY"), e))
        return false;
    return !o->trigger || o->dry_run || trigger(r, e);
}

static bool check_options(const struct options *o, struct error *e)
{
    if (o->operands.count)
        return error_set(e, ERROR_USAGE, "rebuild takes no recipe: name what moves by --of %s",
                         o->operands.items[0]);
    if (o->trigger && o->replay && !o->dry_run)
        return error_set(e, ERROR_USAGE,
                         "--replay answers nothing that is written: add --dry-run to --trigger");
    if (o->direct || o->kind)
        return error_set(e, ERROR_USAGE, "--%s goes with --of", o->direct ? "direct" : "kind");
    return true;
}

static bool run(struct rebuilding *r, struct error *e)
{
    struct session *s = &r->session;
    if (!session_connect(s, e) || !read_record(r, e) || !find_due(r, e))
        return false;
    complain(s->ctx, &r->due);
    due_print(stdout, &r->due, s->options->report);
    return hand_on(r, e);
}

int rebuild_due(struct context *ctx, struct options *options)
{
    struct rebuilding r = {0};
    struct error e = {0}, unlocked = {0};
    int lock = -1;
    bool good = check_options(options, &e) && session_configure(&r.session, ctx, options, &e);
    const char *file = good && options->trigger ? session_lock_file(&r.session, "rebuild") : NULL;
    if (file)
        lock = lock_take(ctx, file, &unlocked);
    if (error_is_set(&unlocked))
        log_warning(ctx, "%s", unlocked.message);
    good = good && run(&r, &e);
    size_t failed = due_count(&r.due, DUE_FAILED) + due_count_builds(&r.due, DUE_FAILED);
    int status = !good ? fail(ctx, &e) : failed ? EXIT_SOME_FAILED : EXIT_WELL;
    lock_release(lock);
    due_release(&r.due);
    session_close(&r.session);
    return status;
}
