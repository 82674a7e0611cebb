/* One dispatch to one configured target; for whoever has something to tell. */
#ifndef MWATCH_TRIGGER_SEND_H
#define MWATCH_TRIGGER_SEND_H

#include "git/forge.h"
#include "watcher/recipes/config.h"

/* Bytes of a payload that every target takes. GitHub's description of the REST API: a
 * client_payload has at most 10 members and less than 64 KB; a workflow's inputs are at most 25
 * texts, 65,535 characters together, in which a payload's quotes are escaped. */
enum { TRIGGER_PAYLOAD_MOST = 60000 };

/* Does the payload, a JSON object, fit together with the target's own inputs? */
bool trigger_fits(const struct config_trigger *t, const char *payload);

/* Send it: as client_payload of a repository_dispatch, or as the input that the configuration names
 * of a workflow_dispatch, on the configured branch or the target's default one. Errors are those of
 * the forge's dispatch; ERROR_NETWORK may mean that it arrived. */
bool trigger_send(const struct forge *forge, struct forge_session *session,
                  const struct config_trigger *t, const char *payload, struct error *e);

/* "repository_dispatch rebuilt to octo/images", "workflow build.yml of this repository". Added to
 * *out. */
void trigger_add_name(struct buf *out, const struct config_trigger *t);

/* What tells this target from others in markers and event ids: 8 hexadecimal digits. The branch and
 * the inputs do not count: who is told stays the same. In the arena. */
const char *trigger_key(struct arena *a, const struct config_trigger *t);

#endif
