/* Nodes put together into documents: nesting, anchors, limits, keys that appear twice. */
#ifndef MWATCH_YAML_TREE_H
#define MWATCH_YAML_TREE_H

#include "watcher/base/names.h"
#include "watcher/yaml/marks.h"
#include "watcher/yaml/yaml.h"

/* A collection whose children are still coming. */
struct frame {
    struct node *node;
    size_t first;  /* index of its first child in `pending` */
    size_t nodes;  /* in it so far, aliases counted with all they stand for */
    size_t height; /* of its highest child */
};

struct tree {
    struct arena *arena;
    const char *name; /* of the file */
    struct error *error;
    struct frame frames[YAML_DEPTH];
    size_t depth;
    struct node **pending; /* finished nodes whose collections are not */
    size_t count, capacity;
    VEC(struct node *) documents;
    size_t nodes;
    struct names anchors; /* of this document, to struct anchor in tree.c */
    struct names keys;    /* of one mapping at a time, to struct node */
};

/* An empty tree is {.arena, .name, .error}; tree_release frees what is not in the arena. */
void tree_release(struct tree *t);

/* A new document starts: no anchor reaches over. */
void tree_document(struct tree *t);

/* Does what comes next stand inside a flow collection? */
bool tree_in_flow(const struct tree *t);

/* Add a finished scalar; an alias at `at` up to byte `end`; begin a collection, end it at byte
 * `end` (flow) or with its last child (block). False with the tree's error set. */
bool tree_scalar(struct tree *t, struct node *scalar);
bool tree_alias(struct tree *t, struct slice anchor, struct spot at, size_t end);
bool tree_open(struct tree *t, struct node *collection);
bool tree_close(struct tree *t, size_t end);

#endif
