/* The JSON Schema of mwatch.yaml (draft 7, which editors know), from the tables that check it. */
#include "watcher/recipes/config_schema.h"

#include "watcher/recipes/config.h"
#include "watcher/recipes/config_type.h"
#include "watcher/versions/scheme.h"

#include <stdlib.h>

/* `d` are the definitions made so far; a named type is put there once. */
static json_t *schema_of(const struct config_type *type, json_t *d);

void schema_put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

json_t *schema_reference(const char *name, const char *key)
{
    struct buf at = {0};
    buf_addf(&at, "#/definitions/%s%s%s", name, key ? "/properties/" : "", key ? key : "");
    json_t *s = json_pack("{s:s}", "$ref", buf_text(&at));
    buf_free(&at);
    return s;
}

/* Plain 8.5 and true are texts to mwatch, but numbers and booleans to a schema. */
static json_t *any_text(bool may_be_empty)
{
    json_t *s = json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
    if (!may_be_empty)
        schema_put(s, "minLength", json_integer(1));
    return s;
}

json_t *schema_text(bool may_be_empty)
{
    return schema_reference(may_be_empty ? "text-or-none" : "text", NULL);
}

json_t *schema_text_like(const char *pattern)
{
    return json_pack("{s:[s,s,s], s:s}", "type", "string", "number", "boolean", "pattern", pattern);
}

static json_t *words(const char *const *list)
{
    json_t *array = json_array();
    for (; *list; list++)
        json_array_append_new(array, json_string(*list));
    return json_pack("{s:o}", "enum", array);
}

/* Any text in which braces are doubled, or stand around a known name or behind a dollar sign. */
static json_t *placeholders(const char *const *names)
{
    struct buf pattern = {0};
    buf_add_text(&pattern, "^(?:\\$\\{\\{(?:[^}]|\\}[^}])*\\}\\}|[^{]|\\{\\{|\\{[#^/]?(?:");
    for (size_t i = 0; names[i]; i++)
        buf_addf(&pattern, "%s%s", i ? "|" : "", names[i]);
    buf_add_text(&pattern, ")\\})*$");
    json_t *s = json_pack("{s:s}", "pattern", buf_text(&pattern));
    buf_free(&pattern);
    return s;
}

static json_t *template(const struct config_type *type)
{
    json_t *s = any_text(type->may_be_empty);
    if (type->form)
        schema_put(s, "pattern", json_string(type->form));
    schema_put(s, "allOf", json_pack("[o]", placeholders(type->choices)));
    return s;
}

static json_t *scalar(const struct config_type *type)
{
    switch (type->shape) {
    case SHAPE_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case SHAPE_DURATION:
    case SHAPE_COUNT:
        return json_pack("{s:[s,s], s:s, s:i}", "type", "string", "integer", "pattern", type->form,
                         "minimum", 0);
    case SHAPE_CHOICE:
        return words(type->choices);
    case SHAPE_SCHEME:
        return words(scheme_names());
    case SHAPE_TEMPLATE:
        return template(type);
    case SHAPE_FILE:
        return schema_text_like("^(?!/)(?!.*(?:^|/)\\.\\.(?:/|$))");
    case SHAPE_URL:
        return schema_text_like("^[A-Za-z][A-Za-z0-9+.-]*://");
    default:
        return type->form ? schema_text_like(type->form) : schema_text(type->may_be_empty);
    }
}

/* The key's own words beside its type. */
static json_t *property(const struct config_key *key, json_t *d)
{
    json_t *inner = schema_of(key->type, d);
    /* Draft 7 passes over what stands beside a reference. */
    if (json_object_get(inner, "$ref"))
        return json_pack("{s:s, s:[o]}", "description", key->help, "allOf", inner);
    schema_put(inner, "description", json_string(key->help));
    return inner;
}

static json_t *properties(const struct config_type *type, json_t *d)
{
    json_t *list = json_object();
    for (const struct config_key *key = type->keys; key->name; key++)
        schema_put(list, key->name, property(key, d));
    if (type->base)
        json_decref(schema_of(type->base, d));
    for (const struct config_key *key = type->base ? type->base->keys : NULL; key && key->name;
         key++)
        schema_put(list, key->name, schema_reference(type->base->name, key->name));
    return list;
}

static json_t *required(const struct config_type *type)
{
    json_t *list = json_array();
    for (const struct config_key *key = type->keys; key->name; key++)
        if (key->required)
            json_array_append_new(list, json_string(key->name));
    return list;
}

static json_t *alternatives(const char *const *keys)
{
    json_t *list = json_array();
    for (; *keys; keys++)
        json_array_append_new(list, json_pack("{s:[s]}", "required", *keys));
    return list;
}

static json_t *record(const struct config_type *type, json_t *d)
{
    json_t *s = json_object();
    schema_put(s, "type",
               type->may_be_empty ? json_pack("[s,s]", "object", "null") : json_string("object"));
    schema_put(s, "additionalProperties", json_false());
    schema_put(s, "properties", properties(type, d));
    json_t *needed = required(type);
    if (json_array_size(needed))
        json_object_set(s, "required", needed);
    json_decref(needed);
    if (type->one_of)
        schema_put(s, "oneOf", alternatives(type->one_of));
    if (type->any_of)
        schema_put(s, "anyOf", alternatives(type->any_of));
    return s;
}

static json_t *table(const struct config_type *type, json_t *d)
{
    json_t *s =
        json_pack("{s:s, s:o}", "type", "object", "additionalProperties", schema_of(type->item, d));
    if (type->key)
        schema_put(s, "propertyNames", schema_of(type->key, d));
    return s;
}

/* Written out, whether it has a definition or not. */
static json_t *body_of(const struct config_type *type, json_t *d)
{
    switch (type->shape) {
    case SHAPE_SOURCE:
        return schema_source();
    case SHAPE_LIST:
        return json_pack("{s:s, s:o}", "type", "array", "items", schema_of(type->item, d));
    case SHAPE_TABLE:
        return table(type, d);
    case SHAPE_RECORD:
        if (type->shorter)
            return json_pack("{s:[o,o]}", "anyOf", schema_of(type->shorter, d), record(type, d));
        return record(type, d);
    default:
        return scalar(type);
    }
}

static json_t *schema_of(const struct config_type *type, json_t *d)
{
    if (!type->name)
        return body_of(type, d);
    if (!json_object_get(d, type->name)) {
        /* Taken before the body is made, which may come by here again. */
        schema_put(d, type->name, json_null());
        schema_put(d, type->name, body_of(type, d));
    }
    return schema_reference(type->name, NULL);
}

void config_schema(struct buf *out)
{
    json_t *definitions =
        json_pack("{s:o, s:o}", "text", any_text(false), "text-or-none", any_text(true));
    json_t *schema =
        json_pack("{s:s, s:s, s:s}", "$schema", "http://json-schema.org/draft-07/schema#", "title",
                  "mwatch.yaml", "description", "What mwatch keeps current, and how.");
    json_t *file = body_of(&config_type_file, definitions);
    json_object_update(schema, file);
    json_decref(file);
    schema_put(schema, "definitions", definitions);
    char *text = json_dumps(schema, JSON_INDENT(2));
    buf_addf(out, "%s\n", text ? text : "");
    free(text);
    json_decref(schema);
}
