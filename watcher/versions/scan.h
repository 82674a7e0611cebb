/* The runs of digits and letters that every scheme's tokens are made of. */
#ifndef MWATCH_VERSIONS_SCAN_H
#define MWATCH_VERSIONS_SCAN_H

#include "watcher/base/slice.h"

/* Is the length one that a version may have: 1 to SCHEME_LONGEST bytes? */
bool scan_length_ok(struct slice version);

/* The first byte, 0 at the end. (A version never holds a zero byte that a scheme takes.) */
char scan_peek(struct slice rest);

/* Take this one byte off the front of *rest; false, and nothing taken, when it is not there. */
bool scan_byte(struct slice *rest, char byte);

/* Take this text off the front of *rest; false, and nothing taken, when it is not there. */
bool scan_text(struct slice *rest, const char *text);

/* Take the longest run off the front of *rest; the empty slice when there is none. */
struct slice scan_digits(struct slice *rest);
struct slice scan_letters(struct slice *rest);

/* Likewise of whatever bytes; here, so that the question is put without a call for each. */
static inline struct slice scan_while(struct slice *rest, bool (*is_member)(char c))
{
    size_t len = 0;
    while (len < rest->len && is_member(rest->ptr[len]))
        len++;
    struct slice run = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return run;
}

/* Without the "v" or "V" that stands directly before the first number: v1.2 is 1.2. */
struct slice scan_without_v(struct slice version);

/* The bytes that join the numbers of a version: ".", "-" and "_". */
bool is_joint(char c);

/* Order two runs of digits by value, whatever their length. The empty run counts as 0. */
int number_compare(struct slice a, struct slice b);
bool number_is_zero(struct slice digits);

/* Order by bytes but for ASCII case: below 0, 0 or above 0. */
int compare_nocase(struct slice a, struct slice b);

/* -1, 0 or 1 as a is below, equal to or above b. */
int order_of(int a, int b);

#endif
