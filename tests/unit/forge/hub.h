/* A GitHub of our own on loopback (tests/lib/github_double.py), an engine with a token, and the
 * forge over both. Included once by each test program. */
#ifndef MWATCH_TESTS_UNIT_FORGE_HUB_H
#define MWATCH_TESTS_UNIT_FORGE_HUB_H

#include "tests/http/harness.h"

#include "git/forge.h"

struct hub {
    struct server server;
    struct test_context t;
    struct arena arena;
    struct http *http;
    struct forge_session *session;
    char host[32], url[64];
    const char *plain_hosts[2];
    const char *token; /* whole header */
    struct error e;
};

static struct hub hub;

/* The double's own calls, asked by an engine without a token. */
static inline json_t *hub_call(const char *method, const char *what, const char *body)
{
    struct http_options options = {.retries = 0, .plain_hosts = hub.plain_hosts};
    struct error e = {0};
    struct response r;
    struct http *h = open_engine(&hub.t.ctx, &options);
    struct request request = {
        .method = method,
        .url = arena_printf(&hub.arena, "%s/_double/%s", hub.url, what),
        .body = slice_of(body),
        .uncached = true,
    };
    if (!http_fetch(h, &hub.arena, &request, &r, NULL, &e))
        fail_msg("%s", e.message);
    assert_int_equal(r.status, 200);
    json_t *json = json_parse(&hub.arena, r.body, &e);
    http_close(h);
    return json;
}

static inline void hub_tell(const char *what, const char *body)
{
    hub_call("POST", what, body);
}

/* Set members of octo/recipes. */
static inline void hub_set(const char *members)
{
    hub_tell("set", arena_printf(&hub.arena, "{\"repository\": \"octo/recipes\", %s}", members));
}

static inline json_t *hub_state(void)
{
    return json_object_get(hub_call("GET", "state", NULL), "octo/recipes");
}

/* How many requests of that method had a path with `part` in it. */
static inline size_t hub_count(const char *method, const char *part)
{
    const json_t *requests = hub_call("GET", "requests", NULL), *one;
    size_t index, count = 0;
    json_array_foreach(requests, index, one)
    {
        count += slice_is(json_text(one, "method"), method) &&
                 slice_contains(json_text(one, "path"), slice_of(part));
    }
    return count;
}

static inline size_t hub_writes(void)
{
    return hub_count("POST", "/repos/") + hub_count("PATCH", "/repos/") +
           hub_count("PUT", "/repos/") + hub_count("DELETE", "/repos/");
}

static inline const char *hub_authorization(void *arg, const char *credential, const char *host)
{
    (void)arg;
    assert_true(strncmp(credential, "github", 6) == 0);
    assert_string_equal(host, hub.host);
    return hub.token;
}

/* Open the forge anew, on a clock that many times as fast as ours. */
static inline void hub_open(const char *repository, int64_t speed)
{
    struct http_options options = {
        .retries = -1, .plain_hosts = hub.plain_hosts, .authorization = hub_authorization};
    struct forge_options forge = {
        .api_url = hub.url, .repository = repository, .credential = "github"};
    if (hub.session)
        forge_github.close(hub.session);
    if (hub.http)
        http_close(hub.http);
    if (hub.t.ctx.messages)
        test_context_free(&hub.t);
    test_context_init(&hub.t, speed);
    hub.http = open_engine(&hub.t.ctx, &options);
    hub.session = forge_github.open(&hub.t.ctx, hub.http, &forge, &hub.e);
    assert_non_null(hub.session);
}

/* Start the server; for all tests of a program. */
static inline int hub_start(void **state)
{
    (void)state;
    char *const argv[] = {"/usr/bin/python3", "tests/lib/github_double.py",
                          "tests/unit/forge/seed.json", NULL};
    forget_proxies();
    server_start(&hub.server, argv);
    snprintf(hub.host, sizeof hub.host, "127.0.0.1:%d", hub.server.port);
    snprintf(hub.url, sizeof hub.url, "http://%s", hub.host);
    hub.plain_hosts[0] = hub.host;
    return 0;
}

static inline int hub_stop(void **state)
{
    (void)state;
    server_stop(&hub.server);
    return 0;
}

/* A forge as seeded, for one test. */
static inline int hub_reset(void **state)
{
    (void)state;
    hub.token = "Bearer user-token";
    hub.e = (struct error){0};
    hub_open("octo/recipes", 100);
    hub_tell("reset", NULL);
    return 0;
}

static inline int hub_end(void **state)
{
    (void)state;
    forge_github.close(hub.session);
    http_close(hub.http);
    test_context_free(&hub.t);
    arena_free(&hub.arena);
    hub.session = NULL;
    hub.http = NULL;
    hub.t = (struct test_context){0};
    return 0;
}

#define assert_well(call)                                                                          \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s", hub.e.message);                                                         \
        assert_int_equal(hub.e.code, ERROR_NONE);                                                  \
    } while (0)

/* It fails with that code and words, and the error is forgotten. */
#define assert_fails(call, wanted, part)                                                           \
    do {                                                                                           \
        assert_false(call);                                                                        \
        assert_contains(hub.e.message, part);                                                      \
        assert_int_equal(hub.e.code, wanted);                                                      \
        error_clear(&hub.e);                                                                       \
    } while (0)

static inline void add_text(struct texts *texts, const char *text)
{
    vec_push(&hub.arena, texts, text);
}

/* A pull request's text with nothing but what it needs. */
static inline struct proposal_text pull_text(void)
{
    return (struct proposal_text){
        .title = "redis 7.2.5",
        .body = "<!-- mwatch:redis:7.2.5 -->\nnew",
        .branch = "mwatch/redis",
        .base = "main",
    };
}

#endif
