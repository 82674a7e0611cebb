/* From a name and its parameters to a spec: keys and values checked, presets expanded. */
#include "sources/source.h"

#include "sources/answer.h"
#include "watcher/base/json.h"
#include "watcher/base/pattern.h"
#include "watcher/base/text.h"
#include "watcher/base/url.h"

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

static size_t count_keys(const struct source_key *keys, size_t max)
{
    size_t n = 0;
    while (n < max && keys[n].name)
        n++;
    return n;
}

static size_t key_index(const struct table *t, struct slice name)
{
    for (size_t i = 0; i < t->count; i++)
        if (slice_is(name, t->keys[i].name))
            return i;
    return SLICE_NONE;
}

static bool has_control(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
            return true;
    return false;
}

static bool check_url(struct slice value, struct error *e)
{
    struct url url;
    if (!url_parse(value, &url))
        return error_set(e, ERROR_USAGE, "not a URL");
    if (slice_is(url.scheme, "https") || slice_is(url.scheme, "http") ||
        slice_is(url.scheme, "file"))
        return true;
    return error_set(e, ERROR_USAGE, "only https, http and file URLs can be asked");
}

/* Put the choices, split at "|", into a NULL-ended list. */
static const char *const *choice_list(struct arena *a, const char *choices)
{
    VEC(const char *) list = {0};
    struct slice rest = slice_of(choices), choice;
    while (slice_split(&rest, '|', &choice))
        vec_push(a, &list, arena_text(a, choice));
    vec_push(a, &list, NULL);
    return list.items;
}

static bool check_choice(struct arena *a, const char *choices, struct slice value, struct error *e)
{
    const char *const *list = choice_list(a, choices);
    const char *text = "";
    for (size_t i = 0; list[i]; i++) {
        if (slice_is(value, list[i]))
            return true;
        text = arena_printf(a, "%s%s%s", text, !i ? "" : list[i + 1] ? ", " : " or ", list[i]);
    }
    return error_set(e, ERROR_USAGE, "not %s", text);
}

static bool check_type(struct arena *a, const struct source_key *key, struct slice value,
                       struct error *e)
{
    unsigned long long number;
    if (has_control(value))
        return error_set(e, ERROR_USAGE, "a control character");
    switch (key->type) {
    case KEY_TEXT:
        return !slice_empty(value) || !key->required || error_set(e, ERROR_USAGE, "empty");
    case KEY_URL:
        return check_url(value, e);
    case KEY_BOOL:
        return slice_is(value, "true") || slice_is(value, "false") ||
               error_set(e, ERROR_USAGE, "not true or false");
    case KEY_INT:
        return slice_number(value, &number) || error_set(e, ERROR_USAGE, "not a whole number");
    case KEY_PATTERN:
        return pattern_compile(a, value, e) != NULL;
    case KEY_PATH:
        return json_path_compile(a, value, e) != NULL;
    case KEY_CHOICE:
        return check_choice(a, key->choices, value, e);
    }
    return true;
}

/* Check a value that stands at `at`; the message is "owner.key: reason: value". */
static bool check_value(const struct maker *m, const struct table *t, size_t index,
                        struct slice value, const struct parameter *at)
{
    struct error inner = {0};
    if (check_type(m->a, &t->keys[index], value, &inner))
        return true;
    return error_at(m->e, ERROR_USAGE, m->file, at->line, at->column, "%s of source %s: %s%s%s",
                    t->keys[index].name, t->owner, inner.message, slice_empty(value) ? "" : ": ",
                    answer_shown(m->a, value));
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
    size_t i = slice_empty(p->key) && t->count ? 0 : key_index(t, p->key);
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

static void add_backslashed(struct buf *out, struct slice value, const char *before)
{
    for (size_t i = 0; i < value.len; i++) {
        if (strchr(before, value.ptr[i]))
            buf_add_byte(out, '\\');
        buf_add_byte(out, value.ptr[i]);
    }
}

/* Add the value of a preset's key in the way that source.h states. */
static void add_value(struct buf *out, enum key_type into, enum key_type from, struct slice value,
                      bool escape_slash)
{
    if (into == KEY_URL && from == KEY_URL)
        buf_add(out, slice_ends(value, SLICE("/")) ? slice_first(value, value.len - 1) : value);
    else if (into == KEY_URL)
        url_escape(out, value, !escape_slash);
    else if (into == KEY_PATTERN && from != KEY_PATTERN)
        add_backslashed(out, value, "\\^$.[]|()?*+{}");
    else if (into == KEY_PATH && from != KEY_PATH)
        add_backslashed(out, value, "\\'\"");
    else
        buf_add(out, value);
}

/* Take "{name}" or "{name%}" off the front of *rest: the index of the preset's key, SLICE_NONE when
 * it is not one. */
static size_t take_placeholder(const struct table *t, struct slice *rest, bool *escape_slash)
{
    size_t end = slice_find_byte(*rest, '}');
    if (end == SLICE_NONE)
        return SLICE_NONE;
    struct slice name = slice_new(rest->ptr + 1, end - 1);
    *escape_slash = slice_ends(name, SLICE("%"));
    if (*escape_slash)
        name.len--;
    size_t i = key_index(t, name);
    if (i != SLICE_NONE)
        *rest = slice_from(*rest, end + 1);
    return i;
}

/* Expand a preset's value into *out; false when it names a key that is absent. */
static bool expand(const struct table *t, const char *template, enum key_type into, struct buf *out)
{
    struct slice rest = slice_of(template);
    while (rest.len) {
        bool escape_slash = false;
        size_t i = rest.ptr[0] == '{' ? take_placeholder(t, &rest, &escape_slash) : SLICE_NONE;
        if (i == SLICE_NONE) {
            buf_add_byte(out, rest.ptr[0]);
            rest = slice_from(rest, 1);
            continue;
        }
        if (!t->values[i])
            return false;
        add_value(out, into, t->keys[i].type, slice_of(t->values[i]), escape_slash);
    }
    return true;
}

/* Give the adapter's keys what the preset says. */
static bool expand_all(const struct maker *m, const struct preset *preset, const struct table *from,
                       const struct table *to, const struct parameter *name)
{
    struct buf text = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < PRESET_VALUES && preset->values[i].key; i++) {
        size_t key = key_index(to, slice_of(preset->values[i].key));
        buf_clear(&text);
        if (!expand(from, preset->values[i].value, to->keys[key].type, &text))
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
    if (!out->source)
        return unknown_source(&m, name);
    struct table to = {out->source->name, out->source->keys,
                       count_keys(out->source->keys, SOURCE_KEYS), out->values};
    if (!preset)
        return assign_all(&m, &to, name, parameters, count);
    out->preset = preset->name;
    const char *given[PRESET_KEYS] = {0};
    struct table from = {preset->name, preset->keys, count_keys(preset->keys, PRESET_KEYS), given};
    to.owner = preset->name;
    return assign_all(&m, &from, name, parameters, count) &&
           expand_all(&m, preset, &from, &to, name);
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
