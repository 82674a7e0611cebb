/* How often a component is looked at: `schedule: {period: weekly}`. */
#ifndef MWATCH_SCHEDULE_H
#define MWATCH_SCHEDULE_H

#include <stdint.h>

/* The first moment of the day (UTC) on which a component may be looked at again that was looked at
 * then: days are counted, so that a run that starts a second earlier than yesterday's misses
 * nothing. "monthly" leads to the same day of the next month, or to its last. Anything but "daily",
 * "weekly" and "monthly" gives `looked`. */
int64_t schedule_next(const char *schedule, int64_t looked);

#endif
