/* The text of a first mwatch.yaml, from the recipes found. */
#ifndef MWATCH_RECIPES_INIT_H
#define MWATCH_RECIPES_INIT_H

#include "watcher/recipes/config.h"

/* Add the text. `found` are the components without any configuration, in the files' order; their
 * files are read again through `files`.
 *
 * Left out is what needs no word: recipes whose `update:` block says everything, or says that they
 * are not watched; images that are made of a melange recipe found here. For the others the
 * addresses they fetch from and check out give the source, the prefix of its tags and the files
 * whose hashes stand in variables; the names of Wolfi's packages (apko_stream_names) give what an
 * image follows. What could not be guessed stands there as a comment that says what to fill in.
 * The text is always one that config_read takes. */
void init_write(const struct config_files *files, const struct components *found, struct buf *out);

#endif
