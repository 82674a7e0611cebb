/* What stands in a preset's row, with its placeholders filled in. */
#ifndef MWATCH_SOURCES_EXPAND_H
#define MWATCH_SOURCES_EXPAND_H

#include "sources/source.h"
#include "watcher/base/buf.h"

/* A preset's own keys with the values they were given, NULL where absent. */
struct preset_keys {
    const struct source_key *keys;
    size_t count;
    const char *const *values;
};

/* Add `template`, written for an adapter's key of type `into` as struct preset states. False when
 * it names a key that is absent; *out is then of no use. */
bool preset_expand(const struct preset_keys *t, const char *template, enum key_type into,
                   struct buf *out);

#endif
