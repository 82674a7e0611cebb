/* The refs of repositories on this machine, made with git's own program in a new folder and
 * compared with what it tells about them. Skipped where git is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "git/local_refs.h"
#include "sources/source.h"
#include "watcher/base/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Run a script of /bin/sh in the folder of the test, with a git that reads no configuration. */
static void shell(const char *dir, const char *script)
{
    struct buf command = {0};
    buf_addf(&command,
             "cd '%s' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME=/nonexistent"
             " GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a"
             " GIT_COMMITTER_EMAIL=a@example.org GIT_AUTHOR_DATE='1700000000 +0000'"
             " GIT_COMMITTER_DATE='1700000000 +0000' && { %s\n} >/dev/null 2>&1",
             dir, script);
    int status = system(buf_text(&command));
    buf_free(&command);
    assert_int_equal(status, 0);
}

/* What a command prints, without its last line break. */
static const char *output(struct arena *a, const char *dir, const char *command)
{
    struct buf text = {0};
    char chunk[4096];
    size_t got;
    FILE *pipe = popen(arena_printf(a, "cd '%s' && %s", dir, command), "r");
    assert_non_null(pipe);
    while ((got = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(&text, slice_new(chunk, got));
    assert_int_equal(pclose(pipe), 0);
    const char *copy = arena_text(a, slice_trim(buf_slice(&text)));
    buf_free(&text);
    return copy;
}

#define REPOSITORY                                                                                 \
    "git init -q -b main work && cd work && echo 1 >f && git add f && git commit -qm one &&"       \
    "git tag 1.0.0 && git tag -am two v1.1.0 && git tag -am nested nested v1.1.0 &&"               \
    "git tag -am tree tree HEAD^{tree} && git branch -q release/1.x && echo 2 >f &&"               \
    "git commit -qam two && git tag -am packed v1.2.0 && git pack-refs --all --prune &&"           \
    "git tag -am loose v1.3.0 && git symbolic-ref refs/tags/same refs/tags/v1.3.0 && cd .. &&"     \
    "git clone -q --bare work bare.git && cp -r work broken &&"                                    \
    "echo 0123456789012345678901234567890123456789 >broken/.git/refs/tags/nowhere &&"              \
    "mkdir plain 'with blank' && git clone -q --bare work 'with blank/a.git'"

static int make_repositories(void **state)
{
    char pattern[] = "/tmp/mwatch-refs-XXXXXX";
    if (!mkdtemp(pattern))
        return -1;
    *state = strdup(pattern);
    shell(*state, REPOSITORY);
    return 0;
}

static int remove_repositories(void **state)
{
    char *dir = *state;
    shell(dir, "rm -rf work bare.git broken plain 'with blank'");
    int status = rmdir(dir);
    free(dir);
    return status;
}

static void make_spec(struct arena *a, const char *path, struct spec *out)
{
    struct buf url = {0};
    struct parameter name = {.value = SLICE("git")}, repository = {0};
    struct error e = {0};
    buf_add_text(&url, "file://");
    url_escape(&url, slice_of(path), true);
    repository.value = buf_slice(&url);
    assert_true(spec_make(a, "", &name, &repository, 1, out, &e));
    buf_free(&url);
}

/* Ask and answer as a run does, but for the engine. */
static void find_tags(struct arena *a, const char *path, struct candidates *found)
{
    struct spec spec;
    struct error e = {0};
    struct page page = {0};
    struct request request = {0};
    struct buf local = {0}, body = {0};
    make_spec(a, path, &spec);
    assert_true(spec.source->request(&spec, &page, a, &request, &e));
    assert_true(git_local_path(slice_of(request.url), &local));
    assert_string_equal(buf_text(&local), path);
    if (!git_local_refs(buf_text(&local), &body, &e))
        fail_msg("%s", e.message);
    struct response answer = {.status = 200, .body = buf_slice(&body)};
    assert_true(spec.source->parse(&spec, &page, &answer, a, found, &e));
    assert_false(found->more);
    buf_free(&local);
    buf_free(&body);
}

static int by_raw(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->raw, ((const struct candidate *)b)->raw);
}

/* "TAG COMMIT" lines in the order of names. */
static const char *tags_by_adapter(struct arena *a, const char *path)
{
    struct candidates found = {0};
    struct buf text = {0};
    find_tags(a, path, &found);
    qsort(found.list.items, found.list.count, sizeof found.list.items[0], by_raw);
    for (size_t i = 0; i < found.list.count; i++)
        buf_addf(&text, "%s %s\n", found.list.items[i].raw, found.list.items[i].commit);
    const char *copy = arena_text(a, slice_trim(buf_slice(&text)));
    buf_free(&text);
    return copy;
}

/* The same lines as git itself tells them. */
#define TAGS_BY_GIT                                                                                \
    "for t in $(git -c safe.directory='*' tag -l | LC_ALL=C sort); do "                            \
    "echo \"$t $(git -c safe.directory='*' rev-parse \"$t^{}\")\"; done"

static void compare_tags(const char *dir, const char *repository)
{
    struct arena a = {0};
    const char *path = arena_printf(&a, "%s/%s", dir, repository);
    assert_string_equal(tags_by_adapter(&a, path), output(&a, path, TAGS_BY_GIT));
    arena_free(&a);
}

static void test_work_tree(void **state)
{
    compare_tags(*state, "work");
}

static void test_git_folder(void **state)
{
    compare_tags(*state, "work/.git");
}

static void test_bare(void **state)
{
    compare_tags(*state, "bare.git");
}

static void test_blank(void **state)
{
    compare_tags(*state, "with blank/a.git");
}

/* A ref without its object is passed over; git's own `tag -l` still lists it. */
static void test_broken(void **state)
{
    struct arena a = {0};
    const char *whole = tags_by_adapter(&a, arena_printf(&a, "%s/work", (const char *)*state));
    const char *broken = tags_by_adapter(&a, arena_printf(&a, "%s/broken", (const char *)*state));
    assert_string_equal(broken, whole);
    arena_free(&a);
}

/* The head of the branch that is checked out, by its name and as HEAD. */
static void test_branch(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct buf body = {0};
    const char *path = arena_printf(&a, "%s/bare.git", (const char *)*state);
    const char *head = output(&a, path, "git -c safe.directory='*' rev-parse HEAD");
    assert_true(git_local_refs(path, &body, &e));
    struct slice text = buf_slice(&body);
    assert_true(slice_starts(text, slice_of(arena_printf(&a, "0032%s HEAD\n", head))));
    assert_true(slice_contains(text, slice_of(arena_printf(&a, "003d%s refs/heads/main\n", head))));
    assert_true(slice_ends(text, SLICE("\n0000")));
    buf_free(&body);
    arena_free(&a);
}

static void test_no_repository(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct buf body = {0};
    const char *path = arena_printf(&a, "%s/plain", (const char *)*state);
    assert_false(git_local_refs(path, &body, &e));
    assert_int_equal(e.code, ERROR_UPSTREAM);
    assert_non_null(strstr(e.message, arena_printf(&a, "cannot read the repository %s: ", path)));
    error_clear(&e);
    assert_false(git_local_refs("/nonexistent/\x1b[2J", &body, &e));
    assert_null(strchr(e.message, '\x1b'));
    buf_free(&body);
    arena_free(&a);
}

static void test_too_many(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct buf body = BUF_MAX(100);
    assert_false(git_local_refs(arena_printf(&a, "%s/work", (const char *)*state), &body, &e));
    assert_string_equal(e.message, "the repository has too many refs to read");
    buf_free(&body);
    arena_free(&a);
}

static void test_path(void **state)
{
    (void)state;
    static const struct {
        const char *url, *path; /* NULL: none */
    } rows[] = {
        {"file:///srv/a.git/info/refs?service=git-upload-pack", "/srv/a.git"},
        {"file:///srv/with%20blank/a.git/info/refs?service=git-upload-pack",
         "/srv/with blank/a.git"},
        {"file://localhost/srv/a/info/refs", "/srv/a"},
        {"file://elsewhere/srv/a/info/refs", NULL},
        {"file:///srv/a/HEAD", NULL},
        {"file:///info/refs", NULL},
        {"file:///srv/%00/info/refs", NULL},
        {"file:///srv/%zz/info/refs", NULL},
        {"https://example.org/srv/a/info/refs", NULL},
        {"/srv/a/info/refs", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf path = {0};
        assert_int_equal(git_local_path(slice_of(rows[i].url), &path), rows[i].path != NULL);
        if (rows[i].path)
            assert_string_equal(buf_text(&path), rows[i].path);
        buf_free(&path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_work_tree),     cmocka_unit_test(test_git_folder),
        cmocka_unit_test(test_bare),          cmocka_unit_test(test_blank),
        cmocka_unit_test(test_broken),        cmocka_unit_test(test_branch),
        cmocka_unit_test(test_no_repository), cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_path),
    };
    if (system("git --version >/dev/null 2>&1") != 0) {
        printf("1..0 # SKIP git is not installed\n");
        return 0;
    }
    return cmocka_run_group_tests_name("local refs", tests, make_repositories, remove_repositories);
}
