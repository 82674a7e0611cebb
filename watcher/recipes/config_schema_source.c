/* The `source:` part of the schema, from the tables of adapters and presets. */
#include "sources/source.h"
#include "watcher/recipes/config_schema.h"

static json_t *key_schema(const struct source_key *key)
{
    json_t *s = NULL;
    if (key->type == KEY_BOOL)
        s = json_pack("{s:[b,b,s,s]}", "enum", 1, 0, "true", "false");
    else if (key->type == KEY_INT)
        s = json_pack("{s:[s,s], s:s}", "type", "integer", "string", "pattern", "^[0-9]+$");
    else if (key->type == KEY_URL)
        s = schema_text_like("^[A-Za-z]+://");
    else if (key->type != KEY_CHOICE)
        s = json_pack("{s:[o]}", "allOf", schema_text(!key->required));
    else
        s = json_pack("{s:[]}", "enum");
    struct slice rest = slice_of(key->choices), choice;
    while (key->type == KEY_CHOICE && slice_split(&rest, '|', &choice))
        json_array_append_new(json_object_get(s, "enum"), json_stringn(choice.ptr, choice.len));
    schema_put(s, "description", json_string(key->help));
    return s;
}

static size_t count_required(const struct source_key *keys, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += keys[i].required && !keys[i].fallback;
    return n;
}

static json_t *full_form(const struct source_key *keys, size_t count)
{
    json_t *properties = json_object(), *required = json_array();
    for (size_t i = 0; i < count; i++) {
        schema_put(properties, keys[i].name, key_schema(&keys[i]));
        if (keys[i].required && !keys[i].fallback)
            json_array_append_new(required, json_string(keys[i].name));
    }
    json_t *s = json_pack("{s:s, s:b, s:o}", "type", "object", "additionalProperties", 0,
                          "properties", properties);
    if (json_array_size(required))
        json_object_set(s, "required", required);
    json_decref(required);
    return s;
}

/* What may stand behind one source's name. */
static json_t *one_source(const char *summary, const struct source_key *keys, size_t count)
{
    json_t *forms = json_pack("[o]", full_form(keys, count));
    size_t required = count_required(keys, count);
    if (count && (required == 0 || (required == 1 && keys[0].required)))
        json_array_append_new(forms, key_schema(&keys[0]));
    if (required == 0)
        json_array_append_new(forms, json_pack("{s:s}", "type", "null"));
    return json_pack("{s:s, s:o}", "description", summary, "anyOf", forms);
}

static size_t count_keys(const struct source_key *keys, size_t most)
{
    size_t n = 0;
    while (n < most && keys[n].name)
        n++;
    return n;
}

/* `alone` gets the names that need no parameters. */
static void add_source(json_t *properties, json_t *alone, const char *name, const char *summary,
                       const struct source_key *keys, size_t most)
{
    size_t count = count_keys(keys, most);
    schema_put(properties, name, one_source(summary, keys, count));
    if (count_required(keys, count) == 0)
        json_array_append_new(alone, json_string(name));
}

json_t *schema_source(void)
{
    json_t *properties = json_object(), *alone = json_array();
    for (const struct source *const *s = source_all(); *s; s++)
        add_source(properties, alone, (*s)->name, (*s)->summary, (*s)->keys, SOURCE_KEYS);
    size_t count = 0;
    const struct preset *presets = preset_all(&count);
    for (size_t i = 0; i < count; i++)
        add_source(properties, alone, presets[i].name, presets[i].summary, presets[i].keys,
                   sizeof presets[i].keys / sizeof presets[i].keys[0]);
    return json_pack("{s:[{s:s, s:i, s:i, s:b, s:o}, {s:o}]}", "anyOf", "type", "object",
                     "minProperties", 1, "maxProperties", 1, "additionalProperties", 0,
                     "properties", properties, "enum", alone);
}
