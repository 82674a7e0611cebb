/* Edits: byte ranges of one file, made from what was parsed, applied to the original bytes. */
#ifndef MWATCH_YAML_EDIT_H
#define MWATCH_YAML_EDIT_H

#include "watcher/base/pattern.h"
#include "watcher/yaml/yaml.h"

struct edit {
    const char *path;     /* "package.version"; "line 12" in files that are no YAML */
    size_t start, end;    /* bytes of the original; start == end inserts */
    const char *old_text; /* values as a reader understands them, without quotes */
    const char *new_text;
    struct slice bytes; /* what is put in place of start..end, quotes and all */
};

struct edits {
    VEC(struct edit) list;
};

/* Replace the value of a scalar. The quoting stays, unless plain text would then read as another
 * type than before ("1.10" as a version must stay a string where it was one: plain 1.9 that was a
 * float may become plain 1.10 only when `string` is false); then it becomes double-quoted. A block
 * scalar keeps its indicator and indentation. Nothing is added when the value is the same already.
 * Fails with ERROR_RECIPE for an alias, a collection, or text that the style cannot hold. */
bool edit_scalar(struct arena *a, struct edits *edits, const struct yaml *y,
                 const struct node *scalar, const char *path, struct slice value, bool string,
                 struct error *e);

/* Replace the comment after the scalar on its line, or add one; NULL or "" removes it. */
bool edit_comment(struct arena *a, struct edits *edits, const struct yaml *y,
                  const struct node *scalar, struct slice comment, struct error *e);

/* Delete whole lines: those that a sequence item or mapping pair occupies, with the comment lines
 * directly above it when they are indented as it is. */
bool edit_remove_item(struct arena *a, struct edits *edits, const struct yaml *y,
                      const struct node *sequence, size_t index, const char *path, struct error *e);

/* In any text file: in every match of the pattern, the group called "version" (else group 1, else
 * the whole match) becomes `value`. At least one match is needed. */
bool edit_pattern(struct arena *a, struct edits *edits, const char *file, struct slice source,
                  const struct pattern *pattern, struct slice value, struct error *e);

/* Inside one scalar: replace every occurrence of `old` that stands between non-word bytes (word:
 * letters, digits, `_`, and `.` or `-` followed by a digit) by `value`. Block scalars too. */
bool edit_inside(struct arena *a, struct edits *edits, const struct yaml *y,
                 const struct node *scalar, const char *path, struct slice old, struct slice value,
                 struct error *e);

/* Apply all edits to `source`. Equal edits of one range count once; ranges that overlap otherwise
 * fail with ERROR_RECIPE naming both paths. Bytes outside the ranges are copied as they are. */
bool edits_apply(struct arena *a, const struct edits *edits, const char *file, struct slice source,
                 struct buf *out, struct error *e);

/* Parse `after` and compare it with `before`: the values at the edits' paths must be the new ones,
 * every other value and the shape must be the same (items that edit_remove_item removed are gone).
 * Fails with ERROR_RECIPE naming the first path that is not as intended. */
bool edits_verify(const struct yaml *before, struct slice after, const struct edits *edits,
                  struct error *e);

/* Add a unified diff with three lines of context: "--- a/file", "+++ b/file", hunks; a file without
 * a last line break gets git's "\ No newline at end of file". Nothing when both are equal. */
void diff_unified(struct buf *out, const char *file, struct slice before, struct slice after);

#endif
