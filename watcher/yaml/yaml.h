/* YAML read into a tree that knows where each scalar stands, byte by byte. libyaml stays in here.
 */
#ifndef MWATCH_YAML_YAML_H
#define MWATCH_YAML_YAML_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

enum node_style {
    STYLE_PLAIN,
    STYLE_SINGLE,
    STYLE_DOUBLE,
    STYLE_LITERAL, /* | */
    STYLE_FOLDED,  /* > */
    STYLE_BLOCK,   /* collections */
    STYLE_FLOW,
};

struct pair;

struct node {
    enum node_kind kind;
    enum node_style style;
    struct slice value;  /* scalars: the value after decoding */
    size_t start, end;   /* bytes of the file, anchor and tag left out: a scalar with its quotes; a
                            block scalar from its indicator to the last line break of its value;
                            collections from first to last */
    size_t line, column; /* of start, from 1; columns count characters */
    const char *tag;     /* explicit tag or NULL */
    const char *anchor;  /* or NULL */
    bool alias; /* stands here as *name: start/end are the alias's, the rest the target's */
    bool flow;  /* stands inside a flow collection, where `,[]{}` end plain text */
    struct node **items; /* sequences */
    struct pair *pairs;  /* mappings, in the file's order */
    size_t count;        /* of items or pairs */
};

struct pair {
    struct node *key;
    struct node *value;
};

struct yaml {
    const char *name; /* as messages show it */
    struct slice source;
    struct node **documents;
    size_t count;
};

enum { YAML_DEPTH = 100, YAML_NODES = 1000000 };

/* Parse all documents. Limits: nesting YAML_DEPTH deep, aliases may not contain themselves,
 * YAML_NODES nodes. Aliases are shared, not copied, but both limits hold for the tree as a walk
 * through its aliases sees it, so that no walk can run away. A key that appears twice in one
 * mapping is an error, and so is UTF-16. Fails with ERROR_RECIPE and file, line, column. `source`
 * must outlive the tree; an empty file has no document. */
bool yaml_parse(struct arena *a, const char *name, struct slice source, struct yaml *out,
                struct error *e);

/* The value under a key of a mapping, NULL when absent or not a mapping. A key that only a merge
 * key
 * (`<<: *base`) brings in is found there. */
struct node *node_get(const struct node *mapping, const char *key);

/* The scalar's text under a key; ptr NULL when absent or no scalar. */
struct slice node_text(const struct node *mapping, const char *key);

/* A node by path: "package.version", "pipeline[0].with.uri", "vars['a.b']". NULL when absent. */
struct node *node_path(const struct node *root, const char *path);

/* What a plain scalar means in YAML 1.2's core schema (and to Go's yaml.v3, which also reads 1.1's
 * yes/no/on/off as strings): quoted scalars are always strings. */
enum scalar_type { TYPE_STRING, TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_FLOAT, TYPE_TIMESTAMP };
enum scalar_type node_type(const struct node *scalar);
enum scalar_type plain_type(struct slice text);

/* true / false of a boolean scalar; `fallback` for NULL and anything else. */
bool node_bool(const struct node *scalar, bool fallback);

/* Walk every scalar value (not the keys) of every document in the file's order, each alias target
 * once, with its path. */
void yaml_each_scalar(const struct yaml *y,
                      bool (*each)(void *arg, struct node *scalar, const char *path), void *arg);

#endif
