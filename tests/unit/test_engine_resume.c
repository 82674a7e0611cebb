/* Artefacts over connections that break: what is asked for again, and when all of it is. */
#include "tests/http/harness.h"

struct fixture {
    struct server server;
    struct test_context t;
    struct http *h;
    char plain[SERVER_HOST];
    const char *plain_hosts[2];
    char hash[SHA256_HEX + 1];
    long long size, sent_before;
};

static struct fixture fixture;

static int start(void **state)
{
    struct fixture *f = &fixture;
    (void)state; /* a row's state is the row */
    server_start_plain(&f->server, f->plain);
    f->plain_hosts[0] = f->plain;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(&fixture.server);
    return 0;
}

/* What the server counted: bytes of bodies sent; the archive it serves. */
static long long stats(struct fixture *f, char *hash, const char *member)
{
    struct arena a = {0};
    struct error e = {0};
    struct response r;
    char url[64];
    snprintf(url, sizeof url, "http://%s/stats", f->plain);
    struct request request = {.url = url, .uncached = true};
    assert_true(http_fetch(f->h, &a, &request, &r, NULL, &e));
    json_t *root = json_parse(&a, r.body, &e);
    if (hash)
        copy_text(hash, SHA256_HEX + 1, json_text(root, "big"));
    long long n = json_number(root, member, -1);
    arena_free(&a);
    return n;
}

static int open_test(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    struct http_options options = {
        .retries = -1, .deadline_ms = 600000, .plain_hosts = f->plain_hosts};
    test_context_init(&f->t, 100);
    f->h = open_engine(&f->t.ctx, &options);
    f->size = stats(f, f->hash, "big_size");
    f->sent_before = stats(f, NULL, "bytes");
    return 0;
}

static int close_test(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    http_close(f->h);
    test_context_free(&f->t);
    return 0;
}

static void fetch(struct fixture *f, const char *query, struct got *got)
{
    char url[256];
    snprintf(url, sizeof url, "http://%s/ranged?%s", f->plain, query);
    struct request request = {.url = url, .kind = BODY_ARTEFACT};
    ask_request(f->h, &request, got);
}

static long long sent(struct fixture *f)
{
    return stats(f, NULL, "bytes") - f->sent_before;
}

static void assert_whole(struct fixture *f, const struct got *got)
{
    assert_answer(*got, 200, "");
    assert_string_equal(got->artefact.hash.sha256, f->hash);
    assert_int_equal(got->artefact.hash.size, f->size);
    assert_true(got->artefact.intact);
    assert_int_equal(got->artefact.kind, FILE_GZIP);
}

/* One run a row: `how` the server behaves after the first answer broke off behind 1,000 bytes, and
 * whether the rest may be asked for, else all of it. */
static const struct row {
    const char *name, *how;
    bool resumed;
} rows[] = {
    {"a strong ETag", "fine", true},
    {"a date alone", "date", true},
    {"a length that is not told", "star", true},
    {"a weak ETag", "weak", false},
    {"a date as young as the answer", "young", false},
    {"neither ETag nor date", "bare", false},
    {"Accept-Ranges: none", "none", false},
    {"Range is ignored: 200", "ignored", false},
    {"the file is shorter now: 416", "gone", false},
};

static void goes_on(void **state)
{
    const struct row *row = *state;
    struct fixture *f = &fixture;
    char query[64];
    struct got got;
    open_test(state);
    snprintf(query, sizeof query, "how=%s&cut=1000", row->how);
    fetch(f, query, &got);
    assert_whole(f, &got);
    assert_int_equal(sent(f), f->size + (row->resumed ? 0 : 1000));
    close_test(state);
}

/* Parts that do not belong together: the try is given up, and the next one begins from nothing. */
static const struct row misfits[] = {
    {"a part that begins elsewhere", "shifted", false},
    {"a part with another ETag", "other-tag", false},
    {"a part without the ETag", "no-tag", false},
    {"a part of a longer file", "other-length", false},
    {"a range that is none", "nonsense", false},
};

static void begins_anew(void **state)
{
    const struct row *row = *state;
    struct fixture *f = &fixture;
    char query[64];
    struct got got;
    open_test(state);
    snprintf(query, sizeof query, "how=%s&cut=1000", row->how);
    fetch(f, query, &got);
    assert_whole(f, &got);
    assert_contains(test_context_text(&f->t), "(try 3)");
    close_test(state);
}

static void another_file_is_read_from_its_beginning(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    struct got got;
    fetch(f, "how=replaced&cut=1000", &got);
    assert_answer(got, 200, "");
    assert_string_not_equal(got.artefact.hash.sha256, f->hash);
    assert_true(got.artefact.intact);
    assert_in_range(got.artefact.hash.size, 1, 1000);
}

static void a_part_that_nobody_asked_for_is_refused(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    struct got got;
    fetch(f, "how=unasked&times=0", &got);
    assert_failure(got, ERROR_NETWORK, "sends another part of the file than was asked for");
    assert_false(got.hashed);
}

/* Ten breaks are more than four tries; what counts is that it goes on. */
static void a_line_that_breaks_often_is_borne(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    struct got got;
    fetch(f, "cut=1100000&times=2", &got);
    assert_whole(f, &got);
    assert_int_equal(sent(f), f->size);
}

static void a_line_that_brings_little_is_given_up(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    struct got got;
    fetch(f, "cut=1000&times=99", &got);
    assert_failure(got, ERROR_NETWORK, "broke off");
    assert_int_equal(sent(f), 4000);
}

static void all_who_wait_get_it(void **state)
{
    struct fixture *f = &fixture;
    (void)state;
    struct got got[3] = {{0}};
    char url[256];
    snprintf(url, sizeof url, "http://%s/ranged?cut=1000&all", f->plain);
    struct request request = {.url = url, .kind = BODY_ARTEFACT};
    for (int i = 0; i < 3; i++)
        http_submit(f->h, &request, take_answer, &got[i]);
    http_run(f->h);
    for (int i = 0; i < 3; i++)
        assert_whole(f, &got[i]);
    assert_int_equal(sent(f), f->size);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows, MISFITS = sizeof misfits / sizeof *misfits };
    struct CMUnitTest tests[5 + ROWS + MISFITS] = {
        TEST(another_file_is_read_from_its_beginning),
        TEST(a_part_that_nobody_asked_for_is_refused),
        TEST(a_line_that_breaks_often_is_borne),
        TEST(a_line_that_brings_little_is_given_up),
        TEST(all_who_wait_get_it),
    };
    for (size_t i = 0; i < ROWS; i++)
        tests[5 + i] = (struct CMUnitTest){rows[i].name, goes_on, NULL, NULL, (void *)&rows[i]};
    for (size_t i = 0; i < MISFITS; i++)
        tests[5 + ROWS + i] =
            (struct CMUnitTest){misfits[i].name, begins_anew, NULL, NULL, (void *)&misfits[i]};
    return cmocka_run_group_tests(tests, start, stop);
}
