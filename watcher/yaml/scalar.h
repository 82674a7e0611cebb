/* Text written as a scalar: which style can hold it, and how it is spelt there. */
#ifndef MWATCH_YAML_SCALAR_H
#define MWATCH_YAML_SCALAR_H

#include "watcher/base/buf.h"
#include "watcher/yaml/yaml.h"

/* Would `text`, written plain on one line, be read as exactly this text, inside a flow collection
 * or outside? Says nothing about its type. */
bool scalar_plain_holds(struct slice text, bool flow);

/* Is plain `text` a string to every reader, those of YAML 1.1 (yes, off, 12:30:45) included? */
bool scalar_plain_is_string(struct slice text);

/* UTF-8 without NUL? */
bool scalar_is_text(struct slice text);

/* Only characters that a terminal shows, and no line break? */
bool scalar_is_visible(struct slice text);

/* Add the text between quotes; for single quotes it must be visible, for double quotes UTF-8. */
void scalar_add_single(struct buf *out, struct slice text);
void scalar_add_double(struct buf *out, struct slice text);

#endif
