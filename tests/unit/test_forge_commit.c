/* Commits through the API: the right tree, the right parent, and a branch that moves only from
 * where it was believed to be. */
#include "tests/unit/forge/hub.h"

static const char *commit_id;

static bool commit(const char *parent, const struct forge_file *files, size_t count,
                   const char *branch, const char *expected)
{
    commit_id = NULL;
    return forge_github.commit(hub.session, &hub.arena, parent, files, count, "redis 7.2.5\n",
                               branch, expected, &commit_id, &hub.e);
}

static const char *tip(const char *branch)
{
    const json_t *refs = json_object_get(hub_state(), "refs");
    const char *sha = json_string_at(refs, arena_printf(&hub.arena, "refs/heads/%s", branch));
    return sha ? sha : "";
}

/* What git itself says of the double's repository. */
static const char *git(const char *arguments)
{
    const json_t *folder = json_object_get(hub_state(), "directory");
    const char *command = arena_printf(&hub.arena, "git -c safe.directory='*' --git-dir='%s' %s",
                                       json_string_value(folder), arguments);
    struct buf text = {0};
    char chunk[4096];
    size_t got;
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    while ((got = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(&text, slice_new(chunk, got));
    assert_int_equal(pclose(pipe), 0);
    const char *copy = arena_text(&hub.arena, slice_trim(buf_slice(&text)));
    buf_free(&text);
    return copy;
}

static const char *show(const char *format, const char *id)
{
    return git(arena_printf(&hub.arena, format, id));
}

#define REDIS "package:\n  name: redis\n  version: \"7.2.5\"\n"
static const struct forge_file redis = {"redis/melange.yaml", {REDIS, sizeof REDIS - 1}};

static void a_new_branch(void **state)
{
    (void)state;
    const char *base = tip("main");
    assert_well(commit(base, &redis, 1, "mwatch/new", ""));
    assert_string_equal(tip("mwatch/new"), commit_id);
    assert_string_equal(show("log -1 --format=%%P %s", commit_id), base);
    assert_string_equal(show("log -1 --format=%%B %s", commit_id), "redis 7.2.5");
    assert_string_equal(show("show %s:redis/melange.yaml", commit_id),
                        "package:\n  name: redis\n  version: \"7.2.5\"");
    assert_string_equal(show("show %s:README", commit_id), "recipes");
    assert_string_equal(show("diff --name-only main %s", commit_id), "redis/melange.yaml");
    assert_string_equal(tip("main"), base);
}

static void an_app_s_commit_is_verified(void **state)
{
    (void)state;
    hub.token = "Bearer workflow-token";
    assert_well(commit(tip("main"), &redis, 1, "mwatch/new", ""));
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(hub_state(), "verified"), 0)), commit_id);
}

static void on_top_of_the_branch(void **state)
{
    (void)state;
    const char *before = tip("mwatch/jenkins");
    assert_well(commit(before, &redis, 1, "mwatch/jenkins", before));
    assert_string_equal(tip("mwatch/jenkins"), commit_id);
    assert_string_equal(show("log -1 --format=%%P %s", commit_id), before);
    assert_int_equal(hub_count("POST", "/graphql"), 0);
}

/* The branch's own commit goes: no fast-forward, so the server itself has to keep the lease. */
static void rebuilt_on_another_base(void **state)
{
    (void)state;
    const char *before = tip("mwatch/redis");
    hub_tell("put", "{\"repository\": \"octo/recipes\", \"branch\": \"main\", \"files\": {\"new\": "
                    "\"base\\n\"}}");
    const char *base = tip("main");
    assert_well(commit(base, &redis, 1, "mwatch/redis", before));
    assert_string_equal(tip("mwatch/redis"), commit_id);
    assert_string_equal(show("log -1 --format=%%P %s", commit_id), base);
    assert_int_equal(hub_count("PATCH", "/git/refs"), 0);
}

static void nothing_of_somebody_else_s_is_overwritten(void **state)
{
    (void)state;
    const char *base = tip("main"), *before = tip("mwatch/redis");
    size_t writes = hub_writes();
    assert_fails(commit(base, &redis, 1, "mwatch/redis", ""), ERROR_CONFLICT,
                 "branch mwatch/redis was changed meanwhile: it is at");
    assert_fails(commit(base, &redis, 1, "mwatch/redis", base), ERROR_CONFLICT, "changed");
    assert_fails(commit(base, &redis, 1, "mwatch/gone", base), ERROR_CONFLICT, "it is gone");
    assert_int_equal(hub_writes(), writes);
    assert_string_equal(tip("mwatch/redis"), before);
    assert_null(commit_id);
}

/* Somebody pushes between our look at the branch and our write. */
static void not_even_at_the_last_moment(void **state)
{
    (void)state;
    const char *before = tip("mwatch/redis");
    const char *stale = arena_printf(&hub.arena,
                                     "{\"method\": \"GET\", \"path\": \"/git/ref/heads\", "
                                     "\"status\": 200, \"body\": {\"object\": {\"sha\": \"%s\"}}}",
                                     before);
    hub_tell("put", "{\"repository\": \"octo/recipes\", \"branch\": \"mwatch/redis\", \"files\": "
                    "{\"fix\": \"a person's\\n\"}}");
    const char *theirs = tip("mwatch/redis");
    hub_tell("fail", stale);
    assert_fails(commit(before, &redis, 1, "mwatch/redis", before), ERROR_CONFLICT,
                 "not a fast forward");
    hub_tell("fail", stale);
    assert_fails(commit(tip("main"), &redis, 1, "mwatch/redis", before), ERROR_CONFLICT,
                 "branch mwatch/redis was changed meanwhile: it is at");
    assert_string_equal(tip("mwatch/redis"), theirs);
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/git/ref/heads\", \"status\": 404}");
    assert_fails(commit(tip("main"), &redis, 1, "mwatch/redis", ""), ERROR_CONFLICT,
                 "Reference already exists");
    assert_string_equal(tip("mwatch/redis"), theirs);
}

/* It moved, but the answer was lost. */
static void a_move_whose_answer_was_lost(void **state)
{
    (void)state;
    const char *before = tip("mwatch/jenkins");
    hub_tell("fail", "{\"method\": \"PATCH\", \"path\": \"/git/refs\", \"status\": 502, \"after\": "
                     "true}");
    assert_well(commit(before, &redis, 1, "mwatch/jenkins", before));
    assert_string_equal(tip("mwatch/jenkins"), commit_id);
    before = tip("mwatch/redis");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 502, \"after\": "
                     "true}");
    assert_well(commit(tip("main"), &redis, 1, "mwatch/redis", before));
    assert_string_equal(tip("mwatch/redis"), commit_id);
}

static void modes_and_bytes_stay(void **state)
{
    static const char bytes[] = "\x7f"
                                "ELF\0\xff\xfe\r\n";
    (void)state;
    hub_tell("entries", "{\"repository\": \"octo/recipes\", \"branch\": \"main\", \"entries\": "
                        "[[\"100755\", \"run\\n\", \"bin/run\"], [\"120000\", \"run\", "
                        "\"bin/link\"]]}");
    const struct forge_file files[] = {
        {"bin/run", SLICE("#!/bin/sh\r\n# no end of line: \xc3\xa9")},
        {"bin/data", {bytes, sizeof bytes - 1}},
        {"new/folder/file", SLICE("")},
    };
    assert_well(commit(tip("main"), files, 3, "mwatch/new", ""));
    assert_contains(show("ls-tree -r %s", commit_id), "100755 blob");
    assert_contains(show("ls-tree -r %s", commit_id), "120000 blob");
    assert_string_equal(show("show %s:bin/run | od -An -tx1 | tail -n 1", commit_id),
                        "65 6e 64 20 6f 66 20 6c 69 6e 65 3a 20 c3 a9");
    assert_string_equal(show("show %s:bin/data | od -An -tx1", commit_id),
                        "7f 45 4c 46 00 ff fe 0d 0a");
    assert_string_equal(show("cat-file -s %s:new/folder/file", commit_id), "0");
    const struct forge_file link = {"bin/link", SLICE("x")}, folder = {"bin", SLICE("x")};
    assert_fails(commit(tip("main"), &link, 1, "mwatch/other", ""), ERROR_CONFLICT,
                 "bin/link is no file");
    assert_fails(commit(tip("main"), &folder, 1, "mwatch/other", ""), ERROR_CONFLICT,
                 "bin is no file");
    assert_string_equal(tip("mwatch/other"), "");
}

static void a_parent_that_is_not_there(void **state)
{
    (void)state;
    assert_fails(commit("0123456789012345678901234567890123456789", &redis, 1, "mwatch/new", ""),
                 ERROR_REFUSED, "cannot read the base commit");
    hub.token = "Bearer reader-token";
    assert_fails(commit(tip("main"), &redis, 1, "mwatch/new", ""), ERROR_REFUSED,
                 "(needed: contents=write)");
    assert_string_equal(tip("mwatch/new"), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hub_reset, hub_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_branch),
        TEST(an_app_s_commit_is_verified),
        TEST(on_top_of_the_branch),
        TEST(rebuilt_on_another_base),
        TEST(nothing_of_somebody_else_s_is_overwritten),
        TEST(not_even_at_the_last_moment),
        TEST(a_move_whose_answer_was_lost),
        TEST(modes_and_bytes_stay),
        TEST(a_parent_that_is_not_there),
    };
    return cmocka_run_group_tests_name("forge_commit", tests, hub_start, hub_stop);
}
