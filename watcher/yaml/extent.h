/* Where a node's own bytes begin and end, which libyaml's marks do not quite tell. */
#ifndef MWATCH_YAML_EXTENT_H
#define MWATCH_YAML_EXTENT_H

#include "watcher/yaml/yaml.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* The first byte of the content at or after `start`: behind anchor and tag and the blanks, comments
 * and line breaks after them. Never beyond `end`. */
size_t extent_content(struct slice source, size_t start, size_t end);

/* How a block scalar is laid out. */
struct block {
    char chomp;       /* '-' strip, '+' keep, 0 clip */
    size_t indicator; /* the byte after `|`, `>` and what belongs to it */
    size_t body;      /* the first byte of the first line after the indicator's */
    size_t indent;    /* blanks before each line; SIZE_MAX when no line tells */
};

/* Read the layout of the block scalar whose indicator is at `start`. `value` is its value. */
struct block extent_block(struct slice source, size_t start, struct slice value);

/* The end of a block scalar's bytes: behind the last line break that is part of its value. libyaml
 * ends it where the next token's line starts (`limit`), behind blank lines that are none of it. */
size_t extent_block_end(struct slice source, size_t start, size_t limit, struct slice value);

/* Lines of the source: the first byte of the line `at` is on (behind a byte order mark), the byte
 * of its line break (or the end), and the first byte of the next line. Lines end in LF, CRLF or CR.
 */
size_t line_start(struct slice source, size_t at);
size_t line_end(struct slice source, size_t at);
size_t line_next(struct slice source, size_t at);

/* Spaces (no tabs) from `at` on; blanks (both) likewise. */
size_t count_spaces(struct slice source, size_t at);
size_t skip_blanks(struct slice source, size_t at);

/* The line break that ends the line `at` is on; LF when the file ends there. */
struct slice line_break(struct slice source, size_t at);

#endif
