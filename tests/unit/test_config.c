/* mwatch.yaml: each folder tests/unit/config/NAME is a repository and a test. Beside mwatch.yaml
 * and the recipes it has expected.txt, the components that come out, or error.txt, the message that
 * stops everything. MWATCH_ACCEPT=1 writes whichever it is anew, to be read before it is committed.
 * MWATCH_CASE=NAME runs only that one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/config_dump.h"
#include "tests/unit/config_repository.h"

#define CASES "tests/unit/config"

static bool read_case(struct repository *r, const char *file, struct buf *out)
{
    struct error e = {0};
    return repository_read_in(r, r->root, file, out, &e);
}

static const char *run_case(struct repository *r, struct buf *out)
{
    struct error e = {0};
    struct config config;
    struct components found = {0};
    struct buf text = {0};
    assert_true(read_case(r, "mwatch.yaml", &text));
    bool good = config_read(&config, "mwatch.yaml", buf_slice(&text), &e);
    buf_free(&text);
    if (good) {
        repository_discover(r, &config, &found);
        for (size_t i = 0; i < found.count; i++)
            dump_component(out, found.items[i]);
    } else {
        assert_int_equal(e.code, ERROR_USAGE);
        buf_addf(out, "%s\n", e.message);
    }
    components_free(&found);
    config_free(&config);
    return good ? "expected.txt" : "error.txt";
}

static void accept(struct repository *r, const char *file, struct slice text)
{
    struct error e = {0};
    const char *path = arena_printf(&r->arena, "%s/%s", r->root, file);
    assert_true(file_replace(path, text, &e));
}

static void test_case(void **state)
{
    struct repository r;
    struct buf got = {0}, expected = {0};
    repository_open(&r, *state, NULL);
    const char *file = run_case(&r, &got);
    if (getenv("MWATCH_ACCEPT"))
        accept(&r, file, buf_slice(&got));
    if (!read_case(&r, file, &expected))
        fail_msg("%s/%s is not there; got:\n%s", r.root, file, buf_text(&got));
    assert_string_equal(buf_text(&got), buf_text(&expected));
    assert_false(
        read_case(&r, strcmp(file, "error.txt") ? "error.txt" : "expected.txt", &expected));
    buf_free(&got);
    buf_free(&expected);
    repository_close(&r);
}

int main(void)
{
    static struct CMUnitTest tests[500];
    struct arena a = {0};
    size_t count = repository_cases(&a, CASES, test_case, tests, sizeof tests / sizeof *tests);
    int failed = count ? _cmocka_run_group_tests("config", tests, count, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
