#include "watcher/prune.h"

#include "watcher/raw_file.h"
#include "watcher/recipes/gomod.h"
#include "watcher/recipes/melange_bump.h"

#include <string.h>

enum { LARGEST_GOMOD = 4 * 1024 * 1024 };

/* One go.mod that a step looks at. */
struct module {
    struct check *check;
    const char *url;
    struct gomod gomod;
    struct error error; /* why it could not be had */
};

/* One step of one recipe being looked at. */
struct check {
    struct outcome *o;
    const struct bump_step *step;
    const struct variables *vars;
    struct module *modules;
    size_t count;
    VEC(struct pruned) words; /* that are stale, of all its lists */
};

struct pruner {
    struct http *http;
    struct arena arena;
    VEC(struct check *) checks;
};

#define NOTE(o, ...)                                                                               \
    vec_push(&(o)->arena, &(o)->prunings.notes, arena_printf(&(o)->arena, __VA_ARGS__))

/* ---- what has to be asked ---- */

static void take_gomod(void *arg, const struct response *response,
                       const struct artefact_result *artefact, const struct error *e)
{
    struct module *m = arg;
    struct arena *a = &m->check->o->arena;
    (void)artefact;
    if (error_is_set(e))
        m->error = *e;
    else if (response->status != 200)
        error_set(&m->error, ERROR_UPSTREAM, "%s answered %d", m->url, response->status);
    else if (!gomod_read(a, arena_slice(a, response->body), &m->gomod, &m->error))
        error_context(&m->error, "%s", m->url);
}

/* The commit a checkout will pin: renewed, or the one it has. */
static const char *commit_of(const struct outcome *o, const struct bump_checkout *c)
{
    struct slice step = slice_of(c->path);
    for (size_t i = 0; i < o->renewals.list.count; i++) {
        const struct renewal *r = &o->renewals.list.items[i];
        struct slice path = slice_of(r->path);
        if (r->kind == PIN_COMMIT && slice_starts(path, step) &&
            slice_is(slice_from(path, step.len), ".with.expected-commit"))
            return r->value;
    }
    return c->commit;
}

static const char *gomod_address(struct check *k, const struct bumps *bumps, const char *folder,
                                 struct error *e)
{
    struct arena *a = &k->o->arena;
    const char *rest = "";
    const struct bump_checkout *c = bump_checkout_of(bumps, folder, &rest);
    if (!c) {
        error_set(e, ERROR_RECIPE, "no git-checkout has the folder \"%s\"", folder);
        return NULL;
    }
    const char *path = arena_printf(a, "%s%sgo.mod", rest, *rest ? "/" : "");
    const char *url = raw_file_address(a, c->repository, c->tag, commit_of(k->o, c), path);
    if (!url)
        error_set(e, ERROR_UPSTREAM, "mwatch does not know where %s has its single files",
                  c->repository);
    return url;
}

static void start_check(struct pruner *p, struct outcome *o, const struct bumps *bumps,
                        const struct bump_step *step, const struct variables *vars)
{
    struct check *k = arena_new(&p->arena, struct check);
    *k = (struct check){.o = o, .step = step, .vars = vars, .count = step->roots.count};
    k->modules = arena_array(&p->arena, k->count, sizeof *k->modules);
    vec_push(&p->arena, &p->checks, k);
    for (size_t i = 0; i < k->count && !step->problem; i++) {
        struct module *m = &k->modules[i];
        m->check = k;
        m->url = gomod_address(k, bumps, step->roots.items[i], &m->error);
        struct request request = {.url = m->url, .limit = LARGEST_GOMOD};
        if (m->url)
            http_submit(p->http, &request, take_gomod, m);
    }
}

/* ---- what is stale ---- */

/* The version that every module of the step has; the first one's is shown. */
static struct slice version_in_all(const struct check *k, struct slice old, struct slice module,
                                   struct slice version)
{
    struct slice first = {NULL, 0};
    for (size_t i = 0; i < k->count; i++) {
        const struct gomod *m = &k->modules[i].gomod;
        struct slice has =
            old.ptr ? gomod_has_replace(m, old, module, version) : gomod_has(m, module, version);
        if (!has.ptr)
            return has;
        first = i == 0 ? has : first;
    }
    return first;
}

static bool is_stale(void *arg, struct slice word)
{
    struct check *k = arg;
    struct arena *a = &k->o->arena;
    struct buf plain = {0};
    struct error ignored = {0};
    struct slice rest, old = {NULL, 0}, module, version, has = {NULL, 0};
    if (melange_expand(k->vars, word, &plain, &ignored)) {
        rest = buf_slice(&plain);
        if (slice_find_byte(rest, '=') != SLICE_NONE)
            slice_split(&rest, '=', &old);
        if (gomod_target(rest, &module, &version))
            has = version_in_all(k, old, module, version);
    }
    if (has.ptr)
        vec_push(a, &k->words, ((struct pruned){NULL, arena_text(a, word), arena_text(a, has)}));
    buf_free(&plain);
    return has.ptr != NULL;
}

/* A list, tried without its stale words. */
struct trial {
    const char *kept;
    size_t left;       /* words that stay */
    size_t first, end; /* of check.words: those that go */
};

/* Change or remove what stands at the path; `t` tells which words go with that. */
static void add_edit(struct check *k, const char *path, const char *value, const struct trial *t)
{
    struct prunings *p = &k->o->prunings;
    vec_push(&k->o->arena, &p->edits, ((struct prune_edit){path, value}));
    for (size_t i = t->first; i < t->end; i++) {
        struct pruned word = k->words.items[i];
        word.path = path;
        vec_push(&k->o->arena, &p->words, word);
    }
}

/* melange wants `deps` of go/bump, so that it cannot go alone; and a folded text would be broken
 * into lines anew, which would show more than was changed. */
static bool may_change(const struct check *k, const struct bump_list *list, size_t left)
{
    if (left)
        return list->node->style != STYLE_FOLDED;
    return !k->step->needs_deps || strcmp(list->key, "deps") != 0;
}

static void prune_list(struct check *k, const struct bump_list *list, const struct trial *t)
{
    if (t->first == t->end)
        return;
    if (!may_change(k, list, t->left)) {
        NOTE(k->o, "%s: names what the release has already, but cannot be changed alone",
             list->path);
        return;
    }
    add_edit(k, list->path, t->left ? t->kept : NULL, t);
}

static void prune_step(struct check *k)
{
    struct trial all = {.end = k->words.count};
    if (k->step->whole)
        add_edit(k, k->step->path, NULL, &all);
    else
        NOTE(k->o, "%s: names only what the release has already, but does more than that",
             k->step->path);
}

static void decide(struct check *k)
{
    size_t count = k->step->lists.count, left = 0;
    struct trial *trials = arena_array(&k->o->arena, count, sizeof *trials);
    for (size_t i = 0; i < count; i++) {
        struct trial *t = &trials[i];
        t->first = k->words.count;
        t->kept =
            bump_without(&k->o->arena, k->step->lists.items[i].node->value, is_stale, k, &t->left);
        t->end = k->words.count;
        left += t->left;
    }
    if (left == 0 && k->words.count)
        prune_step(k);
    for (size_t i = 0; i < count && left; i++)
        prune_list(k, &k->step->lists.items[i], &trials[i]);
}

static void conclude(struct check *k)
{
    if (k->step->problem) {
        NOTE(k->o, "%s: its dependencies stay as they are: %s", k->step->path, k->step->problem);
        return;
    }
    for (size_t i = 0; i < k->count; i++) {
        if (!error_is_set(&k->modules[i].error))
            continue;
        NOTE(k->o, "%s: its dependencies stay as they are: %s", k->step->path,
             k->modules[i].error.message);
        return;
    }
    if (k->count)
        decide(k);
}

/* ---- which rows ---- */

static bool sets_version(const struct component *c)
{
    for (size_t i = 0; i < c->settings.count; i++)
        if (strcmp(c->settings.items[i].path, "package.version") == 0)
            return true;
    return false;
}

static bool wants_pruning(const struct outcome *o)
{
    const struct component *c = o->component;
    return outcome_rewrites(o) && o->file && c->kind == RECIPE_MELANGE && c->prune_go_bump &&
           sets_version(c) && strcmp(o->release.version, c->current) != 0;
}

static void start_row(struct pruner *p, struct outcome *o)
{
    struct arena *a = &o->arena;
    struct variables settings = {0}, *vars = arena_new(a, struct variables);
    struct bumps *bumps = arena_new(a, struct bumps);
    struct error ignored = {0}; /* proving has told it, and would tell it again */
    if (!settings_expand(a, o->component, &o->release, &settings, &ignored) ||
        !melange_variables(a, &o->file->yaml, o->release.version, &settings, vars, &ignored))
        return;
    melange_bumps(a, &o->file->yaml, vars, bumps);
    for (size_t i = 0; i < bumps->steps.count; i++)
        start_check(p, o, bumps, &bumps->steps.items[i], vars);
}

void prune_run(struct http *http, struct results *results)
{
    struct pruner p = {.http = http};
    for (size_t i = 0; i < results->count; i++)
        if (wants_pruning(results->items[i]))
            start_row(&p, results->items[i]);
    http_run(http);
    for (size_t i = 0; i < p.checks.count; i++)
        conclude(p.checks.items[i]);
    arena_free(&p.arena);
}
