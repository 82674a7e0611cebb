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

struct config_proposing config_proposing_default(void)
{
    return (struct config_proposing){.open = 20, .hourly = 50};
}

static const char *text_at(struct config *config, const struct node *mapping, const char *key)
{
    const struct node *value = node_get(mapping, key);
    return value ? text(config, value) : NULL;
}

static void count_at(const struct node *mapping, const char *key, unsigned long long *out)
{
    const struct node *value = node_get(mapping, key);
    if (value)
        slice_number(value->value, out);
}

static void read_workflow(struct config *config, const struct node *workflow,
                          struct config_trigger *t)
{
    const struct node *inputs = node_get(workflow, "inputs");
    if (!workflow)
        return;
    if (workflow->kind == NODE_SCALAR)
        t->workflow = text(config, workflow);
    else
        t->workflow = text_at(config, workflow, "file");
    t->ref = text_at(config, workflow, "ref");
    t->input = text_at(config, workflow, "input");
    for (size_t i = 0; inputs && i < inputs->count; i++) {
        const struct pair *pair = &inputs->pairs[i];
        struct config_input input = {text(config, pair->key), text(config, pair->value)};
        vec_push(&config->arena, &t->inputs, input);
    }
}

static enum trigger_on occasion_of(struct slice word)
{
    if (slice_is(word, "due"))
        return TRIGGER_DUE;
    return slice_is(word, "merged") ? TRIGGER_MERGED : TRIGGER_PROPOSED;
}

static void read_trigger(struct config *config, const struct node *node)
{
    const struct node *recipes = node_get(node, "recipes");
    struct config_trigger t = {
        .on = occasion_of(node_get(node, "on")->value),
        .repository = text_at(config, node, "repository"),
        .event = text_at(config, node, "event-type"),
    };
    read_workflow(config, node_get(node, "workflow"), &t);
    for (size_t i = 0; recipes && i < recipes->count; i++)
        vec_push(&config->arena, &t.recipes, text(config, recipes->items[i]));
    vec_push(&config->arena, &config->proposing.triggers, t);
}

static void read_dashboard(struct config *config, const struct node *node)
{
    struct config_proposing *p = &config->proposing;
    const struct node *labels = node_get(node, "labels");
    if (!node)
        return;
    p->dashboard = node->kind == NODE_SCALAR ? node_bool(node, true) : true;
    p->dashboard_title = text_at(config, node, "title");
    for (size_t i = 0; labels && i < labels->count; i++)
        vec_push(&config->arena, &p->dashboard_labels, text(config, labels->items[i]));
}

static void read_proposing(struct config *config, const struct node *root)
{
    const struct node *commit = node_get(root, "commit"), *author = node_get(commit, "author");
    const struct node *forge = node_get(root, "forge"), *limits = node_get(root, "limits");
    const char *way = text_at(config, forge, "commit-through");
    struct config_proposing *p = &config->proposing;
    p->author_name = text_at(config, author, "name");
    p->author_email = text_at(config, author, "email");
    p->sign = text_at(config, commit, "sign");
    p->signing_key = text_at(config, commit, "key");
    p->signing_program = text_at(config, commit, "program");
    p->repository = text_at(config, forge, "repository");
    p->base = text_at(config, forge, "base");
    p->remote = text_at(config, forge, "remote");
    p->app_id = text_at(config, node_get(forge, "app"), "id");
    p->app_key_file = text_at(config, node_get(forge, "app"), "key-file");
    p->through_api = way && slice_is(slice_of(way), "api");
    count_at(limits, "open", &p->open);
    count_at(limits, "hourly", &p->hourly);
    read_dashboard(config, node_get(root, "dashboard"));
    const struct node *triggers = node_get(root, "trigger");
    for (size_t i = 0; triggers && i < triggers->count; i++)
        read_trigger(config, triggers->items[i]);
}

static void read_templates(struct config *config, const struct node *templates)
{
    config->templates = (struct config_templates){
        .title = text_at(config, templates, "title"),
        .issue_title = text_at(config, templates, "issue-title"),
        .group_title = text_at(config, templates, "group-title"),
        .pull_request = text_at(config, templates, "pull-request"),
        .issue = text_at(config, templates, "issue"),
        .rebuild = text_at(config, templates, "rebuild"),
        .group = text_at(config, templates, "group"),
        .group_member = text_at(config, templates, "group-member"),
        .commit = text_at(config, templates, "commit"),
    };
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
    read_proposing(config, root);
    read_templates(config, node_get(root, "templates"));
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
    *config = (struct config){.proposing = config_proposing_default()};
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
