/* What WWW-Authenticate asks for, and what a token server gives: tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/http/challenge.h"

#include <string.h>

#define GHCR                                                                                       \
    "Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:a/b:pull\""

static const struct asked {
    const char *name;
    const char *headers[3];
    const char *address; /* NULL = no token is asked for */
} asked[] = {
    {"ghcr.io", {GHCR}, "https://ghcr.io/token?service=ghcr.io&scope=repository%3Aa/b%3Apull"},
    {"in lower case, with blanks",
     {"bearer  realm=\"https://auth.example/t\" , scope = none"},
     "https://auth.example/t"},
    {"bare words",
     {"Bearer realm=https://auth.example/t,service=x"},
     "https://auth.example/t?service=x"},
    {"a realm with a query",
     {"Bearer realm=\"https://auth.example/t?a=b\",service=\"s\""},
     "https://auth.example/t?a=b&service=s"},
    {"behind another scheme in one header",
     {"Basic realm=\"Registry\", Bearer realm=\"https://auth.example/t\""},
     "https://auth.example/t"},
    {"in another header",
     {"Basic realm=\"Registry\"", "Bearer realm=\"https://auth.example/t\""},
     "https://auth.example/t"},
    {"before another scheme",
     {"Bearer realm=\"https://auth.example/t\", Basic realm=\"https://evil.example/t\""},
     "https://auth.example/t"},
    {"the first of two",
     {"Bearer realm=\"https://a.example/t\", Bearer realm=\"https://b.example/t\""},
     "https://a.example/t"},
    {"an escaped quote",
     {"Bearer realm=\"https://auth.example/t\",service=\"a\\\"b, Basic realm=c\""},
     "https://auth.example/t?service=a%22b%2C%20Basic%20realm%3Dc"},
    {"an ampersand stays in its parameter",
     {"Bearer realm=\"https://auth.example/t\",scope=\"a&service=evil\""},
     "https://auth.example/t?scope=a%26service%3Devil"},
    {"basic only", {"Basic realm=\"https://auth.example/t\""}, NULL},
    {"another scheme only", {"Negotiate abc="}, NULL},
    {"no header", {NULL}, NULL},
    {"empty", {""}, NULL},
    {"no realm", {"Bearer service=\"x\""}, NULL},
    {"a realm that is no URL", {"Bearer realm=\"registry\""}, NULL},
    {"a realm with a user", {"Bearer realm=\"https://u:p@auth.example/t\""}, NULL},
    {"a quote that never ends",
     {"Bearer realm=\"https://auth.example/t"},
     "https://auth.example/t"},
    {"a lone equals sign", {"="}, NULL},
    {"a backslash at the end", {"Bearer realm=\"\\"}, NULL},
};

static const struct given {
    const char *name, *body;
    const char *token; /* NULL = none that can be used */
} given[] = {
    {"token", "{\"token\": \"abc.def-g_h~i+j/k==\"}", "abc.def-g_h~i+j/k=="},
    {"access_token", "{\"access_token\": \"abc\", \"expires_in\": 300}", "abc"},
    {"both", "{\"access_token\": \"a\", \"token\": \"b\"}", "b"},
    {"neither", "{\"expires_in\": 300}", NULL},
    {"empty", "{\"token\": \"\"}", NULL},
    {"a number", "{\"token\": 7}", NULL},
    {"a blank", "{\"token\": \"a b\"}", NULL},
    {"a line break", "{\"token\": \"a\\nX: y\"}", NULL},
    {"no object", "[1]", NULL},
    {"no JSON", "<html>", NULL},
    {"nothing", "", NULL},
};

static const struct plain {
    const char *header;
    bool basic;
} plain[] = {
    {"Basic realm=\"Registry\"", true},
    {"basic", true},
    {"Bearer realm=\"https://a.example/t\", Basic realm=\"x\"", true},
    {"Basic realm=\"x\", Bearer realm=\"https://a.example/t\"", true},
    {GHCR, false},
    {"Bearer realm=\"Basic\"", false},
    {"Negotiate Basic=", false},
};

static const struct life {
    const char *body;
    int seconds;
} lives[] = {
    {"{\"token\": \"a\"}", 60},
    {"{\"token\": \"a\", \"expires_in\": 300}", 300},
    {"{\"token\": \"a\", \"expires_in\": 5}", 60},
    {"{\"token\": \"a\", \"expires_in\": -1}", 60},
    {"{\"token\": \"a\", \"expires_in\": \"300\"}", 60},
    {"{\"token\": \"a\", \"expires_in\": 1e300}", 60},
    {"{\"token\": \"a\", \"expires_in\": 9223372036854775807}", 24 * 3600},
};

static void test_asked(void **state)
{
    const struct asked *row = *state;
    struct arena a = {0};
    struct header headers[3];
    struct response response = {.status = 401, .headers = headers};
    for (; row->headers[response.header_count]; response.header_count++)
        headers[response.header_count] =
            (struct header){"www-authenticate", row->headers[response.header_count]};
    struct challenge challenge;
    challenge_read(&response, &a, &challenge);
    const char *address = challenge_address(&challenge, &a);
    if (row->address) {
        assert_non_null(address);
        assert_string_equal(address, row->address);
    } else {
        assert_null(address);
    }
    arena_free(&a);
}

static void test_given(void **state)
{
    const struct given *row = *state;
    struct arena a = {0};
    struct error e = {0};
    struct response response = {.status = 200, .body = slice_of(row->body)};
    int64_t seconds;
    const char *token = challenge_token(&response, &a, &seconds, &e);
    assert_int_equal(error_is_set(&e), row->token == NULL);
    if (row->token)
        assert_string_equal(token, row->token);
    else
        assert_null(token);
    arena_free(&a);
}

static void test_plain(void **state)
{
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        struct header header = {"www-authenticate", plain[i].header};
        struct response response = {.status = 401, .headers = &header, .header_count = 1};
        struct challenge challenge;
        challenge_read(&response, &a, &challenge);
        assert_int_equal(challenge.basic, plain[i].basic);
    }
    arena_free(&a);
}

static void test_lives(void **state)
{
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        struct response response = {.status = 200, .body = slice_of(lives[i].body)};
        struct error e = {0};
        int64_t seconds;
        assert_non_null(challenge_token(&response, &a, &seconds, &e));
        assert_int_equal(seconds, lives[i].seconds);
    }
    arena_free(&a);
}

static void test_form(void **state)
{
    struct arena a = {0};
    struct challenge c = {"https://auth.example/t", SLICE("s&x=y"), SLICE("repository:a/b:pull"),
                          false};
    (void)state;
    struct slice form = challenge_form(&c, "a+b/c=&d", &a);
    assert_true(slice_is(form, "grant_type=refresh_token&client_id=mwatch&service=s%26x%3Dy&"
                               "scope=repository%3Aa%2Fb%3Apull&refresh_token=a%2Bb%2Fc%3D%26d"));
    arena_free(&a);
}

int main(void)
{
    enum { ASKED = sizeof asked / sizeof *asked, GIVEN = sizeof given / sizeof *given };
    struct CMUnitTest tests[ASKED + GIVEN + 3];
    for (size_t i = 0; i < ASKED; i++)
        tests[i] = (struct CMUnitTest){asked[i].name, test_asked, NULL, NULL,
                                       (void *)(uintptr_t)&asked[i]};
    for (size_t i = 0; i < GIVEN; i++)
        tests[ASKED + i] = (struct CMUnitTest){given[i].name, test_given, NULL, NULL,
                                               (void *)(uintptr_t)&given[i]};
    tests[ASKED + GIVEN] = (struct CMUnitTest){"a form", test_form, NULL, NULL, NULL};
    tests[ASKED + GIVEN + 1] = (struct CMUnitTest){"basic", test_plain, NULL, NULL, NULL};
    tests[ASKED + GIVEN + 2] = (struct CMUnitTest){"lives", test_lives, NULL, NULL, NULL};
    return _cmocka_run_group_tests("challenge", tests, ASKED + GIVEN + 3, NULL, NULL);
}
