/* Text for people: what a terminal shows, how wide it is, which word was meant. */
#ifndef MWATCH_BASE_TEXT_H
#define MWATCH_BASE_TEXT_H

#include "watcher/base/buf.h"
#include "watcher/base/slice.h"

/* Add `s` so that a terminal cannot be steered by it: control bytes (C0, DEL, C1), bytes that are
 * not UTF-8, and the bidirectional and zero-width characters are written as \xNN. Tab and LF too.
 */
void text_add_visible(struct buf *out, struct slice s);

/* True when text_add_visible would leave every byte as it is. */
bool text_is_visible(struct slice s);

/* Columns of valid UTF-8 text on a terminal: wide East Asian characters count 2, combining marks 0.
 */
size_t text_width(struct slice s);

/* Add the longest prefix of at most `columns` columns; a cut text ends in "…" within them. */
void text_add_cut(struct buf *out, struct slice s, size_t columns);

/* The entry of `words` (NULL-ended) that `word` was most likely meant to be, by edit distance with
 * transpositions; NULL when none is near (further than a third of the length, at least 1). */
const char *text_nearest(struct slice word, const char *const *words);

/* Add decimal bytes as people read them: 999 B, 1.2 kB, 93.4 MB (powers of 1000). */
void text_add_size(struct buf *out, unsigned long long bytes);

#endif
