/* How adapters put down what they found. */
#ifndef MWATCH_SOURCES_CANDIDATE_H
#define MWATCH_SOURCES_CANDIDATE_H

#include "sources/source.h"
#include "watcher/base/json.h"
#include "watcher/base/pattern.h"

/* No project has as many releases; an answer that pretends to is cut off before it fills memory. */
enum { CANDIDATE_LIMIT = 250000 };

/* Append a candidate. Its raw text is a copy of `raw` as upstream spelt it, hostile or not: the
 * core's rules judge it. Only a NUL, behind which C would see nothing, becomes U+FFFD. NULL with
 * ERROR_UPSTREAM beyond CANDIDATE_LIMIT. The address is valid until the next call. */
struct candidate *candidate_add(struct arena *a, struct candidates *out, struct slice raw,
                                struct error *e);

/* The texts that one answer already gave: a page names one release in several links. */
struct seen {
    json_t *texts;
};
struct seen seen_new(struct arena *a);

/* Remember a text; false when it was known already. */
bool seen_add(struct seen *seen, struct slice text);

/* Remember a text with a number; the number it was first remembered with. */
size_t seen_number(struct seen *seen, struct slice text, size_t number);
bool seen_has(const struct seen *seen, struct slice text);

/* `reference` as an absolute http or https URL in the arena, resolved against `base`, with what no
 * URL may hold escaped; NULL when it is none ("javascript:...") or carries a user name: such a link
 * is shown to nobody. */
const char *candidate_link(struct arena *a, struct slice base, struct slice reference);

/* Describe a file by its URL, or its name where that is relative to `base`; its name is the last
 * part of the path. False when it is no link that can be fetched. */
bool asset_make(struct arena *a, struct slice base, struct slice reference, struct asset *out);

/* Take over a digest as upstreams spell it: 64 or 128 hex digits, the same in base64, either with
 * "sha256:", "sha512:", "sha256-" or "sha512-" (W3C's Subresource Integrity) before it. Anything
 * else (MD5, SHA-1, junk) proves nothing and is passed over. */
void asset_digest(struct arena *a, struct asset *asset, struct slice digest);

/* A copy of hex digits in lower case. */
const char *lower_hex(struct arena *a, struct slice hex);

/* The part of a match that is the version: the group called "version", else the first group, else
 * all of it. */
struct slice version_matched(const struct pattern *p, const struct match *m);

/* Find `p` (NULL matches all) in `subject` and put the version into *out. False when it is not
 * found or empty, with ERROR_UPSTREAM when the search was given up. */
bool version_find(const struct pattern *p, struct slice subject, struct slice *out,
                  struct error *e);

/* The error of a search that was given up (PATTERN_LIMIT): ERROR_UPSTREAM; false. */
bool version_given_up(const struct pattern *p, struct error *e);

/* The URL under a spec's key, without a slash at its end. */
struct slice spec_server(const struct spec *spec, const char *key);

/* Compile the pattern under a spec's key, NULL in *out when it is absent; false with ERROR_USAGE.
 */
bool spec_pattern(const struct spec *spec, const char *key, struct arena *a,
                  const struct pattern **out, struct error *e);

#endif
