/* libyaml counts characters and knows no byte order mark; everybody else counts bytes. */
#ifndef MWATCH_YAML_MARKS_H
#define MWATCH_YAML_MARKS_H

#include "watcher/base/slice.h"

/* A place in the file: its byte, and line and column from 1, the column in characters. */
struct spot {
    size_t offset, line, column;
};

struct marks {
    struct slice source;
    size_t bom; /* bytes of the byte order mark that libyaml is not shown */
    bool ascii; /* characters are bytes then, and nothing has to be walked */
    struct spot at;
    size_t index; /* characters before `at`, without the byte order mark */
};

void marks_init(struct marks *m, struct slice source);

/* The place of libyaml's mark. Marks come in the file's order, or the walk starts again. */
struct spot marks_find(struct marks *m, size_t index, size_t line, size_t column);

/* The place of a byte at or after `from`, which is some place of the file. */
struct spot marks_walk(const struct marks *m, struct spot from, size_t offset);

/* The place of the file's first byte, behind the byte order mark. */
struct spot marks_first(const struct marks *m);

#endif
