/* What json_path_parse.c makes and json_path.c walks; nobody else includes this. */
#ifndef MWATCH_BASE_JSON_PATH_H
#define MWATCH_BASE_JSON_PATH_H

#include "watcher/base/json.h"
#include "watcher/base/pattern.h"

enum select { SELECT_NAME, SELECT_INDEX, SELECT_ALL, SELECT_FILTER };

struct segment {
    enum select select;
    bool descend;      /* at any depth, the value itself included */
    const char *name;  /* SELECT_NAME */
    json_int_t index;  /* SELECT_INDEX, negative from the end */
    struct test *test; /* SELECT_FILTER */
};

struct json_path {
    VEC(struct segment) segments;
    bool keys;     /* ends in ~ */
    bool absolute; /* within a filter: begins with $, not with @ */
};

/* One side of a comparison: a literal or a path that leads to one value at most. */
struct operand {
    const json_t *literal; /* NULL for a path */
    const struct json_path *path;
};

enum test_kind { TEST_OR, TEST_AND, TEST_NOT, TEST_EXISTS, TEST_COMPARE, TEST_PATTERN };
enum comparison { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE };

struct test {
    enum test_kind kind;
    enum comparison comparison;
    struct test *left, *right; /* OR and AND; NOT has only the left one */
    struct operand a, b;       /* EXISTS and PATTERN have only a path in `a` */
    const struct pattern *pattern;
};

#endif
