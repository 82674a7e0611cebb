/* From a name and its parameters to a spec: keys and values checked, presets expanded. */
#include "sources/source.h"

#include "sources/answer.h"
#include "sources/expand.h"
#include "sources/key.h"
#include "watcher/base/text.h"

#include <string.h>

enum { PRESET_KEYS = sizeof((struct preset *)0)->keys / sizeof((struct preset *)0)->keys[0] };
enum { PRESET_VALUES = sizeof((struct preset *)0)->values / sizeof((struct preset *)0)->values[0] };

/* Keys with the values they were given: of a source, or of a preset before it is expanded. */
struct table {
    const char *owner; /* "github" */
    const struct source_key *keys;
    size_t count;
    const char **values;
};

/* What every step needs for messages. */
struct maker {
    struct arena *a;
    const char *file;
    struct error *e;
};

/* The value as a message may show it: nothing of a URL that may hold a password. */
static const char *shown_value(const struct maker *m, const struct source_key *key,
                               struct slice value)
{
    if (slice_empty(value) || (key->type == KEY_URL && slice_find_byte(value, '@') != SLICE_NONE))
        return "";
    return arena_printf(m->a, ": %s", answer_shown(m->a, value));
}

/* Check a value that stands at `at`. */
static bool check_value(const struct maker *m, const struct table *t, size_t index,
                        struct slice value, const struct parameter *at)
{
    struct error inner = {0};
    if (key_check(&t->keys[index], value, m->a, &inner))
        return true;
    return error_at(m->e, ERROR_USAGE, m->file, at->line, at->column, "%s of source %s: %s%s",
                    t->keys[index].name, t->owner, inner.message,
                    shown_value(m, &t->keys[index], value));
}

static bool unknown_key(const struct maker *m, const struct table *t, const struct parameter *at)
{
    const char *names[SOURCE_KEYS + 1] = {0};
    const char *text = "";
    for (size_t i = 0; i < t->count; i++) {
        names[i] = t->keys[i].name;
        text = arena_printf(m->a, "%s%s%s", text, i ? ", " : "", names[i]);
    }
    const char *near = text_nearest(at->key, names);
    const char *shown = answer_shown(m->a, at->key);
    if (near)
        return error_at(m->e, ERROR_USAGE, m->file, at->line, at->column,
                        "unknown key %s of source %s (%s?)", shown, t->owner, near);
    return error_at(m->e, ERROR_USAGE, m->file, at->line, at->column,
                    "unknown key %s of source %s, which has %s", shown, t->owner,
                    t->count ? text : "none");
}

/* Put one parameter into its place. */
static bool assign(const struct maker *m, const struct table *t, const struct parameter *p)
{
    size_t i = slice_empty(p->key) && t->count ? 0 : key_find(t->keys, t->count, p->key);
    if (i == SLICE_NONE && slice_empty(p->key))
        return error_at(m->e, ERROR_USAGE, m->file, p->line, p->column, "source %s takes no value",
                        t->owner);
    if (i == SLICE_NONE)
        return unknown_key(m, t, p);
    if (t->values[i])
        return error_at(m->e, ERROR_USAGE, m->file, p->line, p->column,
                        "%s of source %s is given twice", t->keys[i].name, t->owner);
    if (!check_value(m, t, i, p->value, p))
        return false;
    t->values[i] = arena_text(m->a, p->value);
    return true;
}

/* Fill in defaults, and see that nothing required is absent. */
static bool complete(const struct maker *m, const struct table *t, const struct parameter *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!t->values[i])
            t->values[i] = t->keys[i].fallback;
        if (!t->values[i] && t->keys[i].required)
            return error_at(m->e, ERROR_USAGE, m->file, name->line, name->column,
                            "source %s needs %s (%s)", t->owner, t->keys[i].name, t->keys[i].help);
    }
    return true;
}

static bool assign_all(const struct maker *m, const struct table *t, const struct parameter *name,
                       const struct parameter *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!assign(m, t, &parameters[i]))
            return false;
    return complete(m, t, name);
}

/* Give the adapter's keys what the preset says. */
static bool expand_all(const struct maker *m, const struct preset *preset,
                       const struct preset_keys *from, const struct table *to,
                       const struct parameter *name)
{
    struct buf text = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < PRESET_VALUES && preset->values[i].key; i++) {
        size_t key = key_find(to->keys, to->count, slice_of(preset->values[i].key));
        buf_clear(&text);
        if (!preset_expand(from, preset->values[i].value, to->keys[key].type, &text))
            continue;
        ok = check_value(m, to, key, buf_slice(&text), name);
        to->values[key] = arena_text(m->a, buf_slice(&text));
    }
    buf_free(&text);
    return ok && complete(m, to, name);
}

static bool unknown_source(const struct maker *m, const struct parameter *name)
{
    const char *near = text_nearest(name->value, source_names(m->a));
    const char *shown = answer_shown(m->a, name->value);
    if (near)
        return error_at(m->e, ERROR_USAGE, m->file, name->line, name->column,
                        "unknown source %s (%s?)", shown, near);
    return error_at(m->e, ERROR_USAGE, m->file, name->line, name->column,
                    "unknown source %s; `mwatch sources` lists them", shown);
}

bool spec_make(struct arena *a, const char *file, const struct parameter *name,
               const struct parameter *parameters, size_t count, struct spec *out, struct error *e)
{
    struct maker m = {a, file, e};
    const char *word = arena_text(a, name->value);
    const struct preset *preset = preset_find(word);
    *out = (struct spec){.source = source_find(preset ? preset->adapter : word)};
    if (!out->source || slice_of(word).len != name->value.len)
        return unknown_source(&m, name);
    struct table to = {out->source->name, out->source->keys,
                       key_count(out->source->keys, SOURCE_KEYS), out->values};
    if (!preset) {
        bool good = assign_all(&m, &to, name, parameters, count);
        out->subject = out->values[0];
        return good;
    }
    out->preset = preset->name;
    const char *given[PRESET_KEYS] = {0};
    struct table from = {preset->name, preset->keys, key_count(preset->keys, PRESET_KEYS), given};
    to.owner = preset->name;
    struct preset_keys expanded = {from.keys, from.count, given};
    bool good = assign_all(&m, &from, name, parameters, count) &&
                expand_all(&m, preset, &expanded, &to, name);
    out->subject = given[0];
    return good;
}

const char *spec_name(const struct spec *spec)
{
    return spec->preset ? spec->preset : spec->source->name;
}

const char *spec_value(const struct spec *spec, const char *key)
{
    const struct source *s = spec->source;
    for (size_t i = 0; i < SOURCE_KEYS && s->keys[i].name; i++)
        if (slice_is(slice_of(key), s->keys[i].name))
            return spec->values[i];
    return NULL;
}

bool spec_flag(const struct spec *spec, const char *key)
{
    return slice_is(slice_of(spec_value(spec, key)), "true");
}

const char *spec_identity(struct arena *a, const struct spec *spec)
{
    struct buf text = {0};
    buf_add_text(&text, spec->source->name);
    for (size_t i = 0; i < SOURCE_KEYS && spec->source->keys[i].name; i++)
        if (spec->values[i])
            buf_addf(&text, " %s=%zu:%s", spec->source->keys[i].name, strlen(spec->values[i]),
                     spec->values[i]);
    /* The prefix is asked for too, so that an answer for one is no answer for another. */
    if (spec->prefix)
        buf_addf(&text, " prefix=%zu:%s", strlen(spec->prefix), spec->prefix);
    const char *identity = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return identity;
}
