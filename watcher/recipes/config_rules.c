/* What the types of mwatch.yaml cannot say. */
#include "watcher/recipes/config_parts.h"

static bool fail(const struct config *config, const struct node *at, const char *recipe,
                 const struct node *part, const char *what, struct error *e)
{
    return config_fail(e, ERROR_USAGE, config->file, at->line, at->column, "recipes.%s%s%.*s %s",
                       recipe, part ? ".components." : "",
                       SLICE_ARG(part ? part->value : (struct slice){0}), what);
}

static bool check_set(const struct config *config, const struct node *layer, struct error *e)
{
    const struct node *set = layer ? node_get(layer, "set") : NULL;
    for (size_t i = 0; set && i < set->count; i++) {
        const struct node *key = set->pairs[i].key;
        if (slice_is(key->value, "package.epoch"))
            return error_at(e, ERROR_USAGE, config->file, key->line, key->column,
                            "package.epoch moves by itself; `epoch: keep` leaves it alone");
    }
    return true;
}

static bool has_items(const struct layers *layers, const char *key)
{
    const struct node *value = layers_find(layers, key);
    return value && value->count > 0;
}

/* The keys that would say where else an entry of a list moves, and what tells entries apart. */
static bool check_each(const struct config *config, const struct config_recipe *entry,
                       const struct pair *part, const struct layers *layers, struct error *e)
{
    static const char *const others[] = {"set", "names", "places", "current", "artefacts"};
    const struct node *each = layers_find(layers, "each");
    if (each && !each_is_named(each))
        return fail(config, each, entry->key, part->key,
                    "has a list whose pattern lacks {component}", e);
    for (size_t i = 0; each && i < sizeof others / sizeof *others; i++)
        if (layers_find(layers, others[i]))
            return fail(config, each, entry->key, part->key,
                        "has each beside set, names, places, current or artefacts; an entry of a "
                        "list moves in its own line",
                        e);
    return true;
}

/* One of several components cannot lean on what the recipe's `update:` block says. */
static bool check_part(const struct config *config, const struct config_recipe *entry,
                       const struct pair *part, struct error *e)
{
    struct layers layers = {{config->defaults, entry->node, part->value}};
    const struct node *name = part->key;
    if (!node_bool(layers_find(&layers, "enabled"), true))
        return true;
    if (!layers_find(&layers, "source"))
        return fail(config, name, entry->key, name, "has no source", e);
    bool moves = has_items(&layers, "set") || has_items(&layers, "names") ||
                 has_items(&layers, "places") || layers_find(&layers, "each") ||
                 !slice_empty(config_starred(layers_find(&layers, "source")));
    if (!moves)
        return fail(config, name, entry->key, name, "changes nothing; give it set, names or places",
                    e);
    return check_each(config, entry, part, &layers, e) && check_set(config, part->value, e);
}

static bool check_entry(const struct config *config, const struct config_recipe *entry,
                        struct error *e)
{
    const struct node *parts = node_get(entry->node, "components");
    if (parts && parts->count == 0)
        return fail(config, parts, entry->key, NULL, "has no components", e);
    if (!parts && node_get(entry->node, "each"))
        return fail(config, entry->name, entry->key, NULL,
                    "has each; a list is one of several components", e);
    for (size_t i = 0; parts && i < parts->count; i++)
        if (!check_part(config, entry, &parts->pairs[i], e))
            return false;
    return check_set(config, entry->node, e);
}

bool config_rules(const struct config *config, struct error *e)
{
    for (size_t i = 0; i < config->recipes.count; i++)
        if (!check_entry(config, &config->recipes.items[i], e))
            return false;
    const struct node *each = config->defaults ? node_get(config->defaults, "each") : NULL;
    if (each)
        return error_at(e, ERROR_USAGE, config->file, each->line, each->column,
                        "defaults has each; a list belongs to one recipe");
    return check_set(config, config->defaults, e);
}
