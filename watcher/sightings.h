/* Releases as mwatch first saw them: when, the commit behind the tag, the hashes of their files. */
#ifndef MWATCH_SIGHTINGS_H
#define MWATCH_SIGHTINGS_H

#include "watcher/http/sighting.h"
#include "watcher/recipes/component.h"

/* What is known of the release that upstream calls `tag` (its raw text), in the arena. False when
 * it was never seen, or nothing is remembered (http_remembers). A release belongs to its source:
 * components that follow the same one, in whatever folder, share it. */
bool sightings_get(struct http *h, struct arena *a, const struct component *c, const char *tag,
                   struct sighting *out);

/* Note what is seen now. The first moment, commit and hashes stay; what was not known is added. */
void sightings_note(struct http *h, const struct component *c, const char *tag,
                    const struct sighting *s);

/* "tag v1 was commit A when it was first seen (2026-05-06), and is B now". */
const char *sightings_moved(struct arena *a, const struct sighting *s, const char *tag,
                            const char *commit);

/* The day it was first seen, "2026-05-06". */
const char *sightings_day(struct arena *a, const struct sighting *s);

/* Forget a release: what comes next is seen for the first time. */
void sightings_forget(struct http *h, const struct component *c, const char *tag);

#endif
