/* The refs of repositories on this machine, made with git's own program in a new folder and
 * compared with what it tells about them. Skipped where git is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "git/local_refs.h"
#include "sources/source.h"
#include "tests/unit/git_program.h"
#include "watcher/base/url.h"

#include <string.h>

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
    char *dir = folder_make();
    shell(dir, REPOSITORY);
    *state = dir;
    return 0;
}

static int remove_repositories(void **state)
{
    folder_remove(*state);
    return 0;
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

static const char *tags_by_adapter(struct arena *a, const char *path)
{
    struct candidates found = {0};
    find_tags(a, path, &found);
    return tag_lines(a, &found);
}

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
    const char *head = output(&a, path, "git rev-parse HEAD");
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
    if (!has_git("local refs"))
        return 0;
    return cmocka_run_group_tests_name("local refs", tests, make_repositories, remove_repositories);
}
