/* The engine against a server that misbehaves: what it sends, how often, and what it makes of the
 * answers. */
#include "tests/http/harness.h"

struct fixture {
    struct server server;
    struct test_context t;
    struct http *h;
    char plain[SERVER_HOST], other[SERVER_HOST]; /* the same server under two names */
    const char *plain_hosts[3];
    char url[4][512];
    int next_url;
};

static struct fixture fixture;

static struct http_options options_for(struct fixture *f)
{
    return (struct http_options){
        .retries = -1, .deadline_ms = 600000, .plain_hosts = f->plain_hosts};
}

static const char *page_at(const char *host, const char *path)
{
    char *url = fixture.url[fixture.next_url++ % 4];
    snprintf(url, sizeof fixture.url[0], "http://%s%s", host, path);
    return url;
}

/* The URL of a page of our server; the text lives for the next three calls. */
static const char *page(const char *path)
{
    return page_at(fixture.plain, path);
}

static int start(void **state)
{
    struct fixture *f = &fixture;
    *state = f;
    server_start_plain(&f->server, f->plain);
    snprintf(f->other, sizeof f->other, "localhost:%d", f->server.port);
    f->plain_hosts[0] = f->plain;
    f->plain_hosts[1] = f->other;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;
    server_stop(&f->server);
    return 0;
}

/* Most tests run on a clock that is a hundred times too fast, so that waits are short. */
static int open_test(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    test_context_init(&f->t, 100);
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

/* The same engine with other options. */
static void reopen(struct fixture *f, const struct http_options *options, int64_t speed)
{
    http_close(f->h);
    test_context_free(&f->t);
    test_context_init(&f->t, speed);
    f->h = open_engine(&f->t.ctx, options);
}

/* What the server counted; a NULL key reads a member of the top. */
static long long stat_at(const char *path, const char *member, const char *key)
{
    struct arena a = {0};
    struct error e = {0};
    struct test_context t;
    struct http_options options = options_for(&fixture);
    struct response r;
    test_context_init(&t, 1);
    struct http *h = open_engine(&t.ctx, &options);
    struct request request = {.url = page(path), .uncached = true};
    assert_true(http_fetch(h, &a, &request, &r, NULL, &e));
    json_t *root = json_parse(&a, r.body, &e);
    long long n =
        key ? json_number(json_object_get(root, member), key, 0) : json_number(root, member, 0);
    http_close(h);
    test_context_free(&t);
    arena_free(&a);
    return n;
}

static long long requests_for(const char *path)
{
    return stat_at("/stats", "requests", path);
}

static void count_anew(void)
{
    stat_at("/stats?reset", "connections", NULL);
}

/* -- plain requests */

static void gets_a_page(void **state)
{
    struct fixture *f = *state;
    struct got got;
    const char *url = page("/ok");
    ask(f->h, url, &got);
    assert_answer(got, 200, "ok\n");
    assert_string_equal(got.url, url);
    assert_false(got.from_cache);
}

static void status_404_is_an_answer(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/missing"), &got);
    assert_answer(got, 404, "no such page\n");
}

static void fetches_into_an_arena(void **state)
{
    struct fixture *f = *state;
    struct arena a = {0};
    struct error e = {0};
    struct response r;
    struct request request = {.url = page("/ok?arena")};
    assert_true(http_fetch(f->h, &a, &request, &r, NULL, &e));
    assert_true(slice_is(r.body, "ok\n"));
    assert_true(slice_is(response_header(&r, "content-type"), "text/plain"));
    assert_int_equal(response_header(&r, "set-cookie").len, 0);
    arena_free(&a);
}

static void sends_method_headers_and_body(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {
        .method = "POST",
        .url = page("/echo"),
        .headers = {{"Accept", "application/json"}, {"Content-Type", "text/x-test"}},
        .body = SLICE("a=1&b"),
    };
    ask_request(f->h, &request, &got);
    assert_contains(got.body, "\"method\": \"POST\"");
    assert_contains(got.body, "\"body\": \"a=1&b\"");
    assert_contains(got.body, "\"content-type\": \"text/x-test\"");
    assert_contains(got.body, "\"accept\": \"application/json\"");
    assert_contains(got.body, "\"user-agent\": \"mwatch/" MWATCH_VERSION "\"");
    assert_lacks(got.body, "expect");
}

static void head_has_no_body(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {.method = "HEAD", .url = page("/bytes?n=500")};
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, "");
}

static void header_with_line_break_is_refused(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {.url = page("/ok?smuggled"), .headers = {{"X-A", "b\r\nX-C: d"}}};
    ask_request(f->h, &request, &got);
    assert_failure(got, ERROR_REFUSED, "control bytes");
    assert_int_equal(requests_for("/ok?smuggled"), 0);
}

static void garbage_is_no_url(void **state)
{
    struct fixture *f = *state;
    const char *const urls[] = {
        "", "nothing", "http://", "https://a b/", "gopher://x/", "ftp://x/y", "https://x:99999/"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct got got;
        ask(f->h, urls[i], &got);
        assert_int_equal(got.error.code, ERROR_REFUSED);
    }
}

/* -- one request for one URL */

static void one_request_for_one_url(void **state)
{
    struct fixture *f = *state;
    struct got got[5] = {{0}};
    struct http_counts counts;
    struct request request = {.url = page("/slow?one")};
    for (int i = 0; i < 4; i++)
        http_submit(f->h, &request, take_answer, &got[i]);
    http_run(f->h);
    http_submit(f->h, &request, take_answer, &got[4]);
    http_run(f->h);
    for (int i = 0; i < 5; i++)
        assert_answer(got[i], 200, "slow\n");
    assert_int_equal(requests_for("/slow?one"), 1);
    http_counts(f->h, &counts);
    assert_int_equal(counts.sent, 1);
    assert_int_equal(counts.from_cache, 4);
    assert_int_equal(counts.bytes, 5);
    assert_true(got[4].from_cache);
}

static void errors_are_shared_too(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/truncated?shared"), &got);
    assert_failure(got, ERROR_NETWORK, "broke off");
    ask(f->h, page("/truncated?shared"), &got);
    assert_failure(got, ERROR_NETWORK, "broke off");
    assert_int_equal(requests_for("/truncated?shared"), 4);
}

static void unlike_requests_are_not_shared(void **state)
{
    struct fixture *f = *state;
    struct got got[6] = {{0}};
    const char *url = page("/echo?unlike");
    struct request requests[] = {
        {.url = url},
        {.url = url, .headers = {{"X-A", "1"}}},
        {.url = url, .credential = "github"},
        {.url = url, .method = "POST", .body = SLICE("1")},
        {.url = url, .method = "POST", .body = SLICE("2")},
        {.url = url, .kind = BODY_ARTEFACT},
    };
    for (int i = 0; i < 6; i++)
        http_submit(f->h, &requests[i], take_answer, &got[i]);
    http_run(f->h);
    assert_int_equal(requests_for("/echo?unlike"), 6);
    assert_contains(got[4].body, "\"body\": \"2\"");
}

static void uncached_is_always_sent(void **state)
{
    struct fixture *f = *state;
    struct got got[3] = {{0}};
    struct request request = {.url = page("/ok?uncached"), .uncached = true};
    for (int i = 0; i < 3; i++)
        http_submit(f->h, &request, take_answer, &got[i]);
    http_run(f->h);
    for (int i = 0; i < 3; i++)
        assert_answer(got[i], 200, "ok\n");
    assert_int_equal(requests_for("/ok?uncached"), 3);
}

struct chain {
    struct http *h;
    int left;
    char last[64];
};

static void submit_next(void *arg, const struct response *r, const struct artefact_result *artefact,
                        const struct error *e)
{
    struct chain *chain = arg;
    char path[64];
    (void)artefact;
    assert_false(error_is_set(e));
    copy_text(chain->last, sizeof chain->last, r->body);
    if (chain->left-- == 0)
        return;
    snprintf(path, sizeof path, "/bytes?n=%d", chain->left);
    struct request request = {.url = page(path)};
    http_submit(chain->h, &request, submit_next, chain);
}

static void callbacks_may_submit_more(void **state)
{
    struct fixture *f = *state;
    struct chain chain = {f->h, 5, ""};
    struct request request = {.url = page("/ok?chain")};
    http_submit(f->h, &request, submit_next, &chain);
    http_run(f->h);
    assert_int_equal(chain.left, -1);
    assert_string_equal(chain.last, "");
}

static void what_is_left_is_dropped_quietly(void **state)
{
    struct fixture *f = *state;
    struct got got = {0};
    struct request request = {.url = page("/ok?never")};
    http_submit(f->h, &request, take_answer, &got);
    struct http_options options = options_for(f);
    reopen(f, &options, 1);
    assert_int_equal(got.calls, 0);
}

/* -- limits at one host, connections */

static void submit_many(struct fixture *f, const char *format, int count, struct got *got)
{
    for (int i = 0; i < count; i++) {
        char path[128];
        snprintf(path, sizeof path, format, i);
        struct request request = {.url = page(path)};
        http_submit(f->h, &request, take_answer, &got[i]);
    }
    http_run(f->h);
}

static void one_host_gets_no_more_than_its_share(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got[12] = {{0}};
    options.per_host = 3;
    reopen(f, &options, 1);
    count_anew();
    submit_many(f, "/slow?ms=20&share=%d", 12, got);
    for (int i = 0; i < 12; i++)
        assert_answer(got[i], 200, "slow\n");
    assert_int_equal(stat_at("/stats", "most_active", NULL), 3);
}

static void jobs_limit_them_all(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got[6] = {{0}};
    options.jobs = 2;
    reopen(f, &options, 1);
    count_anew();
    submit_many(f, "/slow?ms=20&jobs=%d", 6, got);
    assert_int_equal(stat_at("/stats", "most_active", NULL), 2);
}

static void connections_are_reused(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got[40] = {{0}};
    options.per_host = 2;
    reopen(f, &options, 1);
    count_anew();
    submit_many(f, "/bytes?n=%d", 40, got);
    for (int i = 0; i < 40; i++)
        assert_int_equal(strlen(got[i].body), i);
    assert_in_range(stat_at("/stats", "connections", NULL), 1, 3); /* the question is one too */
}

/* -- redirects */

static void five_redirects_are_followed(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/chain?n=5"), &got);
    assert_answer(got, 200, "end of chain\n");
    assert_string_equal(got.url, page("/chain?n=0"));
}

static void six_redirects_are_too_many(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/chain?n=6"), &got);
    assert_failure(got, ERROR_REFUSED, "redirected more than 5 times");
    ask(f->h, page("/loop"), &got);
    assert_failure(got, ERROR_REFUSED, "redirected more than 5 times");
}

static void redirects_to_where_nobody_may_go_are_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const rows[][2] = {
        {"/to?url=http://example.test/", "http:// is not allowed for example.test"},
        {"/to?url=http://127.0.0.1:1/", "http:// is not allowed for 127.0.0.1:1"},
        {"/to?url=file:///etc/hostname", "may not be followed"},
        {"/to?url=gopher://example.test/", "gopher"},
        {"/to?url=http://", "no URL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct got got;
        ask(f->h, page(rows[i][0]), &got);
        assert_int_equal(got.error.code, ERROR_REFUSED);
        if (i != 2 && i != 3)
            assert_contains(got.error.message, rows[i][1]);
    }
}

static const char *give_token(void *arg, const char *credential, const char *host)
{
    char *asked_for = arg;
    snprintf(asked_for, 128, "%s at %s", credential, host);
    return "Bearer ghp_0123456789secret";
}

/* What a server repeats of a secret is hidden; backwards it shows that the right one came. */
#define HIDDEN "Bearer ******************** terces9876543210_phg reraeB"

static void credential_stays_with_its_host(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    char asked_for[128] = "", path[256];
    struct got got;
    options.authorization = give_token;
    options.authorization_arg = asked_for;
    reopen(f, &options, 1);

    struct request request = {.url = page("/auth"), .credential = "github"};
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, HIDDEN);
    assert_contains(asked_for, "github at 127.0.0.1:");

    request.url = page("/to?url=/auth%3Fsame");
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, HIDDEN);

    snprintf(path, sizeof path, "/to?url=%s", page_at(f->other, "/auth"));
    request.url = page(path);
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, "none");

    /* not even when a redirect leads back */
    char back[256];
    snprintf(back, sizeof back, "http://%s/to?url=http://%s/to?url=http://%s/auth?back", f->plain,
             f->other, f->plain);
    request.url = back;
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, "none");
    assert_lacks(test_context_text(&f->t), "ghp_");
}

static void no_credential_unless_asked_for(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    char asked_for[128] = "";
    struct got got;
    options.authorization = give_token;
    options.authorization_arg = asked_for;
    reopen(f, &options, 1);
    ask(f->h, page("/auth?without"), &got);
    assert_answer(got, 200, "none");
    assert_string_equal(asked_for, "");
}

static const char *give_nothing(void *arg, const char *credential, const char *host)
{
    (void)arg;
    (void)credential;
    (void)host;
    return NULL;
}

static void credentials_are_known_beforehand(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct mirror mirrors[] = {{"https://upstream.test/", "http://mirror.test:81/"}};
    char asked_for[128] = "";
    struct request request = {.url = "https://upstream.test/x", .credential = "github"};
    reopen(f, &options, 1);
    assert_false(http_grants(f->h, &request));
    options.authorization = give_nothing;
    reopen(f, &options, 1);
    assert_false(http_grants(f->h, &request));
    options.authorization = give_token;
    options.authorization_arg = asked_for;
    options.mirrors = mirrors;
    options.mirror_count = 1;
    reopen(f, &options, 1);
    assert_true(http_grants(f->h, &request));
    assert_string_equal(asked_for, "github at mirror.test:81");
    request.url = "not a url";
    assert_false(http_grants(f->h, &request));
    request = (struct request){.url = "https://upstream.test/x"};
    assert_false(http_grants(f->h, &request));
}

static void method_after_a_redirect(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *path, *method, *body;
    } rows[] = {
        {"/to?status=303&url=/echo%3F303", "GET", ""},
        {"/to?status=307&url=/echo%3F307", "POST", "text"},
        {"/to?status=308&url=/echo%3F308", "POST", "text"},
        {"/to?status=301&url=/echo%3F301", "POST", "text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct got got;
        char part[64];
        struct request request = {
            .method = "POST", .url = page(rows[i].path), .body = SLICE("text")};
        ask_request(f->h, &request, &got);
        snprintf(part, sizeof part, "\"method\": \"%s\", \"body\": \"%s\"", rows[i].method,
                 rows[i].body);
        assert_contains(got.body, part);
    }
}

/* -- where one may go */

static void http_is_for_plain_hosts_only(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got;
    f->plain_hosts[0] = "example.test";
    reopen(f, &options, 1);
    ask(f->h, page("/ok?plain"), &got);
    assert_failure(got, ERROR_REFUSED, "http:// is not allowed for 127.0.0.1");
    assert_int_equal(got.status, 0);
    f->plain_hosts[0] = "127.0.0.1"; /* without a port: all ports */
    ask(f->h, page("/ok?plain2"), &got);
    assert_answer(got, 200, "ok\n");
    f->plain_hosts[0] = f->plain;
    assert_int_equal(requests_for("/ok?plain"), 0);
}

static void files_only_where_allowed(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got;
    char folder[64], url[128];
    struct error e = {0};
    make_folder(folder);
    snprintf(url, sizeof url, "%s/index", folder);
    FILE *file = fopen(url, "w");
    assert_non_null(file);
    fputs("local\n", file);
    fclose(file);
    snprintf(url, sizeof url, "file://%s/index", folder);
    ask(f->h, url, &got);
    assert_failure(got, ERROR_REFUSED, "file:// is not allowed");

    options.allow_file = true;
    reopen(f, &options, 1);
    ask(f->h, url, &got);
    assert_answer(got, 200, "local\n");
    struct request request = {.url = url, .kind = BODY_ARTEFACT};
    ask_request(f->h, &request, &got);
    assert_true(got.hashed);
    assert_int_equal(got.artefact.hash.size, 6);
    snprintf(url, sizeof url, "file://%s/missing", folder);
    ask(f->h, url, &got);
    assert_answer(got, 404, "");
    remove_folder(folder);
    (void)e;
}

static void mirror_is_asked_in_place(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char target[64];
    snprintf(target, sizeof target, "http://%s/", f->plain);
    struct mirror mirrors[] = {{"https://upstream.test/", target}};
    struct http_options options = {.retries = 0, .mirrors = mirrors, .mirror_count = 1};
    reopen(f, &options, 1);
    ask(f->h, "https://upstream.test/chain?n=1", &got);
    assert_answer(got, 200, "end of chain\n");
    assert_string_equal(got.url, "https://upstream.test/chain?n=0");
}

static void proxy_is_taken_from_the_environment(void **state)
{
    struct fixture *f = *state;
    char proxy[64];
    struct got got;
    snprintf(proxy, sizeof proxy, "http://%s", f->plain);
    f->plain_hosts[0] = "behind.test";
    setenv("http_proxy", proxy, 1);
    ask(f->h, "http://behind.test/ok", &got);
    unsetenv("http_proxy");
    f->plain_hosts[0] = f->plain;
    assert_answer(got, 200, "ok\n");
    assert_int_equal(requests_for("http://behind.test/ok"), 1);
}

/* -- bodies */

static void compressed_bodies_are_unpacked(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/gzip"), &got);
    assert_answer(got, 200, "unpacked\n");
}

static void limit_holds_for_unpacked_bytes(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {.url = page("/bomb"), .limit = 1000000};
    ask_request(f->h, &request, &got);
    assert_failure(got, ERROR_REFUSED, "larger than the 1.0 MB allowed");
    assert_int_equal(requests_for("/bomb"), 1);
}

static void limit_is_exact(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {.url = page("/bytes?n=100"), .limit = 100};
    ask_request(f->h, &request, &got);
    assert_int_equal(strlen(got.body), 100);
    request.limit = 99;
    ask_request(f->h, &request, &got);
    assert_failure(got, ERROR_REFUSED, "larger than the 99 B allowed");
}

static void endless_bodies_are_cut_off(void **state)
{
    struct fixture *f = *state;
    static const char *const pages[] = {"/endless", "/huge"};
    for (size_t i = 0; i < 2; i++) {
        struct got got;
        struct request request = {.url = page(pages[i]), .limit = 1 << 20};
        count_anew();
        ask_request(f->h, &request, &got);
        assert_failure(got, ERROR_REFUSED, "larger than");
        assert_in_range(stat_at("/stats", "bytes", NULL), 0, 32 << 20);
    }
}

static void truncated_body_is_no_answer(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/truncated"), &got);
    assert_failure(got, ERROR_NETWORK, "broke off");
    assert_int_equal(requests_for("/truncated"), 4);
}

static void header_flood_is_refused(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/header-flood"), &got);
    assert_failure(got, ERROR_REFUSED, "headers");
}

static void another_protocol_is_no_answer(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/no-http"), &got);
    assert_int_not_equal(got.error.code, ERROR_NONE);
    assert_contains(got.error.message, "/no-http: ");
    assert_int_equal(requests_for("/no-http"), 1);
}

/* -- artefacts */

/* How the archive is compressed depends on the server's zlib, so it tells the hash itself. */
static void read_tarball_hash(struct fixture *f, char hash[SHA256_HEX + 1])
{
    struct arena a = {0};
    struct error e = {0};
    struct response r;
    struct request request = {.url = page("/stats"), .uncached = true};
    assert_true(http_fetch(f->h, &a, &request, &r, NULL, &e));
    copy_text(hash, SHA256_HEX + 1, json_text(json_parse(&a, r.body, &e), "tarball"));
    assert_int_equal(strlen(hash), SHA256_HEX);
    arena_free(&a);
}

static void ask_artefact(struct fixture *f, const char *path, struct got *got)
{
    struct request request = {.url = page(path), .kind = BODY_ARTEFACT};
    ask_request(f->h, &request, got);
}

static void artefacts_are_hashed_as_sent(void **state)
{
    struct fixture *f = *state;
    static const char *const pages[] = {"/tarball", "/encoded-tarball"};
    char hash[SHA256_HEX + 1];
    read_tarball_hash(f, hash);
    for (size_t i = 0; i < 2; i++) {
        struct got got;
        ask_artefact(f, pages[i], &got);
        assert_answer(got, 200, "");
        assert_true(got.hashed);
        assert_string_equal(got.artefact.hash.sha256, hash);
        assert_int_equal(got.artefact.kind, FILE_GZIP);
        assert_true(got.artefact.intact);
        assert_string_equal(got.artefact.reason, "");
    }
}

static void half_an_archive_is_not_intact(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_artefact(f, "/half-tarball", &got);
    assert_answer(got, 200, "");
    assert_true(got.hashed);
    assert_false(got.artefact.intact);
    assert_string_not_equal(got.artefact.reason, "");
}

static void html_in_place_of_an_artefact_is_told(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_artefact(f, "/html", &got);
    assert_true(got.hashed);
    assert_int_equal(got.artefact.kind, FILE_HTML);
}

static void truncated_artefact_is_no_answer(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_artefact(f, "/truncated?artefact", &got);
    assert_failure(got, ERROR_NETWORK, "broke off");
    assert_false(got.hashed);
}

static void an_error_is_not_hashed(void **state)
{
    struct fixture *f = *state;
    struct got got;
    count_anew();
    ask_artefact(f, "/error-without-end", &got);
    assert_answer(got, 404, "");
    assert_false(got.hashed);
    assert_in_range(stat_at("/stats", "bytes", NULL), 0, 32 << 20);
}

static void artefact_is_streamed_once_for_all(void **state)
{
    struct fixture *f = *state;
    struct got got[3] = {{0}};
    struct request request = {.url = page("/tarball?once"), .kind = BODY_ARTEFACT};
    char hash[SHA256_HEX + 1];
    read_tarball_hash(f, hash);
    request.url = page("/tarball?once");
    for (int i = 0; i < 2; i++)
        http_submit(f->h, &request, take_answer, &got[i]);
    http_run(f->h);
    ask_request(f->h, &request, &got[2]);
    for (int i = 0; i < 3; i++)
        assert_string_equal(got[i].artefact.hash.sha256, hash);
    assert_int_equal(requests_for("/tarball?once"), 1);
}

static void artefact_limit_holds(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got;
    options.artefact_limit = 100;
    reopen(f, &options, 1);
    ask_artefact(f, "/bytes?n=101", &got);
    assert_failure(got, ERROR_REFUSED, "larger than the 100 B allowed");
}

/* -- trying again */

static void error_500_is_tried_again(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct http_counts counts;
    ask(f->h, page("/flaky?n=2"), &got);
    assert_answer(got, 200, "worked\n");
    assert_int_equal(requests_for("/flaky?n=2"), 3);
    http_counts(f->h, &counts);
    assert_int_equal(counts.sent, 3);
}

static void error_500_stands_in_the_end(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/flaky?n=99"), &got);
    assert_answer(got, 500, "later\n");
    assert_int_equal(requests_for("/flaky?n=99"), 4);
}

static void connection_reset_is_tried_again(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/reset?n=1"), &got);
    assert_answer(got, 200, "at last\n");
}

static void nobody_listens(void **state)
{
    struct fixture *f = *state;
    struct got got;
    f->plain_hosts[0] = "127.0.0.1:1";
    ask(f->h, "http://127.0.0.1:1/x?token=abc", &got);
    f->plain_hosts[0] = f->plain;
    assert_failure(got, ERROR_NETWORK, "http://127.0.0.1:1/x?token=***: ");
    assert_contains(got.error.message, "check the network");
}

static void a_host_that_is_down_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got[10] = {{0}};
    struct http_counts counts;
    char url[64];
    options.per_host = 1;
    options.retries = 0;
    f->plain_hosts[1] = "127.0.0.1:1";
    reopen(f, &options, 1);
    for (int i = 0; i < 10; i++) {
        snprintf(url, sizeof url, "http://127.0.0.1:1/%d", i);
        struct request request = {.url = url};
        http_submit(f->h, &request, take_answer, &got[i]);
    }
    http_run(f->h);
    f->plain_hosts[1] = f->other;
    for (int i = 0; i < 10; i++)
        assert_failure(got[i], ERROR_NETWORK, i < 3 ? "check the network" : "in a row");
    http_counts(f->h, &counts);
    assert_int_equal(counts.sent, 3);
    /* the others are not concerned */
    ask(f->h, page("/ok?up"), &got[0]);
    assert_answer(got[0], 200, "ok\n");
}

static void bad_answers_are_answers_too(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got;
    char path[64];
    options.retries = 0;
    reopen(f, &options, 1);
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "/truncated?bad%d", i);
        ask(f->h, page(path), &got);
        assert_failure(got, ERROR_NETWORK, "broke off");
    }
    ask(f->h, page("/ok?after-bad"), &got);
    assert_answer(got, 200, "ok\n");
}

static void a_write_is_sent_once(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {
        .method = "POST", .url = page("/flaky?n=1&write"), .body = SLICE("x"), .uncached = true};
    ask_request(f->h, &request, &got);
    assert_answer(got, 500, "later\n");
    assert_int_equal(requests_for("/flaky?n=1&write"), 1);
    request.url = page("/flaky?n=1&harmless");
    request.harmless = true;
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, "worked\n");
    request.url = page("/flaky?n=1&query");
    request.harmless = false;
    request.uncached = false;
    ask_request(f->h, &request, &got);
    assert_answer(got, 200, "worked\n");
}

/* curl itself sends anew when a connection that it kept breaks without an answer. */
static void a_write_is_not_repeated_by_curl(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request request = {
        .method = "POST", .url = page("/reset?write"), .body = SLICE("x"), .uncached = true};
    ask(f->h, page("/ok?keep"), &got);
    ask_request(f->h, &request, &got);
    assert_int_equal(got.error.code, ERROR_NETWORK);
    assert_int_equal(requests_for("/reset?write"), 1);
}

static void retry_after_is_obeyed(void **state)
{
    struct fixture *f = *state;
    static const char *const pages[] = {"/limited?after=3", "/limited?after=date"};
    for (size_t i = 0; i < 2; i++) {
        struct got got;
        int64_t before = context_milliseconds(&f->t.ctx);
        ask(f->h, page(pages[i]), &got);
        assert_answer(got, 200, "let in\n");
        assert_int_equal(requests_for(pages[i]), 2);
        assert_true(context_milliseconds(&f->t.ctx) - before >= 1000);
    }
}

static void a_limit_holds_back_the_others(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got got[5] = {{0}};
    options.per_host = 1;
    reopen(f, &options, 100);
    submit_many(f, "/limited?n=0&%d", 1, got);
    struct request first = {.url = page("/limited?after=5")};
    http_submit(f->h, &first, take_answer, &got[0]);
    got[0] = (struct got){0};
    submit_many(f, "/ok?behind%d", 4, got + 1);
    for (int i = 1; i < 5; i++)
        assert_answer(got[i], 200, "ok\n");
    assert_answer(got[0], 200, "let in\n");
}

static void too_long_a_wait_says_until_when(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/limited?after=86400"), &got);
    assert_failure(got, ERROR_NETWORK, "takes no more requests until 20");
    assert_contains(got.error.message, "give a token");
    assert_int_equal(requests_for("/limited?after=86400"), 1);
    /* the others are told the same, unsent */
    ask(f->h, page("/ok?behind-a-day"), &got);
    assert_failure(got, ERROR_NETWORK, "/ok?behind-a-day: 127.0.0.1:");
    assert_int_equal(requests_for("/ok?behind-a-day"), 0);
}

static void quotas_are_counted_apart(void **state)
{
    struct fixture *f = *state;
    struct got got;
    struct request with = {.url = page("/quota?in=86400"), .credential = "github"};
    ask_request(f->h, &with, &got);
    assert_failure(got, ERROR_NETWORK, "takes no more requests until 20");
    assert_lacks(got.error.message, "give a token");
    ask(f->h, page("/ok?without-credential"), &got);
    assert_answer(got, 200, "ok\n");
    struct request query = {
        .method = "POST", .url = page("/graphql"), .body = SLICE("{}"), .credential = "github"};
    ask_request(f->h, &query, &got);
    assert_answer(got, 200, "{\"data\": {}}");
    with.url = page("/ok?with-credential");
    ask_request(f->h, &with, &got);
    assert_failure(got, ERROR_NETWORK, "takes no more requests");
}

static void quota_is_waited_for(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/quota?in=30"), &got);
    assert_answer(got, 200, "quota again\n");
    assert_contains(test_context_text(&f->t), "s before the next try");
}

static void the_last_of_a_quota_is_heeded(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask(f->h, page("/quota?status=200&in=86400"), &got);
    assert_int_equal(got.status, 200);
    ask(f->h, page("/ok?after-the-last"), &got);
    assert_failure(got, ERROR_NETWORK, "takes no more requests");
    assert_int_equal(requests_for("/ok?after-the-last"), 0);
}

/* -- deadlines, on the real clock */

static void hanging_server_is_left(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    static const char *const pages[] = {"/hang", "/drip"};
    options.deadline_ms = 150;
    reopen(f, &options, 1);
    for (size_t i = 0; i < 2; i++) {
        struct got got;
        ask(f->h, page(pages[i]), &got);
        assert_failure(got, ERROR_NETWORK, "timed out");
    }
}

static void one_hanging_host_holds_up_nobody(void **state)
{
    struct fixture *f = *state;
    struct http_options options = options_for(f);
    struct got hung = {0}, got = {0};
    options.deadline_ms = 300;
    options.per_host = 1;
    reopen(f, &options, 1);
    struct request slow = {.url = page("/hang?one")};
    struct request quick = {.url = page_at(f->other, "/ok?other")};
    http_submit(f->h, &slow, take_answer, &hung);
    http_submit(f->h, &quick, take_answer, &got);
    http_run(f->h);
    assert_answer(got, 200, "ok\n");
    assert_failure(hung, ERROR_NETWORK, "timed out");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gets_a_page),
        TEST(status_404_is_an_answer),
        TEST(fetches_into_an_arena),
        TEST(sends_method_headers_and_body),
        TEST(head_has_no_body),
        TEST(header_with_line_break_is_refused),
        TEST(garbage_is_no_url),
        TEST(one_request_for_one_url),
        TEST(errors_are_shared_too),
        TEST(unlike_requests_are_not_shared),
        TEST(uncached_is_always_sent),
        TEST(callbacks_may_submit_more),
        TEST(what_is_left_is_dropped_quietly),
        TEST(one_host_gets_no_more_than_its_share),
        TEST(jobs_limit_them_all),
        TEST(connections_are_reused),
        TEST(five_redirects_are_followed),
        TEST(six_redirects_are_too_many),
        TEST(redirects_to_where_nobody_may_go_are_refused),
        TEST(credential_stays_with_its_host),
        TEST(no_credential_unless_asked_for),
        TEST(credentials_are_known_beforehand),
        TEST(method_after_a_redirect),
        TEST(http_is_for_plain_hosts_only),
        TEST(files_only_where_allowed),
        TEST(mirror_is_asked_in_place),
        TEST(proxy_is_taken_from_the_environment),
        TEST(compressed_bodies_are_unpacked),
        TEST(limit_holds_for_unpacked_bytes),
        TEST(limit_is_exact),
        TEST(endless_bodies_are_cut_off),
        TEST(truncated_body_is_no_answer),
        TEST(header_flood_is_refused),
        TEST(another_protocol_is_no_answer),
        TEST(artefacts_are_hashed_as_sent),
        TEST(half_an_archive_is_not_intact),
        TEST(html_in_place_of_an_artefact_is_told),
        TEST(truncated_artefact_is_no_answer),
        TEST(an_error_is_not_hashed),
        TEST(artefact_is_streamed_once_for_all),
        TEST(artefact_limit_holds),
        TEST(error_500_is_tried_again),
        TEST(error_500_stands_in_the_end),
        TEST(connection_reset_is_tried_again),
        TEST(nobody_listens),
        TEST(a_host_that_is_down_is_left_alone),
        TEST(bad_answers_are_answers_too),
        TEST(a_write_is_sent_once),
        TEST(a_write_is_not_repeated_by_curl),
        TEST(retry_after_is_obeyed),
        TEST(a_limit_holds_back_the_others),
        TEST(too_long_a_wait_says_until_when),
        TEST(quotas_are_counted_apart),
        TEST(quota_is_waited_for),
        TEST(the_last_of_a_quota_is_heeded),
        TEST(hanging_server_is_left),
        TEST(one_hanging_host_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
