/* Auto-merge, dispatches, and what is to be known about the repository and the token. */
#include "tests/unit/forge/hub.h"

static struct proposal made;

static void open_pull(bool draft)
{
    struct proposal_text text = pull_text();
    text.draft = draft;
    assert_well(forge_github.create(hub.session, &hub.arena, PROPOSAL_PULL, &text, &made, &hub.e));
}

static bool auto_merge(enum merge_method method)
{
    return forge_github.auto_merge(hub.session, &made, method, &hub.e);
}

static struct proposal reread(void)
{
    struct proposals found = {0};
    assert_well(forge_github.pulls_of(hub.session, &hub.arena, "mwatch/redis", &found, &hub.e));
    return found.list.items[0];
}

static void auto_merge_is_switched_on(void **state)
{
    (void)state;
    open_pull(false);
    assert_well(auto_merge(MERGE_SQUASH));
    assert_true(reread().auto_merge);
    size_t before = hub_count("POST", "/graphql");
    made = reread();
    assert_well(auto_merge(MERGE_SQUASH));
    assert_int_equal(hub_count("POST", "/graphql"), before);
}

static void auto_merge_is_switched_off(void **state)
{
    (void)state;
    open_pull(false);
    assert_well(forge_github.no_auto_merge(hub.session, &made, &hub.e));
    assert_int_equal(hub_count("POST", "/graphql"), 0);
    assert_well(auto_merge(MERGE_SQUASH));
    made = reread();
    assert_well(forge_github.no_auto_merge(hub.session, &made, &hub.e));
    assert_false(reread().auto_merge);
}

/* What mwatch switched off for a while it may switch on again; what a person did stays. */
static void a_person_who_switches_auto_merge_off(void **state)
{
    (void)state;
    open_pull(false);
    assert_well(auto_merge(MERGE_SQUASH));
    made = reread();
    assert_well(forge_github.no_auto_merge(hub.session, &made, &hub.e));
    made = reread();
    assert_well(auto_merge(MERGE_SQUASH));
    assert_true(reread().auto_merge);
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"auto_merge\": null, "
                     "\"event\": \"auto_merge_disabled\", \"actor\": \"hubot\"}");
    made = reread();
    assert_well(auto_merge(MERGE_SQUASH));
    assert_false(reread().auto_merge);
}

static size_t events_read(void)
{
    return hub_count("GET", "/issues/1/events");
}

/* Nobody had a say in a pull request that was opened just now; for others one look does. */
static void events_are_read_once(void **state)
{
    static const char *labels[] = {"dependencies"};
    struct proposal_text more = {.labels = {labels, 1, 1}};
    (void)state;
    open_pull(false);
    assert_well(auto_merge(MERGE_SQUASH));
    assert_int_equal(events_read(), 0);
    made = reread();
    assert_well(forge_github.no_auto_merge(hub.session, &made, &hub.e));
    made = reread();
    made.labels.count = 0;
    assert_well(forge_github.update(hub.session, &made, &more, &hub.e));
    assert_well(auto_merge(MERGE_SQUASH));
    assert_int_equal(events_read(), 1);
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"auto_merge\": null, "
                     "\"event\": \"auto_merge_disabled\", \"actor\": \"hubot\"}");
    made = reread();
    assert_well(auto_merge(MERGE_SQUASH));
    assert_int_equal(events_read(), 2);
    made.labels.count = 0;
    assert_well(forge_github.update(hub.session, &made, &more, &hub.e));
    assert_well(auto_merge(MERGE_SQUASH));
    assert_int_equal(events_read(), 3);
    assert_false(reread().auto_merge);
}

static void a_repository_without_auto_merge(void **state)
{
    (void)state;
    open_pull(false);
    hub_set("\"allow_auto_merge\": false");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_REFUSED,
                 "GitHub: no auto-merge for pull request 1: the repository allows no auto-merge: "
                 "switch on \"Allow auto-merge\" under Settings > General");
    assert_false(reread().auto_merge);
}

static void nothing_to_wait_for(void **state)
{
    (void)state;
    open_pull(false);
    hub_set("\"required_checks\": false");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_REFUSED,
                 "nothing keeps it from being merged right away");
}

static void a_draft(void **state)
{
    (void)state;
    open_pull(true);
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_REFUSED, "a draft cannot be merged");
    assert_int_equal(hub_count("POST", "/graphql"), 0);
    made.draft = false;
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_REFUSED, "a draft cannot be merged");
}

static void methods(void **state)
{
    (void)state;
    open_pull(false);
    hub_set("\"methods\": [\"REBASE\"]");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_REFUSED, "does not allow this merge method");
    assert_fails(auto_merge(MERGE_MERGE), ERROR_REFUSED, "does not allow this merge method");
    assert_well(auto_merge(MERGE_REBASE));
}

/* Only what we pushed is merged without a person. */
static void another_s_commit_on_top(void **state)
{
    (void)state;
    open_pull(false);
    hub_tell("put", "{\"repository\": \"octo/recipes\", \"branch\": \"mwatch/redis\", \"files\": "
                    "{\"fix\": \"x\"}}");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_CONFLICT, "somebody pushed to its branch");
    assert_false(reread().auto_merge);
}

static void a_conflict_with_the_base(void **state)
{
    (void)state;
    open_pull(false);
    hub_tell("put", "{\"repository\": \"octo/recipes\", \"branch\": \"main\", \"files\": "
                    "{\"redis/melange.yaml\": \"other\\n\"}}");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_CONFLICT, "it conflicts with its base branch");
}

static void closed_meanwhile(void **state)
{
    (void)state;
    open_pull(false);
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"state\": \"closed\"}");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_CONFLICT, "it is closed by now");
}

static void what_is_not_known_is_said_as_it_is(void **state)
{
    (void)state;
    open_pull(false);
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 200, \"body\": "
                     "{\"data\": {}, \"errors\": [{\"type\": \"UNPROCESSABLE\", \"message\": \"The "
                     "moon is full.\"}]}}");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_REFUSED,
                 "GitHub: cannot switch auto-merge on for pull request 1: The moon is full");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/graphql\", \"status\": 502, \"times\": "
                     "9}");
    assert_fails(auto_merge(MERGE_SQUASH), ERROR_NETWORK, "HTTP 502");
}

static const json_t *dispatched(const char *repository, size_t index)
{
    const json_t *state = json_object_get(hub_call("GET", "state", NULL), repository);
    return json_array_get(json_object_get(state, "dispatches"), index);
}

static bool dispatch(const char *repository, const char *event, const char *payload)
{
    return forge_github.dispatch(hub.session, repository, event, payload, &hub.e);
}

static void dispatches(void **state)
{
    (void)state;
    assert_well(dispatch(NULL, "redis-updated", "{\"images\": [\"redis\", \"valkey\"]}"));
    assert_well(dispatch("other/images", "rebuild", NULL));
    assert_string_equal(json_string_at(dispatched("octo/recipes", 0), "event"), "redis-updated");
    const json_t *images =
        json_object_get(json_object_get(dispatched("octo/recipes", 0), "payload"), "images");
    assert_string_equal(json_string_value(json_array_get(images, 1)), "valkey");
    assert_string_equal(json_string_at(dispatched("other/images", 0), "event"), "rebuild");
}

static void what_cannot_be_dispatched(void **state)
{
    (void)state;
    assert_fails(dispatch("none/such", "x", NULL), ERROR_REFUSED,
                 "GitHub: cannot dispatch x in none/such: Not Found (HTTP 404)");
    assert_fails(dispatch("nonsense", "x", NULL), ERROR_USAGE, "nonsense: is not owner/name");
    assert_fails(dispatch("../x", "x", NULL), ERROR_USAGE, "is not owner/name");
    assert_fails(dispatch(NULL, "x", "[1]"), ERROR_USAGE, "client_payload is no JSON object");
    assert_fails(dispatch(NULL, "x", "{"), ERROR_USAGE, "client_payload is no JSON object: line");
    assert_fails(dispatch(NULL, "x",
                          "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,"
                          "\"i\":1,\"j\":1,\"k\":1}"),
                 ERROR_USAGE, "client_payload has 11 members; GitHub takes 10 at most");
    assert_fails(dispatch(NULL, "", NULL), ERROR_USAGE, "an event's name");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/dispatches\", \"status\": 502, "
                     "\"after\": true}");
    assert_fails(dispatch(NULL, "once", NULL), ERROR_NETWORK, "HTTP 502");
    assert_non_null(dispatched("octo/recipes", 0));
    assert_null(dispatched("octo/recipes", 1));
}

static bool start_workflow(const char *workflow, const char *ref, const char *inputs)
{
    return forge_github.dispatch_workflow(hub.session, NULL, workflow, ref, inputs, &hub.e);
}

static void workflows(void **state)
{
    (void)state;
    assert_well(start_workflow(".github/workflows/rebuild.yml", "main", "{\"image\": \"redis\"}"));
    assert_well(start_workflow("rebuild.yml", "main", NULL));
    const json_t *one = dispatched("octo/recipes", 0);
    assert_string_equal(json_string_at(one, "workflow"), "rebuild.yml");
    assert_string_equal(json_string_at(json_object_get(one, "inputs"), "image"), "redis");
    assert_fails(start_workflow("lint.yml", "main", NULL), ERROR_UPSTREAM,
                 "does not have 'workflow_dispatch' trigger");
    assert_fails(start_workflow("rebuild.yml", "gone", NULL), ERROR_UPSTREAM, "No ref found");
    assert_fails(start_workflow("a b?.yml", "main", NULL), ERROR_REFUSED,
                 "cannot start workflow a b?.yml in octo/recipes: Not Found");
    hub.token = "Bearer workflow-token";
    assert_fails(start_workflow("rebuild.yml", "main", NULL), ERROR_REFUSED,
                 "(needed: actions=write)");
}

static bool target(const char *repository, const char *workflow, struct forge_target *out)
{
    return forge_github.target(hub.session, &hub.arena, repository, workflow, out, &hub.e);
}

static void targets(void **state)
{
    struct forge_target t;
    (void)state;
    assert_well(target(NULL, "rebuild.yml", &t));
    assert_string_equal(t.repository, "octo/recipes");
    assert_string_equal(t.default_branch, "main");
    assert_string_equal(t.workflow_state, "active");
    assert_true(t.rights_known && t.may_push && !t.archived);
    assert_well(target("other/images", NULL, &t));
    assert_null(t.workflow_state);
    assert_fails(target("other/images", "none.yml", &t), ERROR_REFUSED,
                 "GitHub: cannot find workflow none.yml of other/images: Not Found (HTTP 404)");
    assert_fails(target("none/such", NULL, &t), ERROR_REFUSED,
                 "GitHub: cannot read the repository none/such: Not Found (HTTP 404)");
    hub_set("\"archived\": true, \"workflow_states\": {\"rebuild.yml\": \"disabled_manually\"}");
    hub.token = "Bearer workflow-token";
    assert_well(target(NULL, "rebuild.yml", &t));
    assert_string_equal(t.workflow_state, "disabled_manually");
    assert_true(t.archived && !t.rights_known);
}

static struct forge_facts facts(void)
{
    struct forge_facts out;
    assert_well(forge_github.facts(hub.session, &hub.arena, &out, &hub.e));
    return out;
}

static void facts_of_a_person(void **state)
{
    (void)state;
    struct forge_facts f = facts();
    assert_string_equal(f.login, "octocat");
    assert_string_equal(f.repository, "octo/recipes");
    assert_string_equal(f.default_branch, "main");
    assert_true(f.auto_merge_allowed && f.squash_allowed && f.merge_allowed && f.rebase_allowed);
    assert_true(f.rights_known && f.may_push && f.may_triage && f.issues_enabled);
    assert_false(f.archived);
    assert_string_equal(f.scopes, "repo");
    assert_int_equal(f.expires_at, 1801398600); /* 2027-01-31 12:30:00 UTC */
    assert_true(f.requests_left > 4000 && f.requests_left < 5000);
    assert_true(f.requests_reset > 1700000000);
}

static void facts_of_who_may_only_read(void **state)
{
    (void)state;
    hub.token = "Bearer reader-token";
    hub_set("\"allow_auto_merge\": false, \"methods\": [\"SQUASH\"], \"archived\": true, "
            "\"has_issues\": false");
    struct forge_facts f = facts();
    assert_string_equal(f.login, "reader");
    assert_true(f.rights_known && f.squash_allowed && f.archived);
    assert_false(f.may_push || f.may_triage || f.auto_merge_allowed || f.merge_allowed ||
                 f.rebase_allowed || f.issues_enabled);
    assert_int_equal(f.expires_at, 0);
}

static void facts_of_a_workflow(void **state)
{
    (void)state;
    hub.token = "Bearer workflow-token";
    struct forge_facts f = facts();
    assert_string_equal(f.login, "github-actions[bot]");
    assert_false(f.rights_known);
    assert_null(f.scopes);
    hub_tell("rename", "{\"old\": \"octo/recipes\", \"new\": \"octo/images\"}");
    assert_string_equal(facts().repository, "octo/images");
}

static void options_that_are_no_good(void **state)
{
    static const char *const repositories[] = {NULL,    "",      "octo",  "octo/", "/x",
                                               "a/b/c", "a b/c", "../..", "a/b?x"};
    (void)state;
    struct forge_options o = {.api_url = hub.url, .credential = "github"};
    for (size_t i = 0; i < sizeof repositories / sizeof *repositories; i++) {
        o.repository = repositories[i];
        assert_fails(forge_github.open(&hub.t.ctx, hub.http, &o, &hub.e), ERROR_USAGE,
                     "is not owner/name (GITHUB_REPOSITORY)");
    }
    o = (struct forge_options){.api_url = "nonsense", .repository = "octo/recipes"};
    assert_fails(forge_github.open(&hub.t.ctx, hub.http, &o, &hub.e), ERROR_USAGE, "nonsense");
}

/* A server of one's own has REST below /api/v3 and GraphQL beside it. */
static void enterprise(void **state)
{
    (void)state;
    struct forge_options o = {.api_url = arena_printf(&hub.arena, "%s/api/v3/", hub.url),
                              .repository = "octo/recipes",
                              .credential = "github"};
    struct proposals found = {0};
    struct forge_session *s = forge_github.open(&hub.t.ctx, hub.http, &o, &hub.e);
    assert_well(forge_github.pulls_of(s, &hub.arena, "x", &found, &hub.e));
    assert_well(forge_github.issues_with(s, &hub.arena, "x", &found, &hub.e));
    assert_int_equal(hub_count("GET", "/api/v3/repos/octo/recipes/pulls"), 1);
    assert_int_equal(hub_count("POST", "/api/graphql"), 1);
    forge_github.close(s);
    forge_github.close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hub_reset, hub_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(auto_merge_is_switched_on),
        TEST(auto_merge_is_switched_off),
        TEST(a_person_who_switches_auto_merge_off),
        TEST(events_are_read_once),
        TEST(a_repository_without_auto_merge),
        TEST(nothing_to_wait_for),
        TEST(a_draft),
        TEST(methods),
        TEST(another_s_commit_on_top),
        TEST(a_conflict_with_the_base),
        TEST(closed_meanwhile),
        TEST(what_is_not_known_is_said_as_it_is),
        TEST(dispatches),
        TEST(what_cannot_be_dispatched),
        TEST(workflows),
        TEST(targets),
        TEST(facts_of_a_person),
        TEST(facts_of_who_may_only_read),
        TEST(facts_of_a_workflow),
        TEST(options_that_are_no_good),
        TEST(enterprise),
    };
    return cmocka_run_group_tests_name("forge_merge", tests, hub_start, hub_stop);
}
