/* Package versions as apko reads them, which builds the images: where it differs from apk-tools it
 * decides what goes into an image. Its rules are in pkg/apk/apk/version.go. */
#ifndef MWATCH_VERSIONS_APKO_H
#define MWATCH_VERSIONS_APKO_H

#include "watcher/base/slice.h"

/* Below 0, 0, above 0 as a is older than, equal to, newer than b; both must be valid in scheme_apk.
 * Its order but for three things: every number counts as a number ("1.02" is 1.2), a suffix without
 * a number has 0 ("1_rc" is 1_rc0), and a version without a release has -r0 ("1.2" is 1.2-r0). A
 * total order; what apko cannot read (a hash, several suffixes of a kind) stands where scheme_apk
 * has it. */
int apko_compare(struct slice a, struct slice b);

/* The same of any two texts: one that is no version of apk's is below all that are, and level with
 * its like. */
int apko_order(struct slice a, struct slice b);

/* Does `version` satisfy "~wanted"? It has the numbers of `wanted` first; where it has no more of
 * them it also has the letter, suffixes, hash and release that `wanted` gives. Suffix numbers and
 * releases of 0 are as good as none. Both must be valid in scheme_apk. */
bool apko_includes(struct slice version, struct slice wanted);

#endif
