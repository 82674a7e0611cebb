/* Two texts compared line by line: which lines went and which came. */
#ifndef MWATCH_YAML_LINES_H
#define MWATCH_YAML_LINES_H

#include "watcher/base/slice.h"

#include <stdint.h>

struct line {
    struct slice text; /* with its line feed */
    uint64_t hash;
    bool changed; /* not in the other text */
};

struct lines {
    struct line *items; /* one more than `count`, never changed, so that runs end */
    size_t count;
};

/* Split at line feeds. Owned by the caller until lines_free. */
struct lines lines_split(struct slice text);
void lines_free(struct lines *lines);

/* Mark a smallest set of changed lines, moved down as far as equal lines allow. More than
 * LINES_LIMIT differences between two texts count as all lines replaced there, so that no input
 * takes long. Memory is linear. */
enum { LINES_LIMIT = 4000 };
void lines_compare(struct lines *before, struct lines *after);

#endif
