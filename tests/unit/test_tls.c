/* The engine over TLS: whom it trusts, and HTTP/2 where a server offers it. */
#include "tests/http/harness.h"

struct fixture {
    struct server server, nginx;
    struct test_context t;
    char folder[64];
    char ca[256];
};

static int start(void **state)
{
    static struct fixture fixture;
    struct fixture *f = &fixture;
    char command[256], certificate[256], key[256];
    *state = f;
    forget_proxies();
    make_folder(f->folder);
    snprintf(command, sizeof command, "tests/http/certificates.sh %.63s", f->folder);
    assert_int_equal(system(command), 0);
    snprintf(f->ca, sizeof f->ca, "%.63s/ca.pem", f->folder);
    snprintf(certificate, sizeof certificate, "%.63s/localhost.pem", f->folder);
    snprintf(key, sizeof key, "%.63s/localhost.key", f->folder);
    char *const server[] = {"/usr/bin/python3", "tests/http/server.py", certificate, key, NULL};
    char *const nginx[] = {"/usr/bin/python3", "tests/http/nginx.py", f->folder, NULL};
    server_start(&f->server, server);
    server_start(&f->nginx, nginx);
    test_context_init(&f->t, 1);
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;
    server_stop(&f->server);
    server_stop(&f->nginx);
    test_context_free(&f->t);
    remove_folder(f->folder);
    return 0;
}

static void ask_at(struct fixture *f, const char *host, const char *ca, struct got *got)
{
    char url[128];
    struct http_options options = {.retries = 0, .ca_file = ca};
    struct http *h = open_engine(&f->t.ctx, &options);
    snprintf(url, sizeof url, "https://%s:%d/ok", host, f->server.port);
    ask(h, url, got);
    http_close(h);
}

static void trusts_the_authority_it_is_given(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_at(f, "localhost", f->ca, &got);
    assert_answer(got, 200, "ok\n");
}

static void trusts_the_authority_of_the_environment(void **state)
{
    struct fixture *f = *state;
    struct got got;
    setenv("SSL_CERT_FILE", f->ca, 1);
    ask_at(f, "localhost", NULL, &got);
    unsetenv("SSL_CERT_FILE");
    assert_answer(got, 200, "ok\n");
}

static void trusts_nobody_else(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_at(f, "localhost", NULL, &got);
    assert_failure(got, ERROR_REFUSED, "certificate");
    assert_contains(got.error.message, "--cacert FILE or SSL_CERT_FILE");
}

static void a_certificate_is_for_its_name_only(void **state)
{
    struct fixture *f = *state;
    struct got got;
    ask_at(f, "127.0.0.1", f->ca, &got);
    assert_failure(got, ERROR_REFUSED, "127.0.0.1");
}

static void a_missing_authority_is_a_usage_error(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct http_options options = {.ca_file = "/nowhere/ca.pem"};
    assert_null(http_open(&f->t.ctx, &options, &e));
    assert_int_equal(e.code, ERROR_USAGE);
    assert_contains(e.message, "/nowhere/ca.pem");
}

static void no_way_from_https_to_http(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char url[256];
    struct http_options options = {.retries = 0, .ca_file = f->ca};
    struct http *h = open_engine(&f->t.ctx, &options);
    snprintf(url, sizeof url, "https://localhost:%d/to?url=http://localhost:%d/ok", f->server.port,
             f->server.port);
    ask(h, url, &got);
    assert_failure(got, ERROR_REFUSED, "http:// is not allowed for localhost");
    http_close(h);
}

static const char *give_token(void *arg, const char *credential, const char *host)
{
    (void)arg;
    (void)credential;
    (void)host;
    return "Bearer ghp_0123456789secret";
}

/* The scheme belongs to the origin: what goes over TLS does not go without. */
static void a_credential_does_not_leave_tls(void **state)
{
    struct fixture *f = *state;
    struct got got;
    char url[256], plain[32];
    struct server other;
    char *const argv[] = {"/usr/bin/python3", "tests/http/server.py", NULL};
    server_start(&other, argv);
    snprintf(plain, sizeof plain, "localhost:%d", other.port);
    const char *const plain_hosts[] = {plain, NULL};
    struct http_options options = {
        .retries = 0, .ca_file = f->ca, .plain_hosts = plain_hosts, .authorization = give_token};
    struct http *h = open_engine(&f->t.ctx, &options);
    snprintf(url, sizeof url, "https://localhost:%d/to?url=http://%s/auth", f->server.port, plain);
    struct request request = {.url = url, .credential = "github"};
    ask_request(h, &request, &got);
    assert_answer(got, 200, "none");
    http_close(h);
    server_stop(&other);
}

/* -- HTTP/2 */

enum { STREAMS = 30 };

/* Every line of nginx's log must be an HTTP/2 request on one connection. */
static int check_log(struct fixture *f)
{
    char path[256], protocol[16], connection[16], first[16] = "", uri[64];
    int lines = 0;
    snprintf(path, sizeof path, "%.63s/access.log", f->folder);
    FILE *log = fopen(path, "r");
    assert_non_null(log);
    while (fscanf(log, "%15s %15s %63s", protocol, connection, uri) == 3) {
        assert_string_equal(protocol, "HTTP/2.0");
        if (lines++ == 0)
            memcpy(first, connection, sizeof first);
        assert_string_equal(connection, first);
    }
    fclose(log);
    return lines;
}

static void many_requests_share_an_http2_connection(void **state)
{
    struct fixture *f = *state;
    struct got got[STREAMS] = {{0}};
    char url[STREAMS][64];
    struct http_options options = {.retries = 0, .ca_file = f->ca};
    if (f->nginx.port == 0) {
        print_message("SKIP: nginx with HTTP/2 is not installed (nginx-light)\n");
        skip();
    }
    struct http *h = open_engine(&f->t.ctx, &options);
    for (int i = 0; i < STREAMS; i++) {
        snprintf(url[i], sizeof url[i], "https://localhost:%d/%d", f->nginx.port, i);
        struct request request = {.url = url[i]};
        http_submit(h, &request, take_answer, &got[i]);
    }
    http_run(h);
    http_close(h);
    for (int i = 0; i < STREAMS; i++) {
        assert_answer(got[i], 200, "over two\n");
        assert_string_equal(got[i].etag, "\"two\"");
    }
    assert_int_equal(check_log(f), STREAMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trusts_the_authority_it_is_given),
        cmocka_unit_test(trusts_the_authority_of_the_environment),
        cmocka_unit_test(trusts_nobody_else),
        cmocka_unit_test(a_certificate_is_for_its_name_only),
        cmocka_unit_test(a_missing_authority_is_a_usage_error),
        cmocka_unit_test(no_way_from_https_to_http),
        cmocka_unit_test(a_credential_does_not_leave_tls),
        cmocka_unit_test(many_requests_share_an_http2_connection),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
