/* Mirrors: one URL prefix asked for in place of another. */
#ifndef MWATCH_HTTP_MIRROR_H
#define MWATCH_HTTP_MIRROR_H

#include "watcher/base/arena.h"
#include "watcher/http/http.h"

/* The URL to ask in place of `url`, in the arena when it differs: the longest prefix that fits
 * wins, the first of equal ones; `url` itself when none does. A prefix fits only where its host
 * ends: "https://example.org" is no prefix of "https://example.org.evil.test/". */
const char *mirror_apply(const struct mirror *mirrors, size_t count, struct arena *a,
                         const char *url);

/* The way back: the URL as upstream would write it, so that what is shown and recorded does not
 * depend on the mirror. */
const char *mirror_reverse(const struct mirror *mirrors, size_t count, struct arena *a,
                           const char *url);

#endif
