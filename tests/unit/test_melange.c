/* Recipes read into components: tests/unit/recipes/NAME/{recipe.yaml, expected.txt, to.txt}. What
 * is understood is written as text and compared; to.txt, when there, holds the version that a bump
 * goes to. MWATCH_ACCEPT=1 writes the texts anew, to be looked at before they are committed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/recipe_dump.h"
#include "watcher/base/file.h"
#include "watcher/base/memory.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define CASES "tests/unit/recipes"

enum { LIMIT = 1 << 20 };

static bool read_case(const char *name, const char *file, struct buf *out)
{
    struct buf path = {0};
    struct error e = {0};
    buf_addf(&path, CASES "/%s/%s", name, file);
    out->max = LIMIT;
    bool ok = file_read(buf_text(&path), out, &e);
    buf_free(&path);
    return ok;
}

static void dump_case(const char *name, struct buf *out)
{
    struct arena a = {0};
    struct buf text = {0}, to = {0};
    struct error e = {0};
    struct yaml y;
    struct component *c = component_new(name, arena_printf(&a, "%s/image.yaml", name), RECIPE_FILE);
    bool bump = read_case(name, "to.txt", &to);
    assert_true(read_case(name, "recipe.yaml", &text));
    if (yaml_parse(&a, "recipe.yaml", buf_slice(&text), &y, &e))
        dump_recipe(out, c, &y, bump ? arena_text(&a, slice_trim(buf_slice(&to))) : NULL);
    else
        buf_addf(out, "error: %s\n", e.message);
    component_free(c);
    buf_free(&text);
    buf_free(&to);
    arena_free(&a);
}

static void accept(const char *name, struct slice text)
{
    struct buf path = {0};
    struct error e = {0};
    buf_addf(&path, CASES "/%s/expected.txt", name);
    assert_true(file_replace(buf_text(&path), text, &e));
    buf_free(&path);
}

static void test_case(void **state)
{
    const char *name = *state;
    struct buf got = {0}, expected = {0};
    dump_case(name, &got);
    if (getenv("MWATCH_ACCEPT"))
        accept(name, buf_slice(&got));
    assert_true(read_case(name, "expected.txt", &expected));
    assert_string_equal(buf_text(&got), buf_text(&expected));
    buf_free(&got);
    buf_free(&expected);
}

static int by_name(const void *a, const void *b)
{
    const struct CMUnitTest *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static size_t find_cases(struct arena *a, struct CMUnitTest *tests, size_t most)
{
    size_t count = 0;
    DIR *dir = opendir(CASES);
    for (struct dirent *d = dir ? readdir(dir) : NULL; d && count < most; d = readdir(dir)) {
        const char *name = d->d_name[0] == '.' ? NULL : arena_copy(a, d->d_name);
        if (name)
            tests[count++] = (struct CMUnitTest){name, test_case, NULL, NULL, (void *)name};
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, by_name);
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[500];
    struct arena a = {0};
    size_t count = find_cases(&a, tests, sizeof tests / sizeof *tests);
    int failed = count ? _cmocka_run_group_tests("melange", tests, count, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
