/* Rewrite recipes here, and nothing else. */
#include "watcher/base/text.h"
#include "watcher/choose.h"
#include "watcher/prove.h"
#include "watcher/prune.h"
#include "watcher/rewrite.h"
#include "watcher/session.h"

#include <string.h>
#include <unistd.h>

static bool check_hex(const char *option, const char *const *values, size_t count, size_t digits,
                      struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        struct slice hex = slice_of(values[i]);
        bool fits = hex.len == digits || (digits == SHA1_HEX && hex.len == SHA256_HEX);
        if (!fits || !slice_all_hex(hex))
            return error_set(e, ERROR_USAGE, "--%s %s: %zu hexadecimal digits are expected", option,
                             values[i], digits);
    }
    return true;
}

static bool check_options(const struct options *o, struct error *e)
{
    if (o->operands.count == 0)
        return error_set(e, ERROR_USAGE, "bump needs a RECIPE (see mwatch list)");
    if (o->offline && !o->to)
        return error_set(e, ERROR_USAGE, "bump --offline needs --to VERSION");
    if (o->offline && o->prune)
        return error_set(e, ERROR_USAGE, "--prune reads upstream's go.mod: not with --offline");
    if (!o->offline && (o->commits.count || o->sha256.count || o->sha512.count))
        return error_set(e, ERROR_USAGE,
                         "--commit, --sha256 and --sha512 are for --offline; otherwise upstream is "
                         "asked");
    for (size_t i = 0; i < o->sets.count; i++)
        if (!strchr(o->sets.items[i], '=') || o->sets.items[i][0] == '=')
            return error_set(e, ERROR_USAGE, "--set %s: PATH=VALUE is expected", o->sets.items[i]);
    return check_hex("commit", o->commits.items, o->commits.count, SHA1_HEX, e) &&
           check_hex("sha256", o->sha256.items, o->sha256.count, SHA256_HEX, e) &&
           check_hex("sha512", o->sha512.items, o->sha512.count, SHA512_HEX, e);
}

/* What is given for one upstream must not be written into several. */
static bool check_selection(const struct session *s, struct error *e)
{
    const struct options *o = s->options;
    const struct components *found = &s->found.components;
    bool given = o->to || o->sets.count;
    if (!given || found->count < 2)
        return true;
    struct buf first = {0};
    component_add_title(&first, found->items[0]);
    error_set(e, ERROR_USAGE,
              "--to and --set are for one component, but %zu are named; name one, as %s",
              found->count, buf_text(&first));
    buf_free(&first);
    return false;
}

static bool check_target(const struct component *c, const char *to, struct error *e)
{
    if (error_is_set(&c->error)) {
        *e = c->error;
        return false;
    }
    if (to && c->scheme && !c->scheme->valid(slice_of(to)))
        return error_set(e, ERROR_USAGE, "--to %s: no %s version, as %s needs", to, c->scheme->name,
                         c->file);
    return true;
}

static enum decision_kind kind_of(const struct component *c, const char *to)
{
    enum level level = c->current && c->scheme
                           ? scheme_level(c->scheme, slice_of(c->current), slice_of(to))
                           : LEVEL_PATCH;
    return level == LEVEL_MAJOR   ? DECISION_MAJOR
           : level == LEVEL_MINOR ? DECISION_MINOR
                                  : DECISION_PATCH;
}

/* What upstream published for the version somebody asked for, whatever the rules made of it, as
 * long as it is safe; NULL when it lists none. */
static const struct candidate *published_as(const struct outcome *o, const char *version)
{
    const struct candidate *found = NULL;
    for (size_t i = 0; i < o->verdict_count; i++) {
        const struct verdict *v = &o->verdicts[i];
        if (v->fate > FATE_UNSAFE && slice_is(v->version, version))
            found = v->candidate;
    }
    return found;
}

static void decide_target(struct outcome *o, const char *to)
{
    struct decision *d = &o->decision;
    const struct candidate *candidate = published_as(o, to);
    d->version = to;
    d->candidate = candidate ? *candidate : (struct candidate){.raw = to};
    d->kind = kind_of(o->component, to);
    d->action = ACTION_PR;
    d->reason = "asked for with --to";
}

/* Upstream was asked: a version that it does not list is a mistake, unless somebody insists. */
static void find_target(struct outcome *o, const char *to)
{
    struct error e = {0};
    bool same = o->component->current && strcmp(o->component->current, to) == 0;
    if (o->decision.kind == DECISION_ERROR && o->verdict_count == 0)
        return;
    if (o->decision.kind != DECISION_DISABLED && !published_as(o, to) && !same) {
        error_set(
            &e, ERROR_UPSTREAM,
            "upstream lists no %s (mwatch explain shows what it lists; --offline asks nobody)", to);
        outcome_fail(o, &e);
        return;
    }
    decide_target(o, to);
}

/* The commits given, in order: the first for the recipe's own upstream, the others for the further
 * repositories that move with it. Every checkout of one repository gets the same. */
static void give_commits(struct outcome *o, const struct options *options)
{
    size_t next = 0;
    for (int main = 1; main >= 0; main--) {
        for (size_t i = 0; i < o->renewals.list.count; i++) {
            struct renewal *r = &o->renewals.list.items[i];
            if (r->kind != PIN_COMMIT || r->main != (main == 1) || next >= options->commits.count)
                continue;
            r->value = options->commits.items[next];
            if (main == 0)
                next++;
        }
        next += main == 1 && next < options->commits.count;
    }
}

static bool give_hashes(struct outcome *o, enum pin_kind kind, const char *option,
                        const char *const *values, size_t count, struct error *e)
{
    size_t next = 0;
    for (size_t i = 0; i < o->renewals.list.count; i++) {
        struct renewal *r = &o->renewals.list.items[i];
        if (r->kind == kind && next < count)
            r->value = values[next++];
    }
    return next == count ||
           error_set(e, ERROR_USAGE, "%s: %zu --%s given, but only %zu move with the version",
                     o->component->file, count, option, next);
}

static bool is_set(const struct options *o, const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < o->sets.count; i++)
        if (strncmp(o->sets.items[i], path, len) == 0 && o->sets.items[i][len] == '=')
            return true;
    return false;
}

/* Offline, what was not given stays as it is: somebody else may be about to write it. */
static void warn_missing(const struct session *s, const struct outcome *o)
{
    static const char *const options[] = {
        [PIN_SHA256] = "--sha256", [PIN_SHA512] = "--sha512", [PIN_COMMIT] = "--commit"};
    for (size_t i = 0; i < o->renewals.list.count; i++) {
        const struct renewal *r = &o->renewals.list.items[i];
        if (!r->value && !is_set(s->options, r->path))
            log_warning(s->ctx, "%s: %s moves with the version, but %s was not given: left alone",
                        o->component->file, r->path, options[r->kind]);
    }
}

/* Everything is given: fill it in where the network would have been asked. */
static bool prove_offline(const struct session *s, struct outcome *o, struct error *e)
{
    const struct options *options = s->options;
    const struct component *c = o->component;
    decide_target(o, options->to);
    o->release = release_of(o->component, &o->decision);
    o->release.commit = options->commits.count ? options->commits.items[0] : NULL;
    o->file = arena_new(&o->arena, struct recipe_file);
    if (!recipe_load(&o->arena, s->root, c->file, c->kind != RECIPE_FILE, o->file, e) ||
        !renewals_find(&o->arena, c, o->file, &o->release, &o->renewals, e))
        return false;
    give_commits(o, options);
    if (!give_hashes(o, PIN_SHA256, "sha256", options->sha256.items, options->sha256.count, e) ||
        !give_hashes(o, PIN_SHA512, "sha512", options->sha512.items, options->sha512.count, e))
        return false;
    warn_missing(s, o);
    return true;
}

static void extra_settings(struct arena *a, const struct options *o, struct variables *out)
{
    for (size_t i = 0; i < o->sets.count; i++) {
        const char *equals = strchr(o->sets.items[i], '=');
        struct slice name = slice_new(o->sets.items[i], (size_t)(equals - o->sets.items[i]));
        struct variable *v = vec_add(a, &out->list);
        *v = (struct variable){.name = arena_text(a, name), .value = equals + 1};
    }
}

/* What is not for eyes can be given to `git apply` or patch as it is. */
static void add_diff(struct buf *out, const struct change_set *set)
{
    if (isatty(STDOUT_FILENO)) {
        report_add_diff(out, set);
        return;
    }
    for (size_t i = 0; i < set->files.count; i++)
        diff_unified(out, set->files.items[i].file, set->files.items[i].before,
                     set->files.items[i].after);
}

/* The same version again is told by its epoch. */
static void add_move(struct buf *out, const struct outcome *o, const struct file_change *f)
{
    const char *from = o->component->current, *to = o->release.version;
    text_add_visible(out, slice_of(f->file));
    if (from && strcmp(from, to) != 0) {
        buf_addf(out, ": %s -> %s\n", from, to);
        return;
    }
    buf_addf(out, ": %s again", to);
    for (size_t i = 0; i < f->edits.list.count; i++)
        if (strcmp(f->edits.list.items[i].path, "package.epoch") == 0)
            buf_addf(out, ", epoch %s -> %s", f->edits.list.items[i].old_text,
                     f->edits.list.items[i].new_text);
    buf_add_byte(out, '\n');
}

static void print_changes(const struct outcome *o, bool diffs)
{
    const struct change_set *set = o->changes;
    struct buf text = {0};
    if (diffs)
        add_diff(&text, set);
    for (size_t i = 0; i < set->files.count && !diffs; i++)
        add_move(&text, o, &set->files.items[i]);
    fputs(buf_text(&text), stdout);
    buf_free(&text);
}

/* The recipe is read anew: another component of the same file may just have been written. */
static bool apply(const struct session *s, struct outcome *o, struct error *e)
{
    const struct component *c = o->component;
    struct variables extra = {0};
    extra_settings(&o->arena, s->options, &extra);
    o->changes = arena_new(&o->arena, struct change_set);
    struct rewriting w = {.root = s->root,
                          .component = c,
                          .release = &o->release,
                          .file = o->file,
                          .renewals = &o->renewals,
                          .prunings = &o->prunings,
                          .extra = &extra};
    if (!recipe_load(&o->arena, s->root, c->file, c->kind != RECIPE_FILE, o->file, e) ||
        !rewrite(&o->arena, &w, o->changes, e))
        return false;
    return s->options->dry_run || rewrite_write(s->root, o->changes, e);
}

/* What became of a row, for somebody at a terminal. */
static void tell(const struct session *s, const struct outcome *o)
{
    const struct decision *d = &o->decision;
    struct buf name = {0};
    report_add_title(&name, o->component);
    if (d->kind == DECISION_ERROR)
        log_error(s->ctx, "%s: %s", buf_text(&name), d->reason);
    else if (d->kind == DECISION_RETAGGED && d->action == ACTION_IGNORE)
        log_warning(s->ctx, "%s: %s", buf_text(&name), d->reason);
    else if (o->changes)
        print_changes(o, s->options->dry_run);
    else if (decision_proposes(d))
        log_warning(s->ctx, "%s: %s %s is out; bump it with --to %s", buf_text(&name),
                    decision_name(d->kind), d->version, d->version);
    else
        printf("%s: %s\n", buf_text(&name), decision_name(d->kind));
    buf_free(&name);
}

static int apply_all(struct session *s, struct results *r)
{
    const struct report *report = report_row(s->options->report);
    for (size_t i = 0; i < r->count; i++) {
        struct outcome *o = r->items[i];
        struct error e = {0};
        if (outcome_rewrites(o) && !apply(s, o, &e))
            outcome_fail(o, &e);
        if (report == &report_table)
            tell(s, o);
    }
    session_count(s, r);
    if (report != &report_table)
        report->print(s->ctx, stdout, r, DEPTH_RUN);
    return results_status(r, false);
}

static bool bump_offline(struct session *s, struct results *r, struct error *e)
{
    for (size_t i = 0; i < s->found.components.count; i++) {
        struct component *c = s->found.components.items[i];
        struct outcome *o = results_add(r, c);
        if (!check_target(c, s->options->to, e) || !prove_offline(s, o, e))
            return false;
    }
    return true;
}

/* Who asks for a version by name is not left with the old one and a good end. */
static void refuse_moved(struct outcome *o)
{
    struct error e = {0};
    if (o->decision.kind != DECISION_RETAGGED)
        return;
    error_set(&e, ERROR_REFUSED, "%s", o->decision.reason);
    outcome_fail(o, &e);
}

static bool bump_online(struct session *s, struct results *r, struct error *e)
{
    for (size_t i = 0; i < s->found.components.count && s->options->to; i++)
        if (!check_target(s->found.components.items[i], s->options->to, e))
            return false;
    if (!session_connect(s, e))
        return false;
    session_check(s, s->options->to != NULL, r);
    if (s->options->to && r->count) {
        results_cut(r, 1);
        find_target(r->items[0], s->options->to);
    }
    prove_run(s->ctx, s->http, s->root, r);
    if (s->options->to && r->count)
        refuse_moved(r->items[0]);
    if (s->options->prune)
        prune_run(s->http, r);
    return true;
}

int cmd_bump(struct context *ctx, struct options *options)
{
    struct session s = {0};
    struct results results = {0};
    struct error e = {0};
    int status;

    bool good =
        check_options(options, &e) && session_open(&s, ctx, options, &e) && check_selection(&s, &e);
    if (good)
        good = options->offline ? bump_offline(&s, &results, &e) : bump_online(&s, &results, &e);
    status = good ? apply_all(&s, &results) : fail(ctx, &e);
    results_free(&results);
    session_close(&s);
    return status;
}
