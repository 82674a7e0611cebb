/* Poll: ask each upstream once, page by page, and hand what it published to the components that
 * want it. */
#ifndef MWATCH_POLL_H
#define MWATCH_POLL_H

#include "watcher/base/context.h"
#include "watcher/http/http.h"
#include "watcher/recipes/component.h"

/* Called once for each component, from poll_run, as soon as its upstream has answered: all
 * candidates of all pages, or `e` set when there is no usable answer. Both live only during the
 * call. */
typedef void poll_done(void *arg, struct component *c, const struct candidate *candidates,
                       size_t count, const struct error *e);

/* Ask for every component that has a source; those that ask the same thing are asked once. The
 * others (disabled, in error) are handed over with no candidates and no error. Answers are handed
 * over as they arrive, in no particular order. */
void poll_run(const struct context *ctx, struct http *http, struct component *const *components,
              size_t count, poll_done *done, void *arg);

#endif
