#include "watcher/base/timestamp.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* The last second of the year 9999. */
#define LATEST INT64_C(253402300799)

struct moment {
    unsigned year, month, day;
    unsigned hour, minute, second;
    int offset; /* seconds east of UTC */
};

/* ---- the calendar: days since 1970-01-01, by Howard Hinnant's algorithms, in which a year
 * begins in March so that the leap day is its last ---- */

static int64_t days_of(unsigned year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = y / 400, of_era = y % 400;
    int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, struct moment *m)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097, of_era = z % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    m->day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    m->month = (unsigned)(month < 10 ? month + 3 : month - 9);
    m->year = (unsigned)(year + era * 400 + (m->month <= 2));
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool to_seconds(const struct moment *m, int64_t *out)
{
    if (m->year < 1970 || m->year > 9999 || m->month < 1 || m->month > 12 || m->day < 1 ||
        m->day > days_in(m->year, m->month))
        return false;
    if (m->hour > 23 || m->minute > 59 || m->second > 60) /* 60: a leap second */
        return false;
    int64_t seconds = days_of(m->year, m->month, m->day) * DAY + (int64_t)m->hour * HOUR +
                      (int64_t)m->minute * MINUTE + m->second - m->offset;
    *out = seconds;
    return seconds >= 0 && seconds <= LATEST;
}

/* ---- reading; each takes something off the front of *s, or leaves it and is false ---- */

static bool take_byte(struct slice *s, char c)
{
    if (!s->len || s->ptr[0] != c)
        return false;
    *s = slice_from(*s, 1);
    return true;
}

static void skip_blanks(struct slice *s)
{
    while (take_byte(s, ' '))
        ;
}

/* A number of `least` to `most` digits. */
static bool take_digits(struct slice *s, size_t least, size_t most, unsigned *out)
{
    size_t len = 0;
    unsigned n = 0;
    while (len < s->len && len < most && is_digit(s->ptr[len]))
        n = n * 10 + (unsigned)(s->ptr[len++] - '0');
    if (len < least || (len < s->len && is_digit(s->ptr[len]) && least != most))
        return false;
    *out = n;
    *s = slice_from(*s, len);
    return true;
}

static struct slice take_letters(struct slice *s)
{
    size_t len = 0;
    while (len < s->len && is_letter(s->ptr[len]))
        len++;
    struct slice word = slice_first(*s, len);
    *s = slice_from(*s, len);
    return word;
}

/* "May", "Sept", "december". */
static bool take_month(struct slice *s, unsigned *out)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    struct slice rest = *s, word = take_letters(&rest);
    for (unsigned i = 0; word.len >= 3 && i < 12; i++) {
        if (slice_equal_nocase(slice_first(slice_of(months[i]), word.len), word)) {
            *out = i + 1;
            *s = rest;
            return true;
        }
    }
    return false;
}

/* "+02:00", "-0500", "+02". */
static bool take_offset(struct slice *s, int *out)
{
    bool west = slice_starts(*s, SLICE("-"));
    unsigned hours = 0, minutes = 0;
    *s = slice_from(*s, 1);
    if (!take_digits(s, 2, 2, &hours))
        return false;
    bool colon = take_byte(s, ':');
    if ((colon || s->len) && !take_digits(s, 2, 2, &minutes))
        return false;
    int seconds = (int)(hours * HOUR + minutes * MINUTE);
    *out = west ? -seconds : seconds;
    return hours < 24 && minutes < 60;
}

/* What may end a time: nothing and the names of UTC mean UTC. */
static bool take_zone(struct slice *s, int *out)
{
    static const char *const names[] = {"", "z", "utc", "gmt", "ut"};
    skip_blanks(s);
    if (slice_starts(*s, SLICE("+")) || slice_starts(*s, SLICE("-")))
        return take_offset(s, out);
    struct slice word = take_letters(s);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal_nocase(word, slice_of(names[i])))
            return true;
    return false;
}

/* "08:34", "08:34:24", "08:34:24.123" and a zone. */
static bool take_time(struct slice *s, struct moment *m)
{
    if (!take_digits(s, 2, 2, &m->hour) || !take_byte(s, ':') || !take_digits(s, 2, 2, &m->minute))
        return false;
    if (take_byte(s, ':')) {
        if (!take_digits(s, 2, 2, &m->second))
            return false;
        if (take_byte(s, '.')) {
            size_t digits = 0;
            while (digits < s->len && is_digit(s->ptr[digits]))
                digits++;
            *s = slice_from(*s, digits);
            if (!digits)
                return false;
        }
    }
    return take_zone(s, &m->offset);
}

/* "2026-05-06". */
static bool take_numbers(struct slice *s, struct moment *m)
{
    return take_digits(s, 4, 4, &m->year) && take_byte(s, '-') && take_digits(s, 2, 2, &m->month) &&
           take_byte(s, '-') && take_digits(s, 2, 2, &m->day);
}

/* "06 May 2026", "06-May-2026". */
static bool take_day_first(struct slice *s, struct moment *m)
{
    if (!take_digits(s, 1, 2, &m->day))
        return false;
    char separator = take_byte(s, '-') ? '-' : ' ';
    skip_blanks(s);
    if (!take_month(s, &m->month) || !take_byte(s, separator))
        return false;
    skip_blanks(s);
    return take_digits(s, 4, 4, &m->year);
}

/* "May 6, 2026". */
static bool take_month_first(struct slice *s, struct moment *m)
{
    if (!take_month(s, &m->month) || !take_byte(s, ' '))
        return false;
    skip_blanks(s);
    if (!take_digits(s, 1, 2, &m->day))
        return false;
    bool comma = take_byte(s, ',');
    bool blank = take_byte(s, ' ');
    skip_blanks(s);
    return (comma || blank) && take_digits(s, 4, 4, &m->year);
}

/* The "Wed, " before a date says nothing that the date does not. */
static void skip_weekday(struct slice *s)
{
    static const char days[] = "montuewedthufrisatsun";
    struct slice rest = *s, word = take_letters(&rest);
    for (size_t i = 0; word.len >= 3 && i < sizeof days - 1; i += 3)
        if (slice_equal_nocase(slice_first(word, 3), slice_new(days + i, 3)) &&
            take_byte(&rest, ',')) {
            skip_blanks(&rest);
            *s = rest;
            return;
        }
}

static bool read_unix(struct slice text, int64_t *out)
{
    unsigned long long n = 0;
    if (text.len < 9 || text.len > 14 || !slice_number(text, &n))
        return false;
    *out = (int64_t)(text.len < 12 ? n : n / 1000);
    return true;
}

bool timestamp_parse(struct slice text, int64_t *out)
{
    struct slice s = slice_trim(text);
    struct moment m = {0};
    if (slice_all_digits(s))
        return read_unix(s, out);
    skip_weekday(&s);
    bool numbers = s.len > 4 && s.ptr[4] == '-';
    bool good = numbers                       ? take_numbers(&s, &m)
                : s.len && is_digit(s.ptr[0]) ? take_day_first(&s, &m)
                                              : take_month_first(&s, &m);
    if (good && s.len) {
        good = take_byte(&s, ' ') || (numbers && (take_byte(&s, 'T') || take_byte(&s, 't')));
        good = good && take_time(&s, &m);
    }
    int64_t seconds = 0;
    if (!good || s.len || !to_seconds(&m, &seconds))
        return false;
    *out = seconds;
    return true;
}

/* ---- writing ---- */

static struct moment split(int64_t seconds)
{
    struct moment m = {0};
    if (seconds < 0)
        seconds = 0;
    if (seconds > LATEST)
        seconds = LATEST;
    date_of(seconds / DAY, &m);
    unsigned rest = (unsigned)(seconds % DAY);
    m.hour = rest / HOUR;
    m.minute = rest % HOUR / MINUTE;
    m.second = rest % MINUTE;
    return m;
}

void timestamp_add_date(struct buf *out, int64_t seconds)
{
    struct moment m = split(seconds);
    buf_addf(out, "%04u-%02u-%02u", m.year, m.month, m.day);
}

void timestamp_add(struct buf *out, int64_t seconds)
{
    struct moment m = split(seconds);
    timestamp_add_date(out, seconds);
    buf_addf(out, "T%02u:%02u:%02uZ", m.hour, m.minute, m.second);
}

bool duration_parse(struct slice text, int64_t *seconds)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', MINUTE}, {'h', HOUR}, {'d', DAY}, {'w', 7 * DAY}};
    const int64_t longest = INT64_C(3653) * DAY;
    int64_t unit = 1;
    unsigned long long n = 0;
    for (size_t i = 0; text.len && i < sizeof units / sizeof *units; i++) {
        if (text.ptr[text.len - 1] == units[i].letter) {
            unit = units[i].seconds;
            text.len--;
            break;
        }
    }
    if (!slice_number(text, &n) || n > (unsigned long long)(longest / unit))
        return false;
    *seconds = (int64_t)n * unit;
    return true;
}
