/* What recipes build and need: each folder tests/unit/needs/NAME is a small repository, and
 * expected.txt what is read of its recipes and images. MWATCH_ACCEPT=1 writes it anew, to be read
 * before it is committed. */
#include "tests/unit/unit.h"

#include "tests/unit/config_repository.h"
#include "watcher/recipes/needs.h"

#define CASES "tests/unit/needs"

static void dump_provides(struct buf *out, const struct needs *n)
{
    for (size_t i = 0; i < n->provides.count; i++) {
        const struct provided *p = &n->provides.items[i];
        buf_addf(out, "  %s %s%s%s", p->package ? "package" : "provides", p->name,
                 *p->version ? "=" : "", p->version);
        if (p->priority)
            buf_addf(out, " priority %lld", p->priority);
        buf_add_byte(out, '\n');
    }
}

static void dump_texts(struct buf *out, const char *name, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addf(out, "  %s %s\n", name, items[i]);
}

static void dump_needs(struct buf *out, const struct needs *n, const char *file)
{
    dump_provides(out, n);
    for (size_t i = 0; i < n->list.count; i++) {
        const struct need *need = &n->list.items[i];
        buf_addf(out, "  %s %s line ", need_kind_name(need->kind), need->text);
        if (strcmp(need->file, file) != 0)
            buf_addf(out, "%s:", need->file);
        buf_addf(out, "%zu\n", need->line);
    }
    dump_texts(out, "made of", n->files.items, n->files.count);
    dump_texts(out, "problem", n->problems.items, n->problems.count);
    dump_texts(out, "unknown pipeline", n->unknown.items, n->unknown.count);
}

static void dump_file(struct buf *out, struct repository *r, struct pipelines *pipelines,
                      const char *file)
{
    struct arena a = {0};
    struct buf text = {0};
    struct error e = {0};
    struct yaml y;
    struct needs needs = {0};
    assert_true(repository_read(r, file, &text, &e));
    bool parsed = yaml_parse(&a, file, buf_slice(&text), &y, &e);
    if (parsed && (melange_is(&y) || apko_is(&y))) {
        buf_addf(out, "%s\n", file);
        if (melange_is(&y) && !melange_needs(&a, &y, pipelines, &needs, &e))
            buf_addf(out, "  error %s\n", e.message);
        if (!melange_is(&y))
            apko_needs(&a, &y, &r->files, &needs);
        if (!error_is_set(&e))
            dump_needs(out, &needs, file);
    }
    buf_free(&text);
    arena_free(&a);
}

static void test_case(void **state)
{
    struct repository r;
    struct buf got = {0}, expected = {0};
    struct error e = {0};
    repository_open(&r, *state, NULL);
    struct pipelines *pipelines = pipelines_new(&r.files);
    for (size_t i = 0; i < r.names.count; i++)
        dump_file(&got, &r, pipelines, r.names.items[i]);
    const char *path = arena_printf(&r.arena, "%s/expected.txt", r.root);
    if (getenv("MWATCH_ACCEPT"))
        assert_true(file_replace(path, buf_slice(&got), &e));
    if (!file_read(path, &expected, &e))
        fail_msg("%s; got:\n%s", e.message, buf_text(&got));
    assert_string_equal(buf_text(&got), buf_text(&expected));
    pipelines_free(pipelines);
    repository_close(&r);
    buf_free(&got);
    buf_free(&expected);
}

#define HEAD "package: {name: p, version: 1.2.3, epoch: 0}\n"

/* What melange_needs makes of the text; the error's message, "" when there is none. */
static void expect_limit(struct buf *text, const char *message)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct needs needs = {0};
    static const struct config_files none;
    struct pipelines *pipelines = pipelines_new(&none);
    assert_true(yaml_parse(&a, "p.yaml", buf_slice(text), &y, &e));
    melange_needs(&a, &y, pipelines, &needs, &e);
    assert_string_equal(e.message, message);
    assert_true(needs.list.count < 1000000 && needs.provides.count < 100000);
    pipelines_free(pipelines);
    buf_free(text);
    arena_free(&a);
}

/* A few lines that ask for a hundred million packages. */
static void test_many_packages(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "data: [{name: r, items: {");
    for (int i = 0; i < 10000; i++)
        buf_addf(&text, "k%d: v, ", i);
    buf_add_text(&text, "}}]\nsubpackages:\n");
    for (int i = 0; i < 10000; i++)
        buf_addf(&text, "  - {range: r, name: \"s%d-${{range.key}}\"}\n", i);
    expect_limit(&text, "p.yaml: it has more packages than can be handled");
}

static void test_many_needs(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "data: [{name: r, items: {");
    for (int i = 0; i < 5000; i++)
        buf_addf(&text, "k%d: v, ", i);
    buf_add_text(&text, "}}]\nsubpackages: [{range: r, name: \"s-${{range.key}}\", dependencies: "
                        "{runtime: [");
    for (int i = 0; i < 500; i++)
        buf_addf(&text, "\"d%d-${{range.key}}\", ", i);
    buf_add_text(&text, "]}}]\n");
    expect_limit(&text, "p.yaml: it has more dependencies than can be handled");
}

/* Aliases make a short file use a pipeline very often. */
static void test_many_steps(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "x0: &x0 {uses: strip}\n");
    for (int i = 1; i < 6; i++) {
        buf_addf(&text, "x%d: &x%d {pipeline: [", i, i);
        for (int k = 0; k < 8; k++)
            buf_addf(&text, "*x%d, ", i - 1);
        buf_add_text(&text, "]}\n");
    }
    buf_add_text(&text, "pipeline: [*x5]\n");
    expect_limit(&text, "p.yaml: it has more steps than can be handled");
}

static void test_long_name(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct needs needs = {0};
    static const struct config_files none;
    struct pipelines *pipelines = pipelines_new(&none);
    struct buf text = {0};
    buf_add_text(&text, HEAD "environment: {contents: {packages: [");
    buf_pad(&text, 'x', 600);
    buf_add_text(&text, "]}}\n");
    assert_true(yaml_parse(&a, "p.yaml", buf_slice(&text), &y, &e));
    assert_true(melange_needs(&a, &y, pipelines, &needs, &e));
    assert_int_equal(needs.list.count, 0);
    assert_int_equal(needs.problems.count, 1);
    assert_string_equal(needs.problems.items[0],
                        "p.yaml:2:37: is too long for the name of a package");
    pipelines_free(pipelines);
    pipelines_free(NULL);
    buf_free(&text);
    arena_free(&a);
}

/* The table of melange's own pipelines is sorted, and every text in it is YAML. */
static void test_builtins(void **state)
{
    (void)state;
    static const struct config_files none;
    struct pipelines *pipelines = pipelines_new(&none);
    for (const struct builtin_pipeline *b = builtin_pipelines; b->name; b++) {
        if (b != builtin_pipelines)
            assert_true(strcmp(b[-1].name, b->name) < 0);
        const struct pipeline *p = pipelines_find(pipelines, "a.yaml", slice_of(b->name));
        assert_non_null(p);
        assert_null(p->problem);
        assert_non_null(p->root);
        assert_ptr_equal(p, pipelines_find(pipelines, "b/c.yaml", slice_of(b->name)));
    }
    assert_null(pipelines_find(pipelines, "a.yaml", SLICE("../strip")));
    assert_null(pipelines_find(pipelines, "a.yaml", SLICE("")));
    pipelines_free(pipelines);
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
        cmocka_unit_test(test_many_packages), cmocka_unit_test(test_many_needs),
        cmocka_unit_test(test_many_steps),    cmocka_unit_test(test_long_name),
        cmocka_unit_test(test_builtins),
    };
    struct arena a = {0};
    size_t count = find_cases(&a, tests + 5, sizeof tests / sizeof *tests - 5);
    int failed = count ? _cmocka_run_group_tests("needs", tests, count + 5, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
