/* Advise: what OSV knows against the versions that recipes pin, and which of it a move fixes. */
#ifndef MWATCH_ADVISE_H
#define MWATCH_ADVISE_H

#include "watcher/outcome.h"

struct advice;

/* Ask about the pinned versions of the components that want it (`advisories: osv`), all in some
 * requests. What cannot be asked is unknown and fails nothing. The engine and the components must
 * outlive it. */
struct advice *advise_ask(struct http *http, struct component *const *components, size_t count);
void advise_free(struct advice *advice);

/* "GHSA-... and 2 more are known against 8.1.2", why there is no time for minimum-age; NULL when
 * nothing is known against the pinned version. In the arena. */
const char *advise_hurry(const struct advice *advice, struct arena *a, const struct component *c);

/* Tell in the rows what is known (against what go/bump steps ask for, too: a warning), ask about
 * the versions they move to, and what the advisories are about that are fixed. A row whose haste
 * fixes nothing takes its patient decision. */
void advise_rows(struct http *http, const struct advice *advice, struct results *rows);

/* The question about one version of a component: by the package URL of its configuration or its
 * source, else by `commit`; empty when there is none. `version` and `commit` may be NULL. */
struct osv_query advise_query(struct arena *a, const struct component *c, const char *version,
                              const char *commit);

/* The question about a Go module, "golang.org/x/net@v0.55.0": pkg:golang/golang.org/x/net@v0.55.0.
 */
struct osv_query advise_module(struct arena *a, const char *module);

#endif
