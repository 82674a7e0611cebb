/* Fetching, reading and committing, compared with what git itself makes and says; and the user's
 * repository afterwards, to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/repository_fixture.h"

#include <dirent.h>

/* -- every kind of clone, and what it is afterwards */

static const struct kind {
    const char *name, *script;
    bool cut; /* history is not whole */
} kinds[] = {
    {"clean", "git clone -q remote.git work", false},
    {"dirty",
     "git clone -q remote.git work && cd work && echo dirty >a/two && echo staged >run && "
     "git add run && echo new >untracked && rm link",
     false},
    {"in the middle of a merge",
     "git clone -q remote.git work && cd work && git checkout -q -b mine HEAD~2 && "
     "echo mine >a/two && git commit -qam mine && ! git merge -q main",
     false},
    {"detached", "git clone -q remote.git work && git -C work checkout -q --detach HEAD~2", false},
    {"bare", "git clone -q --bare remote.git work", false},
    {"mirror", "git clone -q --mirror remote.git work", false},
    {"shallow", "git clone -q --depth 1 file://$PWD/remote.git work", true},
    {"shallow, one branch, detached",
     "git init -q work && cd work && git remote add origin ../remote.git && "
     "git fetch -q --depth 1 origin main && git checkout -q FETCH_HEAD",
     true},
    {"shallow, three deep", "git clone -q --depth 3 file://$PWD/remote.git work", true},
    {"worktree", "git clone -q remote.git main && git -C main worktree add -q -b side ../work",
     false},
    {"worktree of a shallow clone",
     "git clone -q --depth 1 file://$PWD/remote.git main && "
     "git -C main worktree add -q -b side ../work",
     true},
    {"borrowing", "git clone -q --shared remote.git work", false},
    {"borrowing twice",
     "git clone -q --shared remote.git a && git clone -q --shared a work && "
     "git -C work remote set-url origin ../remote.git",
     false},
    {"partial",
     "git -C remote.git config uploadpack.allowFilter true && "
     "git clone -q --no-checkout --filter=blob:none file://$PWD/remote.git work",
     true},
    {"sparse",
     "git clone -q remote.git work && git -C work sparse-checkout set a/b && "
     "git -C work config core.repositoryFormatVersion 1 && "
     "git -C work config extensions.worktreeConfig true",
     false},
    {"packed", "git clone -q remote.git work && git -C work gc -q", false},
    {"empty", "git init -q work && git -C work remote add origin ../remote.git", false},
    {"of one branch", "git clone -q --single-branch -b other remote.git work", false},
    {"with a blank and a percent in its name",
     "mkdir 'a b%20c' && mv remote.git 'a b%20c' && ln -s 'a b%20c/remote.git' remote.git && "
     "git clone -q 'a b%20c/remote.git' 'a b%20c/w' && ln -s 'a b%20c/w' work",
     false},
    {"below its top", "git clone -q remote.git top && ln -s top/a work", false},
};

/* Every file, link and mode below the folder, and every byte. Times are left out: git itself
 * refreshes those of objects that it writes again. */
#define SNAPSHOT                                                                                   \
    "find -L . \\( -type f -o -type l \\) -printf '%p %m %l\\n' | sort; "                          \
    "find -L . -type f -print0 | sort -z | xargs -0 sha256sum"

static const char *snapshot(struct fixture *f)
{
    return output(&f->a, f->dir,
                  "for d in work main top seed; do [ ! -e $d ] || (cd -P $d && " SNAPSHOT
                  "); done");
}

static void check_log(struct fixture *f, const struct kind *k)
{
    struct error e = {0};
    struct branch_commits jenkins, person;
    bool merges = false;
    assert_well(repository_log(f->r, &f->a, "mwatch/jenkins", &jenkins, &e), &e);
    assert_int_equal(jenkins.list.count, 1);
    assert_string_equal(jenkins.list.items[0].oid.hex, remote_id(f, "mwatch/jenkins"));
    assert_string_equal(jenkins.list.items[0].parent.hex, remote_id(f, "mwatch/jenkins~1"));
    assert_string_equal(jenkins.list.items[0].message, "Update one\n");
    assert_int_equal(jenkins.list.items[0].time, NOW);
    if (!k->cut)
        assert_string_equal(jenkins.fork.hex, remote_id(f, "main~2"));
    assert_well(repository_log(f->r, &f->a, "mwatch/person", &person, &e), &e);
    assert_in_range(person.list.count, k->cut ? 1 : 2, 2);
    assert_string_equal(person.list.items[0].author_email, "p@example.org");
    assert_string_equal(person.list.items[0].committer_email, "a@example.org");
    assert_well(repository_merges(f->r, &jenkins.list.items[0].oid, &merges, &e), &e);
    assert_true(merges);
}

static void check_files(struct fixture *f)
{
    struct error e = {0};
    struct buf text = {0};
    struct oid base = repository_base_tip(f->r), jenkins;
    jenkins = repository_branch_tip(f->r, "mwatch/jenkins");
    assert_well(repository_read(f->r, &base, "a/two", &text, &e), &e);
    assert_string_equal(buf_text(&text), "6\n");
    assert_well(repository_read(f->r, &jenkins, "a/b/one", &text, &e), &e);
    assert_string_equal(buf_text(&text), "new\n");
    assert_false(repository_read(f->r, &base, "a/none", &text, &e));
    assert_false(error_is_set(&e));
    assert_int_equal(text.len, 0);
    assert_false(repository_read(f->r, &base, "a/b", &text, &e));
    assert_false(error_is_set(&e));
    buf_free(&text);
}

static void check_push(struct fixture *f)
{
    struct error e = {0};
    struct oid none = {""}, one, two, jenkins = repository_branch_tip(f->r, "mwatch/jenkins");
    one = commit_file(f, "a/b/one", "2\n");
    two = commit_file(f, "deep/er/new", "new\n");
    assert_well(repository_push(f->r, "mwatch/new", &none, &one, &e), &e);
    assert_well(repository_push(f->r, "mwatch/jenkins", &jenkins, &two, &e), &e);
    assert_string_equal(remote_id(f, "mwatch/new"), one.hex);
    assert_string_equal(remote_id(f, "mwatch/jenkins"), two.hex);
    assert_string_equal(output(&f->a, in_dir(f, "remote.git"),
                               "git diff --raw --abbrev=4 --no-renames main mwatch/jenkins"),
                        ":000000 100644 0000 3e75 A\tdeep/er/new");
}

static void test_kind(void **state)
{
    const struct kind *k = *state;
    struct fixture *f = fixture_make(k->script);
    shell(f->dir, MOVE);
    const char *before = snapshot(f);
    struct repository *r = fixture_fetch(f);
    assert_string_equal(repository_base(r), "main");
    assert_string_equal(repository_base_tip(r).hex, remote_id(f, "main"));
    assert_string_equal(repository_branch_tip(r, "mwatch/jenkins").hex,
                        remote_id(f, "mwatch/jenkins"));
    assert_string_equal(repository_branch_tip(r, "other").hex, "");
    check_log(f, k);
    check_files(f);
    check_push(f);
    fixture_close(f);
    assert_string_equal(snapshot(f), before);
    shell(f->dir,
          "git -C remote.git fsck --strict --full && git -C work fsck && git -C work gc -q");
    fixture_free(f);
}

/* -- the rest on a plain clone */

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

/* The id is what git itself gives to the same change by the same people at the same time. */
static void test_same_id_as_git(void **state)
{
    struct fixture *f = *state;
    shell(f->dir, "cd seed && echo 2 >run && mkdir n && printf x >n/f && git add . && "
                  "git commit -qm 'Subject\n\nBody'");
    struct error e = {0};
    struct oid out, again, base = repository_base_tip(f->r);
    struct tree_change changes[] = {{"run", SLICE("2\n")}, {"n/f", SLICE("x")}};
    assert_well(repository_commit(f->r, &base, changes, 2, "Subject\n\nBody", &out, &e), &e);
    assert_string_equal(out.hex, output(&f->a, in_dir(f, "seed"), "git rev-parse HEAD"));
    assert_well(repository_commit(f->r, &base, changes, 2, "Subject\n\nBody", &again, &e), &e);
    assert_string_equal(again.hex, out.hex);
}

static void test_no_file_at_the_path(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *path, *error;
    } rows[] = {
        {"a/b", "a folder is there, not a file"},
        {"link", "a symbolic link is there, not a file"},
        {"a/two/x", "cannot be put together"},
        {"../x", "no path"},
        {"/x", "no path"},
        {"", "no path"},
        {"a//x", "no path"},
        {"a/./x", "no path"},
        {"a/", "no path"},
        {".git/config", "no path"},
        {"a/.GIT/config", "no path"},
        {"a/two", "nothing to commit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error e = {0};
        struct oid out, base = repository_base_tip(f->r);
        struct tree_change change = {rows[i].path, SLICE("6\n")};
        assert_false(repository_commit(f->r, &base, &change, 1, "m", &out, &e));
        assert_error(&e, ERROR_CONFLICT, rows[i].error);
        assert_string_equal(out.hex, "");
    }
}

static void test_an_empty_file(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct buf text = {0};
    struct oid made = commit_file(f, "a/two", "");
    assert_well(repository_read(f->r, &made, "a/two", &text, &e), &e);
    assert_int_equal(text.len, 0);
    buf_free(&text);
}

static void test_many_files(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct oid out, none = {""}, base = repository_base_tip(f->r);
    static const char *const paths[] = {"a/b/c/d", "a/b.c",   "a/b/c-d", "a/b/one", "zz",
                                        "a0/x",    "a-b/x/y", "a/two",   "A/b",     "a/b/c/e/f"};
    struct tree_change changes[10];
    for (size_t i = 0; i < 10; i++)
        changes[i] = (struct tree_change){paths[i], slice_of(paths[i])};
    assert_well(repository_commit(f->r, &base, changes, 10, "m", &out, &e), &e);
    assert_well(repository_push(f->r, "mwatch/many", &none, &out, &e), &e);
    shell(f->dir, "git -C remote.git fsck --strict && rm -rf t && git clone -q -b mwatch/many "
                  "remote.git t && cd t && for p in a/b/c/d a/b.c a/b/c-d a/b/one zz a0/x a-b/x/y "
                  "a/two A/b a/b/c/e/f; do [ \"$(cat $p)\" = $p ] || exit 1; done && [ -x run ] && "
                  "[ -L link ]");
}

static void test_reading_what_is_no_file(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct buf text = BUF_MAX(1);
    struct oid base = repository_base_tip(f->r);
    assert_false(repository_read(f->r, &base, "link", &text, &e));
    assert_error(&e, ERROR_CONFLICT, "symbolic link");
    error_clear(&e);
    assert_false(repository_read(f->r, &base, "a/two", &text, &e));
    assert_error(&e, ERROR_SYSTEM, "a/two: too large");
    error_clear(&e);
    struct oid odd = {"xyz"}, unknown = {"0123456789012345678901234567890123456789"};
    assert_false(repository_read(f->r, &odd, "a/two", &text, &e));
    assert_error(&e, ERROR_USAGE, "not an object's id: \"xyz\"");
    error_clear(&e);
    assert_false(repository_read(f->r, &unknown, "a/two", &text, &e));
    assert_error(&e, ERROR_SYSTEM, "cannot be read");
    buf_free(&text);
}

/* -- what the branches look like */

static void test_a_branch_that_does_not_merge(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    bool merges = true;
    shell(f->dir, "cd seed && git checkout -q -b mwatch/two main~1 && echo other >a/two && "
                  "git commit -qam 'Update two' && git push -q ../remote.git mwatch/two");
    fixture_fetch(f);
    struct oid tip = repository_branch_tip(f->r, "mwatch/two");
    assert_well(repository_merges(f->r, &tip, &merges, &e), &e);
    assert_false(merges);
}

static void test_branches_without_a_common_past(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct branch_commits log;
    bool merges = true;
    shell(f->dir, "cd seed && git checkout -q --orphan mwatch/orphan && git commit -qm alone && "
                  "git push -q ../remote.git mwatch/orphan && git push -q ../remote.git "
                  "main:mwatch/merged");
    fixture_fetch(f);
    struct oid tip = repository_branch_tip(f->r, "mwatch/orphan");
    assert_well(repository_merges(f->r, &tip, &merges, &e), &e);
    assert_false(merges);
    assert_well(repository_log(f->r, &f->a, "mwatch/orphan", &log, &e), &e);
    assert_int_equal(log.list.count, 1);
    assert_string_equal(log.list.items[0].parent.hex, "");
    assert_string_equal(log.fork.hex, "");
    assert_well(repository_log(f->r, &f->a, "mwatch/merged", &log, &e), &e);
    assert_int_equal(log.list.count, 0);
    assert_string_equal(log.fork.hex, remote_id(f, "main"));
    assert_false(repository_log(f->r, &f->a, "mwatch/none", &log, &e));
    assert_error(&e, ERROR_USAGE, "no branch \"mwatch/none\"");
}

static void test_branches_come_and_go(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    const char *const *names = repository_branches(f->r);
    assert_string_equal(names[0], "mwatch/jenkins");
    assert_string_equal(names[1], "mwatch/person");
    assert_null(names[2]);
    shell(f->dir, "git -C remote.git branch -q -D mwatch/jenkins && git -C remote.git branch -q "
                  "mwatch/zlib main && git -C remote.git update-ref refs/heads/other main");
    assert_well(repository_fetch(f->r, "mwatch/", &e), &e);
    assert_string_equal(repository_branches(f->r)[0], "mwatch/person");
    assert_string_equal(repository_branches(f->r)[1], "mwatch/zlib");
    assert_well(repository_fetch(f->r, "no/", &e), &e);
    assert_null(repository_branches(f->r)[0]);
}

static void test_another_base(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    f->options.base = "other";
    fixture_fetch(f);
    assert_string_equal(repository_base(f->r), "other");
    assert_string_equal(repository_base_tip(f->r).hex, remote_id(f, "other"));
    f->options.base = "none";
    fixture_open(f);
    assert_false(repository_fetch(f->r, "mwatch/", &e));
    assert_error(&e, ERROR_USAGE, "has no branch \"none\"");
    assert_string_equal(repository_base_tip(f->r).hex, "");
}

static void test_an_empty_remote(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    shell(f->dir, "git init -q --bare empty.git");
    f->options.remote = in_dir(f, "empty.git");
    fixture_open(f);
    assert_false(repository_fetch(f->r, "mwatch/", &e));
    assert_error(&e, ERROR_USAGE, "empty.git");
}

/* -- opening */

static void refuse(struct fixture *f, const char *part)
{
    struct error e = {0};
    fixture_close(f);
    f->r = repository_open(&f->ctx, &f->options, &e);
    assert_null(f->r);
    assert_error(&e, ERROR_USAGE, part);
    assert_null(strstr(e.message, "s3cret"));
}

static void test_what_cannot_be_opened(void **state)
{
    struct fixture *f = *state;
    const char *work = f->options.directory;
    f->options.directory = f->dir;
    refuse(f, "is not in a git repository");
    f->options.directory = "/nonexistent";
    refuse(f, "is not in a git repository");
    f->options.directory = work;
    f->options.remote = "upstream";
    refuse(f, "has no remote \"upstream\"");
    f->options.remote = "no such name";
    refuse(f, "has no remote \"no such name\"");
    f->options.remote = "https://me:s3cret@exa mple.org/x";
    refuse(f, "cannot be read");
    f->options.remote = "https://";
    refuse(f, "cannot be read");
}

static void test_who_commits(void **state)
{
    struct fixture *f = *state;
    struct oid out;
    f->options.author = f->options.committer = (struct signature){NULL, NULL};
    refuse(f, "no name for the author of commits: set it with `git config --global user.name`");
    shell(f->dir, "git -C work config user.name Config");
    refuse(f, "no email for the author");
    shell(f->dir, "git -C work config user.email c@example.org");
    shell(f->dir, "git -C work config committer.name Other");
    setenv("GIT_AUTHOR_EMAIL", "v@example.org", 1);
    fixture_fetch(f);
    unsetenv("GIT_AUTHOR_EMAIL");
    out = commit_file(f, "a/two", "x");
    struct error e = {0};
    struct oid none = {""};
    assert_well(repository_push(f->r, "mwatch/who", &none, &out, &e), &e);
    assert_string_equal(output(&f->a, in_dir(f, "remote.git"),
                               "git log -1 --format='%an <%ae> %cn <%ce> %at %ct' mwatch/who"),
                        "Config <v@example.org> Other <c@example.org> 1700000000 1700000000");
}

static void test_who_cannot_commit(void **state)
{
    struct fixture *f = *state;
    static const char *const rows[] = {"a\nparent 0", "a <b", " ", "a\x1b[2J", ""};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        f->options.author.name = rows[i];
        refuse(f, "the author of commits cannot be");
    }
}

static void test_addresses(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *address, *shown;
    } rows[] = {
        {"https://me:s3cret@example.org/o/r.git", "https://example.org/o/r.git"},
        {"https://s3cret@example.org/o/r", "https://example.org/o/r"},
        {"https://example.org:8443/o/r", "https://example.org:8443/o/r"},
        {"git@example.org:o/r.git", "git@example.org:o/r.git"},
        {"ssh://git@example.org/o/r.git", "ssh://example.org/o/r.git"},
        {"gh:o/r", "https://example.org/o/r"},
        {"/nonexistent/r.git", "/nonexistent/r.git"},
    };
    shell(f->dir, "git -C work config url.https://example.org/.insteadOf gh:");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        f->options.remote = rows[i].address;
        assert_string_equal(repository_remote_url(fixture_open(f)), rows[i].shown);
    }
    shell(f->dir, "git -C work remote set-url origin https://a:s3cret@example.org/x && "
                  "git -C work config remote.origin.pushurl ../remote.git");
    f->options.remote = NULL;
    assert_string_equal(repository_remote_url(fixture_open(f)), "https://example.org/x");
}

static void test_where_it_stands(void **state)
{
    struct fixture *f = *state;
    shell(f->dir, "ln -s work/a/b short && git clone -q --bare remote.git bare");
    assert_string_equal(repository_prefix(fixture_open(f)), "");
    f->options.directory = in_dir(f, "work/a/b/");
    assert_string_equal(repository_prefix(fixture_open(f)), "a/b/");
    f->options.directory = in_dir(f, "short");
    assert_string_equal(repository_prefix(fixture_open(f)), "a/b/");
    f->options.directory = in_dir(f, "bare");
    assert_string_equal(repository_prefix(fixture_open(f)), "");
    assert_string_equal(repository_committer(f->r).name, "a");
    assert_string_equal(repository_committer(f->r).email, "a@example.org");
}

static void test_what_cannot_be_reached(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *address, *part;
        enum error_code code;
    } rows[] = {
        {"/nonexistent/r.git", "does not appear to be a git repository", ERROR_REFUSED},
        {"file:///nonexistent/%00", "not a path", ERROR_NETWORK},
        {"foo://example.org/x", "this kind of address is not known", ERROR_USAGE},
        {"https://a:s3cret@127.0.0.1:1/x", "cannot fetch from https://127.0.0.1:1/x",
         ERROR_NETWORK},
        {"git://127.0.0.1:1/x", "cannot fetch from git://127.0.0.1:1/x", ERROR_NETWORK},
        {"ssh://git@127.0.0.1:1/x", "ssh://127.0.0.1:1/x", ERROR_NETWORK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error e = {0};
        f->options.remote = rows[i].address;
        fixture_open(f);
        assert_false(repository_fetch(f->r, "mwatch/", &e));
        assert_error(&e, rows[i].code, rows[i].part);
        assert_null(strstr(e.message, "s3cret"));
    }
}

static const struct CMUnitTest plain[] = {
    cmocka_unit_test_setup_teardown(test_same_id_as_git, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_no_file_at_the_path, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_an_empty_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_many_files, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_reading_what_is_no_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_a_branch_that_does_not_merge, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_branches_without_a_common_past, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_branches_come_and_go, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_another_base, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_an_empty_remote, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_cannot_be_opened, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_who_commits, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_who_cannot_commit, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_where_it_stands, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_cannot_be_reached, set_up, tear_down),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int main(void)
{
    struct CMUnitTest tests[COUNT(kinds) + COUNT(plain)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT(kinds); i++)
        tests[n++] =
            (struct CMUnitTest){kinds[i].name, test_kind, NULL, NULL, (void *)(uintptr_t)&kinds[i]};
    for (size_t i = 0; i < COUNT(plain); i++)
        tests[n++] = plain[i];
    if (!has_git("repository"))
        return 0;
    forget_configuration();
    return cmocka_run_group_tests_name("repository", tests, fixture_template_make,
                                       fixture_template_remove);
}
