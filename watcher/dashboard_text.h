/* The text of the dashboard, and what people ticked in it. */
#ifndef MWATCH_DASHBOARD_TEXT_H
#define MWATCH_DASHBOARD_TEXT_H

#include "watcher/outcome.h"

#define DASHBOARD_MARKER "<!-- mwatch dashboard -->"

/* GitHub takes 65,536 characters, and one has up to four bytes; this leaves room. */
enum { DASHBOARD_MOST = 60000 };

/* What a box asks for, as hidden behind it: "open redis:redis". In the arena. */
const char *dashboard_ask(struct arena *a, bool rebase, const struct component *c);

/* Is this box ticked in the body? */
bool dashboard_is_ticked(const char *body, const char *ask);

/* Write it: what needs a person first, then what waits, what is proposed, and all others. At most
 * `most` bytes; how many components there was no room for is said. A tick that is in `old` (may be
 * NULL) and was not done by this run stays. In the arena. */
const char *dashboard_text(struct arena *a, const struct results *results, const char *old,
                           size_t most);

#endif
