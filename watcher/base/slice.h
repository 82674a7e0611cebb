/* A borrowed run of bytes: it never owns, and need not end in a zero. */
#ifndef MWATCH_BASE_SLICE_H
#define MWATCH_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct slice {
    const char *ptr;
    size_t len;
};

/* For printf: "%.*s", SLICE_ARG(s). Lengths over INT_MAX are cut. */
#define SLICE_ARG(s) slice_width(s), ((s).ptr ? (s).ptr : "")

/* A slice over a string literal, usable in initialisers. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

int slice_width(struct slice s);

/* Borrow a zero-ended string; NULL gives the empty slice. */
struct slice slice_of(const char *text);
struct slice slice_new(const char *ptr, size_t len);

bool slice_empty(struct slice s);
bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice s, const char *text);

/* Order by bytes, a prefix first: below 0, 0 or above 0. */
int slice_compare(struct slice a, struct slice b);

bool slice_starts(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);

#define SLICE_NONE ((size_t)-1)

/* The offset of the first `needle` (or byte), SLICE_NONE when there is none. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_find_byte(struct slice s, char byte);
size_t slice_find_last_byte(struct slice s, char byte);
bool slice_contains(struct slice s, struct slice needle);

/* The part from `start` on, and the first `len` bytes; both stay inside `s`. */
struct slice slice_from(struct slice s, size_t start);
struct slice slice_first(struct slice s, size_t len);

/* Without ASCII blanks (space, tab, CR, LF, VT, FF) at either end. */
struct slice slice_trim(struct slice s);

/* Take the text before the next `separator` off the front of *rest and put it in *part. The last
 * part has no separator after it. False when *rest is used up (rest->ptr is NULL then). */
bool slice_split(struct slice *rest, char separator, struct slice *part);

/* Take one line off *rest, without its LF or CRLF; false at the end. Text after the last line
 * break counts as a line only when it is not empty. */
bool slice_line(struct slice *rest, struct slice *line);

/* Whole decimal number without sign, blanks or overflow. */
bool slice_number(struct slice s, unsigned long long *out);

/* True when every byte satisfies is_digit / is_hex and there is at least one. */
bool slice_all_digits(struct slice s);
bool slice_all_hex(struct slice s);

/* ASCII classes that, unlike <ctype.h>, ignore the locale and accept any char. */
bool is_digit(char c);
bool is_hex(char c);
bool is_lower(char c);
bool is_upper(char c);
bool is_letter(char c);
bool is_blank(char c);
char to_lower(char c);

/* Equal but for ASCII case. */
bool slice_equal_nocase(struct slice a, struct slice b);

#endif
