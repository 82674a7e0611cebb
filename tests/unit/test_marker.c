/* The hidden marker: what is written is read again, and hostile bodies are only text. */
#include "tests/unit/unit.h"

#include "watcher/marker.h"

#define GOOD "<!-- mwatch component=redis:redis version=8.6.2 decision=patch -->"

static void test_bodies(void **state)
{
    static const struct {
        const char *body, *version; /* NULL = no marker */
    } cases[] = {
        {GOOD, "8.6.2"},
        {"text\r\n\r\n" GOOD "\r\n", "8.6.2"},
        {"", NULL},
        {NULL, NULL},
        {"<!-- mwatch ", NULL},
        {"<!-- mwatch component=a:a version=1 decision=patch", NULL},
        {"<!-- mwatch component=a:a\nversion=1 decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1 -->", NULL},
        {"<!-- mwatch component=a:a version= decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1 version=2 decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1  decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1 decision=patch later=yes -->", "1"},
        {"<!-- mwatch component=a:a version=%00 decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=%4 decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1%20$(reboot) decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1%20%24(x) decision=patch -->", NULL},
        {"<!-- mwatch component=a:a version=1%20%24%28x%29 decision=patch -->", "1 $(x)"},
        {GOOD "<!-- mwatch component=redis:redis version=9 decision=major -->", "9"},
        {GOOD "<!-- mwatch component=redis:redis version=9 -->", "8.6.2"},
        {"<!-- mwatch component=group::go members=a:a@1,b:c@2 digest=0 -->", ""},
        {"<!-- mwatch component=group::go members= -->", NULL},
        {"<!-- mwatch component=group::go members=a:a@1;b:c@2 -->", NULL},
        {"<!-- mwatch component=a:a members=a:a@1 members=b:b@1 -->", NULL},
        {"<!-- mwatch <!-- mwatch component=a:a version=1 decision=patch -->", "1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = {0};
        struct marker m = {0};
        bool found = marker_read(&a, cases[i].body, &m);
        if (found != (cases[i].version != NULL))
            fail_msg("case %zu: %s", i, cases[i].body ? cases[i].body : "NULL");
        if (found)
            assert_string_equal(m.version, cases[i].version);
        arena_free(&a);
    }
}

static void test_members(void **state)
{
    struct arena a = {0};
    struct buf text = {0};
    struct slice rest, component;
    const char *version;
    struct marker m = {.component = marker_group(&a, "go-images")}, read;
    (void)state;
    marker_add_member(&text, "a%20b:c", "1.0_p1,2@3");
    marker_add_member(&text, "d:e", "2 -->");
    m.members = buf_text(&text);
    m.digest = "0123";
    assert_true(marker_read(&a, marker_text(&a, &m), &read));
    assert_string_equal(read.component, "group::go-images");
    rest = slice_of(read.members);
    assert_true(marker_next_member(&a, &rest, &component, &version));
    assert_true(slice_is(component, "a%20b:c"));
    assert_string_equal(version, "1.0_p1,2@3");
    assert_true(marker_next_member(&a, &rest, &component, &version));
    assert_true(slice_is(component, "d:e"));
    assert_string_equal(version, "2 -->");
    assert_false(marker_next_member(&a, &rest, &component, &version));
    buf_free(&text);
    arena_free(&a);
}

static void test_there_and_back(void **state)
{
    struct arena a = {0};
    struct component *c = component_new("a b--c", "x.yaml", RECIPE_FILE);
    struct marker m, read;
    (void)state;
    c->name = arena_copy(&c->arena, "d:e");
    m = marker_of(&a, c, "1.0_p1 -->", DECISION_NEW_STREAM);
    m.line = "8.6";
    m.digest = "0123";
    m.ended = "superseded";
    m.from = "1.0";
    m.told = "01234567+89abcdef";
    m.awaits = "89abcdef+76543210";
    assert_true(marker_read(&a, marker_text(&a, &m), &read));
    assert_string_equal(read.component, marker_component(&a, c));
    assert_string_equal(read.version, "1.0_p1 -->");
    assert_string_equal(read.decision, "new-stream");
    assert_string_equal(read.line, "8.6");
    assert_string_equal(read.digest, "0123");
    assert_string_equal(read.ended, "superseded");
    assert_string_equal(read.from, "1.0");
    assert_string_equal(read.told, "01234567+89abcdef");
    assert_string_equal(read.awaits, "89abcdef+76543210");
    component_free(c);
    arena_free(&a);
}

static void test_put(void **state)
{
    struct arena a = {0};
    struct marker m = {.component = "redis:redis", .version = "8.6.2", .decision = "patch"};
    (void)state;
    assert_string_equal(marker_put(&a, "text\n", &m), "text\n\n" GOOD "\n");
    assert_string_equal(marker_put(&a, "text\n\n" GOOD "\n", &m), "text\n\n" GOOD "\n");
    assert_string_equal(marker_put(&a, GOOD "text" GOOD, &m), "text\n\n" GOOD "\n");
    assert_string_equal(marker_put(&a, "", &m), GOOD "\n");
    assert_string_equal(marker_put(&a, "<!-- mwatch x", &m), "<!-- mwatch x\n\n" GOOD "\n");
    arena_free(&a);
}

static void test_digest(void **state)
{
    struct arena a = {0};
    (void)state;
    assert_int_equal(strlen(marker_digest(&a, "a", "b")), 16);
    assert_string_equal(marker_digest(&a, "a", "b"), marker_digest(&a, "a", "b"));
    assert_string_not_equal(marker_digest(&a, "a", "b"), marker_digest(&a, "a", "c"));
    assert_string_not_equal(marker_digest(&a, "a", "b"), marker_digest(&a, "ab", ""));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),         cmocka_unit_test(test_members),
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_put),
        cmocka_unit_test(test_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
