/* The record of rebuilds: read, written, read again; and what is none. */
#include "tests/unit/unit.h"

#include "watcher/rebuild/record.h"

static const char whole[] = "{\n"
                            " \"images\": {\n"
                            "  \"go\": {\n"
                            "   \"packages\": {},\n"
                            "   \"tags\": []\n"
                            "  },\n"
                            "  \"python\": {\n"
                            "   \"packages\": {\n"
                            "    \"aarch64\": {\n"
                            "     \"glibc\": \"2.42-r4 Q1abc=\",\n"
                            "     \"local\": \"1-r0\"\n"
                            "    }\n"
                            "   },\n"
                            "   \"tag\": \"3.14.1-r0\",\n"
                            "   \"tags\": [\n"
                            "    \"3.14.0-r0\",\n"
                            "    \"3.14.1-r0\"\n"
                            "   ],\n"
                            "   \"triggered\": 1764400000\n"
                            "  }\n"
                            " },\n"
                            " \"recipes\": {\n"
                            "  \"php/melange.yaml\": {\n"
                            "   \"packages\": {\n"
                            "    \"x86_64\": {\n"
                            "     \"go\": \"1.25.4-r0 Q1def=\"\n"
                            "    }\n"
                            "   },\n"
                            "   \"version\": \"8.5.0-r1\"\n"
                            "  }\n"
                            " },\n"
                            " \"version\": 1\n"
                            "}\n";

static void test_there_and_back(void **unused)
{
    struct arena a = {0};
    struct record r;
    struct buf out = {0};
    struct error e = {0};
    (void)unused;
    assert_true(record_read(&a, slice_of(whole), &r, &e));
    const struct record_entry *python = record_find(&r, "python");
    assert_non_null(python);
    assert_string_equal(python->tag, "3.14.1-r0");
    assert_int_equal(python->triggered, 1764400000);
    assert_int_equal(python->tags.count, 2);
    assert_string_equal(python->state.sets.items[0].packages.items[0].checksum, "Q1abc=");
    assert_null(python->state.sets.items[0].packages.items[1].checksum);
    assert_null(record_find(&r, "pytho"));
    assert_ptr_equal(record_entry(&a, &r, "python"), python);
    const struct record_build *php = record_find_build(&r, "php/melange.yaml");
    assert_non_null(php);
    assert_string_equal(php->version, "8.5.0-r1");
    assert_ptr_equal(record_build(&a, &r, "php/melange.yaml"), php);
    assert_null(record_find_build(&r, "php"));
    record_write(&r, &out);
    assert_string_equal(buf_text(&out), whole);
    buf_free(&out);
    arena_free(&a);
}

static void test_empty(void **unused)
{
    struct arena a = {0};
    struct record r;
    struct error e = {0};
    (void)unused;
    assert_true(record_read(&a, SLICE(" \n"), &r, &e));
    assert_int_equal(r.entries.count, 0);
    assert_string_equal(record_entry(&a, &r, "new")->image, "new");
    assert_int_equal(r.entries.count, 1);
    arena_free(&a);
}

static void test_no_record(void **unused)
{
    static const char *const cases[][2] = {
        {"{", "line 1"},
        {"[]", "no record of rebuilds of version 1"},
        {"{\"version\": 2, \"images\": {}}", "no record of rebuilds of version 1"},
        {"{\"version\": 1, \"images\": []}", "no record of rebuilds of version 1"},
        {"{\"version\": 1, \"images\": {\"go\": 1}}", "image go: it has no packages"},
        {"{\"version\": 1, \"images\": {\"go\": {\"packages\": {\"x86\": []}}}}",
         "image go: the packages for x86 are no object"},
        {"{\"version\": 1, \"images\": {\"go\": {\"packages\": {\"x86\": {\"a\": 1}}}}}",
         "image go: the package a has no version"},
        {"{\"version\": 1, \"images\": {\"go\": {\"packages\": {\"x86\": {\"a\": \"\"}}}}}",
         "image go: the package a has no version"},
        {"{\"version\": 1, \"images\": {\"go\": {\"packages\": {}, \"tags\": [\"a\", 1]}}}",
         "image go: tag 2 is no text"},
        {"{\"version\": 1, \"images\": {}, \"recipes\": {\"a.yaml\": {\"packages\": {}}}}",
         "recipe a.yaml: it has no version"},
        {"{\"version\": 1, \"images\": {}, \"recipes\": {\"a.yaml\": {\"version\": \"1-r0\"}}}",
         "recipe a.yaml: it has no packages"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = {0};
        struct record r;
        struct error e = {0};
        assert_false(record_read(&a, slice_of(cases[i][0]), &r, &e));
        assert_error(&e, ERROR_RECIPE, cases[i][1]);
        arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
