/* Versions that are days: 2025-01-20, 2025.1.20, 20250120, each with a time and a counter after it
 * where there is one (20250120-144907, 2025-01-20T14-49-07Z, 20250120144907, 2025.01.20.2), and a
 * leading "RELEASE." as MinIO has it. A day that no calendar has is not valid. */
#include "watcher/versions/scan.h"
#include "watcher/versions/scheme.h"

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199 };

struct date {
    unsigned year, month, day;
    unsigned time;        /* hhmmss as one number; 0 when not given */
    struct slice counter; /* empty when not given */
};

/* Of at most 6 digits. */
static unsigned value_of(struct slice digits)
{
    unsigned value = 0;
    for (size_t i = 0; i < digits.len; i++)
        value = value * 10 + (unsigned)(digits.ptr[i] - '0');
    return value;
}

/* The value of `count` digits taken off the front; they must be there. */
static unsigned take_value(struct slice *digits, size_t count)
{
    unsigned value = value_of(slice_first(*digits, count));
    *digits = slice_from(*digits, count);
    return value;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool date_exists(const struct date *d)
{
    return d->year >= FIRST_YEAR && d->year <= LAST_YEAR && d->month >= 1 && d->month <= 12 &&
           d->day >= 1 && d->day <= days_in_month(d->year, d->month);
}

static bool set_time(struct date *d, unsigned hhmmss)
{
    d->time = hhmmss;
    return hhmmss / 10000 < 24 && hhmmss / 100 % 100 < 60 && hhmmss % 100 < 60;
}

/* A month or a day: one digit or two. */
static bool take_short(struct slice *rest, unsigned *out)
{
    struct slice digits = scan_digits(rest);
    *out = value_of(slice_first(digits, 2));
    return digits.len == 1 || digits.len == 2;
}

/* 2025-01-20 with any joint, but the same twice; `year` is taken already. */
static bool take_joined(struct slice *rest, struct slice year, struct date *d)
{
    char joint = scan_peek(*rest);
    d->year = value_of(year);
    return is_joint(joint) && scan_byte(rest, joint) && take_short(rest, &d->month) &&
           scan_byte(rest, joint) && take_short(rest, &d->day);
}

/* 20250120, 202501201449 or 20250120144907. */
static bool read_compact(struct slice digits, struct date *d, bool *timed)
{
    d->year = take_value(&digits, 4);
    d->month = take_value(&digits, 2);
    d->day = take_value(&digits, 2);
    *timed = digits.len > 0;
    if (digits.len == 4)
        return set_time(d, value_of(digits) * 100);
    return digits.len == 0 || (digits.len == 6 && set_time(d, value_of(digits)));
}

static bool take_day(struct slice *rest, struct date *d, bool *timed)
{
    struct slice digits = scan_digits(rest);
    if (digits.len == 4)
        return take_joined(rest, digits, d);
    return digits.len >= 8 && read_compact(digits, d, timed);
}

/* After the "T": 14-49-07 or 144907, and a "Z" perhaps. */
static bool take_clock(struct slice *rest, struct date *d)
{
    struct slice hour = scan_digits(rest);
    unsigned hhmmss = value_of(slice_first(hour, 6));
    if (hour.len == 2) {
        if (!scan_byte(rest, '-'))
            return false;
        struct slice minute = scan_digits(rest);
        if (minute.len != 2 || !scan_byte(rest, '-'))
            return false;
        struct slice second = scan_digits(rest);
        if (second.len != 2)
            return false;
        hhmmss = (hhmmss * 100 + value_of(minute)) * 100 + value_of(second);
    } else if (hour.len != 6) {
        return false;
    }
    scan_byte(rest, 'Z');
    return set_time(d, hhmmss);
}

/* What a joint leads to: six digits are the time unless it is known, all else is the counter. */
static bool take_joint(struct slice *rest, struct date *d, bool *timed)
{
    if (!is_joint(scan_peek(*rest)))
        return false;
    *rest = slice_from(*rest, 1);
    struct slice digits = scan_digits(rest);
    if (digits.len == 6 && !*timed) {
        *timed = true;
        return set_time(d, value_of(digits));
    }
    d->counter = digits;
    return digits.len > 0 && rest->len == 0;
}

static bool date_parse(struct slice rest, struct date *d)
{
    bool timed = false;
    *d = (struct date){0};
    scan_text(&rest, "RELEASE.");
    if (!take_day(&rest, d, &timed) || !date_exists(d))
        return false;
    if (!timed && scan_byte(&rest, 'T')) {
        timed = true;
        if (!take_clock(&rest, d))
            return false;
    }
    while (rest.len)
        if (!take_joint(&rest, d, &timed))
            return false;
    return true;
}

static bool date_valid(struct slice version)
{
    struct date d;
    return scan_length_ok(version) && date_parse(version, &d);
}

/* A day is a day: nothing in this grammar marks a pre-release. */
static bool date_prerelease(struct slice version)
{
    (void)version;
    return false;
}

static int compare_unsigned(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int date_compare(struct slice a, struct slice b)
{
    struct date left, right;
    date_parse(a, &left);
    date_parse(b, &right);
    int order = compare_unsigned(left.year, right.year);
    if (!order)
        order = compare_unsigned(left.month, right.month);
    if (!order)
        order = compare_unsigned(left.day, right.day);
    if (!order)
        order = compare_unsigned(left.time, right.time);
    return order ? order : number_compare(left.counter, right.counter);
}

const struct scheme scheme_date = {
    .name = "date",
    .summary = "YYYY-MM-DD, YYYY.MM.DD or YYYYMMDD, a time and a counter after it, RELEASE. before "
               "it; a day that does not exist is not valid",
    .valid = date_valid,
    .prerelease = date_prerelease,
    .compare = date_compare,
};
