/* What was seen before of releases and of artefacts: kept beside the cache, so that what upstream
 * changes afterwards is noticed. Without a persistent cache (--no-cache, --replay, a file system
 * that cannot be written) nothing is remembered, and http_remembers says so. */
#ifndef MWATCH_HTTP_SIGHTING_H
#define MWATCH_HTTP_SIGHTING_H

#include "watcher/http/http.h"

/* A file of a release, as it was when it was first fetched. */
struct sighted_file {
    const char *url;
    const char *sha256, *sha512; /* lower-case hex */
    unsigned long long size;     /* bytes */
};

/* A release as it was first seen. */
struct sighting {
    int64_t seen;       /* when, seconds since 1970 */
    const char *commit; /* behind its tag then, NULL = not known */
    struct sighted_file *files;
    size_t file_count;
};

/* Is anything remembered from run to run? */
bool http_remembers(const struct http *h);

/* What was noted under the key, in the arena; false when nothing was. */
bool http_sighting_get(struct http *h, struct arena *a, const char *key, struct sighting *out);

/* Note a release. What stands there already is never changed: the first moment, the first commit
 * that was known, each file's first hashes stay. */
void http_sighting_put(struct http *h, const char *key, const struct sighting *s);

/* Forget it: what comes next is seen for the first time. */
void http_sighting_drop(struct http *h, const char *key);

/* An artefact that was read once: what its bytes held. */
struct artefact_record {
    const char *url;
    const char *sha256, *sha512;
    unsigned long long size;
    int64_t seen;         /* the first time, seconds since 1970 */
    const char *content;  /* SHA-256 of what a compressed file holds; NULL = it is not compressed */
    const char *etag;     /* to ask with whether it is still the same; NULL = none */
    const char *modified; /* likewise, Last-Modified */
    struct slice members; /* of the archive: see archive.h; empty = not known */
};

enum {
    RECORD_DAYS = 400,                  /* unused for so long, a record or sighting is dropped */
    RECORD_MEMBERS = 128 * 1024 * 1024, /* bytes of all lists of members; the oldest go first */
};

/* What stands behind a list of members that is not all of them. */
#define RECORD_MORE "...\n"

/* The record of the bytes with this hash (SHA-256 or SHA-512, lower-case hex) at this address. */
bool http_record_get(struct http *h, struct arena *a, const char *url, const char *hash,
                     struct artefact_record *out);

/* Keep a record; of one that is there only the ETag and date are renewed. */
void http_record_put(struct http *h, const struct artefact_record *r);

#endif
