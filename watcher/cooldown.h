/* Cooldown: what is remembered of releases while minimum-age holds them back, so that what is
 * proposed when it ends is what was seen when it began. */
#ifndef MWATCH_COOLDOWN_H
#define MWATCH_COOLDOWN_H

#include "watcher/choose.h"

/* One component being decided. */
struct cooling {
    struct http *http; /* whose sightings remember */
    const struct component *component;
    int64_t now;
    bool watched; /* its upstream was looked at before, with the same memory */
};

/* False for a component without minimum-age, and where nothing is remembered between runs: nobody
 * knows the age of what has no date then. */
bool cooling_init(struct cooling *k, struct http *http, const struct component *c, int64_t now);

/* When mwatch first saw the release: now, where it never did; 0 where a clock was wrong then, which
 * must not hold an update back for years. Changes nothing. */
int64_t cooling_first_seen(const struct cooling *k, const struct candidate *candidate);

/* Remember the releases that compete with the pinned one, with the commits behind their tags. A
 * decision on one whose tag names another commit than it did first becomes `retagged`, with both,
 * and proposes nothing. What becomes of it lives in the arena, as the choice does. */
void cooling_note(const struct cooling *k, struct arena *a, struct choice *choice);

/* Only the comparison, for a decision whose commit became known later. */
void cooling_compare(const struct cooling *k, struct arena *a, struct decision *d);

#endif
