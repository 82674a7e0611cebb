/* Edits: byte ranges of one file, made from what was parsed, applied to the original bytes. */
#ifndef MWATCH_YAML_EDIT_H
#define MWATCH_YAML_EDIT_H

#include "watcher/base/pattern.h"
#include "watcher/yaml/yaml.h"

enum edit_kind {
    EDIT_VALUE,   /* a scalar's value, or a part of it */
    EDIT_COMMENT, /* the comment after a scalar */
    EDIT_REMOVE,  /* an item or a pair, with its lines */
    EDIT_PATTERN, /* what a pattern found, YAML or not */
};

struct edit {
    const char *path;     /* "package.version"; "line 12" for what a pattern found */
    size_t start, end;    /* bytes of the original; start == end inserts */
    const char *old_text; /* values as a reader understands them, without quotes */
    const char *new_text;
    struct slice bytes; /* what is put in place of start..end, quotes and all */

    /* What edits_verify holds the result against. */
    enum edit_kind kind;
    size_t node;      /* start of the scalar, or of the collection an item is removed from */
    size_t index;     /* of the removed item or pair */
    size_t value_at;  /* the part of the scalar's value that becomes `value_new` ... */
    size_t value_len; /* ... and its length */
    struct slice value_new;
    bool string; /* the value must read as a string afterwards */
};

struct edits {
    VEC(struct edit) list;
};

/* Replace the value of a scalar. The quoting stays, unless plain text would then read as another
 * type than before ("1.10" as a version must stay a string where it was one: plain 1.9 that was a
 * float may become plain 1.10 only when `string` is false) or would not be plain text at all; then
 * it becomes double-quoted. A block scalar keeps its indicator, its comment and its indentation,
 * and gets the final line break that its indicator implies. Nothing is added when the value is the
 * same already. Fails with ERROR_RECIPE for an alias, a collection, a missing value in a flow
 * mapping, or text that the style cannot hold: control and invisible characters except in double
 * quotes, where they are escaped; NUL and what is not UTF-8 anywhere. */
bool edit_scalar(struct arena *a, struct edits *edits, const struct yaml *y,
                 const struct node *scalar, const char *path, struct slice value, bool string,
                 struct error *e);

/* Replace the comment after the scalar on its line, or add one; NULL or "" removes it with the
 * blanks before it. The text may begin with `#` or not. The comment of a block scalar stands behind
 * its indicator. Fails with ERROR_RECIPE when something else follows on the line. */
bool edit_comment(struct arena *a, struct edits *edits, const struct yaml *y,
                  const struct node *scalar, struct slice comment, struct error *e);

/* Delete whole lines: those that an item of a sequence or a pair of a mapping (`index` counts
 * either) occupies, with the comment lines directly above it when they are indented as it is, and
 * one of the blank lines when one stands before and one after. Fails with ERROR_RECIPE when the
 * item shares a line with something that stays, or when nothing would be left. */
bool edit_remove_item(struct arena *a, struct edits *edits, const struct yaml *y,
                      const struct node *sequence, size_t index, const char *path, struct error *e);

/* In any text file: in every match of the pattern, the group called "version" (else group 1, else
 * the whole match) becomes `value`. At least one match is needed. */
bool edit_pattern(struct arena *a, struct edits *edits, const char *file, struct slice source,
                  const struct pattern *pattern, struct slice value, struct error *e);

/* Inside one scalar: replace every occurrence of `old` that is a word of its own by `value`. It is
 * none when the byte before or after it is a letter, a digit or `_`; when `.` or `-` and a digit
 * follow it; when it begins with a digit and `.`, or `-` behind a digit, stands before it. So 3.14
 * is found in "php-3.14.tar" and python-3.14 in "python-3.14-dev", but 3.14 not in "13.14",
 * "1.3.14", "so.3.14", "3.14.1" or "libpython3.14". A `v` of its own before a digit counts as a
 * blank. Block scalars too. No occurrence is no error. */
bool edit_inside(struct arena *a, struct edits *edits, const struct yaml *y,
                 const struct node *scalar, const char *path, struct slice old, struct slice value,
                 struct error *e);

/* The text with the words replaced that edit_inside finds in a value: what the value becomes. In
 * the arena; without a word, the text itself. */
struct slice edit_inside_text(struct arena *a, struct slice text, struct slice old,
                              struct slice value);

/* Apply all edits to `source`. An edit within the range of another that does the same there counts
 * once with it; ranges that overlap otherwise fail with ERROR_RECIPE naming both paths. Bytes
 * outside the ranges are copied as they are. */
bool edits_apply(struct arena *a, const struct edits *edits, const char *file, struct slice source,
                 struct buf *out, struct error *e);

/* Parse `after` and compare it with `before`: it must be what edits_apply makes; the values at the
 * edits' places must be the new ones, every other value, every type and the shape must be the same
 * (items that edit_remove_item removed are gone). Fails with ERROR_RECIPE naming the first path
 * that is not as intended. */
bool edits_verify(const struct yaml *before, struct slice after, const struct edits *edits,
                  struct error *e);

/* Add a unified diff with three lines of context: "--- a/file", "+++ b/file", hunks; a file without
 * a last line break gets git's "\ No newline at end of file". Nothing when both are equal. */
void diff_unified(struct buf *out, const char *file, struct slice before, struct slice after);

#endif
