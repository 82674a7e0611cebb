/* Words that stand in files and answers of others, checked before anybody believes them. */
#ifndef MWATCH_REBUILD_WORDS_H
#define MWATCH_REBUILD_WORDS_H

#include "watcher/base/arena.h"

/* A copy of a name, version, checksum or URL: visible ASCII without blanks, at most 1000 bytes;
 * NULL for anything else, the empty text too. In the arena. */
const char *words_name(struct arena *a, struct slice text);

/* A copy of an image's tag, as the OCI Distribution Specification 1.1 allows them ("Pulling
 * manifests"); NULL for anything else. */
const char *words_tag(struct arena *a, struct slice text);

/* The same of a digest: "sha256:" and 64 hexadecimal digits, "sha512:" and 128. */
const char *words_digest(struct arena *a, struct slice text);

#endif
