/* Trigger: tell those whom the configuration names of what was proposed or merged.
 *
 * What was told is remembered where everything is: in the hidden marker of the pull request, whose
 * `told` lists the keys of those who know. First the dispatch goes out, then the mark is written,
 * so a run that dies between the two tells it again: at least once. The other order could lose an
 * event, and a rebuild that never comes is a hole nobody sees, while one that comes twice costs
 * some minutes. So that the receiver can tell, each component carries an `event` that is the same
 * whenever the same thing is told, and the payload an `id` made of them.
 *
 * All that is to be told to one target goes in one dispatch (in several, when it is too long), for
 * the order in which images are to be built is one over all that moved. A dispatch that failed is a
 * warning on its rows, and tried again by the next run.
 *
 * Every pull request that is open knows who awaits its merge (`awaits` in its marker). So a target
 * that is new in the configuration is not told of what was merged before; that is said once. */
#ifndef MWATCH_TRIGGER_H
#define MWATCH_TRIGGER_H

#include "watcher/propose.h"

/* Days for which a merge is looked for. */
enum { TRIGGER_DAYS = 14 };

/* The keys of those whom the configuration names for merges, and those in `have` (NULL = none), as
 * a marker's `awaits` lists them; NULL when there are none. In the arena. */
const char *trigger_awaits(struct arena *a, const struct config_proposing *config,
                           const char *have);

/* Before anything is proposed: note on the open pull requests who awaits their merge. One that was
 * merged before its time came is told to nobody: who was named today has not asked for what was
 * merged last week. */
void trigger_await(struct proposer *p);

/* Is the key in a marker's list of them (NULL = none)? */
bool trigger_has_key(const char *keys, const char *key);

/* After propose_run: tell what has not been told yet. What was sent, or was not, is in
 * results->told. */
void trigger_run(struct proposer *p, const struct config *config, struct results *results);

/* What a run would tell after proposing, and once that is merged, into results->told; nobody is
 * asked. */
void trigger_preview(const struct context *ctx, const char *root, const struct config *config,
                     const char *repository, struct results *results);

#endif
