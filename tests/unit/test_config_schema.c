/* config/mwatch.schema.json is what the tables of keys say, and it judges the cases of
 * tests/unit/config as mwatch does. MWATCH_ACCEPT=1 writes the file anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/config_repository.h"
#include "tests/unit/schema_check.h"

#include <stdio.h>
#include <unistd.h>

#define SCHEMA "config/mwatch.schema.json"
#define CASES "tests/unit/config"

/* What is wrong there, no schema can say: what a pattern means, what holds over several layers. */
static const char *const beyond[] = {
    "bad-component-that-changes-nothing",
    "bad-component-without-source",
    "bad-components-is-empty",
    "bad-hostile-recipe",
    "bad-label-with-a-line-break",
    "bad-pattern",
    "bad-pattern-in-a-place",
    "bad-set-epoch",
    "bad-set-epoch-in-a-component",
    "bad-each-beside-set",
    "bad-each-for-a-recipe",
    "bad-each-in-defaults",
    "bad-each-without-component",
    "bad-two-documents",
    NULL,
};

static bool is_beyond(const char *name)
{
    for (const char *const *b = beyond; *b; b++)
        if (strcmp(*b, name) == 0)
            return true;
    return false;
}

static bool read_file(const char *path, struct buf *out)
{
    struct error e = {0};
    out->max = 1 << 22;
    return file_read(path, out, &e);
}

static void test_file(void **state)
{
    (void)state;
    struct error e = {0};
    struct buf made = {0}, kept = {0};
    config_schema(&made);
    if (getenv("MWATCH_ACCEPT"))
        assert_true(file_replace(SCHEMA, buf_slice(&made), &e));
    assert_true(read_file(SCHEMA, &kept));
    if (!slice_equal(buf_slice(&made), buf_slice(&kept)))
        fail_msg(SCHEMA " is not what the tables say; write it anew with\n"
                        "MWATCH_ACCEPT=1 build/tests/unit/test_config_schema");
    buf_free(&made);
    buf_free(&kept);
}

static const json_t *load_schema(struct arena *a)
{
    struct buf text = {0};
    struct error e = {0};
    config_schema(&text);
    const json_t *schema = json_parse(a, buf_slice(&text), &e);
    if (!schema)
        fail_msg("%s", e.message);
    buf_free(&text);
    return schema;
}

/* Does the schema accept the file? What is no YAML, it never sees. */
static bool accepts(struct arena *a, const char *path)
{
    struct yaml y;
    struct error e = {0};
    struct buf text = {0};
    assert_true(read_file(path, &text));
    bool parsed = yaml_parse(a, path, arena_slice(a, buf_slice(&text)), &y, &e);
    buf_free(&text);
    if (!parsed || y.count == 0)
        return parsed;
    struct schema_check c = {.root = load_schema(a)};
    json_t *value = yaml_to_json(y.documents[0]);
    bool good = schema_accepts(&c, c.root, value);
    json_decref(value);
    arena_free(&c.arena);
    if (c.unsupported)
        fail_msg("not known to the checker: %s", c.unsupported);
    return good;
}

static void test_case(void **state)
{
    struct arena a = {0};
    const char *path = *state, *name = path + sizeof CASES;
    const char *file = arena_printf(&a, "%s/mwatch.yaml", path);
    bool refused = access(arena_printf(&a, "%s/error.txt", path), F_OK) == 0;
    bool good = accepts(&a, file);
    if (!refused && !good)
        fail_msg("the schema refuses %s, mwatch does not", file);
    if (refused && good != is_beyond(name))
        fail_msg("mwatch refuses %s, the schema %s", file, good ? "does not" : "does, too");
    arena_free(&a);
}

static void test_first(void **state)
{
    (void)state;
    struct arena a = {0};
    if (!accepts(&a, "config/mwatch.yaml"))
        fail_msg("the schema refuses config/mwatch.yaml");
    arena_free(&a);
}

int main(void)
{
    static struct CMUnitTest tests[500] = {cmocka_unit_test(test_file),
                                           cmocka_unit_test(test_first)};
    struct arena a = {0};
    size_t count =
        2 + repository_cases(&a, CASES, test_case, tests + 2, sizeof tests / sizeof *tests - 2);
    int failed = _cmocka_run_group_tests("schema", tests, count, NULL, NULL);
    arena_free(&a);
    return failed;
}
