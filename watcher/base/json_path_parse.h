/* The parser of path expressions, shared by the files that read tokens, filters and segments;
 * nobody else includes this. */
#ifndef MWATCH_BASE_JSON_PATH_PARSE_H
#define MWATCH_BASE_JSON_PATH_PARSE_H

#include "watcher/base/json_path.h"

enum {
    JPATH_DEEPEST = 32, /* filters and parentheses within each other */
    JPATH_LONGEST =
        4096 /* bytes: it also limits how deep a chain of || can make the walk recurse */
};

struct jpath_parser {
    struct arena *arena;
    struct slice text;
    size_t at;
    unsigned depth;
    bool descended; /* a `..` was seen: a second one could take time that grows with the square */
    struct error *error;
};

/* ---- tokens (json_path_token.c); what cannot be read fails with its offset ---- */

/* Always false. */
bool jpath_fail(struct jpath_parser *p, size_t at, const char *what);

/* The byte `ahead` of the next, NUL behind the end. */
char jpath_peek(const struct jpath_parser *p, size_t ahead);
void jpath_skip_blanks(struct jpath_parser *p);

/* Take `token` if it is what comes next; jpath_expect skips blanks and fails otherwise. */
bool jpath_take(struct jpath_parser *p, const char *token);
bool jpath_expect(struct jpath_parser *p, const char *token, const char *message);

bool jpath_is_name_start(char c);

/* Letters, digits, `_`, `-` and what is not ASCII; empty when there are none. */
struct slice jpath_take_name(struct jpath_parser *p);

/* Have the arena release the value; NULL gives NULL. */
const json_t *jpath_keep(struct jpath_parser *p, json_t *value);

/* A text in quotes, which stand at the next byte. */
const json_t *jpath_string(struct jpath_parser *p);

/* An expression in quotes, compiled. */
const struct pattern *jpath_pattern(struct jpath_parser *p);

/* ---- the grammar ---- */

/* What follows `?` (json_path_filter.c). */
bool jpath_filter(struct jpath_parser *p, struct segment *s);

/* Segments as long as there are any (json_path_parse.c). */
bool jpath_segments(struct jpath_parser *p, struct json_path *path);

#endif
