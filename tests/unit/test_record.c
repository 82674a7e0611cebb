/* Recordings: what is written comes back, secrets do not, and broken files are told apart. */
#include "tests/http/harness.h"

#include "watcher/http/exchange.h"
#include "watcher/http/record.h"
#include "watcher/http/replay.h"

struct fixture {
    struct test_context t;
    char folder[64];
    char path[96];
    struct arena a;
    struct error error;
};

static int open_test(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    test_context_init(&f->t, 1);
    make_folder(f->folder);
    snprintf(f->path, sizeof f->path, "%s/recording", f->folder);
    *state = f;
    return 0;
}

static int close_test(void **state)
{
    struct fixture *f = *state;
    test_context_free(&f->t);
    remove_folder(f->folder);
    arena_free(&f->a);
    free(f);
    return 0;
}

static struct recorder *begin(struct fixture *f)
{
    struct recorder *r = record_open(&f->t.ctx, f->path, &f->error);
    if (!r)
        fail_msg("%s", f->error.message);
    return r;
}

static struct answer ok_answer(const char *url, struct slice body)
{
    return (struct answer){.response = {.status = 200, .url = url, .body = body}};
}

static const char *read_recording(struct fixture *f)
{
    struct buf text = {0};
    assert_true(file_read(f->path, &text, &f->error));
    const char *copy = arena_text(&f->a, buf_slice(&text));
    buf_free(&text);
    return copy;
}

static void write_recording(struct fixture *f, const char *text)
{
    FILE *file = fopen(f->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct replay *reread(struct fixture *f)
{
    struct replay *r = replay_open(&f->t.ctx, f->path, &f->error);
    if (!r)
        fail_msg("%s", f->error.message);
    return r;
}

static void answers_with(struct fixture *f, struct replay *r, const struct request *request,
                         struct slice body)
{
    struct answer answer;
    replay_answer(r, request, &f->a, &answer);
    assert_string_equal(answer.error.message, "");
    assert_int_equal(answer.response.body.len, body.len);
    assert_true(slice_equal(answer.response.body, body));
}

/* -- bodies come back to the byte */

#define BODY(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct slice bodies[] = {
    BODY(""),
    BODY("\n"),
    BODY("\n\n"),
    BODY("one line"),
    BODY("one line\n"),
    BODY("two\nlines"),
    BODY("two\r\nlines\r\n"),
    BODY("\r"),
    BODY("tab\tescape\033[31m bell\a quote\" backslash\\ del\177"),
    BODY("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\n"),
    BODY("not utf-8 \xff\xfe\n"),
    BODY("nul \0 inside\n"),
    BODY("\xed\xa0\x80 a surrogate"),
    BODY("{\"versions\": [\"1.0\"]}"),
    BODY("\xef\xbb\xbf byte order mark"),
    BODY("0014command=ls-refs\n0015agent=mwatch/0.1.00010009peel\n0000"),
};

static void body_comes_back(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    char url[64];
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        snprintf(url, sizeof url, "https://upstream.test/%zu", i);
        struct request request = {.url = url, .method = "POST", .body = bodies[i]};
        struct answer answer = ok_answer(url, bodies[i]);
        record_add(recorder, &request, &answer);
    }
    record_close(recorder);
    struct replay *r = reread(f);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        snprintf(url, sizeof url, "https://upstream.test/%zu", i);
        struct request request = {.url = url, .method = "POST", .body = bodies[i]};
        answers_with(f, r, &request, bodies[i]);
    }
    replay_close(r);
}

static void text_is_readable_in_the_file(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/tags"};
    struct header headers[] = {{"content-type", "text/plain"},
                               {"etag", "W/\"1\""},
                               {"server", "nginx"},
                               {"x-ratelimit-remaining", "59"}};
    struct answer answer = ok_answer(request.url, SLICE("v1.0\nv1.1\n"));
    answer.response.headers = headers;
    answer.response.header_count = 4;
    record_add(recorder, &request, &answer);
    record_close(recorder);
    const char *text = read_recording(f);
    assert_contains(text, "{\n  \"mwatch-recording\": 1,\n  \"recorded\": \"20");
    assert_contains(text, "  \"request\": {\n"
                          "    \"method\": \"GET\",\n"
                          "    \"url\": \"https://upstream.test/tags\"\n"
                          "  },\n"
                          "  \"response\": {\n"
                          "    \"status\": 200,\n"
                          "    \"headers\": {\n"
                          "      \"content-type\": \"text/plain\",\n"
                          "      \"etag\": \"W/\\\"1\\\"\",\n"
                          "      \"x-ratelimit-remaining\": \"59\"\n"
                          "    },\n"
                          "    \"body\": [\n"
                          "      \"v1.0\",\n"
                          "      \"v1.1\",\n"
                          "      \"\"\n"
                          "    ]\n"
                          "  }\n"
                          "}\n");
}

static void headers_status_and_url_come_back(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/tags?page=1"};
    struct header headers[] = {{"link", "<https://upstream.test/tags?page=2>; rel=\"next\""},
                               {"link", "<https://upstream.test/tags?page=9>; rel=\"last\""},
                               {"content-type", "application/json"}};
    struct answer answer = ok_answer("https://upstream.test/moved", SLICE("[]"));
    struct answer back;
    answer.response.status = 404;
    answer.response.headers = headers;
    answer.response.header_count = 3;
    record_add(recorder, &request, &answer);
    record_close(recorder);
    struct replay *r = reread(f);
    replay_answer(r, &request, &f->a, &back);
    assert_int_equal(back.response.status, 404);
    assert_string_equal(back.response.url, "https://upstream.test/moved");
    assert_true(slice_is(response_next_link(&back.response), "https://upstream.test/tags?page=2"));
    assert_true(slice_is(response_header(&back.response, "content-type"), "application/json"));
    assert_true(replay_recorded_at(r) >= f->t.start_s);
    replay_close(r);
}

static void artefacts_come_back(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/a.tar.gz", .kind = BODY_ARTEFACT};
    struct answer answer = ok_answer("https://cdn.test/a.tar.gz", (struct slice){0}), back;
    answer.hashed = true;
    hash_bytes(SLICE("demo"), &answer.artefact.hash);
    answer.artefact.kind = FILE_ZSTD;
    snprintf(answer.artefact.reason, sizeof answer.artefact.reason, "breaks off");
    record_add(recorder, &request, &answer);
    record_close(recorder);
    struct replay *r = reread(f);
    replay_answer(r, &request, &f->a, &back);
    assert_string_equal(back.error.message, "");
    assert_true(back.hashed);
    assert_int_equal(back.artefact.hash.size, 4);
    assert_string_equal(back.artefact.hash.sha256, answer.artefact.hash.sha256);
    assert_string_equal(back.artefact.hash.sha512, answer.artefact.hash.sha512);
    assert_int_equal(back.artefact.kind, FILE_ZSTD);
    assert_false(back.artefact.intact);
    assert_string_equal(back.artefact.reason, "breaks off");
    assert_string_equal(back.response.url, "https://cdn.test/a.tar.gz");
    replay_close(r);
}

/* What a person wrote down as a body is as good as a download. */
static void a_recorded_body_can_be_hashed(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/demo.txt"};
    struct answer answer = ok_answer(request.url, SLICE("demo")), back;
    struct hash_result hash;
    record_add(recorder, &request, &answer);
    record_close(recorder);
    struct replay *r = reread(f);
    request.kind = BODY_ARTEFACT;
    replay_answer(r, &request, &f->a, &back);
    hash_bytes(SLICE("demo"), &hash);
    assert_true(back.hashed);
    assert_true(back.artefact.intact);
    assert_string_equal(back.artefact.hash.sha256, hash.sha256);
    assert_int_equal(back.response.body.len, 0);
    replay_close(r);
}

static void an_artefact_has_no_body_to_read(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/a.tar.gz"};
    struct answer answer = ok_answer(request.url, (struct slice){0}), back;
    answer.hashed = true;
    hash_bytes(SLICE("demo"), &answer.artefact.hash);
    record_add(recorder, &request, &answer);
    record_close(recorder);
    struct replay *r = reread(f);
    replay_answer(r, &request, &f->a, &back);
    assert_failure(back, ERROR_NETWORK, "an artefact's, without its bytes");
    replay_close(r);
}

static void the_length_of_a_head_comes_back(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.method = "HEAD", .url = "https://upstream.test/a.tar.gz"};
    struct header length = {"content-length", "4711"};
    struct answer answer = ok_answer(request.url, (struct slice){0}), back;
    answer.response.headers = &length;
    answer.response.header_count = 1;
    record_add(recorder, &request, &answer);
    record_close(recorder);
    struct replay *r = reread(f);
    replay_answer(r, &request, &f->a, &back);
    assert_true(slice_is(response_header(&back.response, "content-length"), "4711"));
    replay_close(r);
}

static void errors_come_back(void **state)
{
    struct fixture *f = *state;
    static const enum error_code codes[] = {ERROR_NETWORK, ERROR_REFUSED};
    for (size_t i = 0; i < 2; i++) {
        struct recorder *recorder = begin(f);
        struct request request = {.url = "https://upstream.test/down"};
        struct answer answer = {0}, back;
        error_set(&answer.error, codes[i], "https://upstream.test/down: nobody is there");
        record_add(recorder, &request, &answer);
        record_close(recorder);
        struct replay *r = reread(f);
        replay_answer(r, &request, &f->a, &back);
        assert_int_equal(back.error.code, codes[i]);
        assert_string_equal(back.error.message, "https://upstream.test/down: nobody is there");
        replay_close(r);
    }
}

/* -- what is looked up */

static void several_are_answered_in_order(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/x"};
    struct request other = {.url = "https://upstream.test/y"};
    const struct slice texts[] = {SLICE("first"), SLICE("second"), SLICE("third")};
    for (int i = 0; i < 3; i++) {
        struct answer answer = ok_answer(request.url, texts[i]);
        record_add(recorder, &request, &answer);
        answer.response.body = SLICE("other");
        record_add(recorder, &other, &answer);
    }
    record_close(recorder);
    struct replay *r = reread(f);
    answers_with(f, r, &request, texts[0]);
    answers_with(f, r, &request, texts[1]);
    answers_with(f, r, &other, SLICE("other"));
    answers_with(f, r, &request, texts[2]);
    answers_with(f, r, &request, texts[2]);
    replay_close(r);
}

static void it_is_known_what_was_recorded(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request asked = {.url = "https://upstream.test/x", .method = "POST", .body = SLICE("a")};
    struct request failed = {.url = "https://upstream.test/failed"};
    struct request other = asked;
    struct answer answer = ok_answer(asked.url, SLICE("text")), error = {0};
    error_set(&error.error, ERROR_NETWORK, "no answer");
    record_add(recorder, &asked, &answer);
    record_add(recorder, &failed, &error);
    record_close(recorder);
    struct replay *r = reread(f);
    assert_true(replay_has(r, &asked));
    assert_true(replay_has(r, &failed));
    other.body = SLICE("b");
    assert_false(replay_has(r, &other));
    other.body = (struct slice){0};
    assert_false(replay_has(r, &other));
    answers_with(f, r, &asked, SLICE("text")); /* looking does not use an answer up */
    assert_true(replay_has(r, &asked));
    replay_close(r);
}

static void what_was_not_recorded_is_told(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request asked = {.url = "https://upstream.test/x", .method = "POST", .body = SLICE("a")};
    struct answer answer = ok_answer(asked.url, SLICE("text"));
    record_add(recorder, &asked, &answer);
    record_close(recorder);
    const struct request others[] = {
        {.url = "https://upstream.test/x"},
        {.url = "https://upstream.test/x", .method = "POST", .body = SLICE("b")},
        {.url = "https://upstream.test/x?y", .method = "POST", .body = SLICE("a")},
    };
    struct replay *r = reread(f);
    for (size_t i = 0; i < 3; i++) {
        replay_answer(r, &others[i], &f->a, &answer);
        assert_int_equal(answer.error.code, ERROR_NETWORK);
        assert_contains(answer.error.message, "was not recorded in ");
        assert_contains(answer.error.message, "(record it with --record)");
        assert_contains(answer.error.message, "https://upstream.test/x");
    }
    replay_close(r);
}

/* -- secrets */

static void no_secret_is_written(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    record_hide(recorder, "Bearer ghp_AbCdEf0123456789");
    record_hide(recorder, "Bearer ghp_AbCdEf0123456789");
    record_hide(recorder, "Basic dXNlcjpwYXNzd29yZA==");
    struct request request = {
        .method = "POST",
        .url = "https://me:hunter2@upstream.test/x?access_token=abcdef&page=2",
        .body = SLICE("token ghp_AbCdEf0123456789 twice ghp_AbCdEf0123456789"),
        .headers = {{"Authorization", "Bearer ghp_AbCdEf0123456789"}},
    };
    struct header headers[] = {
        {"set-cookie", "session=c00kie"},
        {"location", "https://me:hunter2@upstream.test/y"},
        {"link", "<https://upstream.test/x?access_token=abcdef&page=3>; rel=\"next\", "
                 "<https://upstream.test/x?page=1>; rel=\"first\""},
        {"etag", "ghp_AbCdEf0123456789"},
    };
    struct answer answer =
        ok_answer("https://upstream.test/z?signature=5ecret&a=b",
                  SLICE("Authorization: Basic dXNlcjpwYXNzd29yZA==\nghp_AbCdEf0123456789"));
    answer.response.headers = headers;
    answer.response.header_count = 4;
    record_add(recorder, &request, &answer);
    record_close(recorder);
    const char *text = read_recording(f);
    static const char *const secrets_there[] = {"hunter2", "abcdef", "ghp_",           "dXNlcj",
                                                "5ecret",  "c00kie", "\"authorization"};
    for (size_t i = 0; i < sizeof secrets_there / sizeof *secrets_there; i++)
        assert_lacks(text, secrets_there[i]);
    assert_contains(text, "page=2");
    assert_contains(text, "page=1>; rel=\\\"first\\\"");
    struct stat s;
    assert_int_equal(stat(f->path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);

    /* and it is found again by its public form */
    struct replay *r = reread(f);
    struct request again = {.method = "POST",
                            .url = "https://upstream.test/x?access_token=another&page=2",
                            .body = SLICE("token *** twice ***")};
    struct answer back;
    replay_answer(r, &again, &f->a, &back);
    assert_string_equal(back.error.message, "");
    replay_close(r);
}

/* -- files */

static void only_a_recording_is_written_over(void **state)
{
    struct fixture *f = *state;
    write_recording(f, "package:\n  name: redis\n");
    assert_null(record_open(&f->t.ctx, f->path, &f->error));
    assert_failure(*f, ERROR_USAGE, "is there and is no recording");
    assert_contains(read_recording(f), "redis");
    error_clear(&f->error);
}

static void a_second_recording_replaces_the_first(void **state)
{
    struct fixture *f = *state;
    struct request request = {.url = "https://upstream.test/x"};
    const struct slice texts[] = {SLICE("first"), SLICE("second")};
    for (int i = 0; i < 2; i++) {
        struct recorder *recorder = begin(f);
        struct answer answer = ok_answer(request.url, texts[i]);
        record_add(recorder, &request, &answer);
        record_close(recorder);
    }
    struct replay *r = reread(f);
    answers_with(f, r, &request, texts[1]);
    replay_close(r);
}

static void a_folder_that_is_not_there(void **state)
{
    struct fixture *f = *state;
    assert_null(record_open(&f->t.ctx, "/nowhere/at/all", &f->error));
    assert_failure(*f, ERROR_SYSTEM, "/nowhere/at/all");
    error_clear(&f->error);
    assert_null(replay_open(&f->t.ctx, "/nowhere/at/all", &f->error));
    assert_failure(*f, ERROR_USAGE, "/nowhere/at/all");
}

static void a_half_written_end_is_left_out(void **state)
{
    struct fixture *f = *state;
    struct recorder *recorder = begin(f);
    struct request request = {.url = "https://upstream.test/whole"};
    struct answer answer = ok_answer(request.url, SLICE("whole\n"));
    record_add(recorder, &request, &answer);
    struct request half = {.url = "https://upstream.test/half"};
    size_t whole = strlen(read_recording(f));
    record_add(recorder, &half, &answer);
    record_close(recorder);
    size_t all = strlen(read_recording(f));
    for (size_t size = all - 2; size > whole; size--) {
        assert_int_equal(truncate(f->path, (off_t)size), 0);
        struct replay *r = reread(f);
        answers_with(f, r, &request, SLICE("whole\n"));
        replay_answer(r, &half, &f->a, &answer);
        assert_failure(answer, ERROR_NETWORK, "was not recorded");
        replay_close(r);
    }
    assert_contains(test_context_text(&f->t), "the last exchange was not written to its end");
}

#define HEADER "{\"mwatch-recording\": 1, \"recorded\": \"2026-05-06T08:34:24Z\"}\n"

static const struct {
    const char *text, *message;
} broken[] = {
    {"", "is no recording"},
    {"\n", "is no recording"},
    {"[]", "is no recording"},
    {"{}", "is no recording"},
    {"{\"mwatch-recording\": 2, \"recorded\": \"2026-05-06T08:34:24Z\"}", "is no recording"},
    {"{\"mwatch-recording\": 1}", "is no recording"},
    {"{\"mwatch-recording\": 1, \"recorded\": \"yesterday\"}", "is no recording"},
    {"name: redis\n", "is no recording"},
    {HEADER "nonsense", "recording:2: "},
    {HEADER "\n\n{\"request\":\n nonsense}", "recording:5: "},
    {HEADER "{\"request\": {}}", "recording:2: an exchange must have a request with a url"},
    {HEADER "{}", "recording:2: an exchange must have a request"},
    {HEADER "[]", "recording:2: an exchange must have a request"},
    {HEADER "{\"request\": {\"url\": \"https://x/\"}}", "must have a response or an error"},
    {HEADER "{\"request\": {\"url\": \"https://x/\", \"body\": 1}, \"error\": \"\"}",
     "the request's body must be"},
    {HEADER "{\"request\": {\"url\": \"https://x/\", \"base64\": \"?\"}, \"error\": \"\"}",
     "the request's body must be"},
};

static void broken_recordings_are_told(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        write_recording(f, broken[i].text);
        error_clear(&f->error);
        struct replay *r = replay_open(&f->t.ctx, f->path, &f->error);
        assert_null(r);
        assert_int_equal(f->error.code, ERROR_USAGE);
        assert_contains(f->error.message, broken[i].message);
    }
}

static const struct {
    const char *response, *message;
} unusable[] = {
    {"\"response\": {\"body\": [1]}", "must be an array of lines"},
    {"\"response\": {\"body\": \"text\"}", "must be an array of lines"},
    {"\"response\": {\"base64\": \"!\"}", "must be an array of lines"},
    {"\"response\": {\"artefact\": {\"sha256\": \"12\"}}", "must have its sha256"},
};

static void unusable_answers_are_told(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof unusable / sizeof *unusable; i++) {
        char text[512];
        struct answer answer;
        struct request request = {.url = "https://x/"};
        snprintf(text, sizeof text, HEADER "{\"request\": {\"url\": \"https://x/\"}, %s}",
                 unusable[i].response);
        write_recording(f, text);
        struct replay *r = reread(f);
        replay_answer(r, &request, &f->a, &answer);
        assert_failure(answer, ERROR_NETWORK, unusable[i].message);
        replay_close(r);
    }
}

static void what_people_write_by_hand_is_understood(void **state)
{
    struct fixture *f = *state;
    struct answer answer;
    struct request request = {.url = "https://x/"};
    write_recording(f, HEADER "{\"request\": {\"url\": \"https://x/\"},"
                              " \"response\": {\"body\": [\"v1\"]}}"
                              "{\"request\": {\"url\": \"https://y/\"}, \"response\": {}}");
    struct replay *r = reread(f);
    replay_answer(r, &request, &f->a, &answer);
    assert_int_equal(answer.response.status, 200);
    assert_string_equal(answer.response.url, "https://x/");
    assert_true(slice_is(answer.response.body, "v1"));
    assert_int_equal(replay_recorded_at(r), 1778056464);
    replay_close(r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(body_comes_back),
        TEST(text_is_readable_in_the_file),
        TEST(headers_status_and_url_come_back),
        TEST(artefacts_come_back),
        TEST(a_recorded_body_can_be_hashed),
        TEST(an_artefact_has_no_body_to_read),
        TEST(the_length_of_a_head_comes_back),
        TEST(errors_come_back),
        TEST(several_are_answered_in_order),
        TEST(it_is_known_what_was_recorded),
        TEST(what_was_not_recorded_is_told),
        TEST(no_secret_is_written),
        TEST(only_a_recording_is_written_over),
        TEST(a_second_recording_replaces_the_first),
        TEST(a_folder_that_is_not_there),
        TEST(a_half_written_end_is_left_out),
        TEST(broken_recordings_are_told),
        TEST(unusable_answers_are_told),
        TEST(what_people_write_by_hand_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
