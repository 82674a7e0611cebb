/* Proposals opened, brought up to date, spoken to and closed; what cannot be had is told, and
 * nothing is written twice. */
#include "tests/unit/forge/hub.h"

static struct proposal made;

static bool create(enum proposal_kind kind, const struct proposal_text *text)
{
    return forge_github.create(hub.session, &hub.arena, kind, text, &made, &hub.e);
}

static bool update(const struct proposal *p, const struct proposal_text *text)
{
    return forge_github.update(hub.session, p, text, &hub.e);
}

static const char *said(void)
{
    return test_context_text(&hub.t);
}

static json_t *item(size_t number)
{
    return json_array_get(json_object_get(hub_state(), "items"), number - 1);
}

/* The texts of a list, or of a member of its objects, with a comma after each. */
static const char *joined(const json_t *list, const char *key)
{
    struct buf text = {0};
    const json_t *one;
    size_t index;
    json_array_foreach(list, index, one)
    {
        buf_addf(&text, "%s,", key ? json_string_at(one, key) : json_string_value(one));
    }
    const char *copy = arena_text(&hub.arena, buf_slice(&text));
    buf_free(&text);
    return copy;
}

#define assert_joined(list, key, wanted) assert_string_equal(joined(list, key), wanted)

/* As it stands on the forge now. */
static struct proposal reread(void)
{
    struct proposals found = {0};
    assert_well(forge_github.pulls_of(hub.session, &hub.arena, "mwatch/redis", &found, &hub.e));
    assert_int_equal(found.list.count, 1);
    return found.list.items[0];
}

static void opens_a_pull_request(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    text.draft = true;
    assert_well(create(PROPOSAL_PULL, &text));
    assert_int_equal(made.number, 1);
    assert_int_equal(made.state, PROPOSAL_OPEN);
    assert_true(made.draft);
    const json_t *pull = item(1);
    assert_string_equal(json_string_at(pull, "title"), "redis 7.2.5");
    assert_string_equal(json_string_at(pull, "body"), "<!-- mwatch:redis:7.2.5 -->\nnew");
    assert_string_equal(json_string_at(json_object_get(pull, "head"), "ref"), "mwatch/redis");
    assert_int_equal(hub_writes(), 1);
    assert_string_equal(reread().head, made.head);
}

static void with_all_that_goes_with_it(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.labels, "dependencies");
    add_text(&text.labels, "redis: \"7\"");
    add_text(&text.labels, "");
    add_text(&text.labels, "Redis: \"7\"");
    add_text(&text.assignees, "hubot");
    add_text(&text.reviewers, "hubot");
    add_text(&text.team_reviewers, "octo/maintainers");
    text.milestone = "winter";
    assert_well(create(PROPOSAL_PULL, &text));
    const json_t *pull = item(1);
    assert_joined(json_object_get(pull, "labels"), "name", "Dependencies,redis: \"7\",");
    assert_joined(json_object_get(pull, "assignees"), "login", "hubot,");
    assert_joined(json_object_get(pull, "requested_reviewers"), "login", "hubot,");
    assert_joined(json_object_get(pull, "requested_teams"), "slug", "maintainers,");
    assert_string_equal(json_string_at(json_object_get(pull, "milestone"), "title"), "winter");
    assert_joined(json_object_get(hub_state(), "labels"), NULL, "Dependencies,redis: \"7\",");
    assert_lacks(said(), "warning");
}

static void a_second_one_is_a_conflict(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    assert_well(create(PROPOSAL_PULL, &text));
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_CONFLICT,
                 "A pull request already exists for octo:mwatch/redis (HTTP 422)");
}

static void what_cannot_be_opened(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    text.branch = "mwatch/none";
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_UPSTREAM,
                 "GitHub: cannot open a pull request: PullRequest head: invalid (HTTP 422)");
    text.branch = "main";
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_UPSTREAM, "No commits between main and main");
    text = pull_text();
    text.base = "none";
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_UPSTREAM, "base: invalid");
    text = pull_text();
    text.draft = true;
    hub_set("\"drafts_allowed\": false");
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_UPSTREAM, "leave draft out");
    hub_set("\"archived\": true");
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_REFUSED, "archived");
}

static void too_long_a_body(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    char *body = arena_alloc(&hub.arena, 65538);
    memset(body, 'x', 65537);
    text.body = body;
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_UPSTREAM, "maximum is 65536 characters");
    body[65536] = '\0';
    assert_well(create(PROPOSAL_PULL, &text));
}

/* Upstream's bytes are in it: whatever they are, the request is valid JSON. */
static void hostile_texts(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    text.title = "1.0\xff\xfe \"\\ \x01\x7f \xe2\x80\xae";
    text.body = "a\xc3(\xf0\x9f\x92\xa9)\r\n\t";
    assert_well(create(PROPOSAL_PULL, &text));
    assert_string_equal(json_string_at(item(1), "title"),
                        "1.0\xef\xbf\xbd\xef\xbf\xbd \"\\ \x01\x7f \xe2\x80\xae");
    assert_string_equal(json_string_at(item(1), "body"), "a\xef\xbf\xbd(\xf0\x9f\x92\xa9)\r\n\t");
}

static void a_write_is_not_repeated(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/pulls$\", \"status\": 502, \"after\": "
                     "true}");
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_NETWORK, "HTTP 502");
    assert_int_equal(hub_count("POST", "/pulls"), 1);
    assert_string_equal(reread().title, "redis 7.2.5");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/issues$\", \"status\": 0, \"after\": "
                     "true}");
    assert_fails(create(PROPOSAL_ISSUE, &text), ERROR_NETWORK, "cannot open an issue");
    assert_int_equal(hub_count("POST", "/issues"), 1);
}

static void a_failed_read_leads_to_no_write(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.labels, "new");
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/labels\", \"status\": 500, \"times\": 9}");
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_NETWORK, "cannot list labels");
    assert_int_equal(hub_writes(), 0);
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"recipes$\", \"status\": 500, \"times\": "
                     "9}");
    hub_open("octo/recipes", 100);
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_NETWORK, "cannot read the repository");
    assert_int_equal(hub_writes(), 0);
}

static void labels_that_cannot_be_had(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.labels, "a label whose name is longer than the fifty characters allowed");
    add_text(&text.labels, "good");
    assert_well(create(PROPOSAL_PULL, &text));
    assert_contains(said(), "is left out: GitHub: cannot make the label: name is too long");
    assert_joined(json_object_get(item(1), "labels"), "name", "good,");
}

/* Two mwatches at once want the same new label. */
static void a_label_made_meanwhile(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.labels, "new");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/labels$\", \"status\": 422, \"body\": "
                     "{\"message\": \"Validation Failed\", \"errors\": [{\"resource\": \"Label\", "
                     "\"code\": \"already_exists\", \"field\": \"name\"}]}, \"after\": true}");
    assert_well(create(PROPOSAL_PULL, &text));
    assert_lacks(said(), "left out");
    assert_joined(json_object_get(item(1), "labels"), "name", "new,");
}

static void one_bad_reviewer_shuts_out_nobody(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.reviewers, "octocat"); /* the author */
    add_text(&text.reviewers, "stranger");
    add_text(&text.reviewers, "hubot");
    add_text(&text.team_reviewers, "maintainers");
    add_text(&text.team_reviewers, "octo/nobody");
    add_text(&text.assignees, "stranger");
    add_text(&text.assignees, "hubot");
    text.milestone = "spring";
    assert_well(create(PROPOSAL_PULL, &text));
    assert_joined(json_object_get(item(1), "requested_reviewers"), "login", "hubot,");
    assert_joined(json_object_get(item(1), "requested_teams"), "slug", "maintainers,");
    assert_joined(json_object_get(item(1), "assignees"), "login", "hubot,");
    assert_contains(said(), "cannot be requested from pull request author");
    assert_contains(said(), "is not a collaborator");
    assert_contains(said(), "stranger cannot be assigned there");
    assert_contains(said(), "no open milestone spring");
}

static void a_token_without_the_right(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    hub.token = "Bearer reader-token";
    add_text(&text.labels, "new");
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_REFUSED,
                 "give the token that right (needed: pull_requests=write)");
    assert_contains(said(), "label new is left out");
    hub.token = "Bearer workflow-token";
    assert_fails(create(PROPOSAL_ISSUE, &text), ERROR_REFUSED, "(needed: issues=write)");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"/pulls$\", \"status\": 403, \"body\": "
                     "{\"message\": \"GitHub Actions is not permitted to create or approve pull "
                     "requests.\"}}");
    assert_fails(create(PROPOSAL_PULL, &text), ERROR_REFUSED, "Workflow permissions");
}

static void opens_an_issue(void **state)
{
    (void)state;
    struct proposal_text text = {.title = "redis 8", .body = "<!-- mwatch:redis:8 -->"};
    add_text(&text.labels, "major");
    add_text(&text.assignees, "hubot");
    text.milestone = "autumn";
    assert_well(create(PROPOSAL_ISSUE, &text));
    assert_int_equal(made.kind, PROPOSAL_ISSUE);
    const json_t *issue = item(1);
    assert_string_equal(json_string_at(issue, "title"), "redis 8");
    assert_joined(json_object_get(issue, "labels"), "name", "major,");
    assert_joined(json_object_get(issue, "assignees"), "login", "hubot,");
    assert_string_equal(json_string_at(json_object_get(issue, "milestone"), "title"), "autumn");
    hub_set("\"has_issues\": false");
    assert_fails(create(PROPOSAL_ISSUE, &text), ERROR_REFUSED, "switch issues on");
}

static void what_is_said_already_is_not_written(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.labels, "Dependencies");
    assert_well(create(PROPOSAL_PULL, &text));
    size_t before = hub_writes();
    struct proposal p = reread();
    text.body = "<!-- mwatch:redis:7.2.5 -->\r\nnew\n";
    assert_well(update(&p, &text));
    assert_int_equal(hub_writes(), before);
    assert_int_equal(hub_count("GET", "/events"), 0);
}

static void texts_are_brought_up_to_date(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    assert_well(create(PROPOSAL_PULL, &text));
    size_t before = hub_writes();
    struct proposal p = reread();
    text = (struct proposal_text){.title = "redis 7.2.6", .base = "mwatch/jenkins"};
    assert_well(update(&p, &text));
    p = reread();
    assert_string_equal(p.title, "redis 7.2.6");
    assert_string_equal(p.base, "mwatch/jenkins");
    assert_contains(p.body, "7.2.5");
    assert_int_equal(hub_writes(), before + 1);
}

/* A run that died after opening it left labels and reviewers to the next one. */
static void an_update_finishes_what_was_begun(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    assert_well(create(PROPOSAL_PULL, &text));
    struct proposal p = reread();
    add_text(&text.labels, "new");
    add_text(&text.assignees, "hubot");
    add_text(&text.reviewers, "hubot");
    add_text(&text.team_reviewers, "maintainers");
    text.milestone = "autumn";
    assert_well(update(&p, &text));
    assert_joined(json_object_get(item(1), "labels"), "name", "new,");
    assert_joined(json_object_get(item(1), "requested_reviewers"), "login", "hubot,");
    size_t before = hub_writes();
    p = reread();
    assert_well(update(&p, &text));
    assert_int_equal(hub_writes(), before);
}

/* What a person took off stays off, and a review that was given is not asked for again. */
static void what_was_taken_off_stays_off(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    add_text(&text.labels, "Dependencies");
    add_text(&text.labels, "automerge");
    add_text(&text.assignees, "hubot");
    add_text(&text.reviewers, "hubot");
    add_text(&text.team_reviewers, "maintainers");
    text.milestone = "autumn";
    assert_well(create(PROPOSAL_PULL, &text));
    hub_tell("item", "{\"repository\": \"octo/recipes\", \"number\": 1, \"labels\": "
                     "[\"Dependencies\"], \"assignees\": [], \"reviewers\": [], \"teams\": [], "
                     "\"milestone\": null}");
    struct proposal p = reread();
    size_t before = hub_writes();
    assert_well(update(&p, &text));
    assert_int_equal(hub_writes(), before);
    assert_joined(json_object_get(item(1), "labels"), "name", "Dependencies,");
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/events\", \"status\": 500, \"times\": 9}");
    assert_fails(update(&p, &text), ERROR_NETWORK, "cannot read a proposal's events");
    assert_int_equal(hub_writes(), before);
}

static void a_comment_is_made_once(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    bool found = true;
    assert_well(create(PROPOSAL_PULL, &text));
    assert_well(forge_github.commented(hub.session, &made, "Superseded", &found, &hub.e));
    assert_false(found);
    for (int i = 0; i < 3; i++)
        assert_well(forge_github.comment(hub.session, &made, "Superseded by #2", &hub.e));
    assert_well(forge_github.comment(hub.session, &made, "Superseded by #20", &hub.e));
    assert_joined(json_object_get(item(1), "comments"), NULL,
                  "Superseded by #2,Superseded by #20,");
    assert_well(forge_github.commented(hub.session, &made, "Superseded", &found, &hub.e));
    assert_true(found);
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"/comments\", \"status\": 500, \"times\": "
                     "9}");
    assert_fails(forge_github.comment(hub.session, &made, "again", &hub.e), ERROR_NETWORK,
                 "cannot list comments");
    assert_fails(forge_github.comment(hub.session, &made, "again", &hub.e), ERROR_NETWORK, "");
}

static void closes_and_reopens(void **state)
{
    (void)state;
    struct proposal_text text = pull_text();
    assert_well(create(PROPOSAL_PULL, &text));
    assert_well(forge_github.close_proposal(hub.session, &made, "newer: #2", false, &hub.e));
    assert_string_equal(json_string_at(item(1), "state"), "closed");
    assert_joined(json_object_get(item(1), "comments"), NULL, "newer: #2,");
    struct proposal p = reread();
    size_t before = hub_writes();
    assert_int_equal(p.state, PROPOSAL_CLOSED);
    assert_well(forge_github.close_proposal(hub.session, &p, "newer: #2", false, &hub.e));
    assert_int_equal(hub_writes(), before);
    assert_well(forge_github.reopen(hub.session, &p, &hub.e));
    assert_int_equal(reread().state, PROPOSAL_OPEN);
    p = reread();
    assert_well(forge_github.reopen(hub.session, &p, &hub.e));
    assert_int_equal(hub_writes(), before + 1);
}

static void issues_are_closed_for_a_reason(void **state)
{
    (void)state;
    struct proposal_text text = {.title = "redis 8", .body = ""};
    assert_well(create(PROPOSAL_ISSUE, &text));
    assert_well(forge_github.close_proposal(hub.session, &made, NULL, true, &hub.e));
    assert_string_equal(json_string_at(item(1), "state_reason"), "completed");
    made.state = PROPOSAL_CLOSED;
    assert_well(forge_github.reopen(hub.session, &made, &hub.e));
    assert_string_equal(json_string_at(item(1), "state"), "open");
    made.state = PROPOSAL_OPEN;
    assert_well(forge_github.close_proposal(hub.session, &made, NULL, false, &hub.e));
    assert_string_equal(json_string_at(item(1), "state_reason"), "not_planned");
}

/* 90 writes at 80 a minute. */
static void writes_keep_their_pace(void **state)
{
    (void)state;
    struct proposal_text text = {.title = "issue", .body = ""};
    hub_open("octo/recipes", 1000);
    int64_t before = context_milliseconds(&hub.t.ctx);
    for (int i = 0; i < 81; i++)
        assert_well(create(PROPOSAL_ISSUE, &text));
    assert_true(context_milliseconds(&hub.t.ctx) - before >= 60000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hub_reset, hub_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(opens_a_pull_request),
        TEST(with_all_that_goes_with_it),
        TEST(a_second_one_is_a_conflict),
        TEST(what_cannot_be_opened),
        TEST(too_long_a_body),
        TEST(hostile_texts),
        TEST(a_write_is_not_repeated),
        TEST(a_failed_read_leads_to_no_write),
        TEST(labels_that_cannot_be_had),
        TEST(a_label_made_meanwhile),
        TEST(one_bad_reviewer_shuts_out_nobody),
        TEST(a_token_without_the_right),
        TEST(opens_an_issue),
        TEST(what_is_said_already_is_not_written),
        TEST(texts_are_brought_up_to_date),
        TEST(an_update_finishes_what_was_begun),
        TEST(what_was_taken_off_stays_off),
        TEST(a_comment_is_made_once),
        TEST(closes_and_reopens),
        TEST(issues_are_closed_for_a_reason),
        TEST(writes_keep_their_pace),
    };
    return cmocka_run_group_tests_name("forge_write", tests, hub_start, hub_stop);
}
