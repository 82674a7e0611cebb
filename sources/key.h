/* The keys of sources and presets: found by name, and their values checked. */
#ifndef MWATCH_SOURCES_KEY_H
#define MWATCH_SOURCES_KEY_H

#include "sources/source.h"

/* How many of at most `max` keys there are before the one without a name. */
size_t key_count(const struct source_key *keys, size_t max);

/* The index of the key called `name`, SLICE_NONE when there is none. */
size_t key_find(const struct source_key *keys, size_t count, struct slice name);

/* True when `value` is of the key's type; else ERROR_USAGE with the reason alone ("not a URL").
 * Nothing may hold control characters. */
bool key_check(const struct source_key *key, struct slice value, struct arena *a, struct error *e);

#endif
