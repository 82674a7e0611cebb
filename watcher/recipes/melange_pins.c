#include "watcher/recipes/melange_parts.h"

#include <string.h>

struct reader {
    struct arena *a;
    const struct yaml *y;
    struct variables vars; /* with room for build.arch behind them */
    size_t var_count;
    struct pins *out;
};

/* A text of a step with its variables replaced. */
struct evaluated {
    const char *text; /* NULL when the step has none, or an empty one */
    bool moves;
    const char *problem;
};

#define LEAVE(r, ...) vec_push((r)->a, &(r)->out->left, arena_printf((r)->a, __VA_ARGS__))

static void take_variables(struct reader *r, const struct variables *vars)
{
    r->var_count = vars->list.count;
    r->vars.list.items = arena_array(r->a, r->var_count + 1, sizeof *vars->list.items);
    if (r->var_count)
        memcpy(r->vars.list.items, vars->list.items, r->var_count * sizeof *vars->list.items);
}

/* The architecture is known where a step runs for one only. */
static void know_arch(struct reader *r, const char *arch)
{
    r->vars.list.count = r->var_count;
    if (arch)
        r->vars.list.items[r->vars.list.count++] =
            (struct variable){.name = "build.arch", .value = arch};
}

static struct evaluated evaluate(struct reader *r, const struct step *s, const char *key)
{
    struct evaluated result = {0};
    struct slice text = node_text(s->with, key);
    if (slice_empty(text))
        return result;
    struct buf out = BUF_MAX(LONGEST_VALUE);
    struct error e = {0};
    know_arch(r, s->arch);
    if (!melange_expand_moving(&r->vars, text, &out, &result.moves, &e))
        result.problem = arena_printf(r->a, "%s.with.%s: %s", s->path, key, e.message);
    else if (out.overflow)
        result.problem = arena_printf(r->a, "%s.with.%s is too long", s->path, key);
    result.text = arena_text(r->a, buf_slice(&out));
    buf_free(&out);
    return result;
}

/* Where a pinned value stands literally: in the step, or in the variable that the step names. */
struct literal {
    const char *path;
    const struct node *node;
};

/* "${{vars.x}}" and nothing else gives x. */
static struct slice sole_variable(struct slice text)
{
    struct slice none = {NULL, 0};
    text = slice_trim(text);
    if (!slice_starts(text, SLICE("${{")) || slice_find(text, SLICE("}}")) != text.len - 2)
        return none;
    struct slice name = slice_trim(slice_first(slice_from(text, 3), text.len - 5));
    bool ours = slice_starts(name, SLICE("vars.")) && melange_is_variable(name);
    return ours ? slice_from(name, 5) : none;
}

static bool made_by_transform(struct reader *r, struct slice variable)
{
    const struct node *transforms = node_get(melange_root(r->y), "var-transforms");
    for (size_t i = 0; transforms && i < transforms->count; i++)
        if (transforms->kind == NODE_SEQUENCE &&
            slice_equal(node_text(transforms->items[i], "to"), variable))
            return true;
    return false;
}

static bool is_templated(struct slice text)
{
    return slice_contains(text, SLICE("${{"));
}

/* Find the literal behind with[key]; false, and a word on it, when it has to be left alone. */
static bool find_literal(struct reader *r, const struct step *s, const char *key,
                         struct literal *out)
{
    const struct node *n = node_get(s->with, key);
    const char *path = arena_printf(r->a, "%s.with.%s", s->path, key);
    *out = (struct literal){path, n};
    if (!is_templated(n->value))
        return true;
    struct slice name = sole_variable(n->value);
    const char *variable = slice_empty(name) ? NULL : melange_variable_path(r->a, name);
    const struct node *value = variable ? node_path(melange_root(r->y), variable) : NULL;
    if (value && value->kind == NODE_SCALAR && !is_templated(value->value) &&
        !made_by_transform(r, name)) {
        *out = (struct literal){variable, value};
        return true;
    }
    LEAVE(r, "%s is %s: no literal stands behind it", path, melange_shown(r->a, n->value));
    return false;
}

static bool has_text(const struct step *s, const char *key)
{
    return !slice_empty(node_text(s->with, key));
}

/* Add the pin at with[key] of a step, taking url, tag and so on from `like`. */
static void add_pin(struct reader *r, const struct step *s, const char *key, struct pin like)
{
    struct literal at;
    if (!has_text(s, key) || !find_literal(r, s, key, &at))
        return;
    like.path = at.path;
    like.old = arena_text(r->a, at.node->value);
    like.line = at.node->line;
    vec_push(r->a, &r->out->list, like);
}

static struct pin fetch_pin(struct reader *r, const struct step *s)
{
    struct evaluated uri = evaluate(r, s, "uri");
    return (struct pin){
        .follows = uri.moves ? FOLLOWS_VERSION : FOLLOWS_NOTHING,
        .url = uri.text,
        .problem = uri.problem,
    };
}

static struct pin checkout_pin(struct reader *r, const struct step *s)
{
    struct evaluated repository = evaluate(r, s, "repository");
    if (repository.text && !repository.problem)
        repository.text = melange_repository(r->a, slice_of(repository.text));
    struct evaluated tag = evaluate(r, s, "tag");
    struct evaluated branch = tag.text ? (struct evaluated){0} : evaluate(r, s, "branch");
    return (struct pin){
        .kind = PIN_COMMIT,
        .follows = tag.moves || branch.moves ? FOLLOWS_VERSION : FOLLOWS_NOTHING,
        .url = repository.text,
        .tag = tag.text,
        .branch = branch.text,
        .problem = repository.problem ? repository.problem
                   : tag.problem      ? tag.problem
                                      : branch.problem,
    };
}

static void read_step(struct reader *r, const struct step *s)
{
    if (step_uses(s, "git-checkout"))
        add_pin(r, s, "expected-commit", checkout_pin(r, s));
    if (!step_uses(s, "fetch"))
        return;
    struct pin pin = fetch_pin(r, s);
    pin.kind = PIN_SHA256;
    add_pin(r, s, "expected-sha256", pin);
    pin.kind = PIN_SHA512;
    add_pin(r, s, "expected-sha512", pin);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_checkout(const struct pin *a, const struct pin *b)
{
    return a->kind == PIN_COMMIT && b->kind == PIN_COMMIT && same_text(a->url, b->url) &&
           same_text(a->tag, b->tag) && same_text(a->branch, b->branch);
}

/* A recipe of which nothing follows the version takes its software from the head of a branch: its
 * first checkout, if that names no tag. */
static struct pin *find_main(struct pins *pins)
{
    struct pin *first = NULL;
    bool follows = false;
    for (size_t i = 0; i < pins->list.count; i++) {
        struct pin *p = &pins->list.items[i];
        if (p->kind == PIN_COMMIT && p->follows == FOLLOWS_VERSION)
            return p;
        follows = follows || p->follows == FOLLOWS_VERSION;
        if (!first && p->kind == PIN_COMMIT)
            first = p;
    }
    return follows || !first || first->tag ? NULL : first;
}

static void mark_main(struct pins *pins)
{
    const struct pin *found = find_main(pins);
    if (!found)
        return;
    struct pin like = *found;
    for (size_t i = 0; i < pins->list.count; i++) {
        struct pin *p = &pins->list.items[i];
        if (!same_checkout(p, &like))
            continue;
        p->main = true;
        p->follows = like.follows == FOLLOWS_VERSION ? FOLLOWS_VERSION : FOLLOWS_BRANCH;
    }
}

/* Does the text name the version itself, so that it will go on naming the old one? */
static bool names_version(const char *text, struct slice version)
{
    struct slice rest = slice_of(text);
    if (version.len < 3)
        return false;
    for (size_t at = slice_find(rest, version); at != SLICE_NONE; at = slice_find(rest, version)) {
        bool starts = at == 0 || !is_digit(rest.ptr[at - 1]);
        rest = slice_from(rest, at + version.len);
        if (starts && (slice_empty(rest) || !is_digit(rest.ptr[0])))
            return true;
    }
    return false;
}

static const char *ref_name(const struct pin *p)
{
    return p->tag ? p->tag : p->branch ? p->branch : "the default branch";
}

static void note_fixed(struct reader *r)
{
    struct slice version = node_text(node_get(melange_root(r->y), "package"), "version");
    for (size_t i = 0; i < r->out->list.count; i++) {
        const struct pin *p = &r->out->list.items[i];
        const char *what = p->kind == PIN_COMMIT ? ref_name(p) : p->url;
        if (p->follows != FOLLOWS_NOTHING || !what)
            continue;
        const char *shown = melange_shown(r->a, slice_of(what));
        if (names_version(what, version))
            LEAVE(r, "%s: %s has the version in plain text: it has to be changed by hand", p->path,
                  shown);
        else if (p->kind == PIN_COMMIT)
            LEAVE(r, "%s: %s of %s does not depend on the version", p->path, shown,
                  melange_shown(r->a, slice_of(p->url)));
        else
            LEAVE(r, "%s: %s does not depend on the version", p->path, shown);
    }
}

/* A checkout outside the main pipeline: does it repeat one that is renewed? */
static void read_echo(struct reader *r, const struct step *s, size_t main_count)
{
    struct pin pin = checkout_pin(r, s);
    struct slice old = node_text(s->with, "expected-commit");
    for (size_t i = 0; i < main_count; i++) {
        const struct pin *p = &r->out->list.items[i];
        if (p->follows == FOLLOWS_NOTHING || !same_checkout(p, &pin) || !slice_is(old, p->old))
            continue;
        pin.follows = p->follows;
        pin.main = p->main;
        add_pin(r, s, "expected-commit", pin);
        return;
    }
    if (pin.follows != FOLLOWS_NOTHING)
        LEAVE(r, "%s: its commit depends on the version, but this is not the main pipeline",
              s->path);
}

static void read_outside(struct reader *r, const struct node *holder, const char *path)
{
    struct steps steps = {0};
    size_t main_count = r->out->list.count;
    melange_steps(r->a, holder, path, &steps);
    for (size_t i = 0; i < steps.list.count; i++) {
        const struct step *s = &steps.list.items[i];
        bool hashed = has_text(s, "expected-sha256") || has_text(s, "expected-sha512");
        if (step_uses(s, "git-checkout") && has_text(s, "expected-commit"))
            read_echo(r, s, main_count);
        else if (step_uses(s, "fetch") && hashed && fetch_pin(r, s).follows != FOLLOWS_NOTHING)
            LEAVE(r, "%s: its hash depends on the version, but this is not the main pipeline",
                  s->path);
    }
}

static void read_main(struct reader *r, const struct node *root)
{
    struct steps steps = {0};
    melange_steps(r->a, root, "", &steps);
    for (size_t i = 0; i < steps.list.count; i++)
        read_step(r, &steps.list.items[i]);
    if (steps.cut)
        LEAVE(r, "pipeline: only its first %d steps were looked at", MOST_STEPS);
    mark_main(r->out);
    note_fixed(r);
}

void melange_pins(struct arena *a, const struct yaml *y, const struct variables *vars,
                  struct pins *out)
{
    struct reader r = {.a = a, .y = y, .out = out};
    const struct node *root = melange_root(y);
    const struct node *subpackages = node_get(root, "subpackages");
    take_variables(&r, vars);
    read_main(&r, root);
    read_outside(&r, node_get(root, "test"), "test");
    for (size_t i = 0; subpackages && subpackages->kind == NODE_SEQUENCE && i < subpackages->count;
         i++) {
        const struct node *sub = subpackages->items[i];
        const char *path = arena_printf(a, "subpackages[%zu]", i);
        read_outside(&r, sub, path);
        read_outside(&r, node_get(sub, "test"), arena_printf(a, "%s.test", path));
    }
}
