/* Pushing: leases, hooks, two at once, and what is said when it fails. The server is git's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/repository_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

static const struct oid none = {""};

static int set_up(void **state)
{
    struct fixture *f = fixture_make("git clone -q remote.git work &&" MOVE);
    fixture_fetch(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture_free(*state);
    return 0;
}

static void hook(struct fixture *f, const char *name, const char *script)
{
    shell(f->dir, arena_printf(&f->a,
                               "printf '#!/bin/sh\\n%%s\\n' '%s' >remote.git/hooks/%s && "
                               "chmod +x remote.git/hooks/%s",
                               script, name, name));
}

static void refuse(struct fixture *f, const char *branch, const struct oid *expected,
                   const struct oid *to, enum error_code code, const char *part)
{
    struct error e = {0};
    const char *ref = arena_printf(&f->a, "refs/heads/%s", branch);
    const char *before = remote_id(f, ref);
    assert_false(repository_push(f->r, branch, expected, to, &e));
    assert_error(&e, code, part);
    assert_string_equal(remote_id(f, ref), before);
}

static void test_a_new_branch_must_be_new(void **state)
{
    struct fixture *f = *state;
    struct oid made = commit_file(f, "a/two", "x");
    refuse(f, "mwatch/jenkins", &none, &made, ERROR_CONFLICT, "is there already, at ");
}

static void test_the_branch_moved(void **state)
{
    struct fixture *f = *state;
    struct oid made = commit_file(f, "a/two", "x"), tip = remote_oid(f, "mwatch/jenkins~1");
    refuse(f, "mwatch/jenkins", &tip, &made, ERROR_CONFLICT, "where mwatch left it: it is at ");
    refuse(f, "mwatch/gone", &tip, &made, ERROR_CONFLICT, "where mwatch left it: it is gone");
}

/* As when the last run died before it read the answer. */
static void test_the_branch_is_there_already(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid made = commit_file(f, "a/two", "x");
    assert_well(repository_push(f->r, "mwatch/new", &none, &made, &e), &e);
    assert_well(repository_push(f->r, "mwatch/new", &none, &made, &e), &e);
    assert_string_equal(remote_id(f, "mwatch/new"), made.hex);
}

/* A rebuilt branch does not contain the old one: the lease allows what no plain push would. */
static void test_a_rebuilt_branch(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid made = commit_file(f, "a/two", "x");
    struct oid tip = repository_branch_tip(f->r, "mwatch/jenkins");
    assert_well(repository_push(f->r, "mwatch/jenkins", &tip, &made, &e), &e);
    assert_string_equal(remote_id(f, "mwatch/jenkins"), made.hex);
}

static void test_deleting(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid tip = repository_branch_tip(f->r, "mwatch/jenkins"), other;
    other = repository_base_tip(f->r);
    assert_false(repository_delete(f->r, "mwatch/jenkins", &other, &e));
    assert_error(&e, ERROR_CONFLICT, "where mwatch left it");
    error_clear(&e);
    assert_false(repository_delete(f->r, "mwatch/jenkins", &none, &e));
    assert_error(&e, ERROR_USAGE, "no commit to delete");
    error_clear(&e);
    assert_string_equal(remote_id(f, "mwatch/jenkins"), tip.hex);
    assert_well(repository_delete(f->r, "mwatch/jenkins", &tip, &e), &e);
    assert_string_equal(remote_id(f, "mwatch/jenkins"), "");
    assert_well(repository_delete(f->r, "mwatch/jenkins", &tip, &e), &e);
}

static void test_names(void **state)
{
    struct fixture *f = *state;
    static const char *const bad[] = {"",       "a b", "a..b", "/a",  "a/",
                                      "a.lock", "a:b", "-\n",  "a~1", "@{-1}"};
    struct oid made = commit_file(f, "a/two", "x");
    struct error e = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error_clear(&e);
        assert_false(repository_push(f->r, bad[i], &none, &made, &e));
        assert_error(&e, ERROR_USAGE, "is no name for a branch");
    }
    struct oid base = repository_base_tip(f->r);
    refuse(f, "main", &base, &made, ERROR_USAGE, "main is the base branch");
    refuse(f, "mwatch/x", &none, &none, ERROR_USAGE, "no commit to push");
    struct oid odd = {"not one"};
    refuse(f, "mwatch/x", &none, &odd, ERROR_USAGE, "not an object's id");
}

static void test_a_hook_refuses(void **state)
{
    struct fixture *f = *state;
    struct oid made = commit_file(f, "a/two", "x");
    hook(f, "pre-receive",
         "cat >/dev/null; echo \"no pushes on  Fridays\" >&2; printf \"\\033[2J\" >&2; "
         "exit 1");
    refuse(f, "mwatch/new", &none, &made, ERROR_REFUSED,
           "refuses the push of mwatch/new: pre-receive hook declined: no pushes on  Fridays; "
           "\\x1b[2J");
    hook(f, "pre-receive", "exit 0");
    hook(f, "update", "echo not this one >&2; exit 1");
    refuse(f, "mwatch/new", &none, &made, ERROR_REFUSED, "hook declined: not this one");
}

static void test_the_server_takes_no_deletions(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid tip = repository_branch_tip(f->r, "mwatch/jenkins");
    shell(f->dir, "git -C remote.git config receive.denyDeletes true");
    assert_false(repository_delete(f->r, "mwatch/jenkins", &tip, &e));
    assert_error(&e, ERROR_REFUSED, "deletion prohibited");
}

/* The push stands, as the branch does. */
static void test_a_hook_fails_afterwards(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid made = commit_file(f, "a/two", "x");
    hook(f, "post-receive", "echo mail server is down >&2; exit 1");
    assert_well(repository_push(f->r, "mwatch/new", &none, &made, &e), &e);
    assert_string_equal(remote_id(f, "mwatch/new"), made.hex);
}

/* "ok" was said, and yet the branch is not where it was pushed to. */
static void test_a_push_that_only_seems_well(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid made = commit_file(f, "a/two", "x");
    hook(f, "post-receive", "git update-ref -d refs/heads/mwatch/new");
    assert_false(repository_push(f->r, "mwatch/new", &none, &made, &e));
    assert_error(&e, ERROR_REFUSED, "took the push of mwatch/new, yet the branch is absent");
    error_clear(&e);
    hook(f, "post-receive", "git update-ref refs/heads/mwatch/new main");
    assert_false(repository_push(f->r, "mwatch/new", &none, &made, &e));
    assert_error(&e, ERROR_CONFLICT, "is there already, at ");
}

/* The one who is second in the very moment: somebody moves the branch while the push is on. */
static void test_somebody_is_faster(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid made = commit_file(f, "a/two", "x");
    struct oid tip = repository_branch_tip(f->r, "mwatch/jenkins");
    hook(
        f, "pre-receive",
        "cat >/dev/null; unset GIT_QUARANTINE_PATH; git update-ref refs/heads/mwatch/jenkins main");
    assert_false(repository_push(f->r, "mwatch/jenkins", &tip, &made, &e));
    assert_error(&e, ERROR_CONFLICT, "is no longer at ");
    assert_string_equal(remote_id(f, "mwatch/jenkins"), remote_id(f, "main"));
}

/* What one of several pushers that run at once says: 0 won, 1 a conflict, 2 anything else. */
static int push_alone(struct fixture *f, int number)
{
    struct error e = {0};
    struct repository *r = repository_open(&f->ctx, &f->options, &e);
    struct oid base, made;
    char text[16];
    snprintf(text, sizeof text, "%d\n", number);
    if (!r || !repository_fetch(r, "mwatch/", &e))
        return 2;
    base = repository_base_tip(r);
    struct tree_change change = {"a/two", slice_of(text)};
    if (!repository_commit(r, &base, &change, 1, "m", &made, &e))
        return 2;
    bool won = repository_push(r, "mwatch/race", &none, &made, &e);
    repository_close(r);
    return won ? 0 : e.code == ERROR_CONFLICT ? 1 : 2;
}

static void test_of_several_at_once_one_wins(void **state)
{
    enum { PUSHERS = 5 };
    struct fixture *f = *state;
    pid_t pids[PUSHERS];
    int counts[3] = {0};
    fixture_close(f);
    /* They meet inside the server. */
    hook(f, "pre-receive", "cat >/dev/null; sleep 0.3");
    for (int i = 0; i < PUSHERS; i++) {
        pids[i] = fork();
        assert_int_not_equal(pids[i], -1);
        if (pids[i] == 0)
            _exit(push_alone(f, i));
    }
    for (int i = 0; i < PUSHERS; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 2);
        counts[WEXITSTATUS(status)]++;
    }
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], PUSHERS - 1);
    shell(f->dir, "git -C remote.git fsck --strict");
}

/* Only what the remote lacks is sent. */
static void test_the_pack_is_small(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    shell(f->dir, "cd seed && mkdir big && for n in $(seq 300); do echo $n >big/$n; done && "
                  "git add . && git commit -qm big && git push -q ../remote.git main && "
                  "git -C ../remote.git config receive.unpackLimit 100000");
    fixture_fetch(f);
    struct oid made = commit_file(f, "big/7", "x");
    const char *before = output(&f->a, in_dir(f, "remote.git"), "git count-objects");
    assert_well(repository_push(f->r, "mwatch/new", &none, &made, &e), &e);
    /* A commit, two trees, a blob. */
    assert_int_equal(atoi(output(&f->a, in_dir(f, "remote.git"), "git count-objects")),
                     atoi(before) + 4);
}

/* Fetched from one place and pushed to another that has less: all that is missing is sent. */
static void test_a_remote_that_has_less(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid tip = remote_oid(f, "mwatch/person");
    shell(f->dir, "git init -q --bare fork.git && git -C work fetch -q && "
                  "git -C seed push -q ../fork.git main~4:refs/heads/main && "
                  "git -C work remote set-url --push origin ../fork.git");
    fixture_open(f);
    assert_well(repository_push(f->r, "mwatch/person", &none, &tip, &e), &e);
    assert_string_equal(output(&f->a, in_dir(f, "fork.git"), "git rev-parse mwatch/person"),
                        tip.hex);
    shell(f->dir, "git -C fork.git fsck --strict");
}

static void test_words_of_the_server(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    char *text = NULL;
    size_t len = 0;
    struct oid made = commit_file(f, "a/two", "x");
    f->ctx.level = LOG_INFO;
    f->ctx.messages = open_memstream(&text, &len);
    hook(f, "post-receive", "echo Create a pull request: >&2; echo https://example.org/1 >&2");
    assert_well(repository_push(f->r, "mwatch/new", &none, &made, &e), &e);
    fclose(f->ctx.messages);
    f->ctx.messages = NULL;
    assert_non_null(strstr(text, "Create a pull request:; https://example.org/1"));
    free(text);
}

static void test_the_remote_is_gone(void **state)
{
    struct fixture *f = *state;
    struct oid made = commit_file(f, "a/two", "x");
    struct error e = {0};
    shell(f->dir, "mv remote.git elsewhere.git");
    assert_false(repository_push(f->r, "mwatch/new", &none, &made, &e));
    assert_error(&e, ERROR_REFUSED, "does not appear to be a git repository");
    shell(f->dir, "mv elsewhere.git remote.git && echo broken >remote.git/packed-refs");
    error_clear(&e);
    assert_false(repository_push(f->r, "mwatch/new", &none, &made, &e));
    assert_true(error_is_set(&e));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_new_branch_must_be_new),
        TEST(test_the_branch_moved),
        TEST(test_the_branch_is_there_already),
        TEST(test_a_rebuilt_branch),
        TEST(test_deleting),
        TEST(test_names),
        TEST(test_a_hook_refuses),
        TEST(test_the_server_takes_no_deletions),
        TEST(test_a_hook_fails_afterwards),
        TEST(test_a_push_that_only_seems_well),
        TEST(test_somebody_is_faster),
        TEST(test_of_several_at_once_one_wins),
        TEST(test_the_pack_is_small),
        TEST(test_a_remote_that_has_less),
        TEST(test_words_of_the_server),
        TEST(test_the_remote_is_gone),
    };
    if (!has_git("repository push"))
        return 0;
    forget_configuration();
    return cmocka_run_group_tests_name("repository push", tests, fixture_template_make,
                                       fixture_template_remove);
}
