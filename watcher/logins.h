/* As whom registries are asked: as docker's or podman's file says, and at ghcr.io else as who asks
 * GitHub. The files are read when a registry first wants to know. */
#ifndef MWATCH_LOGINS_H
#define MWATCH_LOGINS_H

#include "watcher/http/http.h"
#include "watcher/token.h"

struct logins;

/* `tokens` may be NULL; it and the context must outlive the logins. Never NULL. */
struct logins *logins_open(const struct context *ctx, struct tokens *tokens);
void logins_close(struct logins *l);

/* For http_options.login, with a struct logins. Files, the first that has an entry for the image:
 * $REGISTRY_AUTH_FILE, config.json in $DOCKER_CONFIG or else in ~/.docker, and where podman keeps
 * its own, $XDG_RUNTIME_DIR/containers/auth.json. One that is broken is told to the log, once, and
 * what it has is not used. Programs that keep logins are not run. */
void logins_find(void *logins, const char *url, struct login *out);

#endif
