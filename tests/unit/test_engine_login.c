/* How the engine asks registries: what it is told to get, when, and how often. */
#include "tests/http/harness.h"

enum { TOGETHER = 30 };

struct fixture {
    struct server server;
    struct test_context t;
    struct http *h;
    char plain[SERVER_HOST];
    const char *plain_hosts[3];
    struct login login;
    int looked_up;
    int64_t leap; /* ms */
};

static struct fixture fixture;

static int64_t leaping_milliseconds(void *arg)
{
    return fast_milliseconds(arg) + fixture.leap;
}

static void find_login(void *arg, const char *url, struct login *out)
{
    struct fixture *f = arg;
    assert_true(slice_starts(slice_of(url), SLICE("http://127.0.0.1:")));
    *out = f->login;
    f->looked_up++;
}

static int start(void **state)
{
    struct fixture *f = &fixture;
    *state = f;
    server_start_plain(&f->server, f->plain);
    f->plain_hosts[0] = f->plain;
    f->plain_hosts[1] = "localhost";
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;
    server_stop(&f->server);
    return 0;
}

static int open_test(void **state)
{
    struct fixture *f = *state;
    struct http_options options = {
        .retries = 0, .plain_hosts = f->plain_hosts, .login = find_login, .login_arg = f};
    test_context_init(&f->t, 1);
    f->t.ctx.milliseconds = leaping_milliseconds;
    f->leap = f->looked_up = 0;
    f->login = (struct login){.advice = "log in"};
    f->h = open_engine(&f->t.ctx, &options);
    return 0;
}

static int close_test(void **state)
{
    struct fixture *f = *state;
    http_close(f->h);
    test_context_free(&f->t);
    return 0;
}

static void ask_registry(struct fixture *f, const char *path, struct got *got)
{
    char url[256];
    struct request request = {.url = url, .bearer = true, .uncached = true};
    snprintf(url, sizeof url, "http://%s%s", f->plain, path);
    *got = (struct got){0};
    http_submit(f->h, &request, take_answer, got);
    http_run(f->h);
    assert_int_equal(got->calls, 1);
}

/* How many requests went out since. */
static unsigned long long sent(struct fixture *f, unsigned long long *before)
{
    struct http_counts counts;
    http_counts(f->h, &counts);
    unsigned long long count = counts.sent - *before;
    *before = counts.sent;
    return count;
}

static void a_token_serves_a_repository_until_its_time_is_over(void **state)
{
    struct fixture *f = *state;
    struct got got;
    unsigned long long before = 0;
    ask_registry(f, "/v2/bearer/name/tags/list", &got);
    assert_answer(got, 200, "in\n");
    assert_int_equal(sent(f, &before), 3);
    ask_registry(f, "/v2/bearer/name/manifests/latest", &got);
    ask_registry(f, "/v2/bearer/name/blobs/sha256:00", &got);
    ask_registry(f, "/v2/bearer/name/tags/list?n=1", &got);
    assert_answer(got, 200, "in\n");
    assert_int_equal(sent(f, &before), 3);
    f->leap = 89 * 1000;
    ask_registry(f, "/v2/bearer/name/manifests/1", &got);
    assert_int_equal(sent(f, &before), 1);
    f->leap = 91 * 1000;
    ask_registry(f, "/v2/bearer/name/manifests/2", &got);
    assert_answer(got, 200, "in\n");
    assert_int_equal(sent(f, &before), 3);
    assert_int_equal(f->looked_up, 1);
}

static void a_token_that_died_early_is_got_anew(void **state)
{
    struct fixture *f = *state;
    struct got got;
    unsigned long long before = 0;
    ask_registry(f, "/v2/bearer/one/tags/list", &got);
    ask_registry(f, "/v2/bearer/two/tags/list", &got); /* the server forgets the first one's */
    sent(f, &before);
    ask_registry(f, "/v2/bearer/one/manifests/1", &got);
    assert_answer(got, 200, "in\n");
    assert_int_equal(sent(f, &before), 3);
}

static void who_comes_together_waits_for_one_token(void **state)
{
    struct fixture *f = *state;
    struct got got[TOGETHER] = {{0}};
    unsigned long long before = 0;
    for (int i = 0; i < TOGETHER; i++) {
        char url[256];
        struct request request = {.url = url, .bearer = true};
        snprintf(url, sizeof url, "http://%s/v2/slow/name/manifests/%d", f->plain, i);
        http_submit(f->h, &request, take_answer, &got[i]);
    }
    http_run(f->h);
    for (int i = 0; i < TOGETHER; i++)
        assert_answer(got[i], 200, "in\n");
    assert_true(sent(f, &before) <= 2 * TOGETHER + 1);
    assert_int_equal(f->looked_up, 1);
}

static void all_who_wait_hear_of_a_refusal(void **state)
{
    struct fixture *f = *state;
    struct got got[TOGETHER] = {{0}}, later;
    unsigned long long before = 0;
    f->login = (struct login){
        .basic = "Basic b2N0bzp3cm9uZy1vbmU=", .shown = "a wrong password", .advice = "mend it"};
    for (int i = 0; i < TOGETHER; i++) {
        char url[256];
        struct request request = {.url = url, .bearer = true};
        snprintf(url, sizeof url, "http://%s/v2/refused/name/manifests/%d", f->plain, i);
        http_submit(f->h, &request, take_answer, &got[i]);
    }
    http_run(f->h);
    for (int i = 0; i < TOGETHER; i++) {
        assert_failure(got[i], ERROR_REFUSED,
                       "the token server answered 403 to a wrong password: mend it");
        assert_contains(got[i].error.message, "/v2/refused/name/manifests/");
    }
    assert_int_equal(sent(f, &before), TOGETHER + 1);
    ask_registry(f, "/v2/refused/name/tags/list", &later);
    assert_failure(later, ERROR_REFUSED, "to a wrong password");
    assert_int_equal(sent(f, &before), 1);
}

static void user_and_password(void **state)
{
    struct fixture *f = *state;
    struct got got;
    f->login = (struct login){.basic = "Basic b2N0bzpzZWNyZXQtMQ==", .shown = "octo", .advice = ""};
    ask_registry(f, "/v2/basic/name/tags/list", &got);
    assert_answer(got, 200, "in\n");
    assert_lacks(test_context_text(&f->t), "b2N0");
}

static void a_refresh_token_stays_where_it_belongs(void **state)
{
    struct fixture *f = *state;
    struct got got;
    f->login = (struct login){.identity = "refresh-secret", .shown = "octo", .advice = ""};
    ask_registry(f, "/v2/away/name/tags/list", &got);
    assert_failure(got, ERROR_REFUSED, "which must not get the secret");
    assert_lacks(got.error.message, "refresh-secret");
    ask_registry(f, "/v2/bearer/name/tags/list", &got);
    assert_answer(got, 200, "in\n");
    assert_lacks(test_context_text(&f->t), "refresh-secret");
}

static void nobody(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_registry(f, "/v2/basic/name/tags/list", &got);
    assert_failure(got, ERROR_REFUSED,
                   "the registry answered 401: is there such an image, and may everybody read it? "
                   "log in");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_serves_a_repository_until_its_time_is_over),
        TEST(a_token_that_died_early_is_got_anew),
        TEST(who_comes_together_waits_for_one_token),
        TEST(all_who_wait_hear_of_a_refusal),
        TEST(user_and_password),
        TEST(a_refresh_token_stays_where_it_belongs),
        TEST(nobody),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
