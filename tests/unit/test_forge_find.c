/* What was proposed before: every page of it, or an error. */
#include "tests/unit/forge/hub.h"

static struct proposals found;

static bool pulls_of(const char *branch)
{
    found = (struct proposals){0};
    return forge_github.pulls_of(hub.session, &hub.arena, branch, &found, &hub.e);
}

static bool open_pulls(const char *prefix)
{
    found = (struct proposals){0};
    return forge_github.open_pulls(hub.session, &hub.arena, prefix, &found, &hub.e);
}

static bool issues_with(const char *marker)
{
    found = (struct proposals){0};
    return forge_github.issues_with(hub.session, &hub.arena, marker, &found, &hub.e);
}

static void make_pulls(size_t count, const char *branch, const char *more)
{
    hub_tell("pull", arena_printf(&hub.arena,
                                  "{\"repository\": \"octo/recipes\", \"head\": \"%s\", "
                                  "\"count\": %zu%s}",
                                  branch, count, more));
}

static void nothing_was_proposed(void **state)
{
    (void)state;
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 0);
    assert_well(open_pulls("mwatch/"));
    assert_int_equal(found.list.count, 0);
    assert_well(issues_with("<!-- mwatch:"));
    assert_int_equal(found.list.count, 0);
}

static void all_that_a_pull_request_tells(void **state)
{
    (void)state;
    make_pulls(1, "mwatch/redis", ", \"draft\": true, \"body\": \"<!-- mwatch -->\"");
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"auto_merge\": "
                     "\"SQUASH\", \"labels\": [\"Dependencies\"], \"assignees\": [\"hubot\"], "
                     "\"milestone\": \"autumn\", \"reviewers\": [\"octocat\"], \"teams\": "
                     "[\"maintainers\"]}");
    hub_set("\"labels\": {\"dependencies\": {\"name\": \"Dependencies\", \"color\": \"ededed\"}}");
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 1);
    const struct proposal *p = &found.list.items[0];
    assert_int_equal(p->kind, PROPOSAL_PULL);
    assert_int_equal(p->state, PROPOSAL_OPEN);
    assert_int_equal(p->number, 1);
    assert_string_equal(p->node, "PR_1000_1");
    assert_string_equal(p->url, arena_printf(&hub.arena, "%s/octo/recipes/pull/1", hub.url));
    assert_string_equal(p->title, "pull");
    assert_string_equal(p->body, "<!-- mwatch -->");
    assert_string_equal(p->branch, "mwatch/redis");
    assert_string_equal(p->base, "main");
    assert_int_equal(strlen(p->head), 40);
    assert_string_equal(p->author, "person");
    assert_true(p->draft && p->auto_merge);
    assert_int_equal(p->closed_at, 0);
    assert_string_equal(p->labels.items[0], "Dependencies");
    assert_string_equal(p->assignees.items[0], "hubot");
    assert_string_equal(p->reviewers.items[0], "octocat");
    assert_string_equal(p->team_reviewers.items[0], "maintainers");
    assert_string_equal(p->milestone, "autumn");
}

static void closed_and_merged_differ(void **state)
{
    (void)state;
    make_pulls(3, "mwatch/redis", "");
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"state\": \"closed\"}");
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 2, \"state\": \"closed\", "
                     "\"merged_at\": \"2026-05-06T08:34:24Z\"}");
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 3);
    assert_int_equal(found.list.items[0].state, PROPOSAL_OPEN);
    assert_int_equal(found.list.items[1].state, PROPOSAL_MERGED);
    assert_int_equal(found.list.items[2].state, PROPOSAL_CLOSED);
    assert_true(found.list.items[2].closed_at > 1700000000);
}

/* The newest change comes first; reading stops at what was changed before. */
static void merged_since(void **state)
{
    struct proposals all = {0};
    (void)state;
    make_pulls(205, "mwatch/redis", "");
    for (int number = 1; number <= 205; number++)
        hub_tell("item",
                 arena_printf(&hub.arena,
                              "{\"repository\": \"octo/recipes\", \"number\": %d, \"state\": "
                              "\"closed\", \"merged_at\": %s, \"closed_at\": "
                              "\"2026-05-%02dT08:34:24Z\", \"updated_at\": "
                              "\"2026-05-%02dT09:00:00Z\"}",
                              number, number % 2 ? "\"2026-05-06T08:34:24Z\"" : "null",
                              number <= 103 ? 1 : 6, number <= 103 ? 2 : 7));
    int64_t since = 1777766400; /* 2026-05-03 */
    assert_well(forge_github.merged_pulls(hub.session, &hub.arena, "mwatch/", since, &all, &hub.e));
    assert_int_equal(all.list.count, 51); /* 105, 107 ... 205 */
    for (size_t i = 0; i < all.list.count; i++)
        assert_int_equal(all.list.items[i].state, PROPOSAL_MERGED);
    assert_int_equal(hub_count("GET", "/repositories/1000/pulls"), 1);
    all = (struct proposals){0};
    assert_well(forge_github.merged_pulls(hub.session, &hub.arena, "mwatch/j", 0, &all, &hub.e));
    assert_int_equal(all.list.count, 0);
}

static void a_fork_s_branch_is_not_ours(void **state)
{
    (void)state;
    make_pulls(1, "mwatch/redis", ", \"fork\": \"octo/fork\"");
    make_pulls(1, "mwatch/redis", ", \"fork\": \"stranger/recipes\"");
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 0);
    assert_well(open_pulls("mwatch/"));
    assert_int_equal(found.list.count, 0);
}

/* A title prefix once took foo/1.10 for foo/1.1. */
static void branches_are_compared_whole(void **state)
{
    (void)state;
    make_pulls(1, "mwatch/jenkins", "");
    make_pulls(1, "mwatch/c++", "");
    assert_well(pulls_of("mwatch/jen"));
    assert_int_equal(found.list.count, 0);
    assert_well(pulls_of("mwatch/c++"));
    assert_int_equal(found.list.count, 1);
    assert_well(open_pulls("mwatch/jen"));
    assert_int_equal(found.list.count, 1);
    assert_well(open_pulls(""));
    assert_int_equal(found.list.count, 2);
}

static void every_page_is_read(void **state)
{
    (void)state;
    make_pulls(230, "mwatch/redis", "");
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 230);
    assert_int_equal(hub_count("GET", "/repositories/1000/pulls"), 2);
    assert_well(open_pulls("mwatch/redis"));
    assert_int_equal(found.list.count, 230);
}

static void a_page_that_fails_is_an_error(void **state)
{
    (void)state;
    make_pulls(150, "mwatch/redis", "");
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"page=2\", \"status\": 502, \"times\": 50}");
    assert_fails(pulls_of("mwatch/redis"), ERROR_NETWORK, "GitHub: cannot list pull requests");
    assert_fails(open_pulls("mwatch/"), ERROR_NETWORK, "HTTP 502");
}

static void a_server_error_passes(void **state)
{
    (void)state;
    make_pulls(1, "mwatch/redis", "");
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/pulls\", \"status\": 500, \"times\": 2}");
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 1);
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 502}");
    assert_well(issues_with("<!-- mwatch:"));
}

static void secondary_limits_are_waited_for(void **state)
{
    (void)state;
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/pulls\", \"status\": 403, \"headers\": "
                     "{\"Retry-After\": \"5\"}, \"body\": {\"message\": \"You have exceeded a "
                     "secondary rate limit\"}}");
    int64_t before = context_milliseconds(&hub.t.ctx);
    assert_well(pulls_of("mwatch/redis"));
    assert_true(context_milliseconds(&hub.t.ctx) - before >= 5000);
}

static void a_quota_that_is_used_up_is_said(void **state)
{
    (void)state;
    const char *reset =
        arena_printf(&hub.arena, "%lld", (long long)context_now(&hub.t.real) + 1800);
    hub_tell("fail", arena_printf(&hub.arena,
                                  "{\"method\": \"GET\", \"path\": \"/pulls\", \"status\": 403, "
                                  "\"headers\": {\"X-RateLimit-Remaining\": \"0\", "
                                  "\"X-RateLimit-Reset\": \"%s\"}}",
                                  reset));
    assert_fails(pulls_of("mwatch/redis"), ERROR_NETWORK, "rate limit");
}

static void odd_answers_are_errors(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "[{\"number\": 1}]",
        "[null]",
        "[{\"number\": 0, \"node_id\": \"x\", \"html_url\": \"x\", \"title\": \"x\", \"state\": "
        "\"open\"}]",
        "[{\"number\": 1, \"node_id\": \"x\", \"html_url\": \"x\", \"title\": \"x\", \"state\": "
        "\"other\"}]",
        "[{\"number\": 1, \"node_id\": \"x\", \"html_url\": \"x\", \"title\": \"x\", \"state\": "
        "\"open\"}]",
        "\"<html>\"",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        hub_tell("fail", arena_printf(&hub.arena,
                                      "{\"method\": \"GET\", \"path\": \"/pulls\", \"status\": "
                                      "200, \"body\": %s}",
                                      bodies[i]));
        assert_fails(pulls_of("mwatch/redis"), ERROR_UPSTREAM, "GitHub's answer");
    }
}

static void the_token_goes_to_no_other_server(void **state)
{
    (void)state;
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/pulls\", \"status\": 200, \"body\": [], "
                     "\"headers\": {\"Link\": \"<https://evil.example/pulls?page=2>; "
                     "rel=\\\"next\\\"\"}}");
    assert_fails(pulls_of("mwatch/redis"), ERROR_REFUSED, "another server");
}

/* The old name redirects, but `head=OLD:branch` finds nothing there. */
static void a_renamed_repository_is_found(void **state)
{
    (void)state;
    make_pulls(1, "mwatch/redis", "");
    hub_tell("rename", "{\"old\": \"octo/recipes\", \"new\": \"newowner/images\"}");
    assert_well(pulls_of("mwatch/redis"));
    assert_int_equal(found.list.count, 1);
    assert_well(issues_with("<!-- mwatch:"));
}

static void issues_are_no_pull_requests(void **state)
{
    (void)state;
    make_pulls(1, "mwatch/redis", ", \"body\": \"<!-- mwatch:redis -->\"");
    hub_tell("issues", "{\"repository\": \"octo/recipes\", \"count\": 1, \"body\": \"text <!-- "
                       "mwatch:redis:8 -->\"}");
    hub_tell("issues",
             "{\"repository\": \"octo/recipes\", \"count\": 1, \"body\": \"a person's\"}");
    hub_tell("issues", "{\"repository\": \"octo/recipes\", \"count\": 1, \"body\": null}");
    assert_well(issues_with("<!-- mwatch:"));
    assert_int_equal(found.list.count, 1);
    const struct proposal *p = &found.list.items[0];
    assert_int_equal(p->kind, PROPOSAL_ISSUE);
    assert_int_equal(p->number, 2);
    assert_string_equal(p->node, "I_1000_2");
    assert_string_equal(p->title, "issue 0");
    assert_string_equal(p->author, "person");
    assert_null(p->branch);
}

static void all_that_an_issue_tells(void **state)
{
    (void)state;
    hub.token = "Bearer workflow-token";
    hub_tell("issues", "{\"repository\": \"octo/recipes\", \"count\": 1, \"body\": \"mwatch:\"}");
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"state\": \"closed\", "
                     "\"labels\": [\"one\", \"two\"], \"assignees\": [\"hubot\"], \"milestone\": "
                     "\"winter\"}");
    assert_well(issues_with("mwatch:"));
    const struct proposal *p = &found.list.items[0];
    assert_int_equal(p->state, PROPOSAL_CLOSED);
    assert_true(p->closed_at > 1700000000);
    assert_int_equal(p->labels.count, 2);
    assert_string_equal(p->labels.items[1], "two");
    assert_string_equal(p->assignees.items[0], "hubot");
    assert_string_equal(p->milestone, "winter");
}

static void every_page_of_issues_is_read(void **state)
{
    (void)state;
    hub_tell("issues", "{\"repository\": \"octo/recipes\", \"count\": 250, \"body\": \"mwatch:\"}");
    assert_well(issues_with("mwatch:"));
    assert_int_equal(found.list.count, 250);
    assert_int_equal(found.list.items[249].number, 250);
    assert_int_equal(hub_count("POST", "/graphql"), 3);
}

static void half_an_answer_is_none(void **state)
{
    (void)state;
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 200, \"body\": "
                     "{\"data\": {\"repository\": null}, \"errors\": [{\"type\": \"NOT_FOUND\", "
                     "\"message\": \"Could not resolve to a Repository\"}]}}");
    assert_fails(issues_with("mwatch:"), ERROR_REFUSED, "Could not resolve");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 200, \"body\": "
                     "{\"errors\": [{\"message\": \"Something went wrong while executing your "
                     "query.\"}]}}");
    assert_fails(issues_with("mwatch:"), ERROR_NETWORK, "Something went wrong");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 200, \"body\": "
                     "{\"data\": {\"repository\": null}}}");
    assert_fails(issues_with("mwatch:"), ERROR_UPSTREAM, "cannot list issues");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 200, \"body\": "
                     "{\"data\": {\"repository\": {\"issues\": {\"nodes\": [], \"pageInfo\": "
                     "{\"hasNextPage\": true, \"endCursor\": null}}}}}}");
    assert_fails(issues_with("mwatch:"), ERROR_UPSTREAM, "no end");
}

static void tokens_that_do_not_fit(void **state)
{
    (void)state;
    hub.token = "Bearer wrong";
    hub_open("octo/recipes", 100);
    assert_fails(pulls_of("x"), ERROR_USAGE, "Bad credentials (HTTP 401); the token is wrong");
    hub.token = NULL;
    hub_open("octo/recipes", 100);
    assert_fails(pulls_of("x"), ERROR_USAGE, "Requires authentication");
    hub.token = "Bearer user-token";
    hub_open("octo/none", 100);
    assert_fails(issues_with("x"), ERROR_REFUSED, "octo/none: GitHub: cannot read the repository");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hub_reset, hub_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_was_proposed),
        TEST(all_that_a_pull_request_tells),
        TEST(closed_and_merged_differ),
        TEST(merged_since),
        TEST(a_fork_s_branch_is_not_ours),
        TEST(branches_are_compared_whole),
        TEST(every_page_is_read),
        TEST(a_page_that_fails_is_an_error),
        TEST(a_server_error_passes),
        TEST(secondary_limits_are_waited_for),
        TEST(a_quota_that_is_used_up_is_said),
        TEST(odd_answers_are_errors),
        TEST(the_token_goes_to_no_other_server),
        TEST(a_renamed_repository_is_found),
        TEST(issues_are_no_pull_requests),
        TEST(all_that_an_issue_tells),
        TEST(every_page_of_issues_is_read),
        TEST(half_an_answer_is_none),
        TEST(tokens_that_do_not_fit),
    };
    return cmocka_run_group_tests_name("forge_find", tests, hub_start, hub_stop);
}
