/* Mirrors and addresses: tables of URLs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/http/address.h"
#include "watcher/http/mirror.h"

static const struct mirror mirrors[] = {
    {"https://github.com/", "https://mirror.test/github/"},
    {"https://github.com/curl/", "https://curl.test/"},
    {"https://github.com/curl/", "https://never.test/"},
    {"https://slashless.test", "http://127.0.0.1:8080/deep"},
    {"https://half.test", "https://whole.test/"},
    {"https://half2.test/", "https://whole2.test"},
    {"https://exact.test/releases.json", "file:///srv/releases.json"},
    {"", "https://empty.test/"},
};

enum { MIRRORS = sizeof mirrors / sizeof *mirrors };

struct row {
    const char *from, *to;
};

static const struct row applied[] = {
    {"https://github.com/redis/redis/tags", "https://mirror.test/github/redis/redis/tags"},
    {"https://github.com/", "https://mirror.test/github/"},
    {"https://github.com/curl/curl", "https://curl.test/curl"},
    {"https://github.com/curl", "https://mirror.test/github/curl"},
    {"https://github.com", "https://github.com"},
    {"http://github.com/redis", "http://github.com/redis"},
    {"https://api.github.com/x", "https://api.github.com/x"},
    {"https://slashless.test", "http://127.0.0.1:8080/deep"},
    {"https://slashless.test/a?b#c", "http://127.0.0.1:8080/deep/a?b#c"},
    {"https://slashless.test?a", "http://127.0.0.1:8080/deep?a"},
    {"https://slashless.test.evil.test/", "https://slashless.test.evil.test/"},
    {"https://slashless.test:444/", "https://slashless.test:444/"},
    {"https://slashless.test@evil.test/", "https://slashless.test@evil.test/"},
    {"https://half.test/x", "https://whole.test/x"},
    {"https://half2.test/x", "https://whole2.test/x"},
    {"https://exact.test/releases.json", "file:///srv/releases.json"},
    {"https://exact.test/releases.json5", "https://exact.test/releases.json5"},
    {"https://other.test/x", "https://other.test/x"},
};

static const struct row reversed[] = {
    {"https://mirror.test/github/redis/redis", "https://github.com/redis/redis"},
    {"https://curl.test/curl", "https://github.com/curl/curl"},
    {"http://127.0.0.1:8080/deep/a", "https://slashless.test/a"},
    {"http://127.0.0.1:8080/deeper", "http://127.0.0.1:8080/deeper"},
    {"https://whole.test/x", "https://half.test/x"},
    {"https://whole2.test/x", "https://half2.test/x"},
    {"https://elsewhere.test/", "https://elsewhere.test/"},
};

static void applies(void **state)
{
    const struct row *row = *state;
    struct arena a = {0};
    assert_string_equal(mirror_apply(mirrors, MIRRORS, &a, row->from), row->to);
    arena_free(&a);
}

static void reverses(void **state)
{
    const struct row *row = *state;
    struct arena a = {0};
    assert_string_equal(mirror_reverse(mirrors, MIRRORS, &a, row->from), row->to);
    arena_free(&a);
}

static const struct {
    const char *url, *scheme, *name;
} origins[] = {
    {"https://GitHub.com/x", "https", "github.com"},
    {"https://github.com:443/x", "https", "github.com"},
    {"http://github.com:80", "http", "github.com"},
    {"http://github.com:8080/", "http", "github.com:8080"},
    {"https://user:pw@github.com/", "https", "github.com"},
    {"https://good.test@evil.test/", "https", "evil.test"},
    {"https://good.test%40evil.test/", NULL, NULL},
    {"https://[::1]:8443/", "https", "[::1]:8443"},
    {"file:///etc/hostname", "file", ""},
    {"https://", NULL, NULL},
    {"//github.com/", NULL, NULL},
    {"https://a b/", NULL, NULL},
    {"", NULL, NULL},
};

static void reads_origins(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        struct origin o;
        bool good = origin_of(origins[i].url, &o);
        assert_int_equal(good, origins[i].scheme != NULL);
        if (!good)
            continue;
        assert_string_equal(o.scheme, origins[i].scheme);
        assert_string_equal(o.name, origins[i].name);
    }
}

static const struct {
    const char *base, *reference, *joined;
} joins[] = {
    {"https://a.test/b/c?d#e", "f", "https://a.test/b/f"},
    {"https://a.test/b/c", "/f?g", "https://a.test/f?g"},
    {"https://a.test/b/c", "//b.test/x", "https://b.test/x"},
    {"https://a.test/b/c", "http://b.test/x", "http://b.test/x"},
    {"https://a.test/b/c", "../../../x", "https://a.test/x"},
    {"https://a.test/b", "?page=2", "https://a.test/b?page=2"},
    {"https://a.test/b", "/x#part", "https://a.test/x"},
    {"https://a.test/b", "/with blank", "https://a.test/with%20blank"},
    {"https://a.test/b", "/\xc3\xa4", "https://a.test/%c3%a4"},
    {"https://a.test/b", "http://", NULL},
    {"https://a.test/b", "https://[bad/", NULL},
};

static void joins_addresses(void **state)
{
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        const char *joined = address_join(&a, joins[i].base, slice_of(joins[i].reference));
        if (joins[i].joined)
            assert_string_equal(joined, joins[i].joined);
        else
            assert_null(joined);
    }
    assert_null(address_join(&a, "https://a.test/", slice_new("/x\0y", 4)));
    arena_free(&a);
}

static const struct {
    const char *url;
    bool allowed;
} walls[] = {
    {"https://anything.test/", true},     {"http://plain.test/", true},
    {"http://plain.test:8080/", true},    {"http://PLAIN.test/", true},
    {"http://port.test:81/", true},       {"http://port.test/", false},
    {"http://port.test:82/", false},      {"http://127.0.0.1:8080/x", true},
    {"http://127.0.0.1:8081/x", false},   {"http://notplain.test/", false},
    {"http://plain.test.evil/", false},   {"http://plain.test@evil.test/", false},
    {"ftp://plain.test/", false},         {"file:///etc/hostname", false},
    {"http://mirror.test/github", false},
};

static void lets_nobody_past_the_walls(void **state)
{
    static const char *const plain[] = {"plain.test", "port.test:81", NULL};
    struct http_options options = {
        .plain_hosts = plain, .mirrors = mirrors, .mirror_count = MIRRORS};
    (void)state;
    for (size_t i = 0; i < sizeof walls / sizeof *walls; i++) {
        struct origin o;
        struct error e = {0};
        assert_true(origin_of(walls[i].url, &o));
        assert_int_equal(origin_allowed(&o, &options, &e), walls[i].allowed);
        assert_int_equal(e.code, walls[i].allowed ? ERROR_NONE : ERROR_REFUSED);
    }
}

enum { APPLIED = sizeof applied / sizeof *applied, REVERSED = sizeof reversed / sizeof *reversed };

int main(void)
{
    struct CMUnitTest tests[APPLIED + REVERSED + 3] = {
        cmocka_unit_test(reads_origins),
        cmocka_unit_test(joins_addresses),
        cmocka_unit_test(lets_nobody_past_the_walls),
    };
    size_t count = 3;
    for (size_t i = 0; i < APPLIED; i++)
        tests[count++] =
            (struct CMUnitTest){applied[i].from, applies, NULL, NULL, (void *)&applied[i]};
    for (size_t i = 0; i < REVERSED; i++)
        tests[count++] =
            (struct CMUnitTest){reversed[i].from, reverses, NULL, NULL, (void *)&reversed[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
