/* JSON Schema, as much of draft 7 as mwatch.schema.json uses: a keyword that is not known here is a
 * failure of the test, not passed over. And YAML as a schema sees it. */
#ifndef MWATCH_TESTS_UNIT_SCHEMA_CHECK_H
#define MWATCH_TESTS_UNIT_SCHEMA_CHECK_H

#include "watcher/base/json.h"
#include "watcher/base/pattern.h"
#include "watcher/yaml/yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *yaml_to_json(const struct node *node);

static inline json_t *yaml_scalar_to_json(const struct node *node)
{
    char number[64] = "";
    struct slice s = node->value;
    if (s.len < sizeof number)
        memcpy(number, s.ptr ? s.ptr : "", s.len);
    switch (node_type(node)) {
    case TYPE_NULL:
        return json_null();
    case TYPE_BOOL:
        return json_boolean(node_bool(node, false));
    case TYPE_INT:
        return json_integer(strtoll(number, NULL, 0));
    case TYPE_FLOAT:
        return isfinite(strtod(number, NULL)) ? json_real(strtod(number, NULL)) : json_real(0);
    default:
        return json_stringn(s.ptr ? s.ptr : "", s.len);
    }
}

static inline json_t *yaml_to_json(const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return yaml_scalar_to_json(node);
    json_t *out = node->kind == NODE_MAPPING ? json_object() : json_array();
    for (size_t i = 0; i < node->count; i++)
        if (node->kind == NODE_SEQUENCE)
            json_array_append_new(out, yaml_to_json(node->items[i]));
        else
            json_object_setn_new(out, node->pairs[i].key->value.ptr, node->pairs[i].key->value.len,
                                 yaml_to_json(node->pairs[i].value));
    return out;
}

struct schema_check {
    const json_t *root;
    struct arena arena;      /* of compiled patterns */
    const char *unsupported; /* a keyword that is not known here */
};

static bool schema_accepts(struct schema_check *c, const json_t *schema, const json_t *value);

static inline bool schema_type_is(const char *name, const json_t *value)
{
    return (strcmp(name, "string") == 0 && json_is_string(value)) ||
           (strcmp(name, "number") == 0 && json_is_number(value)) ||
           (strcmp(name, "integer") == 0 && json_is_integer(value)) ||
           (strcmp(name, "boolean") == 0 && json_is_boolean(value)) ||
           (strcmp(name, "null") == 0 && json_is_null(value)) ||
           (strcmp(name, "array") == 0 && json_is_array(value)) ||
           (strcmp(name, "object") == 0 && json_is_object(value));
}

static inline bool schema_type(const json_t *types, const json_t *value)
{
    size_t i;
    json_t *name;
    if (json_is_string(types))
        return schema_type_is(json_string_value(types), value);
    json_array_foreach(types, i, name)
    {
        if (schema_type_is(json_string_value(name), value))
            return true;
    }
    return false;
}

static inline bool schema_enum(const json_t *list, const json_t *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (json_equal(item, value))
            return true;
    }
    return false;
}

static inline bool schema_pattern(struct schema_check *c, const json_t *text, const json_t *value)
{
    struct error e = {0};
    if (!json_is_string(value))
        return true;
    const struct pattern *p = pattern_compile(&c->arena, slice_of(json_string_value(text)), &e);
    if (!p)
        c->unsupported = json_string_value(text);
    struct slice subject = {json_string_value(value), json_string_length(value)};
    return p && pattern_search(p, subject, 0, NULL) == PATTERN_YES;
}

/* How many of the schemas accept the value. */
static inline size_t schema_count(struct schema_check *c, const json_t *list, const json_t *value)
{
    size_t i, n = 0;
    json_t *schema;
    json_array_foreach(list, i, schema)
    {
        n += schema_accepts(c, schema, value);
    }
    return n;
}

static inline bool schema_required(const json_t *list, const json_t *value)
{
    size_t i;
    json_t *key;
    json_array_foreach(list, i, key)
    {
        if (json_is_object(value) && !json_object_get(value, json_string_value(key)))
            return false;
    }
    return true;
}

/* Every member by its own schema, the others by `additionalProperties`. */
static inline bool schema_members(struct schema_check *c, const json_t *schema, const json_t *value)
{
    const json_t *known = json_object_get(schema, "properties");
    const json_t *others = json_object_get(schema, "additionalProperties");
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)value, key, member)
    {
        const json_t *own = json_object_get(known, key);
        if (own ? !schema_accepts(c, own, member) : others && !schema_accepts(c, others, member))
            return false;
    }
    return true;
}

static inline bool schema_names(struct schema_check *c, const json_t *schema, const json_t *value)
{
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)value, key, member)
    {
        json_t *name = json_string(key);
        bool good = schema_accepts(c, schema, name);
        json_decref(name);
        if (!good)
            return false;
    }
    return true;
}

static inline bool schema_items(struct schema_check *c, const json_t *schema, const json_t *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        if (!schema_accepts(c, schema, item))
            return false;
    }
    return true;
}

/* "#/definitions/component/properties/stream" */
static inline const json_t *schema_resolve(const json_t *root, const char *reference)
{
    struct slice rest = slice_of(reference), part;
    slice_split(&rest, '/', &part);
    while (root && slice_split(&rest, '/', &part))
        root = json_object_getn(root, part.ptr, part.len);
    return root;
}

static inline bool schema_keyword(struct schema_check *c, const json_t *schema, const char *key,
                                  const json_t *rule, const json_t *value)
{
    static const char *const silent[] = {"$schema", "title", "description", "definitions", NULL};
    for (const char *const *s = silent; *s; s++)
        if (strcmp(*s, key) == 0)
            return true;
    if (strcmp(key, "$ref") == 0)
        return schema_accepts(c, schema_resolve(c->root, json_string_value(rule)), value);
    if (strcmp(key, "type") == 0)
        return schema_type(rule, value);
    if (strcmp(key, "enum") == 0)
        return schema_enum(rule, value);
    if (strcmp(key, "pattern") == 0)
        return schema_pattern(c, rule, value);
    if (strcmp(key, "minLength") == 0)
        return !json_is_string(value) ||
               (json_int_t)json_string_length(value) >= json_integer_value(rule);
    if (strcmp(key, "minimum") == 0)
        return !json_is_number(value) || json_number_value(value) >= json_number_value(rule);
    if (strcmp(key, "minProperties") == 0)
        return (json_int_t)json_object_size(value) >= json_integer_value(rule);
    if (strcmp(key, "maxProperties") == 0)
        return (json_int_t)json_object_size(value) <= json_integer_value(rule);
    if (strcmp(key, "allOf") == 0)
        return schema_count(c, rule, value) == json_array_size(rule);
    if (strcmp(key, "anyOf") == 0)
        return schema_count(c, rule, value) > 0;
    if (strcmp(key, "oneOf") == 0)
        return schema_count(c, rule, value) == 1;
    if (strcmp(key, "required") == 0)
        return schema_required(rule, value);
    if (strcmp(key, "items") == 0)
        return schema_items(c, rule, value);
    if (strcmp(key, "propertyNames") == 0)
        return schema_names(c, rule, value);
    if (strcmp(key, "properties") == 0 || strcmp(key, "additionalProperties") == 0)
        return schema_members(c, schema, value);
    c->unsupported = key;
    return false;
}

static inline bool schema_accepts(struct schema_check *c, const json_t *schema, const json_t *value)
{
    const char *key;
    json_t *rule;
    if (json_is_boolean(schema))
        return json_is_true(schema);
    if (!json_is_object(schema)) {
        c->unsupported = "a reference to nothing";
        return false;
    }
    json_object_foreach((json_t *)schema, key, rule)
    {
        if (!schema_keyword(c, schema, key, rule, value))
            return false;
    }
    return true;
}

#endif
