#include "watcher/recipes/melange.h"

#include "watcher/base/text.h"
#include "watcher/recipes/melange_bump.h"
#include "watcher/recipes/melange_parts.h"

const struct node *melange_root(const struct yaml *y)
{
    return y->count ? y->documents[0] : NULL;
}

enum { LONGEST_SHOWN = 200 };

const char *melange_variable_path(struct arena *a, struct slice name)
{
    bool plain = slice_find_byte(name, '.') == SLICE_NONE;
    return arena_printf(a, plain ? "vars.%.*s" : "vars['%.*s']", SLICE_ARG(name));
}

static const struct node *package_of(const struct yaml *y)
{
    return node_get(melange_root(y), "package");
}

bool melange_is(const struct yaml *y)
{
    const struct node *package = package_of(y);
    return package && package->kind == NODE_MAPPING && node_get(package, "name");
}

#define REFUSE(node, ...)                                                                          \
    error_at(e, ERROR_RECIPE, y->name, (node)->line, (node)->column, __VA_ARGS__)

/* As apk's own: they become file names and branch names. */
bool melange_is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool inside = i > 0 && (c == '.' || c == '-' || c == '+' || c == '_');
        if (!is_letter(c) && !is_digit(c) && !inside && c != '_')
            return false;
    }
    return name.len > 0;
}

const char *melange_shown(struct arena *a, struct slice text)
{
    struct buf out = {0};
    text_add_visible(&out, slice_first(text, LONGEST_SHOWN));
    if (text.len > LONGEST_SHOWN)
        buf_add_text(&out, "...");
    const char *result = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return result;
}

static bool read_name(const struct yaml *y, const struct node *package, struct component *c,
                      struct error *e)
{
    const struct node *name = node_get(package, "name");
    struct slice text = node_text(package, "name");
    if (!name)
        return REFUSE(package, "package has no name");
    if (!melange_is_name(text))
        return REFUSE(name, "\"%s\" is no package name: letters, digits, . + - _ may stand in it",
                      melange_shown(&c->arena, text));
    c->recipe = c->name = arena_text(&c->arena, text);
    return true;
}

static bool read_version(const struct yaml *y, const struct node *package, struct component *c,
                         struct error *e)
{
    const struct node *version = node_get(package, "version");
    if (!version || (version->kind == NODE_SCALAR && slice_empty(version->value)))
        return REFUSE(package, "package has no version: add `version:` with the one it builds");
    if (version->kind != NODE_SCALAR)
        return REFUSE(version, "package.version must be a text such as 1.2.3");
    c->line = version->line;
    if (!scheme_apk.valid(version->value))
        return REFUSE(version,
                      "package.version \"%s\" is no apk version: write it like 1.2.3, 1.2.3_rc1 or "
                      "1.2.3_p1",
                      melange_shown(&c->arena, version->value));
    c->current = arena_text(&c->arena, version->value);
    return true;
}

static bool read_epoch(const struct yaml *y, const struct node *package, struct component *c,
                       struct error *e)
{
    const struct node *epoch = node_get(package, "epoch");
    if (!epoch || (epoch->kind == NODE_SCALAR && node_type(epoch) == TYPE_NULL))
        return true;
    if (!slice_number(node_text(package, "epoch"), &c->epoch))
        return REFUSE(epoch, "package.epoch must be a whole number");
    return true;
}

static size_t count_following(const struct pins *pins)
{
    size_t n = 0;
    for (size_t i = 0; i < pins->list.count; i++)
        n += pins->list.items[i].follows == FOLLOWS_VERSION;
    return n;
}

/* The variables and pins as they stand, with one variable that is known to hold the version. */
struct reading {
    struct variables overrides, vars;
    struct pins pins;
};

static bool read_pins(const struct yaml *y, struct component *c, struct reading *out,
                      struct error *e)
{
    const struct variables *overrides = out->overrides.list.count ? &out->overrides : NULL;
    if (!melange_variables(&c->arena, y, NULL, overrides, &out->vars, e))
        return false;
    melange_pins(&c->arena, y, &out->vars, &out->pins);
    return true;
}

/* Where nothing follows package.version, a variable with the same value may stand in for it: it is
 * one if something follows that. */
static bool try_variable(const struct yaml *y, struct component *c, const struct pair *p,
                         struct reading *found, struct error *e)
{
    struct arena *a = &c->arena;
    struct reading trial = {0};
    if (p->value->kind != NODE_SCALAR || !slice_is(p->value->value, c->current) ||
        !melange_is_variable(p->key->value))
        return true;
    const char *path = melange_variable_path(a, p->key->value);
    vec_push(a, &trial.overrides.list, ((struct variable){.name = path, .value = c->current}));
    if (!read_pins(y, c, &trial, e))
        return false;
    if (!count_following(&trial.pins))
        return true;
    vec_push(a, &c->settings, ((struct setting){path, "{version}"}));
    *found = trial;
    return true;
}

static bool find_version_variable(const struct yaml *y, struct component *c, struct reading *found,
                                  struct error *e)
{
    const struct node *vars = node_get(melange_root(y), "vars");
    if (count_following(&found->pins) || !vars || vars->kind != NODE_MAPPING)
        return true;
    for (size_t i = 0; i < vars->count && !count_following(&found->pins); i++)
        if (!try_variable(y, c, &vars->pairs[i], found, e))
            return false;
    return true;
}

static const char *main_commit(const struct pins *pins)
{
    for (size_t i = 0; i < pins->list.count; i++)
        if (pins->list.items[i].main)
            return pins->list.items[i].old;
    return NULL;
}

static void read_rest(const struct yaml *y, struct component *c)
{
    struct reading found = {0};
    vec_push(&c->arena, &c->settings, ((struct setting){"package.version", "{version}"}));
    if (!read_pins(y, c, &found, &c->error) || !find_version_variable(y, c, &found, &c->error))
        return;
    for (size_t i = 0; i < found.vars.notes.count; i++)
        vec_push(&c->arena, &c->warnings, found.vars.notes.items[i]);
    c->commit = main_commit(&found.pins);
    melange_bumped(y, &found.vars, c);
    melange_update(y, &found.vars, &found.pins, c);
}

bool melange_read(const struct yaml *y, struct component *c, struct error *e)
{
    const struct node *package = package_of(y);
    c->kind = RECIPE_MELANGE;
    c->scheme = &scheme_apk;
    if (!melange_is(y))
        return error_at(e, ERROR_RECIPE, y->name, 0, 0, "no `package:` with a name in it");
    if (!read_name(y, package, c, e) || !read_version(y, package, c, e) ||
        !read_epoch(y, package, c, e))
        return false;
    read_rest(y, c);
    return true;
}
