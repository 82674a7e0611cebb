/* A GitHub App: its signatures as openssl verifies them, its tokens as GitHub gives them. */
#include "tests/unit/forge/hub.h"

#include "git/app.h"
#include "git/app_key.h"
#include "watcher/base/hash.h"
#include "watcher/token.h"

#include <time.h>

static char folder[64];

static const char *place(const char *name)
{
    return arena_printf(&hub.arena, "%s/%s", folder, name);
}

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run a script in the folder; it must succeed. */
static void shell(const char *format, ...)
{
    struct buf command = {0};
    va_list args;
    buf_addf(&command, "cd '%s' && { ", folder);
    va_start(args, format);
    buf_vaddf(&command, format, args);
    va_end(args);
    buf_add_text(&command, "\n} >/dev/null 2>&1");
    assert_int_equal(system(buf_text(&command)), 0);
    buf_free(&command);
}

static const char *content(const char *name)
{
    struct buf text = {0};
    assert_well(file_read(place(name), &text, &hub.e));
    const char *copy = arena_text(&hub.arena, buf_slice(&text));
    buf_free(&text);
    return copy;
}

static int make_keys(void **state)
{
    hub_start(state);
    make_folder(folder);
    shell("openssl genrsa -traditional -out app.pem 2048 && openssl rsa -in app.pem -pubout -out "
          "app.pub && openssl pkcs8 -topk8 -nocrypt -in app.pem -out pkcs8.pem && openssl ecparam "
          "-genkey -name prime256v1 -out ec.pem && openssl rsa -aes128 -passout pass:x -in app.pem "
          "-out locked.pem && openssl genrsa -out other.pem 2048");
    return 0;
}

static int remove_keys(void **state)
{
    hub_stop(state);
    remove_folder(folder);
    arena_free(&hub.arena);
    return 0;
}

/* ---- signatures ---- */

/* A part of a token, decoded. */
static const char *decoded(struct slice part)
{
    struct buf text = {0}, out = {0};
    for (size_t i = 0; i < part.len; i++)
        buf_add_byte(&text, part.ptr[i] == '-' ? '+' : part.ptr[i] == '_' ? '/' : part.ptr[i]);
    while (text.len % 4)
        buf_add_byte(&text, '=');
    assert_true(base64_decode(buf_slice(&text), &out));
    char *copy = arena_alloc(&hub.arena, out.len + 1);
    memcpy(copy, out.ptr, out.len);
    buf_free(&text);
    buf_free(&out);
    return copy;
}

static void verified_by_openssl(const char *key_file, const char *issuer)
{
    struct buf token = {0};
    struct slice rest, header, claims;
    struct app_key *key = app_key_read(place(key_file), &hub.e);
    assert_non_null(key);
    assert_well(app_key_sign(key, issuer, 1700000000, 1700000540, &token, &hub.e));
    app_key_free(key);
    for (size_t i = 0; i < token.len; i++)
        assert_true(is_letter(token.ptr[i]) || is_digit(token.ptr[i]) ||
                    strchr("-_.", token.ptr[i]));
    rest = buf_slice(&token);
    slice_split(&rest, '.', &header);
    slice_split(&rest, '.', &claims);
    assert_string_equal(decoded(header), "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    assert_string_equal(
        decoded(claims),
        arena_printf(&hub.arena, "{\"iat\":1700000000,\"exp\":1700000540,\"iss\":\"%s\"}", issuer));
    shell("printf %%s '%.*s.%.*s' >text && printf %%s '%.*s' | tr -- -_ +/ >coded && while [ "
          "$(($(wc -c <coded) %% 4)) != 0 ]; do printf = >>coded; done && openssl base64 -d -A -in "
          "coded -out signature && openssl dgst -sha256 -verify app.pub -signature signature text",
          SLICE_ARG(header), SLICE_ARG(claims), SLICE_ARG(rest));
    buf_free(&token);
}

static void signatures(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        verified_by_openssl("app.pem", arena_printf(&hub.arena, "31415%d", i));
    verified_by_openssl("pkcs8.pem", "Iv23liAbCdEf");
}

static void keys_that_are_none(void **state)
{
    static const char *const files[] = {"app.pub", "ec.pem", "locked.pem", "empty", "text"};
    (void)state;
    shell(": >empty && echo '-----BEGIN PRIVATE KEY-----' >text");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_fails(app_key_read(place(files[i]), &hub.e), ERROR_USAGE,
                     "not the private key of a GitHub App");
    }
    assert_fails(app_key_read(place("none"), &hub.e), ERROR_USAGE, "none");
    assert_fails(app_key_read(folder, &hub.e), ERROR_USAGE, folder);
}

/* ---- tokens ---- */

static struct http_options engine_options;

static int start(void **state)
{
    hub_reset(state);
    hub_open("octo/recipes", 1);
    engine_options = (struct http_options){.retries = 0, .plain_hosts = hub.plain_hosts};
    shell("openssl rsa -in app.pem -pubout -out app.pub");
    json_t *app = json_pack("{s:i, s:s, s:s, s:[s, s]}", "number", 31415, "slug", "mwatch-app",
                            "public_key", content("app.pub"), "owners", "octo", "other");
    char *text = json_dumps(app, 0);
    hub_tell("app", text);
    free(text);
    json_decref(app);
    return 0;
}

static struct app *open_app(const char *id, const char *key)
{
    struct app_options o = {
        .id = id, .key_file = place(key), .api_url = hub.url, .http = &engine_options};
    struct app *app = app_open(&hub.t.ctx, &o, &hub.e);
    assert_non_null(app);
    return app;
}

/* A copy: the next call may wipe it. */
static const char *token_of(struct app *app, const char *repository)
{
    const char *token = app_token(app, repository, &hub.e);
    if (!token)
        fail_msg("%s", hub.e.message);
    return arena_copy(&hub.arena, token);
}

static size_t bought(void)
{
    return hub_count("POST", "/access_tokens");
}

static void a_token_is_bought_once(void **state)
{
    (void)state;
    struct app *app = open_app("31415", "app.pem");
    const char *token = token_of(app, "octo/recipes");
    assert_true(strncmp(token, "ghs_", 4) == 0);
    assert_string_equal(token_of(app, "Octo/Recipes"), token);
    assert_int_equal(bought(), 1);
    assert_string_not_equal(token_of(app, "other/images"), token);
    assert_int_equal(bought(), 2);
    assert_string_equal(app_slug(app), "mwatch-app");
    assert_lacks(test_context_text(&hub.t), token);
    assert_lacks(test_context_text(&hub.t), "eyJ");
    app_close(app);
}

static void and_renewed_before_it_ends(void **state)
{
    (void)state;
    struct app *app = open_app("31415", "app.pem");
    const char *first = token_of(app, "octo/recipes");
    hub.t.start_s += 3000;
    assert_string_equal(token_of(app, "octo/recipes"), first);
    hub.t.start_s += 400;
    hub_tell("server", "{\"clock_ahead\": 3400}");
    const char *second = token_of(app, "octo/recipes");
    assert_string_not_equal(second, first);
    assert_string_equal(token_of(app, "octo/recipes"), second);
    assert_int_equal(bought(), 2);
    app_close(app);
}

/* While the old token lives, a renewal that fails is no reason to stop. */
static void the_old_one_does_meanwhile(void **state)
{
    (void)state;
    struct app *app = open_app("31415", "app.pem");
    const char *first = token_of(app, "octo/recipes");
    hub_tell("fail", "{\"method\": \"POST\", \"path\": \"access_tokens\", \"status\": 503, "
                     "\"times\": 100}");
    hub.t.start_s += 3400;
    hub_tell("server", "{\"clock_ahead\": 3400}");
    assert_string_equal(token_of(app, "octo/recipes"), first);
    assert_contains(test_context_text(&hub.t), "cannot get a token");
    size_t before = bought();
    assert_string_equal(token_of(app, "octo/recipes"), first);
    assert_int_equal(bought(), before);
    hub.t.start_s += 300;
    hub_tell("server", "{\"clock_ahead\": 3700}");
    assert_fails(app_token(app, "octo/recipes", &hub.e), ERROR_NETWORK, "cannot get a token");
    app_close(app);
}

static void a_clock_that_is_wrong(void **state)
{
    static const char *const clocks[] = {"{\"clock_ahead\": -900}", "{\"clock_ahead\": 900}"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        hub_tell("server", clocks[i]);
        struct app *app = open_app("31415", "app.pem");
        const char *first = token_of(app, "octo/recipes");
        hub.t.start_s += 3000;
        assert_string_equal(token_of(app, "octo/recipes"), first);
        hub.t.start_s -= 3000;
        app_close(app);
    }
}

static void where_it_is_installed(void **state)
{
    (void)state;
    struct app *app = open_app("31415", "app.pem");
    assert_fails(app_token(app, NULL, &hub.e), ERROR_USAGE, "installed more than once");
    assert_fails(app_token(app, "nobody/none", &hub.e), ERROR_USAGE,
                 "it is not installed for nobody/none");
    app_close(app);
    json_t *small = json_pack("{s:i, s:s, s:s, s:[s]}", "number", 2, "slug", "small", "public_key",
                              content("app.pub"), "owners", "octo");
    char *text = json_dumps(small, 0);
    hub_tell("app", text);
    free(text);
    json_decref(small);
    app = open_app("2", "app.pem");
    assert_true(strncmp(token_of(app, NULL), "ghs_", 4) == 0);
    app_close(app);
}

static void apps_that_are_not_known(void **state)
{
    (void)state;
    struct app *app = open_app("1", "app.pem");
    assert_fails(app_token(app, "octo/recipes", &hub.e), ERROR_USAGE, "of one App?");
    size_t before = hub_count("GET", "/installation");
    assert_fails(app_token(app, "octo/recipes", &hub.e), ERROR_USAGE, "of one App?");
    assert_int_equal(hub_count("GET", "/installation"), before);
    app_close(app);
    app = open_app("31415", "other.pem");
    assert_fails(app_token(app, "octo/recipes", &hub.e), ERROR_USAGE,
                 "A JSON web token could not be decoded (HTTP 401)");
    app_close(app);
}

static void odd_answers(void **state)
{
    static const char *const bodies[] = {"{}", "[]",
                                         "{\"token\": \"a b\", \"expires_at\": "
                                         "\"2027-01-01T00:00:00Z\"}",
                                         "{\"token\": \"ghs_x\", \"expires_at\": \"soon\"}",
                                         "{\"token\": \"ghs_x\\r\\nX: y\", \"expires_at\": "
                                         "\"2027-01-01T00:00:00Z\"}"};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct app *app = open_app("31415", "app.pem");
        hub_tell("fail", arena_printf(&hub.arena,
                                      "{\"method\": \"POST\", \"path\": \"access_tokens\", "
                                      "\"status\": 201, \"body\": %s}",
                                      bodies[i]));
        assert_fails(app_token(app, "octo/recipes", &hub.e), ERROR_UPSTREAM, "no token");
        app_close(app);
    }
    struct app *app = open_app("31415", "app.pem");
    hub_tell("fail", "{\"method\": \"GET\", \"path\": \"installation\", \"status\": 200, \"body\": "
                     "{\"id\": -1}}");
    assert_fails(app_token(app, "octo/recipes", &hub.e), ERROR_UPSTREAM, "no number");
    app_close(app);
}

/* ---- the choice among credentials ---- */

static void set(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void environment(const char *token, const char *id, const char *key)
{
    set("GITHUB_TOKEN", token);
    set("MWATCH_APP_ID", id);
    set("MWATCH_APP_KEY_FILE", key);
    set("GITHUB_API_URL", hub.url);
    set("GITHUB_GRAPHQL_URL", NULL);
    set("GITHUB_REPOSITORY", NULL);
}

static struct tokens *open_with(const char *file, const char *id, const char *key)
{
    struct token_options o = {.file = file,
                              .app_id = id,
                              .app_key = key,
                              .repository = "octo/recipes",
                              .http = &engine_options};
    return tokens_open(&hub.t.ctx, &o, &hub.e);
}

static const char *header(struct tokens *t, const char *credential, const char *host)
{
    const char *value = tokens_authorization(t, credential, host);
    return value ? arena_copy(&hub.arena, value) : "none";
}

static void a_file_goes_before_an_app_before_a_variable(void **state)
{
    (void)state;
    shell("printf 'from-file\\n' >token");
    environment("from-variable", "31415", place("app.pem"));
    struct tokens *t = open_with(place("token"), NULL, NULL);
    assert_string_equal(header(t, "github", hub.host), "Bearer from-file");
    assert_string_equal(tokens_secret(t, &hub.e), "from-file");
    assert_string_equal(tokens_name(t), "a token");
    tokens_close(t);
    t = open_with(NULL, "1", place("none"));
    assert_contains(header(t, "github", hub.host), "Bearer ghs_");
    assert_string_equal(tokens_name(t), "the App mwatch-app");
    assert_string_equal(getenv("GITHUB_TOKEN"), "from-variable");
    tokens_close(t);
    environment("from-variable", NULL, NULL);
    t = open_with(NULL, "31415", place("app.pem"));
    assert_contains(header(t, "github", hub.host), "Bearer ghs_");
    tokens_close(t);
    t = open_with(NULL, NULL, NULL);
    assert_string_equal(header(t, "github", hub.host), "Bearer from-variable");
    assert_null(getenv("GITHUB_TOKEN"));
    tokens_close(t);
    t = open_with(NULL, NULL, NULL);
    assert_false(tokens_given(t));
    assert_string_equal(header(t, "github", hub.host), "none");
    assert_null(tokens_secret(t, &hub.e));
    tokens_close(t);
    tokens_close(NULL);
}

static void a_token_goes_only_where_it_belongs(void **state)
{
    (void)state;
    environment("secret", NULL, NULL);
    struct tokens *t = open_with(NULL, NULL, NULL);
    assert_string_equal(header(t, "github", hub.host), "Bearer secret");
    assert_string_equal(header(t, "github:other/images", hub.host), "Bearer secret");
    assert_string_equal(header(t, "gitlab", hub.host), "none");
    assert_string_equal(header(t, "github", "127.0.0.1"), "none");
    assert_string_equal(header(t, "github", "api.github.com"), "none");
    assert_string_equal(header(t, "github", "evil.example"), "none");
    tokens_close(t);
    environment("secret", NULL, NULL);
    set("GITHUB_API_URL", "https://GHE.example:443/api/v3/");
    set("GITHUB_GRAPHQL_URL", "https://graph.example/api/graphql");
    t = open_with(NULL, NULL, NULL);
    assert_string_equal(header(t, "github", "ghe.example"), "Bearer secret");
    assert_string_equal(header(t, "github", "graph.example"), "Bearer secret");
    assert_string_equal(header(t, "github", "api.github.com"), "none");
    tokens_close(t);
    environment("secret", NULL, NULL);
    set("GITHUB_API_URL", NULL);
    t = open_with(NULL, NULL, NULL);
    assert_string_equal(header(t, "github", "api.github.com"), "Bearer secret");
    assert_string_equal(header(t, "github", "github.com"), "none");
    tokens_close(t);
    set("GITHUB_API_URL", "nonsense");
    assert_fails(open_with(NULL, NULL, NULL), ERROR_USAGE, "GITHUB_API_URL is no address");
}

static void tokens_that_are_none(void **state)
{
    (void)state;
    environment("two words", NULL, NULL);
    assert_fails(open_with(NULL, NULL, NULL), ERROR_USAGE, "GITHUB_TOKEN: not a token");
    environment("good", NULL, NULL);
    shell("printf 'a\\nb\\n' >lines && : >empty && head -c 5000 /dev/zero | tr '\\0' x >long");
    assert_fails(open_with(place("lines"), NULL, NULL), ERROR_USAGE, "not a token");
    assert_fails(open_with(place("empty"), NULL, NULL), ERROR_USAGE, "not a token");
    assert_fails(open_with(place("long"), NULL, NULL), ERROR_USAGE, "long");
    assert_fails(open_with(place("none"), NULL, NULL), ERROR_USAGE, "none");
    environment(NULL, "31415", NULL);
    assert_fails(open_with(NULL, NULL, NULL), ERROR_USAGE, "there is no key file");
    environment(NULL, NULL, place("app.pem"));
    assert_fails(open_with(NULL, NULL, NULL), ERROR_USAGE, "there is no id");
    environment(NULL, "31415", place("none"));
    assert_fails(open_with(NULL, NULL, NULL), ERROR_USAGE, "none");
}

static void an_app_s_trouble_is_told_once(void **state)
{
    (void)state;
    environment(NULL, "1", place("app.pem"));
    struct tokens *t = open_with(NULL, NULL, NULL);
    for (int i = 0; i < 5; i++)
        assert_string_equal(header(t, "github", hub.host), "none");
    const char *said = strstr(test_context_text(&hub.t), "of one App?");
    assert_non_null(said);
    assert_null(strstr(said + 1, "of one App?"));
    assert_null(tokens_secret(t, &hub.e));
    assert_int_equal(hub.e.code, ERROR_USAGE);
    error_clear(&hub.e);
    tokens_close(t);
}

/* The forge with an App: another owner's repository takes another token. */
static void an_app_dispatches_elsewhere(void **state)
{
    (void)state;
    environment(NULL, "31415", place("app.pem"));
    struct tokens *t = open_with(NULL, NULL, NULL);
    struct http_options options = engine_options;
    options.authorization = tokens_authorization;
    options.authorization_arg = t;
    struct http *http = open_engine(&hub.t.ctx, &options);
    struct forge_options o = {
        .api_url = hub.url, .repository = "octo/recipes", .credential = "github"};
    struct forge_session *s = forge_github.open(&hub.t.ctx, http, &o, &hub.e);
    assert_well(forge_github.dispatch(s, "other/images", "rebuild", NULL, &hub.e));
    assert_well(forge_github.dispatch(s, NULL, "rebuild", NULL, &hub.e));
    assert_int_equal(bought(), 2);
    struct forge_facts facts;
    assert_well(forge_github.facts(s, &hub.arena, &facts, &hub.e));
    assert_string_equal(facts.login, "mwatch-app[bot]");
    forge_github.close(s);
    http_close(http);
    tokens_close(t);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, hub_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures),
        cmocka_unit_test(keys_that_are_none),
        TEST(a_token_is_bought_once),
        TEST(and_renewed_before_it_ends),
        TEST(the_old_one_does_meanwhile),
        TEST(a_clock_that_is_wrong),
        TEST(where_it_is_installed),
        TEST(apps_that_are_not_known),
        TEST(odd_answers),
        TEST(a_file_goes_before_an_app_before_a_variable),
        TEST(a_token_goes_only_where_it_belongs),
        TEST(tokens_that_are_none),
        TEST(an_app_s_trouble_is_told_once),
        TEST(an_app_dispatches_elsewhere),
    };
    return cmocka_run_group_tests_name("app", tests, make_keys, remove_keys);
}
