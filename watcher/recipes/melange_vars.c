#include "watcher/recipes/melange_parts.h"

/* Limits that no recipe comes near, so that a hostile one costs little. */
enum { MOST_VARIABLES = 2000, DEEPEST = 50 };

/* How a value is being worked out: melange knows no order among vars, so they are resolved on
 * demand, and one that needs itself is found out. */
enum state { STATE_RAW, STATE_OPEN, STATE_DONE };

struct resolver {
    struct arena *a;
    const struct yaml *y;
    struct variables *vars;
    enum state *states; /* beside vars->list while vars.* are resolved */
};

static struct variable *find(const struct variables *vars, struct slice name)
{
    /* The last one counts: a var-transform replaces a variable of its name. */
    for (size_t i = vars->list.count; i > 0; i--)
        if (slice_is(name, vars->list.items[i - 1].name))
            return &vars->list.items[i - 1];
    return NULL;
}

bool melange_is_variable(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) &&
            slice_find_byte(SLICE(".-_"), name.ptr[i]) == SLICE_NONE)
            return false;
    return name.len > 0;
}

struct reference {
    struct slice before; /* the text in front of it */
    struct slice whole;  /* "${{ vars.x }}" */
    struct slice name;   /* "vars.x", empty when there is no name in it */
};

/* Take text up to and including the next reference off *rest; false when there is none left. */
static bool next_reference(struct slice *rest, struct reference *out)
{
    size_t at = slice_find(*rest, SLICE("${{"));
    if (at == SLICE_NONE)
        return false;
    struct slice inside = slice_from(*rest, at + 3);
    size_t end = slice_find(inside, SLICE("}}"));
    struct slice name = slice_trim(slice_first(inside, end));
    bool named = end != SLICE_NONE && melange_is_variable(name);
    size_t len = end == SLICE_NONE ? rest->len - at : end + 5;
    out->before = slice_first(*rest, at);
    out->whole = slice_first(slice_from(*rest, at), len);
    out->name = slice_first(name, named ? name.len : 0);
    *rest = slice_from(*rest, at + len);
    return true;
}

static bool refuse(const struct reference *ref, const struct variable *v, struct error *e)
{
    if (v)
        return error_set(e, ERROR_RECIPE, "%s: %s", v->name, v->problem);
    if (slice_empty(ref->name))
        return error_set(e, ERROR_RECIPE, "${{ without the name of a variable and }}");
    return error_set(e, ERROR_RECIPE, "${{%.*s}} is not known", SLICE_ARG(ref->name));
}

bool melange_expand_moving(const struct variables *vars, struct slice text, struct buf *out,
                           bool *moves, struct error *e)
{
    bool ok = true;
    struct reference ref;
    while (next_reference(&text, &ref)) {
        buf_add(out, ref.before);
        const struct variable *v = find(vars, ref.name);
        if (v && v->moves && moves)
            *moves = true;
        if (v && !v->problem) {
            buf_add_text(out, v->value);
            continue;
        }
        buf_add(out, ref.whole);
        ok = refuse(&ref, v, e);
    }
    buf_add(out, text);
    return ok;
}

bool melange_expand(const struct variables *vars, struct slice text, struct buf *out,
                    struct error *e)
{
    return melange_expand_moving(vars, text, out, NULL, e);
}

static struct variable *add(struct resolver *r, const char *name, const char *value, bool moves)
{
    struct variable *v = vec_add(r->a, &r->vars->list);
    *v = (struct variable){.name = name, .value = value ? value : "", .moves = moves};
    return v;
}

static const char *text_at(struct resolver *r, const struct node *mapping, const char *key)
{
    return arena_text(r->a, node_text(mapping, key));
}

static void add_package(struct resolver *r, const struct node *package, const char *version)
{
    const char *epoch = version ? "0" : text_at(r, package, "epoch");
    if (!version)
        version = text_at(r, package, "version");
    add(r, "package.name", text_at(r, package, "name"), false);
    add(r, "package.description", text_at(r, package, "description"), false);
    add(r, "package.epoch", epoch, false);
    add(r, "package.version", version, true);
    add(r, "package.full-version", arena_printf(r->a, "%s-r%s", version, epoch), true);
}

/* "vars['a.b']" names the variable vars.a.b. */
static const char *name_of_path(struct arena *a, const char *path)
{
    struct slice s = slice_of(path), head = SLICE("vars['"), tail = SLICE("']");
    if (!slice_starts(s, head) || !slice_ends(s, tail) || s.len <= head.len + tail.len)
        return path;
    return arena_printf(
        a, "vars.%.*s",
        SLICE_ARG(slice_first(slice_from(s, head.len), s.len - head.len - tail.len)));
}

static void add_overrides(struct resolver *r, const struct variables *overrides)
{
    for (size_t i = 0; overrides && i < overrides->list.count; i++) {
        const struct variable *v = &overrides->list.items[i];
        const char *name = name_of_path(r->a, v->name);
        if (slice_starts(slice_of(name), SLICE("vars.")))
            add(r, name, v->value, true);
    }
}

static bool is_among(const struct variables *vars, size_t first, size_t end, const char *name)
{
    for (size_t i = first; i < end; i++)
        if (slice_is(slice_of(name), vars->list.items[i].name))
            return true;
    return false;
}

static void add_vars(struct resolver *r, const struct node *vars, const struct variables *overrides)
{
    size_t first = r->vars->list.count;
    add_overrides(r, overrides);
    size_t end = r->vars->list.count;
    for (size_t i = 0; vars && vars->kind == NODE_MAPPING && i < vars->count; i++) {
        const struct pair *p = &vars->pairs[i];
        const char *name = arena_printf(r->a, "vars.%.*s", SLICE_ARG(p->key->value));
        if (p->value->kind == NODE_SCALAR && !is_among(r->vars, first, end, name))
            add(r, name, arena_text(r->a, p->value->value), false);
    }
}

/* Put text with its references replaced into *v, or the reason why it cannot be. */
static void settle(struct resolver *r, struct variable *v, struct slice text)
{
    struct buf out = BUF_MAX(LONGEST_VALUE);
    struct error e = {0};
    if (!melange_expand_moving(r->vars, text, &out, &v->moves, &e))
        v->problem = arena_copy(r->a, e.message);
    else if (out.overflow)
        v->problem = "is too long once its variables are replaced";
    v->value = v->problem ? "" : arena_text(r->a, buf_slice(&out));
    buf_free(&out);
}

static void resolve(struct resolver *r, size_t index, unsigned depth)
{
    struct variable *v = &r->vars->list.items[index];
    struct slice rest = slice_of(v->value);
    struct reference ref;
    r->states[index] = STATE_OPEN;
    while (!v->problem && next_reference(&rest, &ref)) {
        const struct variable *used = find(r->vars, ref.name);
        size_t at = used ? (size_t)(used - r->vars->list.items) : index;
        if (used && r->states[at] == STATE_OPEN)
            v->problem = "needs itself";
        else if (used && depth == DEEPEST)
            v->problem = "needs too many others";
        else if (used && r->states[at] == STATE_RAW)
            resolve(r, at, depth + 1);
    }
    if (!v->problem)
        settle(r, v, slice_of(v->value));
    r->states[index] = STATE_DONE;
}

/* package.* are taken as they are; vars.* may use them and each other. */
static void resolve_vars(struct resolver *r, size_t first)
{
    size_t count = r->vars->list.count;
    r->states = arena_array(r->a, count, sizeof *r->states);
    for (size_t i = 0; i < first; i++)
        r->states[i] = STATE_DONE;
    for (size_t i = first; i < count; i++)
        if (r->states[i] == STATE_RAW)
            resolve(r, i, 0);
}

/* The digits of a "$1_x" that `text` starts with, empty when it starts with anything else. */
static struct slice misread_group(struct slice text)
{
    size_t end = 1;
    while (end < text.len && is_digit(text.ptr[end]))
        end++;
    bool goes_on = end < text.len && (is_letter(text.ptr[end]) || text.ptr[end] == '_');
    return slice_first(slice_from(text, 1), goes_on ? end - 1 : 0);
}

const char *melange_replacement_note(struct arena *a, const struct yaml *y,
                                     const struct node *replace)
{
    struct slice rest = replace->value;
    for (size_t at = slice_find_byte(rest, '$'); at != SLICE_NONE;
         at = slice_find_byte(rest, '$')) {
        rest = slice_from(rest, at);
        struct slice digits = misread_group(rest);
        if (!slice_empty(digits))
            return arena_printf(a, "%s:%zu:%zu: $%.*s in \"%s\" is read as ${%.*s}, as was meant",
                                y->name, replace->line, replace->column, SLICE_ARG(digits),
                                melange_shown(a, replace->value), SLICE_ARG(digits));
        rest = slice_from(rest, slice_starts(rest, SLICE("$$")) ? 2 : 1);
    }
    return NULL;
}

/* A text that a var-transform cannot do without. */
static const struct node *need(struct resolver *r, const struct node *transform, const char *key,
                               struct error *e)
{
    const struct node *n = node_get(transform, key);
    if (n && n->kind == NODE_SCALAR)
        return n;
    error_at(e, ERROR_RECIPE, r->y->name, transform->line, transform->column,
             "a var-transform needs the text `%s`", key);
    return NULL;
}

/* What comes out of a transform whose input is known. */
static void apply(struct resolver *r, struct variable *v, const struct pattern *match,
                  const struct node *replace)
{
    struct buf out = BUF_MAX(LONGEST_VALUE);
    if (!pattern_replace(match, slice_of(v->value), replace->value, &out, NULL))
        v->problem = "its pattern takes too long";
    else if (out.overflow)
        v->problem = "is too long once it is transformed";
    v->value = v->problem ? "" : arena_text(r->a, buf_slice(&out));
    buf_free(&out);
}

static bool add_transform(struct resolver *r, const struct node *transform, struct error *e)
{
    const struct node *from = need(r, transform, "from", e);
    const struct node *to = need(r, transform, "to", e);
    const struct node *match = need(r, transform, "match", e);
    const struct node *replace = need(r, transform, "replace", e);
    if (!from || !to || !match || !replace)
        return false;
    struct error why = {0};
    const struct pattern *pattern = pattern_compile(r->a, match->value, &why);
    if (!pattern)
        return error_at(e, ERROR_RECIPE, r->y->name, match->line, match->column, "match: %s",
                        why.message);
    struct variable v = {.name = arena_printf(r->a, "vars.%.*s", SLICE_ARG(to->value))};
    settle(r, &v, from->value);
    if (!v.problem)
        apply(r, &v, pattern, replace);
    vec_push(r->a, &r->vars->list, v);
    const char *note = melange_replacement_note(r->a, r->y, replace);
    if (note)
        vec_push(r->a, &r->vars->notes, note);
    return true;
}

static bool add_transforms(struct resolver *r, const struct node *transforms, struct error *e)
{
    for (size_t i = 0; transforms && transforms->kind == NODE_SEQUENCE && i < transforms->count;
         i++)
        if (!add_transform(r, transforms->items[i], e))
            return false;
    return true;
}

static bool few_enough(struct resolver *r, const struct node *list, struct error *e)
{
    if (!list || list->count <= MOST_VARIABLES)
        return true;
    return error_at(e, ERROR_RECIPE, r->y->name, list->line, list->column,
                    "%zu variables are more than the %d that can be handled", list->count,
                    MOST_VARIABLES);
}

bool melange_variables(struct arena *a, const struct yaml *y, const char *version,
                       const struct variables *overrides, struct variables *out, struct error *e)
{
    struct resolver r = {.a = a, .y = y, .vars = out};
    const struct node *root = melange_root(y);
    const struct node *vars = node_get(root, "vars");
    const struct node *transforms = node_get(root, "var-transforms");
    if (!few_enough(&r, vars, e) || !few_enough(&r, transforms, e))
        return false;
    add_package(&r, node_get(root, "package"), version);
    size_t first = out->list.count;
    add_vars(&r, vars, overrides);
    resolve_vars(&r, first);
    return add_transforms(&r, transforms, e);
}
