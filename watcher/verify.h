/* Verify: are the bytes that recipes pin still those that upstream serves? */
#ifndef MWATCH_VERIFY_H
#define MWATCH_VERIFY_H

#include "watcher/drift.h"
#include "watcher/outcome.h"

/* Look at the pinned artefacts of every row whose component wants it (verify-pins), or of `all`.
 * What is known from an earlier look is only asked for by its ETag or date, and fetched when that
 * does not fit any more. Other bytes make the row an error with both hashes and what changed; only
 * where they are the same files, packed otherwise, and the row leads to new pins anyway, they are a
 * warning. What could not be looked at is a warning. */
void verify_run(struct http *http, const char *root, struct results *results, bool all);

/* What is to be told of bytes at an address that are not those pinned: the error's text, in the
 * row's arena. */
const char *verify_words(struct http *http, struct outcome *o, const char *url, const char *pinned,
                         const char *served, enum drift_kind *kind);

#endif
