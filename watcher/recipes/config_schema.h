/* What the two files that print the JSON Schema share. */
#ifndef MWATCH_RECIPES_CONFIG_SCHEMA_H
#define MWATCH_RECIPES_CONFIG_SCHEMA_H

#include "watcher/base/json.h"

/* References to the definitions "text" and "text-or-none"; a text that fits a pattern; a
 * definition, or one of its properties (NULL = all of it). Like all others below, the value is the
 * caller's. */
json_t *schema_text(bool may_be_empty);
json_t *schema_text_like(const char *pattern);
json_t *schema_reference(const char *name, const char *key);

/* Put a value that is handed over into an object. */
void schema_put(json_t *object, const char *key, json_t *value);

/* A `source:` value: every adapter and preset with its keys. */
json_t *schema_source(void);

#endif
