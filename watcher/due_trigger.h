/* Tell those whom `trigger:` names with `on: due` what is to be built. */
#ifndef MWATCH_DUE_TRIGGER_H
#define MWATCH_DUE_TRIGGER_H

#include "git/forge.h"
#include "watcher/due.h"

/* How many targets want to be told of what is due. */
size_t due_targets(const struct due *d);

/* Tell each of them of one level, whose images are built side by side. The payload is a JSON
 * object: version 1; on "due"; id, the same for the same builds; repository; level and levels;
 *   images: the rows of the build matrix, in several dispatches when they are too long for one.
 * Errors are those of the dispatch: those before it were sent. `repository` is owner/name. */
bool due_send(const struct due *d, const struct forge *forge, struct forge_session *session,
              const char *repository, unsigned level, struct error *e);

#endif
