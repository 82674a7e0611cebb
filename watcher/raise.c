/* A recipe built again: its epoch raised, and the row that proposes it. */
#include "watcher/raise.h"

#include "watcher/plan.h"

static bool set_epoch(struct arena *a, const struct recipe_file *file, const char *comment,
                      struct edits *edits, struct error *e)
{
    struct node *epoch = recipe_node(file, "package.epoch");
    unsigned long long now;
    if (!epoch || epoch->kind != NODE_SCALAR || !slice_number(epoch->value, &now))
        return error_set(e, ERROR_RECIPE, "%s: it has no epoch that could be raised", file->name);
    return edit_scalar(a, edits, &file->yaml, epoch, "package.epoch",
                       slice_of(arena_printf(a, "%llu", now + 1)), false, e) &&
           edit_comment(a, edits, &file->yaml, epoch, slice_of(comment), e);
}

bool raise_epoch(struct arena *a, const struct recipe_file *file, const char *comment,
                 struct file_change *out, struct error *e)
{
    struct buf after = {0};
    *out = (struct file_change){.file = file->name, .before = file->source};
    bool good = set_epoch(a, file, comment, &out->edits, e) &&
                edits_apply(a, &out->edits, file->name, file->source, &after, e);
    if (good) {
        out->after = arena_slice(a, buf_slice(&after));
        good = edits_verify(&file->yaml, out->after, &out->edits, e);
    }
    buf_free(&after);
    return good;
}

/* The recipe as a component that follows nothing. */
static struct component *make_component(const struct raise *r, const struct recipe_file *file,
                                        struct components *components)
{
    struct component *c = component_new(r->recipe, r->file, RECIPE_MELANGE);
    struct node *version = recipe_node(file, "package.version");
    struct node *epoch = recipe_node(file, "package.epoch");
    c->scheme = &scheme_apk;
    c->current = "";
    if (version && version->kind == NODE_SCALAR)
        c->current = arena_text(&c->arena, version->value);
    if (epoch && epoch->kind == NODE_SCALAR)
        slice_number(epoch->value, &c->epoch);
    components_add(components, c);
    return c;
}

static void decide(struct outcome *o, const char *reason)
{
    const struct component *c = o->component;
    o->decision = (struct decision){
        .kind = DECISION_REBUILD,
        .action = ACTION_PR,
        .version = arena_printf(&o->arena, "%s-r%llu", c->current, c->epoch + 1),
        .reason = arena_copy(&o->arena, reason),
    };
    o->release = release_of(c, &o->decision);
    o->changes = arena_new(&o->arena, struct change_set);
}

void raise_add_row(const struct raise *r, const char *root, const struct templates *templates,
                   struct components *components, struct results *results)
{
    struct error e = {0};
    struct recipe_file file = {0};
    struct outcome *o = results_add(results, NULL);
    const char *name = arena_copy(&o->arena, r->file);
    const char *comment = arena_printf(&o->arena, "rebuild for %s", r->comment);
    bool good = recipe_load(&o->arena, root, name, true, &file, &e);
    o->component = make_component(r, &file, components);
    decide(o, r->reason);
    good = good &&
           raise_epoch(&o->arena, &file, comment, vec_add(&o->arena, &o->changes->files), &e) &&
           plan_rebuild_texts(templates, o, r->unpublished, &e);
    if (!good)
        outcome_fail(o, &e);
    plan_refuse_shared_branch(results, results->count - 1);
}
