/* One member out of a JSON text that is too large to be read whole. */
#ifndef MWATCH_SOURCES_JSON_MEMBER_H
#define MWATCH_SOURCES_JSON_MEMBER_H

#include "watcher/base/error.h"
#include "watcher/base/slice.h"

/* Put the bytes of the value under `key` of the object `text` into *out; ptr NULL when there is no
 * such key. Nothing is allocated, and the members before it are only passed over: the caller parses
 * what was found. False with ERROR_UPSTREAM when `text` is no object, or breaks off. Keys are
 * compared as they are written, escapes and all. */
bool json_member(struct slice text, const char *key, struct slice *out, struct error *e);

#endif
