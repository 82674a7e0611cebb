/* Plan: give a rewritten component its branch, commit message and pull-request or issue text. */
#ifndef MWATCH_PLAN_H
#define MWATCH_PLAN_H

#include "watcher/outcome.h"
#include "watcher/templates.h"

/* Rewrite every row that is to be proposed and was proven, and write its texts. A row that cannot
 * be rewritten becomes an error; the others go on. */
void plan_run(const char *root, const struct templates *templates, struct results *results);

/* What the names of all branches begin with. */
#define BRANCH_PREFIX "mwatch/"

/* The fixed branch of a component: "mwatch/redis", "mwatch/rails.ruby"; a move to the next stream
 * has its own, "mwatch/php.new-stream", because the stream's patches go on beside it, and so has a
 * rebuild, "mwatch/curl.rebuild". Bytes that
 * git does not allow in a ref become "-". In the arena. */
const char *plan_branch(struct arena *a, const struct component *c, enum decision_kind kind);

/* Turn the row into an error when one before it has the same branch, or another recipe of the same
 * name a proposal: the two could not be told apart. */
void plan_refuse_shared_branch(struct results *results, size_t index);

/* Expand the component's labels into the change set's. ERROR_RECIPE when a template wants what is
 * not known. */
bool plan_labels(struct outcome *o, struct error *e);

/* Add the row's links as a Markdown list. ERROR_RECIPE when a template wants what is not known. */
bool plan_links(struct outcome *o, struct buf *out, struct error *e);

/* The texts of one row whose changes are there already (title, branch, body, message, image);
 * again, when recipes that are rebuilt with it have joined them. */
bool plan_texts(const struct templates *templates, struct outcome *o, struct error *e);

/* The same for a row that is only rebuilt: o->decision.reason says because of what, `unpublished`
 * whether that is still to be published. */
bool plan_rebuild_texts(const struct templates *templates, struct outcome *o, bool unpublished,
                        struct error *e);

#endif
