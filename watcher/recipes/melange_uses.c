/* What the steps of a recipe need: their own `needs:`, and those of the pipelines they use, with
 * inputs filled in. */
#include "watcher/recipes/needs_parts.h"

/* The variable ${{inputs.NAME}}. A value that cannot be known is said when it is used. */
static void bind_input(struct needs_reader *r, struct slice name, struct slice text)
{
    struct buf out = BUF_MAX(LONGEST_VALUE);
    struct error e = {0};
    struct variable v = {.name = arena_printf(r->a, "inputs.%.*s", SLICE_ARG(name))};
    if (!melange_expand(&r->vars, text, &out, &e))
        v.problem = arena_copy(r->a, e.message);
    else if (out.overflow)
        v.problem = "is too long once its variables are replaced";
    v.value = v.problem ? "" : arena_text(r->a, buf_slice(&out));
    vec_push(r->a, &r->vars.list, v);
    buf_free(&out);
}

/* An input gets what the step says, else its default; an empty value counts as none. */
static void bind_inputs(struct needs_reader *r, const struct pipeline *used,
                        const struct node *with)
{
    const struct node *inputs = node_get(used->root, "inputs");
    for (size_t i = 0; inputs && inputs->kind == NODE_MAPPING && i < inputs->count; i++) {
        if (r->entries++ >= MOST_ENTRIES)
            r->exceeded = "inputs";
        if (r->exceeded)
            return;
        struct slice name = inputs->pairs[i].key->value;
        struct slice text = node_text(with, arena_text(r->a, name));
        if (slice_empty(text))
            text = node_text(inputs->pairs[i].value, "default");
        bind_input(r, name, text);
    }
}

static void add_needs_of(struct needs_reader *r, const struct node *holder,
                         const struct need_place *at)
{
    needs_add_list(r, NEED_PIPELINE, node_get(node_get(holder, "needs"), "packages"), at);
}

/* Up to the place where it is: one that comes to be in an earlier place takes over. */
static void add_places(struct needs_reader *r, struct slice uses, const struct pipeline *used)
{
    struct buf path = {0};
    bool found = false;
    for (size_t i = 0; !found && pipelines_place(r->y->name, uses, i, &path); i++) {
        found = used && used->file && slice_is(buf_slice(&path), used->file);
        needs_add_file(r, buf_slice(&path));
        buf_clear(&path);
    }
    buf_free(&path);
}

static void add_used(struct needs_reader *r, const struct step *step, struct slice uses,
                     unsigned depth, const struct need_place *at)
{
    const struct pipeline *used = pipelines_find(r->pipelines, r->y->name, uses);
    const char *shown = used ? NULL : melange_shown(r->a, uses);
    if (shown && needs_is_new(r, '?', shown))
        vec_push(r->a, &r->out->unknown, shown);
    add_places(r, uses, used);
    if (used && used->problem)
        needs_problem(r, at, used->problem);
    if (!used || !used->root)
        return;
    size_t mark = needs_enter(r);
    bind_inputs(r, used, step->with);
    add_needs_of(r, used->root, at);
    needs_add_steps(r, used->steps, depth + 1, at);
    needs_leave(r, mark);
}

void needs_add_steps(struct needs_reader *r, const struct steps *steps, unsigned depth,
                     const struct need_place *at)
{
    if (depth > DEEPEST_USE)
        r->exceeded = "pipelines within pipelines";
    if (steps->cut)
        r->exceeded = "steps";
    for (size_t i = 0; i < steps->list.count && !r->exceeded; i++) {
        const struct step *step = &steps->list.items[i];
        struct slice uses = node_text(step->node, "uses");
        struct need_place own = need_place_of(r, step->node);
        const struct need_place *place = at ? at : &own;
        if (r->uses++ >= MOST_USES)
            r->exceeded = "steps";
        add_needs_of(r, step->node, at);
        /* A step that spells its pipeline out names what it was made from. */
        if (!slice_empty(uses) && !node_get(step->node, "pipeline"))
            add_used(r, step, uses, depth, place);
    }
}
