/* Is what was downloaded what it should be? Pure judgements for the prove stage. */
#ifndef MWATCH_ARTEFACT_H
#define MWATCH_ARTEFACT_H

#include "watcher/http/http.h"
#include "watcher/renew.h"

/* ERROR_REFUSED, or ERROR_UPSTREAM for a status, unless the answer is whole and of the kind its
 * name promises. `url` is what was asked for. */
bool artefact_judge(const char *url, const struct response *response,
                    const struct artefact_result *artefact, struct error *e);

/* ERROR_REFUSED when the new artefact is less than a quarter of the old one: an error page, a stub.
 * A size of 0 is not known and passes. */
bool artefact_judge_size(const char *url, unsigned long long size, unsigned long long old_size,
                         struct error *e);

/* Where upstream publishes a hash of this address, by what is known of the host: "<url>.sha256" of
 * get.jenkins.io, "<url>.sha512" of Apache. NULL when nothing is known. */
const char *artefact_known_checksum(struct arena *a, const char *url);

/* Find the hash of the file called `name` in what upstream published: by `pattern` (group "hash",
 * else 1, else the whole match); else beside the name, in the forms of sha256sum, BSD, gpg
 * --print-md, Gentoo's manifests and JSON; else the only hash there is. SHA-512 where it is 128
 * digits long; digests of other kinds that say so are passed over. A web page has none, unless a
 * pattern finds it. Lower-case hex in the arena, NULL when there is none. */
const char *checksum_find(struct arena *a, struct slice body, struct slice name,
                          const struct pattern *pattern);

/* The same of a list that nobody said is about this file: only a hash beside its name counts. */
const char *checksum_named(struct arena *a, struct slice body, struct slice name);

/* What an OpenPGP clearsigned text (RFC 9580, 7) says, its dashes taken off; *body itself when it
 * is none. Whoever does not verify the signature at least reads nothing that stands outside of it.
 */
struct slice checksum_clearsigned(struct arena *a, struct slice body);

/* The file among a release's own that is most likely to have the hash of the one called `name`: by
 * custom NAME.sha256 and its kin (*own is set then: it is about that file alone), else SHA256SUMS,
 * checksums.txt, x_checksums.txt and theirs, else one of those with .asc behind it. NULL. */
const struct asset *checksum_asset(const struct release *r, struct slice name, bool *own);

#endif
