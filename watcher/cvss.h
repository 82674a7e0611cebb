/* CVSS: how bad an advisory says it is. https://www.first.org/cvss/v3.1/specification-document */
#ifndef MWATCH_CVSS_H
#define MWATCH_CVSS_H

#include "watcher/base/slice.h"

/* The base score of a vector of CVSS 3.0 or 3.1 ("CVSS:3.1/AV:N/AC:L/...") in tenths, 0 to 100; -1
 * when it is no such vector. Temporal and environmental metrics are passed over. */
int cvss_score(struct slice vector);

/* The specification's word for a score: "low", "medium", "high" or "critical"; NULL for 0 and less.
 */
const char *cvss_word(int score);

#endif
