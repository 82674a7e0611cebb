/* Texts with placeholders: one test a row of the tables below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/memory.h"
#include "watcher/base/template.h"

#include <stdlib.h>
#include <string.h>

#define HOSTILE "{tag} ${{ secrets.TOKEN }} {#empty}x{/empty} $(reboot)"

static const char *const names[] = {"version", "tag", "commit", "recipe", "empty", "hostile", NULL};

static const struct template_value values[] = {
    {"version", "8.6.2"}, {"tag", "v8.6.2"},    {"commit", NULL},
    {"recipe", "redis"},  {"hostile", HOSTILE}, {"empty", ""},
};

enum { VALUE_COUNT = sizeof values / sizeof *values };

struct row {
    const char *name;
    const char *text;
    const char *expected; /* what is rendered; NULL where it fails */
    const char *error;    /* the message */
    size_t offset;        /* of the fault, where compiling fails */
};

static const struct row rows[] = {
    {"empty text", "", "", NULL, 0},
    {"text only", "no placeholder at all\n", "no placeholder at all\n", NULL, 0},
    {"one value", "{version}", "8.6.2", NULL, 0},
    {"values side by side", "{recipe}{version}", "redis8.6.2", NULL, 0},
    {"values in text", "https://x.org/{recipe}/{tag}.tar.gz", "https://x.org/redis/v8.6.2.tar.gz",
     NULL, 0},
    {"a value twice", "{tag} = {tag}", "v8.6.2 = v8.6.2", NULL, 0},
    {"an empty value", "[{empty}]", "[]", NULL, 0},
    {"UTF-8 around a value", "größer: {version} ✓", "größer: 8.6.2 ✓", NULL, 0},
    {"values are never expanded", "{hostile}", HOSTILE, NULL, 0},
    {"a literal brace", "{{version}", "{version}", NULL, 0},
    {"two literal braces", "{{{{", "{{", NULL, 0},
    {"a literal brace before a value", "{{{version}", "{8.6.2", NULL, 0},
    {"closing braces are text", "}} {version}} }", "}} 8.6.2} }", NULL, 0},
    {"JSON with doubled braces", "{{\"v\": \"{version}\"}", "{\"v\": \"8.6.2\"}", NULL, 0},
    {"an expression passes", "${{package.version}}", "${{package.version}}", NULL, 0},
    {"an expression with blanks and a name inside", "${{ version }}-{version}",
     "${{ version }}-8.6.2", NULL, 0},
    {"an expression between values", "{tag}${{vars.a}}{tag}", "v8.6.2${{vars.a}}v8.6.2", NULL, 0},
    {"a shell variable with a value", "$(x) $HOME ${version}", "$(x) $HOME $8.6.2", NULL, 0},
    {"a section that is shown", "{#tag}tag {tag}{/tag}.", "tag v8.6.2.", NULL, 0},
    {"a section that is empty", "a{#empty}b{/empty}c", "ac", NULL, 0},
    {"a section that is not known", "a{#commit}{commit}{/commit}c", "ac", NULL, 0},
    {"an inverted section that is shown", "{^commit}no commit{/commit}", "no commit", NULL, 0},
    {"an inverted section that is not", "{^tag}no tag{/tag}!", "!", NULL, 0},
    {"if and else", "{#commit}{commit}{/commit}{^commit}none{/commit}", "none", NULL, 0},
    {"sections in a section", "{#tag}1{#empty}2{/empty}{^empty}3{/empty}4{/tag}", "134", NULL, 0},
    {"what is hidden needs no value", "{#empty}{commit}{#tag}{commit}{/tag}{/empty}ok", "ok", NULL,
     0},
    {"a section of its own name in itself", "{#tag}a{#tag}b{/tag}c{/tag}", "abc", NULL, 0},
    {"tags alone on their lines take them", "a\n{#tag}\n{tag}\n{/tag}\nb\n", "a\nv8.6.2\nb\n", NULL,
     0},
    {"with blanks beside them", "a\n  {#tag}\t\n  {tag}\n  {/tag} \nb", "a\n  v8.6.2\nb", NULL, 0},
    {"with CRLF", "a\r\n{#tag}\r\n{tag}\r\n{/tag}\r\nb\r\n", "a\r\nv8.6.2\r\nb\r\n", NULL, 0},
    {"on the first and the last line", "{#tag}\n{tag}\n{/tag}", "v8.6.2\n", NULL, 0},
    {"hidden lines leave nothing", "a\n{#empty}\n{empty}\n{/empty}\nb\n", "a\nb\n", NULL, 0},
    {"two tags on one line leave it", "a\n{#tag}{/tag}\nb", "a\n\nb", NULL, 0},
    {"a value alone keeps its line", "a\n{empty}\nb", "a\n\nb", NULL, 0},
    {"a tag behind text keeps the line", "x {#tag}\ny{/tag}\n", "x \ny\n", NULL, 0},
    {"a literal brace on the line keeps it", "{{ {#tag}\n{/tag}\n", "{ \n", NULL, 0},
    {"lines that follow each other", "{#tag}\n{#recipe}\nx\n{/recipe}\n{/tag}\n", "x\n", NULL, 0},
    {"a blank line between tags stays", "{#tag}\n\n{/tag}\n", "\n", NULL, 0},

    {"unknown", "a {vresion}", NULL, "unknown placeholder {vresion} ({version}?)", 2},
    {"unknown, nothing near", "{wombat}", NULL,
     "unknown placeholder {wombat}, where {version}, {tag}, {commit}, {recipe}, {empty}, {hostile} "
     "may stand",
     0},
    {"unknown section", "{#tga}{/tga}", NULL, "unknown placeholder {tga} ({tag}?)", 0},
    {"names are case-sensitive", "{Tag}", NULL, "unknown placeholder {Tag} ({tag}?)", 0},
    {"blanks in the braces", "x { version }", NULL,
     "a brace that starts no placeholder (a literal one is written {{)", 2},
    {"empty braces", "{}", NULL, "a brace that starts no placeholder (a literal one is written {{)",
     0},
    {"a brace at the end", "abc{", NULL,
     "a brace that starts no placeholder (a literal one is written {{)", 3},
    {"a name without its end", "{version", NULL,
     "a brace that starts no placeholder (a literal one is written {{)", 0},
    {"a mark without a name", "{#}", NULL,
     "a brace that starts no placeholder (a literal one is written {{)", 0},
    {"a number as a name", "{1}", NULL,
     "a brace that starts no placeholder (a literal one is written {{)", 0},
    {"a section not closed", "ab{#tag}c", NULL, "{#tag} is never closed by {/tag}", 2},
    {"the inner of two not closed", "{#tag}{^empty}", NULL, "{#empty} is never closed by {/empty}",
     6},
    {"closed without being open", "a{/tag}", NULL, "{/tag} without its {#tag}", 1},
    {"closed in the wrong order", "{#tag}{#recipe}{/tag}{/recipe}", NULL,
     "{/tag} where {/recipe} is due", 15},
    {"an expression not closed", "a ${{package.version}", NULL, "${{ without its }}", 2},
    {"nested too deep",
     "{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}{#tag}"
     "{#tag}{#tag}",
     NULL, "sections nested deeper than 16", 96},
    {"a value that is not known", "at {commit}", NULL, "{commit} is not known here", SLICE_NONE},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

static void test_row(void **state)
{
    const struct row *row = *state;
    struct arena a = {0};
    struct error e = {0};
    struct buf out = {0};
    size_t offset = SLICE_NONE;
    const struct template_text *t = template_compile(&a, slice_of(row->text), names, &offset, &e);
    bool ok = t && template_render(t, values, VALUE_COUNT, &out, &e);
    assert_string_equal(ok ? buf_text(&out) : e.message, ok ? row->expected : row->error);
    assert_int_equal(ok, row->expected != NULL);
    if (!t) {
        assert_int_equal(e.code, ERROR_USAGE);
        assert_int_equal(offset, row->offset);
    } else if (!ok) {
        assert_int_equal(e.code, ERROR_RECIPE);
    }
    buf_free(&out);
    arena_free(&a);
}

/* Every cut of a text that uses everything compiles or fails, and reads nothing beyond its end. */
static void test_every_cut(void **state)
{
    (void)state;
    static const char text[] = "a\n {#tag} \r\n{{${{ x }}{version}{^empty}\n{/empty}{/tag}\n";
    for (size_t len = 0; len < sizeof text; len++) {
        struct arena a = {0};
        struct error e = {0};
        char *exact = memory_alloc(len);
        memcpy(exact, text, len);
        const struct template_text *t =
            template_compile(&a, slice_new(exact, len), names, NULL, &e);
        assert_int_equal(t == NULL, error_is_set(&e));
        free(exact);
        arena_free(&a);
    }
}

static void test_limit(void **state)
{
    (void)state;
    struct error e = {0};
    struct buf out = BUF_MAX(8);
    assert_false(template_expand(SLICE("{version}-{version}"), values, VALUE_COUNT, &out, &e));
    assert_string_equal(e.message, "text longer than 8 bytes");
    buf_free(&out);
}

static void test_expand(void **state)
{
    (void)state;
    struct error e = {0};
    struct buf out = {0};
    assert_true(template_expand(SLICE("{tag}"), values, VALUE_COUNT, &out, &e));
    assert_string_equal(buf_text(&out), "v8.6.2");
    assert_false(template_expand(SLICE("{nope}"), values, VALUE_COUNT, &out, &e));
    assert_string_equal(e.message, "unknown placeholder {nope}, where {version}, {tag}, {commit}, "
                                   "{recipe}, {hostile}, {empty} may stand");
    buf_free(&out);
}

static void test_uses(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    const struct template_text *t =
        template_compile(&a, SLICE("version {tag}{#recipe}x{/recipe}"), names, NULL, &e);
    assert_true(template_uses(t, "tag"));
    assert_true(template_uses(t, "recipe"));
    assert_false(template_uses(t, "version"));
    arena_free(&a);
}

int main(void)
{
    static struct row mutable[ROW_COUNT];
    struct CMUnitTest tests[ROW_COUNT + 4] = {
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_expand),
        cmocka_unit_test(test_uses),
    };
    for (size_t i = 0; i < ROW_COUNT; i++) {
        mutable[i] = rows[i];
        tests[i + 4] = (struct CMUnitTest){rows[i].name, test_row, NULL, NULL, &mutable[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
