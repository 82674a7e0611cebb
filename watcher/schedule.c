#include "watcher/schedule.h"

#include <stdbool.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, MARCH = 3 };

/* Days in the month that follows the given one, 1 to 12. */
static int days_after(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 1 && leap ? 29 : days[month % 12];
}

static int days_in(int64_t year, int month)
{
    return days_after(year, month == 1 ? 12 : month - 1);
}

/* From a day since 1970 to the same day of the next month. Years are counted from 1970 on: there
 * are not many. */
static int64_t next_month(int64_t day)
{
    int64_t year = 1970, rest = day;
    int month = 1;
    while (rest >= days_in(year, month)) {
        rest -= days_in(year, month);
        year += month == 12;
        month = month % 12 + 1;
    }
    int64_t first = day - rest, own = days_in(year, month), next = days_after(year, month);
    return first + own + (rest < next ? rest : next - 1);
}

int64_t schedule_next(const char *schedule, int64_t looked)
{
    int64_t day = looked / DAY;
    if (looked < 0)
        return looked;
    if (strcmp(schedule, "daily") == 0)
        return (day + 1) * DAY;
    if (strcmp(schedule, "weekly") == 0)
        return (day + 7) * DAY;
    return strcmp(schedule, "monthly") == 0 ? next_month(day) * DAY : looked;
}
