/* Where GitHub's token goes, and where it never does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/api_host.h"

#include <stdlib.h>

struct row {
    const char *api, *graphql; /* the environment's, NULL = not set */
    struct mirror mirror;      /* of the command line */
    const char *host;
    bool goes;
};

#define GHE "https://ghe.example.org/api/v3"
#define LOCAL                                                                                      \
    {                                                                                              \
        "https://api.github.com/", "http://127.0.0.1:8080/api/"                                    \
    }

static const struct row rows[] = {
    {.host = "api.github.com", .goes = true},
    {.host = "github.com"},
    {.host = "api.github.com.example.org"},
    {.host = "api.github.co"},
    {.host = "api.github.com:8443"},
    {.host = ""},
    {.api = "", .host = "api.github.com", .goes = true},
    {.api = "https://api.github.com/", .host = "API.github.com", .goes = true},
    {.api = "https://api.github.com:443", .host = "api.github.com", .goes = true},
    {.api = GHE, .host = "ghe.example.org", .goes = true},
    {.api = GHE, .host = "api.github.com"},
    {.api = "http://127.0.0.1:8080", .host = "127.0.0.1:8080", .goes = true},
    {.api = "http://127.0.0.1:8080", .host = "127.0.0.1:8081"},
    {.api = "http://127.0.0.1:8080", .host = "127.0.0.1"},
    {.api = "http://127.0.0.1:80", .host = "127.0.0.1", .goes = true},
    {.graphql = "http://127.0.0.1:9/graphql", .host = "127.0.0.1:9", .goes = true},
    {.graphql = "http://127.0.0.1:9/graphql", .host = "api.github.com", .goes = true},
    {.mirror = LOCAL, .host = "127.0.0.1:8080", .goes = true},
    {.mirror = LOCAL, .host = "api.github.com", .goes = true},
    {.mirror = LOCAL, .host = "127.0.0.1:8081"},
    {.mirror = {"https://api.github.com/repos/", "https://proxy.example.org/"},
     .host = "proxy.example.org",
     .goes = true},
    {.mirror = {"https://", "https://proxy.example.org/"},
     .host = "proxy.example.org",
     .goes = true},
    {.mirror = {"https://github.com/", "https://proxy.example.org/"}, .host = "proxy.example.org"},
    {.mirror = {"https://api.github.community/", "https://proxy.example.org/"},
     .host = "proxy.example.org"},
    {.api = GHE, .mirror = LOCAL, .host = "127.0.0.1:8080"},
};

enum { ROWS = sizeof rows / sizeof *rows };

static void set(const char *name, const char *value)
{
    assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static void token_goes(void **state)
{
    const struct row *row = *state;
    set("GITHUB_API_URL", row->api);
    set("GITHUB_GRAPHQL_URL", row->graphql);
    assert_int_equal(api_host(row->host, &row->mirror, row->mirror.prefix != NULL), row->goes);
}

static void tokens_of_other_servers(void **state)
{
    static const struct {
        const char *api;
        bool is_public;
    } cases[] = {
        {NULL, true},
        {"", true},
        {"https://api.github.com/", true},
        {"https://API.github.com:443", true},
        {"http://api.github.com", false},
        {"https://api.github.com:8443", false},
        {GHE, false},
        {"http://127.0.0.1:8080", false},
        {"nonsense", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set("GITHUB_API_URL", cases[i].api);
        assert_int_equal(api_is_public(), cases[i].is_public);
    }
}

static void graphql_stands_in_the_apis_place(void **state)
{
    struct arena a = {0};
    struct mirror mirror;
    (void)state;
    set("GITHUB_API_URL", NULL);
    set("GITHUB_GRAPHQL_URL", NULL);
    assert_false(api_graphql_mirror(&a, &mirror));
    set("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql");
    assert_false(api_graphql_mirror(&a, &mirror));
    set("GITHUB_GRAPHQL_URL", "http://127.0.0.1:9/graphql");
    assert_true(api_graphql_mirror(&a, &mirror));
    assert_string_equal(mirror.prefix, "https://api.github.com/graphql");
    assert_string_equal(mirror.target, "http://127.0.0.1:9/graphql");
    set("GITHUB_API_URL", GHE);
    set("GITHUB_GRAPHQL_URL", "https://ghe.example.org/api/graphql");
    assert_false(api_graphql_mirror(&a, &mirror));
    set("GITHUB_GRAPHQL_URL", "https://other.example.org/graphql");
    assert_true(api_graphql_mirror(&a, &mirror));
    assert_string_equal(mirror.prefix, "https://ghe.example.org/api/graphql");
    arena_free(&a);
}

int main(void)
{
    struct CMUnitTest tests[ROWS + 2] = {cmocka_unit_test(graphql_stands_in_the_apis_place),
                                         cmocka_unit_test(tokens_of_other_servers)};
    for (size_t i = 0; i < ROWS; i++)
        tests[i + 2] = (struct CMUnitTest){rows[i].host, token_goes, NULL, NULL, (void *)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
