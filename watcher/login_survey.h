/* Which registries a run asks, and as whom. */
#ifndef MWATCH_LOGIN_SURVEY_H
#define MWATCH_LOGIN_SURVEY_H

#include "watcher/logins.h"
#include "watcher/recipes/component.h"
#include "watcher/recipes/config.h"

/* One sentence about the registries of components and of the images that `rebuild:` names, for
 * doctor: "registries: ghcr.io is asked with the run's GitHub token, quay.io without a login". NULL
 * when none is asked. Nobody is asked for it; what is broken in a file goes to the log. In the
 * arena. */
const char *login_survey(struct arena *a, struct logins *logins, const struct config *config,
                         const struct components *components);

#endif
