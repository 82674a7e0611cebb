/* The dashboard: one issue that tells of all components what is pinned, what is out and what was
 * done, with boxes to tick. Only who may write to the repository can tick a box there, so a tick is
 * believed, but it has to name a component of this run. What is ticked is done by the next run,
 * which takes the tick away again: first the deed, then the text, so that a run that dies between
 * does it once more, which changes nothing.
 *
 * The issue is found by its hidden marker, and written only when its text changes. Closed by a
 * person, it stays closed. Runs over a part of the recipes leave it alone. */
#ifndef MWATCH_DASHBOARD_H
#define MWATCH_DASHBOARD_H

#include "watcher/propose.h"

/* Before anybody is asked: read the boxes that are ticked into the components. What goes wrong is
 * told to the log. */
void dashboard_obey(struct proposer *p, struct components *found);

/* After propose_run: open the issue, or bring it up to date. Likewise. */
void dashboard_write(struct proposer *p, struct results *results);

#endif
