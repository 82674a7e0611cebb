/* Revisions compared: every kind of change, and the files of each side; repositories made with
 * git's own program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/repository_fixture.h"

#include "git/comparison.h"

/* -- what differs */

static const struct row {
    const char *script; /* in a clone of main */
    const char *revisions;
    const char
        *expected;     /* "+added *changed -deleted", "l" after a link's; or the error's message */
    const char *below; /* the folder of the clone that is asked about, NULL = its top */
} rows[] = {
    {":", "HEAD..HEAD", "", NULL},
    {":", "HEAD~1..HEAD", "*a/two", NULL},
    {":", "HEAD~1", "*a/two", NULL},
    {":", "HEAD..HEAD~1", "*a/two", NULL},
    {"git commit -qm e --allow-empty", "HEAD~1", "", NULL},
    {"echo x >new && git add . && git commit -qm n", "HEAD~1", "+new", NULL},
    {"git rm -qr a/b && git commit -qm n", "HEAD~1", "-a/b/one", NULL},
    {"git mv a/two b && git commit -qm n", "HEAD~1", "-a/two +b", NULL},
    {"git mv a z && git commit -qm n", "HEAD~1", "-a/b/one -a/two +z/b/one +z/two", NULL},
    {"chmod -x run && git commit -qam n", "HEAD~1", "*run", NULL},
    {"ln -sf a/b/one link && git commit -qam n", "HEAD~1", "*link l", NULL},
    {"rm link && echo x >link && git commit -qam n", "HEAD~1", "*link l", NULL},
    {"rm -r a && echo x >a && git add . && git commit -qm n", "HEAD~1", "+a -a/b/one -a/two", NULL},
    {"git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),sub && git commit -qm n",
     "HEAD~1", "+sub l", NULL},
    {":", "0000000000000000000000000000000000000000..HEAD", "+a/b/one +a/two +link l +run", NULL},
    {":", "0000000000000000000000000000000000000000...HEAD", "+a/b/one +a/two +link l +run", NULL},
    {":", "HEAD~1..HEAD", "*two", "a"},
    {":", "HEAD~1..HEAD", "", "a/b"},
    {"git mv a z && git commit -qm n", "HEAD~1", "+b/one +two", "z"},
    {"mkdir empty", "HEAD~1..HEAD", "", "empty"},
    {"git rm -qr a && git commit -qm n && mkdir a", "HEAD~1", "-b/one -two", "a"},
    {":", "main...origin/mwatch/jenkins", "*a/b/one", NULL},
    {":", "origin/mwatch/jenkins...main", "*a/two", NULL},
    {"git checkout -q --orphan lone && git commit -qm n", "main...lone",
     "the two have no common ancestor", NULL},
    {":", "000000..HEAD", "000000 is no revision of this repository", NULL},
    {":", "HEAD^{tree}..HEAD", "HEAD^{tree} is no revision of this repository", NULL},
    {":", "....", ". is no revision of this repository", NULL},
    {":", "...", "no revisions: OLD..NEW is expected", NULL},
};

static void add_change(struct buf *out, const struct changed_file *file)
{
    buf_addf(out, "%s%c%s%s", out->len ? " " : "",
             file->change == CHANGE_ADDED     ? '+'
             : file->change == CHANGE_DELETED ? '-'
                                              : '*',
             file->name, file->link ? " l" : "");
}

static void check_row(const struct row *row)
{
    struct arena names = {0};
    struct fixture *f = fixture_make(
        arena_printf(&names, "git clone -q remote.git work && cd work && %s", row->script));
    struct buf got = {0};
    struct error e = {0};
    size_t count = 0;
    const char *at = row->below ? arena_printf(&f->a, "work/%s", row->below) : "work";
    struct comparison *c = comparison_open(in_dir(f, at), row->revisions, &e);
    const struct changed_file *changes = c ? comparison_changes(c, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        add_change(&got, &changes[i]);
    if (!c)
        buf_add_text(&got, e.message);
    if (strcmp(buf_text(&got), row->expected) != 0)
        fail_msg("%s, %s: got \"%s\"", row->script, row->revisions, buf_text(&got));
    buf_free(&got);
    comparison_close(c);
    fixture_free(f);
    arena_free(&names);
}

static void test_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}

/* -- the files of a side */

static bool keep_all(const char *name)
{
    return strcmp(name, "skipped/") != 0;
}

static void test_files(void **state)
{
    (void)state;
    struct fixture *f = fixture_make(
        "git clone -q remote.git work && cd work && mkdir -p skipped a.d && echo 1 >skipped/x &&"
        "echo 1 >a.yaml && echo 1 >a.d/x && echo 1 >a-b && echo later >run && git add . &&"
        "git commit -qm next");
    struct error e = {0};
    struct comparison_files files = {0};
    struct buf text = {0}, small = BUF_MAX(3);
    struct comparison *c = comparison_open(in_dir(f, "work"), "HEAD~1", &e);
    assert_well(c != NULL, &e);
    assert_true(comparison_list(c, SIDE_NEW, keep_all, &f->a, &files, &e));
    static const char *const expected[] = {"a-b", "a.d/x", "a.yaml", "a/b/one", "a/two", "run"};
    assert_int_equal(files.names.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < files.names.count; i++)
        assert_string_equal(files.names.items[i], expected[i]);
    files.names.count = 0;
    assert_true(comparison_list(c, SIDE_OLD, keep_all, &f->a, &files, &e));
    assert_int_equal(files.names.count, 3);
    assert_true(comparison_read(c, SIDE_NEW, "run", &text, &e));
    assert_string_equal(buf_text(&text), "later\n");
    assert_true(comparison_read(c, SIDE_OLD, "run", &text, &e));
    assert_string_equal(buf_text(&text), "#!/bin/sh\n");
    assert_false(comparison_read(c, SIDE_NEW, "run", &small, &e));
    assert_string_equal(e.message, "run: too large");
    static const char *const none[] = {"link", "a", "a/b", "", "a/none", "/a/two", "../a/two"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        error_clear(&e);
        assert_false(comparison_read(c, SIDE_NEW, none[i], &text, &e));
        assert_int_equal(text.len, 0);
        assert_true(error_is_set(&e));
    }
    buf_free(&text);
    buf_free(&small);
    comparison_close(c);
    comparison_close(NULL);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes),
                                       cmocka_unit_test(test_files)};
    if (!has_git("comparison"))
        return 0;
    forget_configuration();
    return cmocka_run_group_tests(tests, fixture_template_make, fixture_template_remove);
}
