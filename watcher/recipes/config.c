#include "watcher/recipes/config.h"

#include "watcher/recipes/config_layer.h"
#include "watcher/recipes/config_parts.h"

static const char *text(struct config *config, const struct node *scalar)
{
    return arena_text(&config->arena, scalar->value);
}

static void read_mirrors(struct config *config, const struct node *mapping)
{
    for (size_t i = 0; mapping && i < mapping->count; i++) {
        struct config_mirror mirror = {text(config, mapping->pairs[i].key),
                                       text(config, mapping->pairs[i].value)};
        vec_push(&config->arena, &config->mirrors, mirror);
    }
}

static void read_recipes(struct config *config, const struct node *mapping)
{
    for (size_t i = 0; mapping && i < mapping->count; i++) {
        const struct pair *pair = &mapping->pairs[i];
        const struct node *file = node_get(pair->value, "file");
        struct config_recipe entry = {
            .key = text(config, pair->key),
            .file = file ? text(config, file) : NULL,
            .name = pair->key,
            .node = pair->value,
        };
        vec_push(&config->arena, &config->recipes, entry);
    }
}

static void read_members(struct config *config, const struct node *root)
{
    const struct node *hosts = node_get(root, "plain-http"), *globs = node_get(root, "exclude");
    for (size_t i = 0; hosts && i < hosts->count; i++)
        vec_push(&config->arena, &config->plain_hosts, text(config, hosts->items[i]));
    for (size_t i = 0; globs && i < globs->count; i++)
        vec_push(&config->arena, &config->exclude, text(config, globs->items[i]));
    read_mirrors(config, node_get(root, "mirrors"));
    read_recipes(config, node_get(root, "recipes"));
    config->defaults = node_get(root, "defaults");
}

/* What is wrong in the configuration stops everything, unlike what is wrong in a recipe. */
static bool parse(struct config *config, struct slice content, struct error *e)
{
    struct error inner = {0};
    if (yaml_parse(&config->arena, config->file, content, &config->yaml, &inner))
        return true;
    return error_set(e, ERROR_USAGE, "%s", inner.message);
}

bool config_read(struct config *config, const char *file, struct slice content, struct error *e)
{
    *config = (struct config){0};
    config->file = arena_copy(&config->arena, file);
    if (!parse(config, arena_slice(&config->arena, content), e))
        return false;
    if (config->yaml.count == 0)
        return true;
    const struct node *root = config->yaml.documents[0];
    if (config->yaml.count > 1)
        return error_at(e, ERROR_USAGE, config->file, config->yaml.documents[1]->line, 0,
                        "a second document; the configuration is only one");
    if (!config_check(&config_type_file, config->file, root, e))
        return false;
    read_members(config, root);
    config_index(config);
    return config_rules(config, e);
}

void config_free(struct config *config)
{
    arena_free(&config->arena);
    *config = (struct config){0};
}
