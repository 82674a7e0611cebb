/* Layers: `defaults:`, an entry of `recipes:` and one of its `components:`, each laid over the one
 * before, and all of them over what the recipe itself said. Only the files config*.c see this. */
#ifndef MWATCH_RECIPES_CONFIG_LAYER_H
#define MWATCH_RECIPES_CONFIG_LAYER_H

#include "watcher/recipes/component.h"
#include "watcher/recipes/config_type.h"

enum { LAYERS = 3 };

/* From the outermost to the innermost; NULL and null are empty layers. All was checked before. */
struct layers {
    const struct node *nodes[LAYERS];
};

/* Lay all of them over the component. Left to the caller: source, current, enabled, exclude-reason,
 * and the keys that are no component's. */
void layers_put(const struct layers *layers, struct component *c);

/* The value of a key in the innermost layer that has it, NULL when none has. */
const struct node *layers_find(const struct layers *layers, const char *key);

/* A pattern over the lines of a whole file: ^ and $ are their ends. It was checked before. */
const struct pattern *layer_line_pattern(struct arena *a, const struct node *value);

/* The readers of the keys' rows in config_keys.c. */
config_reader layer_text, layer_flag, layer_scheme, layer_duration, layer_pattern, layer_ignore,
    layer_transforms, layer_policy, layer_set, layer_names, layer_artefacts, layer_places,
    layer_epoch, layer_dependents, layer_advisories, layer_proof, layer_links, layer_labels,
    layer_checklist, layer_assignees, layer_reviewers, layer_team_reviewers;

#endif
