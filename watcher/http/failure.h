/* What curl's codes mean for us: who is to blame, whether another try helps, what to do. */
#ifndef MWATCH_HTTP_FAILURE_H
#define MWATCH_HTTP_FAILURE_H

#include "watcher/base/error.h"

#include <curl/curl.h>
#include <stdint.h>

/* Why a transfer was ended from our side. */
enum stop {
    STOP_NONE,
    STOP_LIMIT,   /* the body is larger than allowed */
    STOP_HEADERS, /* too many headers */
    STOP_RANGE,   /* another part of the file than was asked for */
    STOP_ENOUGH,  /* the rest of an unwanted body was left; the answer counts */
};

struct failure {
    bool lasting; /* the next try would end the same way */
    bool unsent;  /* the server surely did not act on it */
    bool silent;  /* not even the first line of an answer came */
};

struct failed_try {
    CURL *easy;
    CURLcode code;
    enum stop stop;
    const char *detail; /* curl's own words, "" when it has none */
    uint64_t limit;     /* bytes of body that were allowed */
};

/* Set *e to "URL: what was wrong; what to do"; `url` is its public form. */
struct failure failure_judge(const struct failed_try *failed, const char *url, struct error *e);

#endif
