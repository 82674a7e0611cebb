#include "tests/unit/unit.h"

#include "watcher/base/file.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test: its path with a slash, and how to name a file in it. */
struct folder {
    struct arena arena;
    char path[64];
};

static int make_folder(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    strncpy(f->path, "/tmp/mwatch-file-XXXXXX", sizeof f->path - 1);
    *state = f;
    return mkdtemp(f->path) ? 0 : -1;
}

static const char *in(struct folder *f, const char *name)
{
    return arena_printf(&f->arena, "%s/%s", f->path, name);
}

/* What the folder holds, and away with it. */
static size_t empty_folder(struct folder *f)
{
    size_t count = 0;
    DIR *dir = opendir(f->path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.' && strspn(entry->d_name, ".") == strlen(entry->d_name))
            continue;
        remove(in(f, entry->d_name));
        count++;
    }
    closedir(dir);
    return count;
}

static int remove_folder(void **state)
{
    struct folder *f = *state;
    empty_folder(f);
    rmdir(f->path);
    arena_free(&f->arena);
    free(f);
    return 0;
}

static void put(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void assert_content(const char *path, struct slice wanted)
{
    struct buf content = {0};
    struct error e = {0};
    file_read(path, &content, &e);
    assert_string_equal(e.message, "");
    assert_slice(buf_slice(&content), wanted);
    buf_free(&content);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void reads_all(void **state)
{
    struct folder *f = *state;
    struct buf content = {0};
    struct error e = {0};
    buf_add_text(&content, "old");
    put(in(f, "a"), "line 1\nline 2");
    assert_true(file_read(in(f, "a"), &content, &e));
    assert_string_equal(buf_text(&content), "line 1\nline 2");
    put(in(f, "a"), "");
    assert_true(file_read(in(f, "a"), &content, &e));
    assert_string_equal(buf_text(&content), "");
    buf_free(&content);
}

static void reads_no_more_than_allowed(void **state)
{
    struct folder *f = *state;
    struct buf content = BUF_MAX(5);
    struct error e = {0};
    put(in(f, "a"), "12345");
    assert_true(file_read(in(f, "a"), &content, &e));
    put(in(f, "a"), "123456");
    assert_false(file_read(in(f, "a"), &content, &e));
    assert_error(&e, ERROR_SYSTEM, "/a: larger than 5 bytes");
    buf_free(&content);
}

static void reads_regular_files_only(void **state)
{
    struct folder *f = *state;
    struct buf content = {0};
    struct error e = {0};
    assert_false(file_read(in(f, "none"), &content, &e));
    assert_error(&e, ERROR_SYSTEM, "/none: No such file or directory");
    error_clear(&e);
    assert_false(file_read(f->path, &content, &e));
    assert_error(&e, ERROR_SYSTEM, "not a regular file");
    error_clear(&e);
    assert_int_equal(mkfifo(in(f, "fifo"), 0600), 0);
    assert_false(file_read(in(f, "fifo"), &content, &e));
    assert_error(&e, ERROR_SYSTEM, "/fifo: not a regular file");
    error_clear(&e);
    assert_false(file_read("/dev/zero", &content, &e));
    assert_error(&e, ERROR_SYSTEM, "not a regular file");
    buf_free(&content);
}

static void replaces_and_keeps_the_mode(void **state)
{
    static const mode_t modes[] = {0644, 0600, 0755, 0664};
    struct folder *f = *state;
    struct error e = {0};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        put(in(f, "a"), "old");
        chmod(in(f, "a"), modes[i]);
        assert_true(file_replace(in(f, "a"), SLICE("n\0ew"), &e));
        assert_content(in(f, "a"), SLICE("n\0ew"));
        assert_int_equal(mode_of(in(f, "a")), modes[i]);
    }
    assert_int_equal(empty_folder(f), 1); /* nothing is left beside it */
}

static void makes_a_new_file(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    mode_t before = umask(027);
    bool good = file_replace(in(f, "new"), SLICE("x"), &e);
    umask(before);
    assert_true(good);
    assert_content(in(f, "new"), SLICE("x"));
    assert_int_equal(mode_of(in(f, "new")), 0640);
}

static void empty_content(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    put(in(f, "a"), "old");
    assert_true(file_replace(in(f, "a"), slice_of(NULL), &e));
    assert_content(in(f, "a"), SLICE(""));
}

static void goes_through_links(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    struct stat st;
    put(in(f, "target"), "old");
    assert_int_equal(symlink("target", in(f, "one")), 0);
    assert_int_equal(symlink(in(f, "one"), in(f, "two")), 0);
    assert_true(file_replace(in(f, "two"), SLICE("new"), &e));
    assert_content(in(f, "target"), SLICE("new"));
    assert_int_equal(lstat(in(f, "two"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(lstat(in(f, "one"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void links_that_lead_nowhere(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    assert_int_equal(symlink("none", in(f, "dangling")), 0);
    assert_false(file_replace(in(f, "dangling"), SLICE("new"), &e));
    assert_error(&e, ERROR_SYSTEM, "/dangling: No such file or directory");
    error_clear(&e);
    assert_int_equal(symlink("loop", in(f, "loop")), 0);
    assert_false(file_replace(in(f, "loop"), SLICE("new"), &e));
    assert_error(&e, ERROR_SYSTEM, "/loop: ");
    assert_int_equal(empty_folder(f), 2);
}

/* What cannot be replaced stays, and nothing is left beside it. */
static void failure_leaves_nothing(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    assert_false(file_replace(in(f, "no/such"), SLICE("x"), &e));
    assert_error(&e, ERROR_SYSTEM, "no/such");
    error_clear(&e);
    assert_int_equal(mkdir(in(f, "folder"), 0700), 0);
    assert_false(file_replace(in(f, "folder"), SLICE("x"), &e));
    assert_error(&e, ERROR_SYSTEM, "/folder cannot be replaced: Is a directory");
    assert_int_equal(empty_folder(f), 1);
}

/* A disk that fills up half-way. */
static void failed_writes_leave_the_old_file(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    struct rlimit before, small;
    char content[5000];
    memset(content, 'x', sizeof content);
    put(in(f, "a"), "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool good = file_replace(in(f, "a"), slice_new(content, sizeof content), &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_false(good);
    assert_error(&e, ERROR_SYSTEM, "/a cannot be replaced: File too large");
    assert_content(in(f, "a"), SLICE("old"));
    assert_int_equal(empty_folder(f), 1);
}

static void a_name_beside_the_work_folder(void **state)
{
    struct folder *f = *state;
    struct error e = {0};
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(f->path), 0);
    bool good = file_replace("plain", SLICE("x"), &e);
    assert_int_equal(chdir(before), 0);
    assert_true(good);
    assert_content(in(f, "plain"), SLICE("x"));
}

static void joining(void **state)
{
    static const struct {
        const char *dir, *name, *wanted;
    } rows[] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {".", "b", "b"},         {"", "b", "b"},
        {"/", "b", "/b"},  {"a", "/b", "/b"},  {"../a", "b", "../a/b"}, {"a", "", "a/"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        path_join(&out, slice_of(rows[i].dir), slice_of(rows[i].name));
        assert_string_equal(buf_text(&out), rows[i].wanted);
        buf_free(&out);
    }
}

static void inside(void **state)
{
    static const char *const good[] = {"a", "a/b", ".", "a/./b", "..a", "a..", "a/..b/c", ".../x"};
    static const char *const bad[] = {"",     "/",    "/a",     "..",
                                      "../a", "a/..", "a/../b", "a/b/../../.."};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(path_is_inside(slice_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(path_is_inside(slice_of(bad[i])));
    assert_false(path_is_inside(SLICE("a\0b")));
    assert_false(path_is_inside(slice_of(NULL)));
}

static void parts(void **state)
{
    (void)state;
    assert_slice(path_base(SLICE("a/b/c.yaml")), SLICE("c.yaml"));
    assert_slice(path_base(SLICE("c.yaml")), SLICE("c.yaml"));
    assert_slice(path_base(SLICE("a/")), SLICE(""));
    assert_slice(path_dir(SLICE("a/b/c.yaml")), SLICE("a/b"));
    assert_slice(path_dir(SLICE("c.yaml")), SLICE(""));
    assert_slice(path_dir(SLICE("/c")), SLICE("/"));
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(reads_all),
        WITH_FOLDER(reads_no_more_than_allowed),
        WITH_FOLDER(reads_regular_files_only),
        WITH_FOLDER(replaces_and_keeps_the_mode),
        WITH_FOLDER(makes_a_new_file),
        WITH_FOLDER(empty_content),
        WITH_FOLDER(goes_through_links),
        WITH_FOLDER(links_that_lead_nowhere),
        WITH_FOLDER(failure_leaves_nothing),
        WITH_FOLDER(failed_writes_leave_the_old_file),
        WITH_FOLDER(a_name_beside_the_work_folder),
        cmocka_unit_test(joining),
        cmocka_unit_test(inside),
        cmocka_unit_test(parts),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
