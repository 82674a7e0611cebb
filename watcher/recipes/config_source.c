/* A `source:` value made into a spec. */
#include "watcher/base/buf.h"
#include "watcher/recipes/config_type.h"

struct making {
    struct arena *a;
    const char *file;
    const struct node *name;
    const char *component; /* NULL = {component} is left as it is */
    struct error *e;
};

static struct slice filled(const struct making *m, struct slice text)
{
    static const struct slice word = SLICE("{component}");
    struct buf out = {0};
    if (!m->component || slice_find(text, word) == SLICE_NONE)
        return text;
    for (size_t at; (at = slice_find(text, word)) != SLICE_NONE;) {
        buf_add(&out, slice_first(text, at));
        buf_add_text(&out, m->component);
        text = slice_from(text, at + word.len);
    }
    buf_add(&out, text);
    text = arena_slice(m->a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static struct parameter parameter_at(const struct making *m, const struct node *key,
                                     const struct node *value)
{
    return (struct parameter){
        .key = key ? key->value : (struct slice){0},
        .value = config_is_null(value) ? SLICE("") : filled(m, value->value),
        .line = value->line,
        .column = value->column,
    };
}

static bool collect(const struct making *m, const struct node *value, struct parameter *out)
{
    for (size_t i = 0; i < value->count; i++) {
        const struct pair *pair = &value->pairs[i];
        if (pair->key->kind != NODE_SCALAR || pair->value->kind != NODE_SCALAR)
            return config_fail(m->e, ERROR_USAGE, m->file, pair->key->line, pair->key->column,
                               "%.*s of source %.*s must be a single value",
                               SLICE_ARG(pair->key->value), SLICE_ARG(m->name->value));
        out[i] = parameter_at(m, pair->key, pair->value);
        /* A key that is unknown is marked itself, not its value. */
        out[i].line = pair->key->line;
        out[i].column = pair->key->column;
    }
    return true;
}

bool config_source(struct arena *a, const char *file, const struct node *node,
                   const char *component, struct spec *out, struct error *e)
{
    const struct node *name = node->kind == NODE_MAPPING ? node->pairs[0].key : node;
    const struct node *value = node->kind == NODE_MAPPING ? node->pairs[0].value : NULL;
    struct parameter head = {.value = name->value, .line = name->line, .column = name->column};
    struct making m = {a, file, name, component, e};
    if (!value || config_is_null(value))
        return spec_make(a, file, &head, NULL, 0, out, e);
    if (value->kind == NODE_SCALAR) {
        struct parameter only = parameter_at(&m, NULL, value);
        return spec_make(a, file, &head, &only, 1, out, e);
    }
    if (value->kind == NODE_SEQUENCE)
        return config_fail(e, ERROR_USAGE, file, value->line, value->column,
                           "source %.*s takes one value or a mapping, not a list",
                           SLICE_ARG(name->value));
    struct parameter *list = arena_array(a, value->count, sizeof *list);
    return collect(&m, value, list) && spec_make(a, file, &head, list, value->count, out, e);
}
