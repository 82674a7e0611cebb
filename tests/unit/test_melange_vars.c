/* ${{...}}: what the variables are worth, and what cannot be known is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/recipes/melange.h"

#include <string.h>

static const char *const recipe =
    "package:\n"
    "  name: redis-8.2\n"
    "  version: \"8.2.10\"\n"
    "  epoch: 3\n"
    "  description: \"In memory: ${{package.name}}\"\n"
    "vars:\n"
    "  plain: one\n"
    "  number: 1.10\n"
    "  empty: \"\"\n"
    "  nested: <${{vars.later}}>\n"
    "  later: ${{ package.name }}/${{vars.plain}}\n"
    "  moving: at-${{package.version}}\n"
    "  self: ${{vars.self}}\n"
    "  ping: ${{vars.pong}}\n"
    "  pong: ${{vars.ping}}\n"
    "  far: ${{vars.gone}}\n"
    "  farther: ${{vars.far}}\n"
    "  list: [a, b]\n"
    "  odd name: x\n"
    "  a.b_c-d: dotted\n"
    "  overridden: old\n"
    "var-transforms:\n"
    "  - {from: \"${{package.version}}\", match: '^(\\d+)\\.(\\d+).*', replace: '$1-$2', to: "
    "short}\n"
    "  - {from: \"v${{vars.short}}\", match: '-', replace: '_', to: chained}\n"
    "  - {from: \"${{package.version}}\", match: '^(\\d+)', replace: '$1_x', to: meant}\n"
    "  - {from: \"${{vars.plain}}\", match: 'n', replace: '$0$0', to: plain}\n"
    "  - {from: \"${{vars.gone}}\", match: 'n', replace: '', to: lost}\n"
    "  - {from: \"${{package.name}}\", match: 'nothing', replace: 'x', to: same}\n"
    "  - {from: \"${{package.full-version}}\", match: '(?i)R', replace: '$$', to: dollar}\n"
    "  - {from: \"${{vars.overridden}}\", match: '^', replace: '+', to: after-override}\n";

struct row {
    const char *text, *now; /* now: NULL = an error that contains `then` */
    const char *then;       /* at version 9.0.1; NULL = the same */
    bool moves;
};

static const struct row rows[] = {
    {"no variable, $x ${x} {{x}}", "no variable, $x ${x} {{x}}", NULL, false},
    {"${{package.name}}", "redis-8.2", NULL, false},
    {"${{package.version}}", "8.2.10", "9.0.1", true},
    {"v${{ package.version }}.tgz", "v8.2.10.tgz", "v9.0.1.tgz", true},
    {"${{\tpackage.version\n}}", "8.2.10", "9.0.1", true},
    {"${{package.epoch}}", "3", "0", false},
    {"${{package.full-version}}", "8.2.10-r3", "9.0.1-r0", true},
    {"${{package.description}}", "In memory: ${{package.name}}", NULL, false},
    {"${{vars.number}}${{vars.empty}}", "1.10", NULL, false},
    {"${{vars.nested}}", "<redis-8.2/one>", NULL, false},
    {"${{vars.moving}}", "at-8.2.10", "at-9.0.1", true},
    {"${{vars.a.b_c-d}}", "dotted", NULL, false},
    {"${{vars.short}}", "8-2", "9-0", true},
    {"${{vars.chained}}", "v8_2", "v9_0", true},
    {"${{vars.meant}}", "8_x.2.10", "9_x.0.1", true},
    {"${{vars.plain}}", "onne", NULL, false},
    {"${{vars.same}}", "redis-8.2", NULL, false},
    {"${{vars.dollar}}", "8.2.10-$3", "9.0.1-$0", true},
    {"${{vars.gone}}", NULL, "${{vars.gone}} is not known", false},
    {"${{vars.Plain}}", NULL, "is not known", false},
    {"${{vars.list}}", NULL, "is not known", false},
    {"${{build.arch}}", NULL, "${{build.arch}} is not known", false},
    {"${{vars.self}}", NULL, "vars.self: needs itself", false},
    {"${{vars.ping}}", NULL, "needs itself", false},
    {"${{vars.farther}}", NULL, "vars.farther: vars.far: ${{vars.gone}} is not known", false},
    {"${{vars.lost}}", NULL, "vars.lost: ${{vars.gone}} is not known", false},
    {"${{vars.odd name}}", NULL, "without the name of a variable", false},
    {"${{}}", NULL, "without the name of a variable", false},
    {"${{ }}", NULL, "without the name of a variable", false},
    {"a ${{package.name", NULL, "without the name of a variable", false},
    {"${{package.name}", NULL, "without the name of a variable", false},
    {"${{${{package.name}}}}", NULL, "without the name of a variable", false},
    {"${{vars.x\033[2J}}", NULL, "without the name of a variable", false},
};

static void expect_text(const struct variables *vars, const struct row *row, const char *text)
{
    struct buf out = {0};
    struct error e = {0};
    bool moves = false;
    assert_true(melange_expand_moving(vars, slice_of(row->text), &out, &moves, &e));
    assert_string_equal(buf_text(&out), text);
    assert_int_equal(moves, row->moves);
    buf_free(&out);
}

/* What could not be replaced is left as it was. */
static void expect_error(const struct variables *vars, const struct row *row)
{
    struct buf out = {0};
    struct error e = {0};
    assert_false(melange_expand(vars, slice_of(row->text), &out, &e));
    assert_int_equal(e.code, ERROR_RECIPE);
    assert_non_null(strstr(e.message, row->then));
    assert_string_equal(buf_text(&out), row->text);
    buf_free(&out);
}

static void test_row(void **state)
{
    const struct row *row = *state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct variables now = {0}, then = {0};
    assert_true(yaml_parse(&a, "redis.yaml", slice_of(recipe), &y, &e));
    assert_true(melange_variables(&a, &y, NULL, NULL, &now, &e));
    assert_true(melange_variables(&a, &y, "9.0.1", NULL, &then, &e));
    if (row->now) {
        expect_text(&now, row, row->now);
        expect_text(&then, row, row->then ? row->then : row->now);
    } else {
        expect_error(&now, row);
        expect_error(&then, row);
    }
    arena_free(&a);
}

/* A setting replaces the variable before anything uses it; others are passed over. */
static void test_overrides(void **state)
{
    (void)state;
    static const struct row rows_then[] = {
        {"${{vars.overridden}}", "new", NULL, true},
        {"${{vars.after-override}}", "+new", NULL, true},
        {"${{vars.a.b_c-d}}", "quoted", NULL, true},
        {"${{vars.added}}", "more", NULL, true},
        {"${{package.name}}", "redis-8.2", NULL, false},
        {"${{package.version}}", "8.2.10", NULL, true},
    };
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct variables vars = {0}, overrides = {0};
    const struct variable given[] = {
        {.name = "vars.overridden", .value = "new"},      {.name = "vars.added", .value = "more"},
        {.name = "vars['a.b_c-d']", .value = "quoted"},   {.name = "package.name", .value = "no"},
        {.name = "package.version", .value = "0"},        {.name = "epoch", .value = "1"},
        {.name = "vars['", .value = "not a path at all"},
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        vec_push(&a, &overrides.list, given[i]);
    assert_true(yaml_parse(&a, "redis.yaml", slice_of(recipe), &y, &e));
    assert_true(melange_variables(&a, &y, NULL, &overrides, &vars, &e));
    for (size_t i = 0; i < sizeof rows_then / sizeof *rows_then; i++)
        expect_text(&vars, &rows_then[i], rows_then[i].now);
    arena_free(&a);
}

/* "$1_x" is read as it was meant, and said so once; "$1-$2" and "$0$0" need no word. */
static void test_notes(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct variables vars = {0};
    assert_true(yaml_parse(&a, "redis.yaml", slice_of(recipe), &y, &e));
    assert_true(melange_variables(&a, &y, NULL, NULL, &vars, &e));
    assert_int_equal(vars.notes.count, 1);
    assert_string_equal(vars.notes.items[0],
                        "redis.yaml:25:62: $1 in \"$1_x\" is read as ${1}, as was meant");
    arena_free(&a);
}

#define HEAD "package: {name: p, version: 1.2.3}\n"

static const struct {
    const char *text, *message;
} wrong[] = {
    {HEAD "var-transforms: [{from: a, match: '(', replace: b, to: c}]\n",
     "p.yaml:2:35: match: pattern \"(\", offset 1: missing closing parenthesis"},
    {HEAD "var-transforms: [{from: a, match: b, replace: c}]\n",
     "p.yaml:2:18: a var-transform needs the text `to`"},
    {HEAD "var-transforms: [{from: [a], match: b, replace: c, to: d}]\n",
     "p.yaml:2:18: a var-transform needs the text `from`"},
    {HEAD "var-transforms: [x]\n", "p.yaml:2:18: a var-transform needs the text `from`"},
};

static void test_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct arena a = {0};
        struct error e = {0};
        struct yaml y;
        struct variables vars = {0};
        assert_true(yaml_parse(&a, "p.yaml", slice_of(wrong[i].text), &y, &e));
        assert_false(melange_variables(&a, &y, NULL, NULL, &vars, &e));
        assert_string_equal(e.message, wrong[i].message);
        assert_int_equal(e.code, ERROR_RECIPE);
        arena_free(&a);
    }
}

/* The error, or "", of what ${{vars.v0}} is worth in a recipe with these variables. */
static void expect_hostile(struct buf *text, const char *message)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct variables vars = {0};
    struct buf out = {0};
    assert_true(yaml_parse(&a, "p.yaml", buf_slice(text), &y, &e));
    if (melange_variables(&a, &y, NULL, NULL, &vars, &e))
        melange_expand(&vars, SLICE("${{vars.v0}}"), &out, &e);
    assert_non_null(strstr(e.message, message));
    assert_true(out.len < 1 << 16);
    buf_free(&out);
    buf_free(text);
    arena_free(&a);
}

/* Each variable is two or more of the next: a short file, and 2^60 bytes. */
static void test_bomb(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "vars:\n");
    for (int i = 0; i < 40; i++)
        buf_addf(&text, "  v%d: ${{vars.v%d}}${{vars.v%d}}${{vars.v%d}}\n", i, i + 1, i + 1, i + 1);
    buf_add_text(&text, "  v40: 0123456789\n");
    expect_hostile(&text, "is too long once its variables are replaced");
}

static void test_chain(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "vars:\n");
    for (int i = 0; i < 1500; i++)
        buf_addf(&text, "  v%d: ${{vars.v%d}}\n", i, i + 1);
    buf_add_text(&text, "  v1500: x\n");
    expect_hostile(&text, "needs too many others");
}

static void test_many(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "vars:\n");
    for (int i = 0; i < 3000; i++)
        buf_addf(&text, "  v%d: x\n", i);
    expect_hostile(&text, "3000 variables are more than the 2000 that can be handled");
}

static void test_slow_pattern(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text,
                 HEAD "var-transforms: [{from: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab, "
                      "match: '^(a+a+)+$', replace: b, to: v0}]\n");
    expect_hostile(&text, "vars.v0: its pattern takes too long");
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + 7] = {
        cmocka_unit_test(test_overrides),    cmocka_unit_test(test_notes),
        cmocka_unit_test(test_wrong),        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_chain),        cmocka_unit_test(test_many),
        cmocka_unit_test(test_slow_pattern),
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[7 + i] = (struct CMUnitTest){rows[i].now ? rows[i].now : rows[i].then, test_row, NULL,
                                           NULL, (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
