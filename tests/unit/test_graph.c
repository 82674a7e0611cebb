/* Graphs: each folder tests/unit/graph/NAME is a world and a question (world.txt) and the answer
 * (expected.txt). MWATCH_ACCEPT=1 writes the answer anew, to be read before it is committed.
 *
 * A world has a line for each thing, those of a node below it:
 *   package NAME VERSION [FILE]      image NAME          nodes
 *   provides NAME[=VERSION] [PRIORITY]
 *   build | pipeline | runtime | contents DEPENDENCY
 *   of NAME...                       the question; `direct` alone on a line narrows it, `itself`
 *                                    rebuilds what moved, too, `only KIND...` says which kinds
 *                                    count */
#include "tests/unit/unit.h"

#include "watcher/base/file.h"
#include "watcher/rebuild/graph.h"

#include <dirent.h>

#define CASES "tests/unit/graph"

enum { BUILD, PIPELINE, RUNTIME, CONTENTS, KINDS };
static const char *const kinds[KINDS] = {"build", "pipeline", "runtime", "contents"};

struct world {
    struct arena a;
    struct graph *g;
    const char *file; /* of the node that is being read */
    size_t line;
    VEC(const char *) of;
    bool direct, itself;
    unsigned builds, brings;
};

static struct slice word(struct slice *line)
{
    struct slice part = {0};
    *line = slice_trim(*line);
    slice_split(line, ' ', &part);
    return part;
}

static void add_node(struct world *w, struct slice rest, bool image)
{
    const char *name = arena_text(&w->a, word(&rest));
    struct slice version = image ? SLICE("") : word(&rest), file = word(&rest);
    w->file = file.len ? arena_text(&w->a, file) : arena_printf(&w->a, "%s.yaml", name);
    graph_add(w->g, name, w->file, image);
    if (!image)
        graph_provide(w->g, &(struct graph_provide){slice_of(name), version, 0, true});
}

static void add_provide(struct world *w, struct slice rest)
{
    struct slice text = word(&rest), priority = word(&rest);
    unsigned long long number = 0;
    size_t equals = slice_find_byte(text, '=');
    slice_number(priority, &number);
    struct graph_provide p = {slice_first(text, equals), SLICE(""), (long long)number, false};
    if (equals != SLICE_NONE)
        p.version = slice_from(text, equals + 1);
    graph_provide(w->g, &p);
}

static void only(struct world *w, struct slice rest)
{
    unsigned wanted = 0;
    for (struct slice kind = word(&rest); kind.len; kind = word(&rest))
        for (unsigned k = 0; k < KINDS; k++)
            wanted |= slice_is(kind, kinds[k]) ? 1u << k : 0;
    w->builds &= wanted;
    w->brings &= wanted;
}

static void read_line(struct world *w, struct slice line)
{
    struct slice rest = line, what = word(&rest);
    w->line++;
    if (what.len == 0 || what.ptr[0] == '#')
        return;
    if (slice_is(what, "package") || slice_is(what, "image")) {
        add_node(w, rest, slice_is(what, "image"));
    } else if (slice_is(what, "provides")) {
        add_provide(w, rest);
    } else if (slice_is(what, "direct")) {
        w->direct = true;
    } else if (slice_is(what, "itself")) {
        w->itself = true;
    } else if (slice_is(what, "only")) {
        only(w, rest);
    } else if (slice_is(what, "of")) {
        for (struct slice name = word(&rest); name.len; name = word(&rest))
            vec_push(&w->a, &w->of, arena_text(&w->a, name));
    } else {
        for (unsigned k = 0; k < KINDS; k++)
            if (slice_is(what, kinds[k]))
                graph_need(w->g, k, slice_trim(rest), w->file, w->line);
    }
}

static void read_world(struct world *w, struct slice text)
{
    struct slice line;
    *w = (struct world){.g = graph_new()};
    w->builds = 1u << BUILD | 1u << PIPELINE | 1u << CONTENTS;
    w->brings = 1u << RUNTIME;
    while (slice_line(&text, &line))
        read_line(w, line);
    graph_link(w->g);
}

static void add_name(struct world *w, struct buf *out, uint32_t node)
{
    const struct graph_node *n = graph_node_at(w->g, node);
    bool usual = n->file && slice_is(slice_of(n->file), arena_printf(&w->a, "%s.yaml", n->name));
    buf_addf(out, "%s%s%s%s", n->name,
             n->image  ? " image"
             : n->file ? ""
                       : " (elsewhere)",
             usual || !n->file ? "" : " ", usual || !n->file ? "" : n->file);
}

static void add_item(struct world *w, struct buf *out, const struct graph_dependent *d)
{
    buf_addf(out, d->rebuilt ? "%u " : "(%u) ", d->level);
    add_name(w, out, d->node);
    if (d->cycle != GRAPH_NONE)
        buf_addf(out, " in cycle %u", d->cycle);
    for (size_t i = 0; i < d->need_count; i++) {
        const struct graph_need *need = graph_need_at(w->g, d->needs[i]);
        buf_addf(out, "%s %s %s of ", i ? ";" : ":", kinds[need->kind], need->text);
        add_name(w, out, need->to);
    }
    buf_add_byte(out, '\n');
}

static void add_cycle(struct world *w, struct buf *out, const struct graph_cycle *c)
{
    buf_addf(out, "cycle of %zu:", c->count);
    for (size_t i = 0; i < c->count; i++)
        buf_addf(out, " %s", graph_node_at(w->g, c->nodes[i])->name);
    buf_add_text(out, "; ");
    for (size_t i = 0; i < c->way_count; i++)
        buf_addf(out, "%s -> ", graph_node_at(w->g, c->way[i])->name);
    buf_addf(out, "%s\n", graph_node_at(w->g, c->way[0])->name);
}

static void find_moved(struct world *w, struct buf *out, struct graph_query *q)
{
    VEC(uint32_t) moved = {0};
    for (size_t i = 0; i < w->of.count; i++) {
        size_t count;
        const uint32_t *nodes = graph_find(w->g, &w->a, w->of.items[i], &count);
        const char *near = graph_nearest(w->g, w->of.items[i]);
        if (count == 0)
            buf_addf(out, "no %s; nearest %s\n", w->of.items[i], near ? near : "none");
        for (size_t k = 0; k < count; k++) {
            vec_push(&w->a, &moved, nodes[k]);
            buf_add_text(out, "moved ");
            add_name(w, out, nodes[k]);
            buf_add_byte(out, '\n');
        }
    }
    q->moved = moved.items;
    q->count = moved.count;
}

static void answer(struct world *w, struct buf *out)
{
    struct graph_query q = {
        .builds = w->builds, .brings = w->brings, .direct = w->direct, .itself = w->itself};
    struct graph_dependents found;
    find_moved(w, out, &q);
    graph_dependents(w->g, &w->a, &q, &found);
    for (size_t i = 0; i < found.count; i++) {
        assert_int_equal(found.place[found.items[i].node], i);
        add_item(w, out, &found.items[i]);
    }
    for (size_t i = 0; i < found.cycle_count; i++)
        add_cycle(w, out, &found.cycles[i]);
    buf_addf(out, "%zu rebuilt, %u levels\n", found.rebuilt, found.levels);
}

static void test_case(void **state)
{
    const char *folder = *state;
    struct world w;
    struct buf text = {0}, got = {0}, expected = {0};
    struct error e = {0};
    struct arena names = {0};
    const char *path = arena_printf(&names, "%s/expected.txt", folder);
    assert_true(file_read(arena_printf(&names, "%s/world.txt", folder), &text, &e));
    read_world(&w, buf_slice(&text));
    answer(&w, &got);
    if (getenv("MWATCH_ACCEPT"))
        assert_true(file_replace(path, buf_slice(&got), &e));
    if (!file_read(path, &expected, &e))
        fail_msg("%s; got:\n%s", e.message, buf_text(&got));
    assert_string_equal(buf_text(&got), buf_text(&expected));
    graph_free(w.g);
    arena_free(&w.a);
    arena_free(&names);
    buf_free(&text);
    buf_free(&got);
    buf_free(&expected);
}

/* A made-up repository: each of `count` recipes builds with three before it and a tool of all, runs
 * with one, and every tenth needs one that comes after it. */
static size_t steps_of(size_t count, size_t *rebuilt)
{
    struct graph *g = graph_new();
    struct arena a = {0};
    struct graph_dependents found;
    uint32_t seed = 7;
    for (size_t i = 0; i < count; i++) {
        char name[32], other[32];
        snprintf(name, sizeof name, "p%zu", i);
        graph_add(g, name, "p.yaml", false);
        graph_provide(g, &(struct graph_provide){slice_of(name), SLICE("1.0-r0"), 0, true});
        for (unsigned k = 0; k < 5 && i > 0; k++) {
            seed = seed * 1664525u + 1013904223u;
            size_t to = i % 10 == 9 && k == 4 ? i + 1 : k == 3 ? 0 : (seed >> 8) % i;
            snprintf(other, sizeof other, "p%zu", to);
            graph_need(g, k == 2 ? RUNTIME : BUILD, slice_of(other), "p.yaml", k + 1);
        }
    }
    graph_link(g);
    uint32_t first = 0;
    struct graph_query q = {&first, 1, 1u << BUILD, 1u << RUNTIME, false, false};
    graph_dependents(g, &a, &q, &found);
    *rebuilt = found.rebuilt;
    graph_free(g);
    arena_free(&a);
    return found.steps;
}

/* The work grows with the graph, not faster: ten times the recipes, ten times the steps. */
static void test_growth(void **state)
{
    (void)state;
    size_t small, large, few = steps_of(1000, &small), many = steps_of(10000, &large);
    assert_int_equal(small, 999);
    assert_int_equal(large, 9999);
    assert_in_range(many, few * 9, few * 11);
    assert_in_range(many, 10000 * 5, 10000 * 5 * 5);
}

/* A chain that is as deep as the graph is large: nothing recurses. */
static void test_depth(void **state)
{
    (void)state;
    enum { DEEP = 200000 };
    struct graph *g = graph_new();
    struct arena a = {0};
    struct graph_dependents found;
    for (size_t i = 0; i < DEEP; i++) {
        char name[32];
        snprintf(name, sizeof name, "p%zu", i);
        graph_add(g, name, "p.yaml", false);
        graph_provide(g, &(struct graph_provide){slice_of(name), SLICE("1"), 0, true});
        snprintf(name, sizeof name, "p%zu", i ? i - 1 : DEEP - 1);
        graph_need(g, BUILD, slice_of(name), "p.yaml", 1);
    }
    graph_link(g);
    uint32_t first = 0;
    struct graph_query q = {&first, 1, 1u << BUILD, 0, false, false};
    graph_dependents(g, &a, &q, &found);
    assert_int_equal(found.rebuilt, DEEP - 1);
    assert_int_equal(found.levels, DEEP - 1);
    graph_free(g);
    arena_free(&a);
}

/* Everybody provides one name, and everybody needs a version of it that nobody has. */
static void test_one_name(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct graph *g = graph_new();
    for (size_t i = 0; i < MANY; i++) {
        char text[32];
        snprintf(text, sizeof text, "1.%zu-r0", i);
        graph_add(g, "p", "p.yaml", false);
        graph_provide(g, &(struct graph_provide){SLICE("x"), slice_of(text), 0, false});
    }
    for (size_t i = 0; i < MANY; i++) {
        char text[32];
        snprintf(text, sizeof text, "x>2.%zu", i);
        graph_add(g, "user", "u.yaml", false);
        graph_need(g, BUILD, slice_of(text), "u.yaml", 1);
    }
    graph_link(g);
    for (uint32_t i = 0; i < MANY; i++)
        assert_int_equal(graph_need_at(g, i)->to, MANY - 1);
    graph_free(g);
}

static void test_empty(void **state)
{
    (void)state;
    struct graph *g = graph_new();
    struct arena a = {0};
    struct graph_dependents found;
    struct graph_query q = {0};
    size_t count;
    graph_link(g);
    graph_dependents(g, &a, &q, &found);
    assert_int_equal(found.count, 0);
    assert_int_equal(graph_nodes(g) + graph_needs(g), 0);
    graph_find(g, &a, "x", &count);
    assert_int_equal(count, 0);
    assert_null(graph_nearest(g, "x"));
    graph_free(g);
    graph_free(NULL);
    arena_free(&a);
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
        if (d->d_name[0] == '.')
            continue;
        const char *path = arena_printf(a, CASES "/%s", d->d_name);
        tests[count++] =
            (struct CMUnitTest){path + sizeof CASES, test_case, NULL, NULL, (void *)path};
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, by_name);
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[200] = {
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_one_name),
        cmocka_unit_test(test_empty),
    };
    struct arena a = {0};
    size_t count = find_cases(&a, tests + 4, sizeof tests / sizeof *tests - 4);
    int failed = count ? _cmocka_run_group_tests("graph", tests, count + 4, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
