/* config/mwatch.yaml over the minimal repository: every image comes out, with its components and
 * the versions they pin. What the corpus lacks of it (a Makefile, a table, one recipe) stands in
 * tests/unit/minimal. MWATCH_ACCEPT=1 writes expected.txt there anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/config_repository.h"

#define OVERLAY "tests/unit/minimal"

enum { MOST_LINES = 400 };

struct minimal {
    struct repository repository;
    struct config config;
    struct components found;
    struct buf text; /* of config/mwatch.yaml */
};

static bool open_minimal(struct minimal *m)
{
    struct error e = {0};
    *m = (struct minimal){.text = BUF_MAX(1 << 20)};
    const char *shared = getenv("MWATCH_CORPUS") ? getenv("MWATCH_CORPUS") : "../shared";
    struct buf root = {0};
    buf_addf(&root, "%s/corpus/minimal", shared);
    repository_open(&m->repository, buf_text(&root), OVERLAY);
    m->repository.root = arena_copy(&m->repository.arena, buf_text(&root));
    buf_free(&root);
    if (!file_read("config/mwatch.yaml", &m->text, &e) ||
        !config_read(&m->config, "config/mwatch.yaml", buf_slice(&m->text), &e))
        fail_msg("%s", e.message);
    if (m->repository.names.count)
        repository_discover(&m->repository, &m->config, &m->found);
    return m->repository.names.count > 0;
}

static void close_minimal(struct minimal *m)
{
    components_free(&m->found);
    config_free(&m->config);
    buf_free(&m->text);
    repository_close(&m->repository);
}

static void test_short(void **state)
{
    (void)state;
    struct minimal m;
    size_t lines = 0;
    struct slice rest, line;
    open_minimal(&m);
    for (rest = buf_slice(&m.text); slice_line(&rest, &line);)
        lines++;
    assert_in_range(lines, 1, MOST_LINES);
    close_minimal(&m);
}

static void test_no_errors(void **state)
{
    (void)state;
    struct minimal m;
    bool there = open_minimal(&m);
    for (size_t i = 0; there && i < m.found.count; i++)
        if (error_is_set(&m.found.items[i]->error))
            fail_msg("%s", m.found.items[i]->error.message);
    for (size_t i = 0; there && i < m.config.recipes.count; i++)
        if (!m.config.recipes.items[i].bound)
            fail_msg("%s is nowhere", m.config.recipes.items[i].key);
    close_minimal(&m);
    if (!there)
        skip();
}

/* "rails/ruby melange 4.0.3 github 4.0", with "-" for what there is none of. */
static void add_row(struct buf *out, const struct component *c)
{
    const struct spec *spec = &c->spec;
    bool watched = !c->disabled && spec->source;
    const char *source = !watched ? "-" : spec->preset ? spec->preset : spec->source->name;
    buf_addf(out, "%s/%s %s %s %s %s\n", c->recipe, c->name, recipe_kind_name(c->kind),
             c->current ? c->current : "-", source, watched && c->stream ? c->stream : "-");
}

static void test_expected(void **state)
{
    (void)state;
    struct minimal m;
    struct error e = {0};
    struct buf got = {0}, expected = BUF_MAX(1 << 20);
    bool there = open_minimal(&m);
    for (size_t i = 0; i < m.found.count; i++)
        add_row(&got, m.found.items[i]);
    if (there && getenv("MWATCH_ACCEPT"))
        assert_true(file_replace(OVERLAY "/expected.txt", buf_slice(&got), &e));
    assert_true(file_read(OVERLAY "/expected.txt", &expected, &e));
    if (there)
        assert_string_equal(buf_text(&got), buf_text(&expected));
    buf_free(&got);
    buf_free(&expected);
    close_minimal(&m);
    if (!there)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_no_errors),
        cmocka_unit_test(test_expected),
    };
    return cmocka_run_group_tests_name("minimal", tests, NULL, NULL);
}
