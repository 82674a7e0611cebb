/* Package indexes: what is read of them, and what is refused. */
#include "tests/unit/unit.h"

#include "tests/sources/plain_tar.h"
#include "watcher/rebuild/index.h"

static const char wolfi[] =
    "C:Q1nZBLDeHkyxYVAvaMUCuC6ofQbYU=\nP:tzdata\nV:2026a-r0\nA:x86_64\n"
    "S:408632\nI:1393921\nT:Timezone data\nU:https://www.iana.org/time-zones\n"
    "L:CC-PDDC\no:tzdata\nm:wolfi\nt:1767571200\n"
    "c:21e5a5f61fe6d5ecfbaf8a20ab3b6c6f9f3d9a5e\nk:10\nD:a b>1\n"
    "p:cmd:zdump=2026a-r0 zoneinfo\ni:glibc\nr:tz\n";

struct world {
    struct index *ix;
    struct error e;
    bool good;
};

static struct world read_bytes(struct slice bytes)
{
    struct world w = {.ix = index_new()};
    struct repository r = {"https://packages.wolfi.dev/os/x86_64", NULL};
    w.good = index_add(w.ix, &r, bytes, &w.e);
    assert_int_equal(w.good, !error_is_set(&w.e));
    if (w.good)
        index_link(w.ix);
    return w;
}

static struct world read_text(const char *text)
{
    return read_bytes(slice_of(text));
}

static void refuses(const char *text, const char *part)
{
    struct world w = read_text(text);
    assert_false(w.good);
    assert_error(&w.e, ERROR_UPSTREAM, part);
    index_free(w.ix);
}

static void check_tzdata(const struct package *p)
{
    assert_slice(p->name, SLICE("tzdata"));
    assert_slice(p->version, SLICE("2026a-r0"));
    assert_slice(p->checksum, SLICE("Q1nZBLDeHkyxYVAvaMUCuC6ofQbYU="));
    assert_slice(p->arch, SLICE("x86_64"));
    assert_slice(p->description, SLICE("Timezone data"));
    assert_slice(p->url, SLICE("https://www.iana.org/time-zones"));
    assert_slice(p->license, SLICE("CC-PDDC"));
    assert_slice(p->origin, SLICE("tzdata"));
    assert_slice(p->maintainer, SLICE("wolfi"));
    assert_slice(p->commit, SLICE("21e5a5f61fe6d5ecfbaf8a20ab3b6c6f9f3d9a5e"));
    assert_slice(p->depends, SLICE("a b>1"));
    assert_slice(p->provides, SLICE("cmd:zdump=2026a-r0 zoneinfo"));
    assert_slice(p->install_if, SLICE("glibc"));
    assert_slice(p->replaces, SLICE("tz"));
    assert_int_equal(p->size, 408632);
    assert_int_equal(p->installed_size, 1393921);
    assert_int_equal(p->build_time, 1767571200);
    assert_int_equal(p->priority, 10);
    assert_int_equal(p->repository, 0);
}

static void test_every_field(void **state)
{
    (void)state;
    struct world w = read_text(wolfi);
    assert_true(w.good);
    assert_int_equal(index_count(w.ix), 1);
    check_tzdata(index_package(w.ix, 0));
    assert_string_equal(index_repository(w.ix, 0)->url, "https://packages.wolfi.dev/os/x86_64");
    assert_string_equal(index_repository(w.ix, 0)->tag, "");
    index_free(w.ix);
}

static void test_windows_line_ends(void **state)
{
    (void)state;
    struct buf text = {0};
    for (const char *c = wolfi; *c; c++)
        buf_add_text(&text, *c == '\n' ? "\r\n" : (const char[]){*c, '\0'});
    buf_add_text(&text, "\r\nP:b\r\nV:1\r\n");
    struct world w = read_bytes(buf_slice(&text));
    assert_int_equal(index_count(w.ix), 2);
    check_tzdata(index_package(w.ix, 0));
    assert_slice(index_package(w.ix, 1)->version, SLICE("1"));
    index_free(w.ix);
    buf_free(&text);
}

static void test_archive(void **state)
{
    (void)state;
    struct buf tar = {0};
    plain_tar_add(&tar, "APKINDEX", slice_of(wolfi));
    struct world w = read_bytes(buf_slice(&tar));
    assert_int_equal(index_count(w.ix), 1);
    check_tzdata(index_package(w.ix, 0));
    index_free(w.ix);
    w = read_bytes(slice_first(buf_slice(&tar), 700));
    assert_error(&w.e, ERROR_UPSTREAM, "https://packages.wolfi.dev/os/x86_64: ");
    index_free(w.ix);
    buf_free(&tar);
}

static void test_archive_without_index(void **state)
{
    (void)state;
    struct buf tar = {0};
    plain_tar_add(&tar, "DESCRIPTION", SLICE("v1"));
    struct world w = read_bytes(buf_slice(&tar));
    assert_error(&w.e, ERROR_UPSTREAM, "has no APKINDEX");
    index_free(w.ix);
    buf_free(&tar);
}

static void test_nothing(void **state)
{
    (void)state;
    const char *const empty[] = {"", "\n", "\n\n\r\n\n"};
    for (size_t i = 0; i < 3; i++) {
        struct world w = read_text(empty[i]);
        assert_true(w.good);
        assert_int_equal(index_count(w.ix), 0);
        assert_int_equal(index_find(w.ix, SLICE("a"), SLICE("1")), INDEX_NONE);
        index_free(w.ix);
    }
}

static void test_line_of_a_megabyte(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, "P:big\nV:1-r0\np:");
    for (unsigned i = 0; text.len < 1 << 20; i++)
        buf_addf(&text, "so:libpart%u.so.1=1 ", i);
    buf_add_text(&text, "\n\nP:small\nV:1-r0\nD:so:libpart9.so.1\n");
    struct world w = read_bytes(buf_slice(&text));
    assert_int_equal(index_count(w.ix), 2);
    assert_true(index_package(w.ix, 0)->provides.len > 1000000);
    index_free(w.ix);
    buf_free(&text);
}

static void test_same_name(void **state)
{
    (void)state;
    struct world w = read_text("P:a\nV:1\n\nP:b\nV:1\np:a=2\n\nP:a\nV:2\n\nP:a\nV:2\nT:again\n");
    assert_int_equal(index_count(w.ix), 4);
    assert_int_equal(index_find(w.ix, SLICE("a"), SLICE("1")), 0);
    assert_int_equal(index_find(w.ix, SLICE("a"), SLICE("2")), 2);
    assert_int_equal(index_find(w.ix, SLICE("b"), SLICE("1")), 1);
    assert_int_equal(index_find(w.ix, SLICE("b"), SLICE("2")), INDEX_NONE);
    assert_int_equal(index_find(w.ix, SLICE("c"), SLICE("1")), INDEX_NONE);
    index_free(w.ix);
}

static void test_two_repositories(void **state)
{
    (void)state;
    struct index *ix = index_new();
    struct error e = {0};
    struct repository first = {"./packages", "local"}, second = {"https://example.org", NULL};
    assert_true(index_add(ix, &first, SLICE("P:a\nV:1\n"), &e));
    assert_true(index_add(ix, &second, SLICE("P:a\nV:1\n\nP:b\nV:1"), &e));
    index_link(ix);
    assert_int_equal(index_count(ix), 3);
    assert_int_equal(index_find(ix, SLICE("a"), SLICE("1")), 0);
    assert_int_equal(index_package(ix, 2)->repository, 1);
    assert_string_equal(index_repository(ix, 0)->tag, "local");
    index_free(ix);
}

static void test_twice_in_a_stanza(void **state)
{
    (void)state;
    struct world w = read_text("P:a\nV:1\nV:2\nX:unknown\nF:\n\xff:what\n");
    assert_true(w.good);
    assert_slice(index_package(w.ix, 0)->version, SLICE("2"));
    index_free(w.ix);
}

static void test_refused(void **state)
{
    (void)state;
    refuses("P:a\nV:1\nnonsense\n", "x86_64:3: not a field of a package index: nonsense");
    refuses("<!doctype html>\n<title>404", "not a field");
    refuses("P:a\nV:1\nS:many\n", "not a number: S:many");
    refuses("P:a\nV:1\nI:-1\n", "not a number");
    refuses("P:a\nV:1\nI:99999999999999999999999\n", "not a number");
    refuses("P:a\n\nV:1\n", "x86_64:2: not a version");
    refuses("V:1\n", "not the name of a package");
    refuses("P:a b\nV:1\n", "not the name of a package: a b");
    refuses("P:!a\nV:1\n", "not the name of a package");
    refuses("P:a=1\nV:1\n", "not the name of a package");
    refuses("P:a\033[2J\nV:1\n", "not the name of a package: a\\x1b[2J");
    refuses("P:a\nV:1\033[2J\n", "not a version: 1\\x1b[2J");
    refuses("P:a\nV:1 2\n", "not a version");
}

static void test_cut_off(void **state)
{
    (void)state;
    struct slice text = slice_of(wolfi);
    for (size_t len = 0; len < text.len; len++) {
        struct world w = read_bytes(slice_first(text, len));
        assert_true(w.good ? index_count(w.ix) <= 1 : w.e.code == ERROR_UPSTREAM);
        index_free(w.ix);
    }
}

static void test_zero_bytes(void **state)
{
    (void)state;
    struct world w = read_bytes(SLICE("P:a\0b\nV:1\n"));
    assert_error(&w.e, ERROR_UPSTREAM, "not the name of a package: a");
    index_free(w.ix);
    index_free(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_field),       cmocka_unit_test(test_windows_line_ends),
        cmocka_unit_test(test_archive),           cmocka_unit_test(test_archive_without_index),
        cmocka_unit_test(test_nothing),           cmocka_unit_test(test_line_of_a_megabyte),
        cmocka_unit_test(test_same_name),         cmocka_unit_test(test_two_repositories),
        cmocka_unit_test(test_twice_in_a_stanza), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_cut_off),           cmocka_unit_test(test_zero_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
