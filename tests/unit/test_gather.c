/* A whole repository read into a graph: the real ones of the corpus. */
#include "tests/unit/unit.h"

#include "tests/unit/corpus.h"
#include "watcher/gather.h"

struct tally {
    size_t kinds[NEED_KINDS];
    size_t outside; /* names that nothing here builds */
};

static void count(const struct gathering *g, struct tally *t)
{
    *t = (struct tally){0};
    for (uint32_t i = 0; i < graph_needs(g->graph); i++)
        t->kinds[graph_need_at(g->graph, i)->kind]++;
    for (uint32_t i = 0; i < graph_nodes(g->graph); i++)
        t->outside += !graph_node_at(g->graph, i)->file;
}

static void read_corpus(const char *name, struct gathering *g, struct tally *t)
{
    static const struct config none;
    struct arena a = {0};
    struct error e = {0};
    bool there = gather(corpus_path(&a, name), &none, g, &e);
    arena_free(&a);
    if (!there) {
        gather_release(g);
        skip();
    }
    count(g, t);
    for (size_t i = 0; i < g->failures.count; i++)
        fprintf(stderr, "# %s\n", g->failures.items[i]);
    for (size_t i = 0; i < g->problems.count; i++)
        fprintf(stderr, "# %s\n", g->problems.items[i]);
    fprintf(stderr,
            "# %s: %zu recipes, %zu images, %zu nodes, %zu outside; needs: build %zu, pipeline "
            "%zu, runtime %zu, contents %zu\n",
            name, g->recipes, g->images, graph_nodes(g->graph), t->outside, t->kinds[NEED_BUILD],
            t->kinds[NEED_PIPELINE], t->kinds[NEED_RUNTIME], t->kinds[NEED_CONTENTS]);
    assert_int_equal(g->failures.count, 0);
    assert_int_equal(g->problems.count, 0);
}

/* Wolfi os has 23,163 entries of build environments in 3,401 recipes, some 6.8 each. */
static void test_wolfi(void **state)
{
    (void)state;
    struct gathering g;
    struct tally t;
    read_corpus("wolfi", &g, &t);
    assert_true(g.recipes > 1000 && g.images == 0);
    assert_in_range(t.kinds[NEED_BUILD], g.recipes * 6, g.recipes * 8);
    assert_in_range(t.kinds[NEED_PIPELINE], g.recipes * 3, g.recipes * 10);
    assert_in_range(t.kinds[NEED_RUNTIME], g.recipes * 2, g.recipes * 8);
    assert_in_range(t.outside, 500, graph_nodes(g.graph) - g.recipes);
    gather_release(&g);
}

static void test_minimal(void **state)
{
    (void)state;
    struct gathering g;
    struct tally t;
    read_corpus("minimal", &g, &t);
    assert_true(g.recipes > 20 && g.images > 20);
    assert_in_range(t.kinds[NEED_CONTENTS], g.images * 5, g.images * 40);
    gather_release(&g);
}

/* A need is written in the file of the node that has it, on a line of it. */
static void test_needs_are_their_own(void **state)
{
    (void)state;
    struct gathering g;
    struct tally t;
    read_corpus("wolfi", &g, &t);
    for (uint32_t i = 0; i < graph_needs(g.graph); i++) {
        const struct graph_need *need = graph_need_at(g.graph, i);
        const struct graph_node *from = graph_node_at(g.graph, need->from);
        assert_string_equal(need->file, from->file);
        assert_true(need->line > 0 && need->to < graph_nodes(g.graph));
    }
    gather_release(&g);
}

static void test_no_such_root(void **state)
{
    (void)state;
    static const struct config none;
    struct gathering g;
    struct error e = {0};
    assert_false(gather("tests/unit/nowhere", &none, &g, &e));
    assert_error(&e, ERROR_USAGE, "tests/unit/nowhere");
    gather_release(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wolfi),
        cmocka_unit_test(test_minimal),
        cmocka_unit_test(test_needs_are_their_own),
        cmocka_unit_test(test_no_such_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
