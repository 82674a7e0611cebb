/* Points in time as upstreams write them. */
#ifndef MWATCH_BASE_TIMESTAMP_H
#define MWATCH_BASE_TIMESTAMP_H

#include "watcher/base/buf.h"
#include "watcher/base/slice.h"

#include <stdint.h>

/* Read RFC 3339 ("2026-05-06T08:34:24Z", fractions and offsets allowed, a blank for the T), a plain
 * date ("2026-05-06"), "06 May 2026" / "May 6, 2026" / "Wed, 06 May 2026 08:34:24 GMT" (HTTP, RSS),
 * or 9 to 11 digits of Unix seconds (12 to 14: milliseconds). Seconds since 1970 UTC in *out; false
 * for anything else, for impossible dates and years outside 1970..9999. */
bool timestamp_parse(struct slice text, int64_t *out);

/* Add "2026-05-06T08:34:24Z". */
void timestamp_add(struct buf *out, int64_t seconds);

/* Add only "2026-05-06". */
void timestamp_add_date(struct buf *out, int64_t seconds);

/* Read "90", "45s", "10m", "6h", "3d", "2w" into seconds; false for anything else or over 10 years.
 */
bool duration_parse(struct slice text, int64_t *seconds);

#endif
