/* Signatures by ssh-keygen and gpg, verified by git; and programs that do not behave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "git/program.h"
#include "tests/unit/repository_fixture.h"

#include <time.h>

static int set_up(void **state)
{
    struct fixture *f = fixture_make("git clone -q remote.git work");
    f->options.committer = (struct signature){"mwatch", "mwatch@example.org"};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    unsetenv("GNUPGHOME");
    unsetenv("SSH_AUTH_SOCK");
    fixture_free(f);
    return 0;
}

static bool has(const char *program)
{
    struct buf command = {0};
    buf_addf(&command, "command -v %s >/dev/null", program);
    bool found = system(buf_text(&command)) == 0;
    buf_free(&command);
    return found;
}

/* Commit, push, and let git say what it thinks of the signature. */
static void commit_and_verify(struct fixture *f, const char *configuration)
{
    struct error e = {0};
    struct oid none = {""}, made;
    fixture_fetch(f);
    made = commit_file(f, "a/two", "signed\n");
    assert_well(repository_push(f->r, "mwatch/signed", &none, &made, &e), &e);
    shell(in_dir(f, "remote.git"),
          arena_printf(&f->a, "git %s verify-commit mwatch/signed && git fsck --strict",
                       configuration));
    const char *raw = output(&f->a, in_dir(f, "remote.git"), "git cat-file commit mwatch/signed");
    assert_non_null(strstr(raw, "\ngpgsig -----BEGIN "));
    assert_non_null(strstr(raw, "-----\n\nUpdate it"));
}

#define SSH_KEY                                                                                    \
    "ssh-keygen -q -t ed25519 -N '' -C '' -f key && "                                              \
    "echo \"mwatch@example.org $(cat key.pub)\" >allowed"

static const char *allowed(struct fixture *f)
{
    return arena_printf(&f->a, "-c gpg.ssh.allowedSignersFile=%s", in_dir(f, "allowed"));
}

static void test_ssh_key_file(void **state)
{
    struct fixture *f = *state;
    if (!has("ssh-keygen"))
        skip();
    shell(f->dir, SSH_KEY);
    f->options.signing = SIGN_SSH;
    f->options.signing_key = in_dir(f, "key");
    commit_and_verify(f, allowed(f));
}

/* Nothing is random about it, so running twice changes nothing. */
static void test_ssh_twice_the_same(void **state)
{
    struct fixture *f = *state;
    if (!has("ssh-keygen"))
        skip();
    shell(f->dir, SSH_KEY);
    f->options.signing = SIGN_SSH;
    f->options.signing_key = in_dir(f, "key");
    fixture_fetch(f);
    struct oid one = commit_file(f, "a/two", "x"), two = commit_file(f, "a/two", "x");
    assert_string_equal(one.hex, two.hex);
}

static void test_ssh_key_of_the_configuration(void **state)
{
    struct fixture *f = *state;
    if (!has("ssh-keygen"))
        skip();
    shell(f->dir, SSH_KEY "&& git -C work config user.signingKey $PWD/key");
    f->options.signing = SIGN_SSH;
    commit_and_verify(f, allowed(f));
}

static void test_ssh_key_of_an_agent(void **state)
{
    struct fixture *f = *state;
    if (!has("ssh-agent"))
        skip();
    shell(f->dir, SSH_KEY "&& eval $(ssh-agent -a $PWD/agent) && echo $SSH_AGENT_PID >pid && "
                          "ssh-add -q key && rm key");
    setenv("SSH_AUTH_SOCK", in_dir(f, "agent"), 1);
    f->options.signing = SIGN_SSH;
    f->options.signing_key = arena_printf(&f->a, "key::%s", output(&f->a, f->dir, "cat key.pub"));
    commit_and_verify(f, allowed(f));
    f->options.signing_key = output(&f->a, f->dir, "cat key.pub");
    fixture_fetch(f);
    commit_file(f, "a/two", "x");
    shell(f->dir, "kill $(cat pid)");
}

static void test_openpgp(void **state)
{
    struct fixture *f = *state;
    if (!has("gpg"))
        skip();
    setenv("GNUPGHOME", in_dir(f, "gnupg"), 1);
    shell(f->dir, "mkdir -m 700 gnupg && gpg -q --batch --passphrase '' --quick-generate-key "
                  "'mwatch <mwatch@example.org>' ed25519 sign never");
    f->options.signing = SIGN_OPENPGP;
    commit_and_verify(f, "");
    f->options.signing_key = "nobody@example.org";
    struct error e = {0};
    fixture_fetch(f);
    struct oid made, base = repository_base_tip(f->r);
    struct tree_change change = {"a/two", SLICE("x")};
    assert_false(repository_commit(f->r, &base, &change, 1, "m", &made, &e));
    assert_error(&e, ERROR_REFUSED, "cannot sign the commit: gpg: gpg: ");
    shell(f->dir, "gpgconf --kill all || true");
}

static void test_no_signature(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *program, *key, *part;
        enum error_code code;
    } rows[] = {
        {NULL, NULL, "git's user.signingKey names no key", ERROR_USAGE},
        {NULL, "/nonexistent/key", "cannot sign the commit: ssh-keygen: ", ERROR_REFUSED},
        {"/nonexistent/signer", "k", "cannot start /nonexistent/signer", ERROR_SYSTEM},
        {"/bin/true", "k", "/bin/true did not answer with a signature", ERROR_REFUSED},
        {"/bin/false", "k", "/bin/false failed and gives no reason", ERROR_REFUSED},
        {"/bin/cat", "k", "cannot sign the commit: /bin/cat: ", ERROR_REFUSED},
    };
    f->options.signing = SIGN_SSH;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error e = {0};
        f->options.signing_program = rows[i].program;
        f->options.signing_key = rows[i].key;
        fixture_fetch(f);
        struct oid made, base = repository_base_tip(f->r);
        struct tree_change change = {"a/two", SLICE("x")};
        assert_false(repository_commit(f->r, &base, &change, 1, "m", &made, &e));
        assert_error(&e, rows[i].code, rows[i].part);
        assert_string_equal(made.hex, "");
    }
}

/* -- programs as such */

static bool ask(const char *script, const char *input, int64_t allowance, struct buf *out,
                struct error *e)
{
    struct context ctx;
    const char *const arguments[] = {"sh", "-c", script, NULL};
    context_init(&ctx);
    buf_clear(out);
    return program_answer(&ctx, arguments, allowance, slice_of(input), out, e);
}

static void test_answers(void **state)
{
    (void)state;
    struct buf out = {0}, large = {0};
    struct error e = {0};
    assert_well(ask("cat", "hello", 10000, &out, &e), &e);
    assert_string_equal(buf_text(&out), "hello");
    /* More than any pipe holds, both ways. */
    buf_pad(&large, 'x', 1 << 20);
    assert_well(ask("cat; echo noise >&2", buf_text(&large), 10000, &out, &e), &e);
    assert_int_equal(out.len, 1 << 20);
    assert_well(ask("echo early; exec 0<&-; echo done", "unread", 10000, &out, &e), &e);
    assert_string_equal(buf_text(&out), "early\ndone\n");
    buf_free(&large);
    buf_free(&out);
}

static void test_complaints(void **state)
{
    (void)state;
    struct buf out = {0};
    struct error e = {0};
    assert_false(ask("cat >/dev/null; echo 'no key \033[2J' >&2; exit 3", "x", 10000, &out, &e));
    assert_error(&e, ERROR_REFUSED, "sh: no key \\x1b[2J");
    error_clear(&e);
    assert_false(ask("kill -9 $$", "x", 10000, &out, &e));
    assert_error(&e, ERROR_REFUSED, "sh failed and gives no reason");
    error_clear(&e);
    assert_false(ask("yes >&2 & sleep 0.1; kill $!; exit 1", "x", 10000, &out, &e));
    assert_error(&e, ERROR_REFUSED, "sh: y\\x0ay");
    buf_free(&out);
}

static void test_too_slow(void **state)
{
    (void)state;
    struct buf out = {0};
    struct error e = {0};
    time_t start = time(NULL);
    assert_false(ask("exec sleep 60", "x", 1000, &out, &e));
    assert_error(&e, ERROR_REFUSED, "sh did not answer in 1 seconds");
    error_clear(&e);
    /* Closing its output is no end either. */
    assert_false(ask("exec >&- 2>&- <&-; exec sleep 60", "x", 500, &out, &e));
    assert_true(error_is_set(&e));
    assert_true(time(NULL) - start < 30);
    buf_free(&out);
}

/* It gets neither the token nor what tells git of another repository. */
static void test_environment(void **state)
{
    (void)state;
    struct buf out = {0};
    struct error e = {0};
    setenv("GITHUB_TOKEN", "ghp_s3cret", 1);
    setenv("GIT_DIR", "/elsewhere", 1);
    setenv("KEPT", "yes", 1);
    assert_well(ask("echo $GITHUB_TOKEN-$GIT_DIR-$KEPT", "", 10000, &out, &e), &e);
    assert_string_equal(buf_text(&out), "--yes\n");
    unsetenv("GITHUB_TOKEN");
    unsetenv("GIT_DIR");
    unsetenv("KEPT");
    buf_free(&out);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ssh_key_file),
        TEST(test_ssh_twice_the_same),
        TEST(test_ssh_key_of_the_configuration),
        TEST(test_ssh_key_of_an_agent),
        TEST(test_openpgp),
        TEST(test_no_signature),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_too_slow),
        cmocka_unit_test(test_environment),
    };
    if (!has_git("signing"))
        return 0;
    forget_configuration();
    return cmocka_run_group_tests_name("signing", tests, fixture_template_make,
                                       fixture_template_remove);
}
