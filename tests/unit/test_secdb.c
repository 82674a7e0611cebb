/* Security databases: which ids lie between two versions. */
#include "tests/unit/unit.h"

#include "watcher/rebuild/secdb.h"

static const char database[] =
    "{\"urlprefix\": \"https://packages.example\", \"reponame\": \"os\", \"packages\": ["
    "{\"pkg\": {\"name\": \"openssl\", \"secfixes\": {"
    "  \"0\": [\"CVE-2020-1\"],"
    "  \"3.5.0-r0\": [\"CVE-2025-1\"],"
    "  \"3.6.0-r2\": [\"CVE-2025-9\", \"CVE-2025-2 GHSA-aaaa-bbbb-cccc\"],"
    "  \"3.6.0-r10\": [\"CVE-2025-3\", \"CVE-2025-2\"],"
    "  \"no version\": [\"CVE-2025-4\"],"
    "  \"3.6.0-r3\": [1, \"\", \"CVE-\\u001b[2J\", \"CVE-2025-5\"]}}},"
    "{\"pkg\": {\"name\": \"zlib\"}}, {\"pkg\": {\"secfixes\": {\"1\": [\"X\"]}}}, {}, 7]}";

static const struct row {
    const char *origin, *from, *to, *expected;
} rows[] = {
    {"openssl", "3.6.0-r1", "3.6.0-r2", "CVE-2025-2 CVE-2025-9 GHSA-aaaa-bbbb-cccc"},
    {"openssl", "3.6.0-r2", "3.6.0-r3", "CVE-2025-5"},
    {"openssl", "3.6.0-r3", "3.6.0-r9", ""},
    {"openssl", "3.6.0-r3", "3.6.0-r10", "CVE-2025-2 CVE-2025-3"},
    {"openssl", "1.0", "3.5.0-r0", "CVE-2025-1"},
    {"openssl", "3.6.0-r1", "4.0.0-r0",
     "CVE-2025-2 CVE-2025-3 CVE-2025-5 CVE-2025-9 GHSA-aaaa-bbbb-cccc"},
    {"openssl", "3.6.0-r10", "3.6.0-r1", ""},
    {"openssl", "what", "4.0.0-r0", ""},
    {"openssl", "1", "what", ""},
    {"zlib", "1", "2", ""},
    {"absent", "1", "2", ""},
};

static void test_between(void **state)
{
    (void)state;
    struct secdb *db = secdb_new();
    struct error e = {0};
    assert_true(secdb_add(db, slice_of(database), &e));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        struct secdb_fixed found;
        struct buf text = {0};
        secdb_find(db, &a, rows[i].origin, rows[i].from, rows[i].to, &found);
        for (size_t k = 0; k < found.ids.count; k++)
            buf_addf(&text, "%s%s", k ? " " : "", found.ids.items[k]);
        assert_string_equal(buf_text(&text), rows[i].expected);
        buf_free(&text);
        arena_free(&a);
    }
    secdb_free(db);
}

static void test_none(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "<html>", "{}", "[]", "{\"packages\": {}}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct secdb *db = secdb_new();
        struct error e = {0};
        assert_false(secdb_add(db, slice_of(texts[i]), &e));
        assert_error(&e, ERROR_UPSTREAM, "not a security database");
        secdb_free(db);
    }
    secdb_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_between), cmocka_unit_test(test_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
