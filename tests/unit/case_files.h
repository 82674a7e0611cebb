/* Tests whose cases are files: FOLDER/NAME.txt each. */
#ifndef TESTS_UNIT_CASE_FILES_H
#define TESTS_UNIT_CASE_FILES_H

#include "tests/unit/unit.h"

#include <dirent.h>

/* Run one test a file, whose path is its *state. */
static inline int case_files_run(const char *group, const char *folder, CMUnitTestFunction test)
{
    struct arena a = {0};
    struct dirent **files;
    VEC(struct CMUnitTest) tests = {0};
    int count = scandir(folder, &files, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct slice name = slice_of(files[i]->d_name);
        if (slice_ends(name, SLICE(".txt"))) {
            struct CMUnitTest *t = vec_add(&a, &tests);
            t->name = arena_text(&a, slice_first(name, name.len - 4));
            t->test_func = test;
            t->initial_state = (void *)arena_printf(&a, "%s/%.*s", folder, SLICE_ARG(name));
        }
        free(files[i]);
    }
    assert_true(tests.count > 0);
    free(files);
    int failed = _cmocka_run_group_tests(group, tests.items, tests.count, NULL, NULL);
    arena_free(&a);
    return failed;
}

#endif
