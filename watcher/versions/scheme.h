/* How versions are parsed and ordered: one row a scheme, one file a row. */
#ifndef MWATCH_VERSIONS_SCHEME_H
#define MWATCH_VERSIONS_SCHEME_H

#include "watcher/base/slice.h"

struct scheme {
    const char *name;    /* "apk" */
    const char *summary; /* one line: the grammar and where it comes from */

    /* Is this a version of the scheme, whole and without blanks? Never for the empty text or for
     * one longer than SCHEME_LONGEST bytes. */
    bool (*valid)(struct slice version);

    /* Is this valid version a pre-release by the scheme's grammar? */
    bool (*prerelease)(struct slice version);

    /* Below 0, 0, above 0 as a is older than, equal to, newer than b. Both must be valid. A total
     * order, without allocation. */
    int (*compare)(struct slice a, struct slice b);
};

enum { SCHEME_LONGEST = 256 };

extern const struct scheme scheme_apk, scheme_semver, scheme_gem, scheme_jenkins, scheme_natural,
    scheme_date;

/* The row with this name, NULL when there is none. */
const struct scheme *scheme_find(const char *name);

/* All rows, ended by NULL; and their names, for messages and text_nearest. */
const struct scheme *const *scheme_all(void);
const char *const *scheme_names(void);

/* Is it a pre-release, whatever the scheme can parse? A text that is no version of the scheme
 * ("8.0-rc1" in apk) is judged by the words of `natural`, token by token, so that "express-1" or
 * "source-2" is not one. */
bool scheme_prerelease(const struct scheme *s, struct slice version);

enum level { LEVEL_SAME, LEVEL_PATCH, LEVEL_MINOR, LEVEL_MAJOR };

/* The number at `index`, from 0; the empty slice when there are fewer. The numbers of a version
 * stand from its first digit to the first letter after it, joined by ".", "-" or "_": those of
 * "jdk-17.0.2rc1" are 17, 0 and 2. Borrowed. */
struct slice scheme_number(struct slice version, size_t index);

/* How far `to` is from `from`: LEVEL_SAME when the scheme finds them equal; else the first number
 * that differs is the first (major), the second (minor) or a later one or anything else (patch).
 * A number that is missing counts as 0; under the scheme date everything is minor. */
enum level scheme_level(const struct scheme *s, struct slice from, struct slice to);

/* Is `version` on the line `stream` ("8.5" takes 8.5, 8.5.0, 8.5-rc1, not 8.50)? The stream is a
 * prefix that ends where a number ends; the empty stream takes everything. A "v" before the first
 * number of either does not count. */
bool scheme_in_stream(struct slice version, struct slice stream);

/* The first `count` numbers with what stands before and between them, without a leading "v":
 * ("v11.4.9", 2) gives "11.4". All of it when there are fewer. The version is always in the stream
 * of this name. Borrowed. */
struct slice scheme_series(struct slice version, size_t count);

#endif
