/* JSON reading on jansson, with limits, and a path expression over it. */
#ifndef MWATCH_BASE_JSON_H
#define MWATCH_BASE_JSON_H

#include "watcher/base/arena.h"
#include "watcher/base/error.h"

#include <jansson.h>

/* Parse a whole document, released with the arena. Fails with ERROR_UPSTREAM and "line L, column C:
 * reason"; numbers too large for 64 bits become reals; U+0000 in a string is refused. */
json_t *json_parse(struct arena *a, struct slice text, struct error *e);

/* Members of an object; "", NULL or `fallback` when absent or of another type. Borrowed. */
struct slice json_text(const json_t *object, const char *key);
const char *json_string_at(const json_t *object, const char *key);
bool json_flag(const json_t *object, const char *key);
long long json_number(const json_t *object, const char *key, long long fallback);

/* Give an object a member. A text that is NULL or no UTF-8 is left out. */
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_count(json_t *object, const char *key, size_t count);

/* A compiled path: the part of JSONPath (RFC 9535) that picks values, and `~` for keys.
 *   $                the document           .name ['name'] ["name"]   a member
 *   [0] [-1]         an element             .* [*]                    all members or elements
 *   ..name ..*       at any depth           ~ (last only)             their keys instead of values
 *   [?@.a == 'x' && !@.b || @.c.d >= 3]     those for which the filter holds
 *   =~ 'expression' within a filter         search with a pattern (an addition to RFC 9535)
 *
 * Beyond or short of the RFC:
 * - .dist-tags: a name may hold `-`;
 * - the expression after =~ is taken as written, only the quote itself is escaped by a backslash;
 * - objects and arrays are equal to nothing in a comparison;
 * - one `..` a path, and within a filter `$` leads to one value: so a walk takes time in proportion
 *   to the document;
 * - no ranges, no lists of selectors, no functions. */
struct json_path;

/* Fails with ERROR_USAGE naming the offset. The path lives in the arena. */
const struct json_path *json_path_compile(struct arena *a, struct slice expression,
                                          struct error *e);

/* Call `each` for every value found, in document order, until it returns false. For `~` the value
 * is a JSON string made for the call. `key` is the member's name or NULL. */
void json_path_each(const struct json_path *path, const json_t *root,
                    bool (*each)(void *arg, const json_t *value, const char *key), void *arg);

/* The first value found, NULL when there is none (never used with `~`). Borrowed from root. */
const json_t *json_path_first(const struct json_path *path, const json_t *root);

#endif
