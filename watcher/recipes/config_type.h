/* What may stand in mwatch.yaml, as data: one description that checks the file and prints its JSON
 * Schema, so that the two cannot differ. Only the files config*.c see this. */
#ifndef MWATCH_RECIPES_CONFIG_TYPE_H
#define MWATCH_RECIPES_CONFIG_TYPE_H

#include "sources/source.h"
#include "watcher/yaml/yaml.h"

enum config_shape {
    SHAPE_TEXT,
    SHAPE_TEMPLATE, /* a text with placeholders */
    SHAPE_FLAG,     /* true or false */
    SHAPE_CHOICE,
    SHAPE_SCHEME,
    SHAPE_DURATION,
    SHAPE_COUNT, /* a whole number */
    SHAPE_PATTERN,
    SHAPE_FILE, /* a path inside the repository */
    SHAPE_URL,
    SHAPE_SOURCE, /* one source's name and its parameters */
    SHAPE_LIST,
    SHAPE_TABLE,  /* any keys, values of one type */
    SHAPE_RECORD, /* known keys */
};

struct config_key;

/* The placeholders of every template. */
#define CONFIG_PLACEHOLDERS                                                                        \
    "version", "recipe-version", "tag", "commit", "major", "minor", "patch", "series", "date",     \
        "current", "epoch", "stream", "name", "component", "recipe", "repository"

/* An address with placeholders. */
#define CONFIG_ADDRESS_FORM "^(https?://|file://|\\{)"
#define CONFIG_ADDRESS(known)                                                                      \
    {                                                                                              \
        .shape = SHAPE_TEMPLATE, .name = "address", .what = "an address (https://...)",            \
        .form = CONFIG_ADDRESS_FORM, .choices = (known)                                            \
    }

struct config_type {
    enum config_shape shape;
    const char *what;              /* for messages: "a text"; NULL = the shape's own words */
    const char *name;              /* its name among the schema's definitions, NULL = written out */
    bool may_be_empty;             /* texts: ""; records: nothing at all */
    const char *form;              /* texts: a pattern they fit (also valid in ECMA 262) */
    const char *const *choices;    /* choices; templates: the placeholders known; NULL-ended */
    const struct config_type *key; /* tables: the keys, NULL = any text */
    const struct config_type *item;    /* lists and tables: the values */
    const struct config_key *keys;     /* records: ended by a NULL name */
    const struct config_type *base;    /* records: a record whose keys it has too */
    const struct config_type *shorter; /* records: what a scalar in its place is */
    const char *const *one_of;         /* records: exactly one of these keys; NULL-ended */
    const char *const *any_of;         /* records: at least one of these keys; NULL-ended */
};

struct component;

/* Put a value that was checked into the component. */
typedef void config_reader(struct component *c, const struct config_key *key,
                           const struct node *value);

struct config_key {
    const char *name;
    const char *help; /* one line */
    const struct config_type *type;
    bool required;
    config_reader *read; /* component keys; NULL for those that are more than a value */
    size_t offset;       /* of the member, for the readers that serve several keys */
};

/* The whole file; the keys of a component; of an entry of `recipes:` (a component's, and its own).
 */
extern const struct config_type config_type_file, config_type_component, config_type_recipe;

/* Of a component: `artefacts:` (config_keys_artefacts.c). */
extern const struct config_type config_type_artefacts;

/* Of the file: `commit:`, `forge:`, `limits:`, `templates:`, `trigger:` and `dashboard:`
 * (config_keys_proposing.c). */
extern const struct config_type config_type_commit, config_type_forge, config_type_limits,
    config_type_templates, config_type_triggers, config_type_dashboard;

/* Of the file: `rebuild:`, and an entry of its `images:` (config_keys_rebuild.c). */
extern const struct config_type config_type_rebuild, config_type_rebuild_image;

/* Of a component: `purl:` (config_keys_proposing.c). */
extern const struct config_type config_type_purl;

/* The row of a key, NULL when the record has none. */
const struct config_key *config_key_find(const struct config_type *record, struct slice name);

/* Check a value and everything below it. Fails with ERROR_USAGE at the file, line and column of the
 * first thing that is wrong, and says what is allowed there. */
bool config_check(const struct config_type *type, const char *file, const struct node *node,
                  struct error *e);

/* Make a spec of a `source:` value. `component` stands for {component} in what it is given; NULL
 * leaves that as it is. */
bool config_source(struct arena *a, const char *file, const struct node *node,
                   const char *component, struct spec *out, struct error *e);

/* As error_at, for messages with names and texts of people's files in them: nothing in them steers
 * a terminal or breaks the line. */
bool config_fail(struct error *e, enum error_code code, const char *file, size_t line,
                 size_t column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Is it a scalar without a value: nothing, ~ or null? */
bool config_is_null(const struct node *node);

#endif
