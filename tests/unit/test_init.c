/* The first mwatch.yaml: each folder tests/unit/init/NAME is a repository without one, and
 * mwatch.yaml.txt in it what `mwatch init` writes. MWATCH_ACCEPT=1 writes it anew, to be read
 * before it is committed. Whatever is written must be read again, and no recipe become an error by
 * it; the same for the whole corpus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/config_repository.h"
#include "watcher/recipes/init.h"

#include <stdio.h>

#define CASES "tests/unit/init"

/* Read the repository as the configuration says; NULL = without any. */
static void discover(struct repository *r, const struct buf *text, struct config *config,
                     struct components *out)
{
    struct error e = {0};
    *config = (struct config){0};
    if (text && !config_read(config, "mwatch.yaml", buf_slice(text), &e))
        fail_msg("%s:\n%s", e.message, buf_text(text));
    repository_discover(r, config, out);
}

static size_t count_errors(const struct components *found)
{
    size_t n = 0;
    for (size_t i = 0; i < found->count; i++)
        n += error_is_set(&found->items[i]->error);
    return n;
}

/* Write the first configuration, and see that it does what it says. */
static void init(struct repository *r, struct buf *out)
{
    struct config none, first;
    struct components before = {0}, after = {0};
    discover(r, NULL, &none, &before);
    init_write(&r->files, &before, out);
    discover(r, out, &first, &after);
    for (size_t i = 0; i < first.recipes.count; i++)
        if (!first.recipes.items[i].bound)
            fail_msg("%s is nowhere:\n%s", first.recipes.items[i].key, buf_text(out));
    for (size_t i = 0; i < after.count && count_errors(&after) > count_errors(&before); i++)
        if (error_is_set(&after.items[i]->error))
            fail_msg("%s:\n%s", after.items[i]->error.message, buf_text(out));
    components_free(&before);
    components_free(&after);
    config_free(&none);
    config_free(&first);
}

static void test_case(void **state)
{
    struct repository r;
    struct error e = {0};
    struct buf got = {0}, expected = {0};
    repository_open(&r, *state, NULL);
    init(&r, &got);
    if (getenv("MWATCH_ACCEPT"))
        assert_true(file_replace(arena_printf(&r.arena, "%s/mwatch.yaml.txt", r.root),
                                 buf_slice(&got), &e));
    if (!repository_read_in(&r, r.root, "mwatch.yaml.txt", &expected, &e))
        fail_msg("%s; got:\n%s", e.message, buf_text(&got));
    assert_string_equal(buf_text(&got), buf_text(&expected));
    buf_free(&got);
    buf_free(&expected);
    repository_close(&r);
}

static void test_corpus(void **state)
{
    struct repository r;
    struct buf got = {0};
    repository_open(&r, *state, NULL);
    if (!r.names.count) {
        repository_close(&r);
        skip();
    }
    init(&r, &got);
    if (getenv("MWATCH_SHOW"))
        fprintf(stderr, "%s", buf_text(&got));
    buf_free(&got);
    repository_close(&r);
}

int main(void)
{
    static struct CMUnitTest tests[200];
    static const char *const corpora[] = {"minimal", "wolfi"};
    struct arena a = {0};
    const char *shared = getenv("MWATCH_CORPUS") ? getenv("MWATCH_CORPUS") : "../shared";
    size_t count = repository_cases(&a, CASES, test_case, tests, sizeof tests / sizeof *tests - 2);
    for (size_t i = 0; i < 2; i++) {
        const char *path = arena_printf(&a, "%s/corpus/%s", shared, corpora[i]);
        tests[count++] = (struct CMUnitTest){arena_printf(&a, "corpus %s", corpora[i]), test_corpus,
                                             NULL, NULL, (void *)path};
    }
    int failed = _cmocka_run_group_tests("init", tests, count, NULL, NULL);
    arena_free(&a);
    return failed;
}
