/* OSV: what the database of advisories is asked, and how its answers are read. All of it is pure.
 * https://google.github.io/osv.dev/api/ and https://ossf.github.io/osv-schema/ */
#ifndef MWATCH_OSV_H
#define MWATCH_OSV_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"
#include "watcher/base/request.h"

#define OSV_SERVER "https://api.osv.dev"

enum {
    OSV_QUERIES = 1000, /* in one request; with more the server refuses all of them */
    OSV_PAGES = 50,     /* of one query's answer, at most */
};

/* One version of something: a package URL; else ecosystem ("Wolfi", "RubyGems"), name and version;
 * else a commit. */
struct osv_query {
    const char *purl; /* with its version: without one the server lists all the package ever had */
    const char *ecosystem, *name, *version;
    const char *commit; /* 40 hex digits */
};

/* What is known against it: the advisories' ids. */
struct osv_answer {
    VEC(const char *) ids;
    const char *page;    /* the token of the next page, NULL = that was all */
    const char *unknown; /* why it could not be asked, a line for people; NULL = it was */
};

struct advisory {
    const char *id; /* "GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228"; nothing but the database's letters,
                       digits and "-._:" is taken for one */
    VEC(const char *) aliases;
    const char *severity; /* "low", "medium", "high", "critical"; NULL = not rated */
    const char *summary;  /* one line of upstream's, made visible and cut; NULL = none */
    const char *url;      /* a page for people */
    bool withdrawn;       /* it was no vulnerability after all */
};

/* A text that is the same for two queries exactly when they ask the same; NULL when the query asks
 * nothing that the server takes. In the arena. */
const char *osv_identity(struct arena *a, const struct osv_query *q);

/* Ask for the ids of several at once. The i-th of `pages` is the token of the page that is wanted,
 * NULL for the first. */
void osv_batch_request(struct arena *a, const struct osv_query *const *queries,
                       const char *const *pages, size_t count, struct request *out);

/* Read the answer to that: `answers` in the order of the queries; ids are added, `page` is set
 * anew. ERROR_UPSTREAM when it is not what OSV gives for so many; nothing is added then. */
bool osv_batch_parse(struct arena *a, struct slice body, struct osv_answer *const *answers,
                     size_t count, struct error *e);

/* The server's own words in an answer that is an error ("Invalid ecosystem."); empty when there are
 * none. */
struct slice osv_complaint(struct arena *a, struct slice body);

/* Ask for one advisory, and read it. ERROR_UPSTREAM when the answer is another one's or none. */
void osv_advisory_request(struct arena *a, const char *id, struct request *out);
bool osv_advisory_parse(struct arena *a, const char *id, struct slice body, struct advisory *out,
                        struct error *e);

/* What there is to say of an advisory by its id alone. */
struct advisory osv_advisory(struct arena *a, const char *id);

/* Are both about the same: one names the other, or both name a third (a CVE)? */
bool osv_same(const struct advisory *x, const struct advisory *y);

#endif
