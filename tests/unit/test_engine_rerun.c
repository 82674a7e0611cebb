/* The engine over several runs: what the cache saves, and what a recording answers. */
#include "tests/http/harness.h"

#include "watcher/base/json.h"

struct fixture {
    struct server server;
    struct test_context t;
    char folder[64], cache[96], recording[96];
    char plain[SERVER_HOST];
    const char *plain_hosts[2];
    struct http_counts counts; /* of the last run */
};

static int start(void **state)
{
    static struct fixture fixture;
    struct fixture *f = &fixture;
    *state = f;
    server_start_plain(&f->server, f->plain);
    f->plain_hosts[0] = f->plain;
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
    test_context_init(&f->t, 100);
    make_folder(f->folder);
    snprintf(f->cache, sizeof f->cache, "%s/cache.db", f->folder);
    snprintf(f->recording, sizeof f->recording, "%s/recording", f->folder);
    return 0;
}

static int close_test(void **state)
{
    struct fixture *f = *state;
    test_context_free(&f->t);
    remove_folder(f->folder);
    return 0;
}

/* One run that asks one thing. */
static void run_request(struct fixture *f, struct http_options options,
                        const struct request *request, struct got *got)
{
    options.retries = -1;
    options.plain_hosts = f->plain_hosts;
    struct http *h = open_engine(&f->t.ctx, &options);
    ask_request(h, request, got);
    http_counts(h, &f->counts);
    http_close(h);
}

static void run_path(struct fixture *f, struct http_options options, const char *path,
                     struct got *got)
{
    char url[256];
    snprintf(url, sizeof url, "http://%s%s", f->plain, path);
    struct request request = {.url = url};
    run_request(f, options, &request, got);
}

static struct http_options with_cache(const struct fixture *f)
{
    return (struct http_options){.cache_file = f->cache};
}

/* -- the cache */

static void answer_304_comes_from_the_cache(void **state)
{
    struct fixture *f = *state;
    struct got got;
    run_path(f, with_cache(f), "/etag", &got);
    assert_answer(got, 200, "tagged\n");
    assert_false(got.from_cache);
    assert_string_equal(got.fresh, "no");
    assert_int_equal(f->counts.from_cache, 0);
    run_path(f, with_cache(f), "/etag", &got);
    assert_answer(got, 200, "tagged\n");
    assert_true(got.from_cache);
    assert_string_equal(got.fresh, "yes"); /* headers are the newer ones */
    assert_string_equal(got.etag, "\"v1\"");
    assert_int_equal(f->counts.sent, 1);
    assert_int_equal(f->counts.from_cache, 1);
    assert_int_equal(f->counts.bytes, 0);
}

static void answer_304_by_date(void **state)
{
    struct fixture *f = *state;
    struct got got;
    run_path(f, with_cache(f), "/modified", &got);
    assert_false(got.from_cache);
    run_path(f, with_cache(f), "/modified", &got);
    assert_answer(got, 200, "dated\n");
    assert_true(got.from_cache);
}

static void what_must_not_be_stored_is_not(void **state)
{
    struct fixture *f = *state;
    static const char *const pages[] = {"/no-store", "/ok", "/missing"};
    for (size_t i = 0; i < 3; i++)
        for (int run = 0; run < 2; run++) {
            struct got got;
            run_path(f, with_cache(f), pages[i], &got);
            assert_false(got.from_cache);
        }
}

static void uncached_is_neither_read_nor_written(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char url[64];
    snprintf(url, sizeof url, "http://%s/etag?v=9", f->plain);
    struct request request = {.url = url, .uncached = true};
    for (int run = 0; run < 2; run++) {
        run_request(f, with_cache(f), &request, &got);
        assert_false(got.from_cache);
    }
    request.uncached = false;
    run_request(f, with_cache(f), &request, &got);
    assert_false(got.from_cache);
}

static void another_credential_is_another_answer(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char url[64];
    snprintf(url, sizeof url, "http://%s/etag?v=who", f->plain);
    struct request request = {.url = url};
    run_request(f, with_cache(f), &request, &got);
    request.credential = "github";
    run_request(f, with_cache(f), &request, &got);
    assert_false(got.from_cache);
    run_request(f, with_cache(f), &request, &got);
    assert_true(got.from_cache);
}

static void a_stored_body_obeys_the_limit(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char url[64];
    snprintf(url, sizeof url, "http://%s/etag?v=limit", f->plain);
    struct request request = {.url = url};
    run_request(f, with_cache(f), &request, &got);
    request.limit = 3;
    run_request(f, with_cache(f), &request, &got);
    assert_failure(got, ERROR_REFUSED, "larger than the 3");
}

static void a_run_goes_on_without_its_cache(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct http_options options = {.cache_file = "/proc/none/cache.db"};
    run_path(f, options, "/etag?v=none", &got);
    assert_answer(got, 200, "tagged\n");
    assert_contains(test_context_text(&f->t), "going on without a cache");
}

/* -- recordings */

static struct http_options with_recording(const struct fixture *f)
{
    return (struct http_options){.record_file = f->recording};
}

static struct http_options with_replay(const struct fixture *f)
{
    return (struct http_options){.replay_file = f->recording};
}

static void submit_all(struct http *h, const struct request *requests, int count, struct got *got)
{
    for (int i = 0; i < count; i++) {
        got[i] = (struct got){0};
        http_submit(h, &requests[i], take_answer, &got[i]);
    }
    http_run(h);
}

enum { ASKED = 9 };

static void fill_requests(struct fixture *f, char urls[ASKED][128], struct request requests[ASKED])
{
    static const char *const paths[ASKED] = {
        "/ok",      "/chain?n=2",     "/missing", "/tarball",      "/half-tarball",
        "/echo?q=", "/flaky?n=1&rec", "/loop",    "/ok?token=abc",
    };
    for (int i = 0; i < ASKED; i++) {
        snprintf(urls[i], 128, "http://%s%s", f->plain, paths[i]);
        requests[i] = (struct request){.url = urls[i]};
    }
    requests[3].kind = requests[4].kind = BODY_ARTEFACT;
    requests[5].method = "POST";
    requests[5].body = SLICE("{\"query\": \"{ viewer { login } }\"}");
}

static void assert_same(const struct got *a, const struct got *b)
{
    assert_int_equal(a->status, b->status);
    assert_string_equal(a->body, b->body);
    assert_string_equal(a->url, b->url);
    assert_int_equal(a->hashed, b->hashed);
    assert_memory_equal(&a->artefact, &b->artefact, sizeof a->artefact);
    assert_int_equal(a->error.code, b->error.code);
    assert_string_equal(a->error.message, b->error.message);
}

static void a_recording_answers_as_the_servers_did(void **state)
{
    struct fixture *f = *state;
    char urls[ASKED][128];
    struct request requests[ASKED];
    struct got real[ASKED], again[ASKED];
    struct http_options options = with_recording(f);
    fill_requests(f, urls, requests);
    options.retries = -1;
    options.plain_hosts = f->plain_hosts;
    struct http *h = open_engine(&f->t.ctx, &options);
    submit_all(h, requests, ASKED, real);
    assert_int_equal(http_recorded_at(h), 0);
    http_close(h);

    options = with_replay(f); /* no plain hosts: nobody is asked */
    h = open_engine(&f->t.ctx, &options);
    submit_all(h, requests, ASKED, again);
    for (int i = 0; i < ASKED; i++)
        if (i != 8) /* its URL comes back in the public form */
            assert_same(&real[i], &again[i]);
    assert_answer(again[8], 200, "ok\n");
    assert_string_equal(again[3].artefact.reason, "");
    assert_true(again[3].artefact.intact);
    assert_false(again[4].artefact.intact);
    http_counts(h, &f->counts);
    assert_int_equal(f->counts.sent, 0);
    assert_int_equal(f->counts.replayed, ASKED - 1); /* the loop is an error */
    assert_true(http_recorded_at(h) >= f->t.start_s);
    http_close(h);
}

static void what_was_not_recorded_is_never_asked(void **state)
{
    struct fixture *f = *state;
    struct got got;
    run_path(f, with_recording(f), "/ok", &got);
    run_path(f, with_replay(f), "/ok?other", &got);
    assert_failure(got, ERROR_NETWORK, "/ok?other: GET was not recorded in ");
    assert_int_equal(f->counts.sent, 0);
}

static void a_304_is_recorded_whole(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct http_options options = with_cache(f);
    run_path(f, options, "/etag?v=whole", &got);
    options.record_file = f->recording;
    run_path(f, options, "/etag?v=whole", &got);
    assert_true(got.from_cache);
    run_path(f, with_replay(f), "/etag?v=whole", &got);
    assert_answer(got, 200, "tagged\n");
}

static void a_mirror_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char target[64];
    snprintf(target, sizeof target, "http://%s/", f->plain);
    struct mirror mirror = {"https://upstream.test/", target};
    struct http_options options = with_recording(f);
    options.mirrors = &mirror;
    options.mirror_count = 1;
    struct request request = {.url = "https://upstream.test/chain?n=1"};
    run_request(f, options, &request, &got);
    assert_string_equal(got.url, "https://upstream.test/chain?n=0");
    run_request(f, with_replay(f), &request, &got);
    assert_answer(got, 200, "end of chain\n");
    assert_string_equal(got.url, "https://upstream.test/chain?n=0");
}

static const char *give_token(void *arg, const char *credential, const char *host)
{
    (void)arg;
    (void)host;
    return strcmp(credential, "github") == 0 ? "Bearer ghp_0123456789secret" : NULL;
}

static void a_server_that_echoes_a_token_gets_nowhere(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct buf text = {0};
    struct error e = {0};
    char url[64];
    struct http_options options = with_recording(f);
    options.authorization = give_token;
    snprintf(url, sizeof url, "http://%s/auth", f->plain);
    struct request request = {.url = url, .credential = "github"};
    run_request(f, options, &request, &got);
    assert_answer(got, 200, "Bearer ******************** terces9876543210_phg reraeB");
    assert_true(file_read(f->recording, &text, &e));
    assert_contains(buf_text(&text), "Bearer ***");
    assert_lacks(buf_text(&text), "ghp_");
    buf_free(&text);
    assert_lacks(test_context_text(&f->t), "ghp_");
}

static void a_secret_answer_is_not_recorded(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char url[64];
    snprintf(url, sizeof url, "http://%s/ok?installation", f->plain);
    struct request request = {.method = "POST", .url = url, .uncached = true, .secret = true};
    run_request(f, with_recording(f), &request, &got);
    assert_answer(got, 200, "ok\n");
    run_request(f, with_replay(f), &request, &got);
    assert_failure(got, ERROR_NETWORK, "was not recorded");
}

static void a_replay_that_is_none_is_a_usage_error(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct http_options options = {.replay_file = "Makefile"};
    assert_null(http_open(&f->t.ctx, &options, &e));
    assert_int_equal(e.code, ERROR_USAGE);
    assert_contains(e.message, "Makefile: is no recording");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answer_304_comes_from_the_cache),
        TEST(answer_304_by_date),
        TEST(what_must_not_be_stored_is_not),
        TEST(uncached_is_neither_read_nor_written),
        TEST(another_credential_is_another_answer),
        TEST(a_stored_body_obeys_the_limit),
        TEST(a_run_goes_on_without_its_cache),
        TEST(a_recording_answers_as_the_servers_did),
        TEST(what_was_not_recorded_is_never_asked),
        TEST(a_304_is_recorded_whole),
        TEST(a_mirror_leaves_no_trace),
        TEST(a_server_that_echoes_a_token_gets_nowhere),
        TEST(a_secret_answer_is_not_recorded),
        TEST(a_replay_that_is_none_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
