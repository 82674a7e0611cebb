/* Paths as messages show them and node_path reads them. */
#ifndef MWATCH_YAML_PATH_H
#define MWATCH_YAML_PATH_H

#include "watcher/base/buf.h"
#include "watcher/yaml/yaml.h"

/* Add the step to the value under `key`, or to an item. A key that is a collection, or has line
 * breaks or control characters in it, is written [?], which node_path does not read. */
void path_add_key(struct buf *path, const struct node *key);
void path_add_index(struct buf *path, size_t index);

/* Back to the first `length` bytes. */
void path_cut(struct buf *path, size_t length);

#endif
