/* The words by which people mark what is not a release yet, one table for the schemes that read
 * words. */
#ifndef MWATCH_VERSIONS_WORDS_H
#define MWATCH_VERSIONS_WORDS_H

#include "watcher/base/slice.h"

/* What a whole word says of a version. The pre-releases are in the order in which they come
 * before their release. */
enum word_rank {
    WORD_DEV = -6, /* of no release in particular: dev, snapshot, nightly, canary, next, test */
    WORD_ALPHA,
    WORD_BETA,
    WORD_MILESTONE,
    WORD_PREVIEW, /* pre, preview, early access */
    WORD_CANDIDATE,
    WORD_RELEASE, /* final, release, ga, stable: says what saying nothing says */
    WORD_OTHER,
};

/* The rank of a run of letters, whatever its case. Single letters are WORD_OTHER: what "a", "b" and
 * "m" mean depends on what stands around them. */
enum word_rank word_rank(struct slice word);

#endif
