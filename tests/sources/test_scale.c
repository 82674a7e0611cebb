/* Answers as large as real ones, or larger, made here because nobody would want to read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sources/candidate.h"
#include "tests/sources/plain_tar.h"

#include <stdlib.h>

/* A spec, an answer in the making, and what came out of it. */
struct asked {
    struct arena a;
    struct spec spec;
    struct buf body;
    struct candidates found;
    struct error e;
};

static void ask(struct asked *asked, const char *name, struct parameter first,
                struct parameter second)
{
    struct parameter parameters[] = {first, second};
    struct parameter source = {.value = slice_of(name)};
    *asked = (struct asked){0};
    if (!spec_make(&asked->a, "spec", &source, parameters, second.value.ptr ? 2 : 1, &asked->spec,
                   &asked->e))
        fail_msg("%s", asked->e.message);
}

static bool parse(struct asked *asked)
{
    struct page page = {0};
    struct response answer = {
        .status = 200, .url = "https://example.org/", .body = buf_slice(&asked->body)};
    return asked->spec.source->parse(&asked->spec, &page, &answer, &asked->a, &asked->found,
                                     &asked->e);
}

static void release(struct asked *asked)
{
    buf_free(&asked->body);
    arena_free(&asked->a);
}

static void test_links(void **state)
{
    (void)state;
    enum { LINKS = 100000 };
    struct asked asked;
    ask(&asked, "html", (struct parameter){.key = SLICE("url"), .value = SLICE("https://a.org/")},
        (struct parameter){.key = SLICE("link"), .value = SLICE("-(\\d[.\\d]*)\\.tgz$")});
    for (int i = 0; i < LINKS; i++)
        buf_addf(&asked.body, "<a href=x-1.%d.tgz>x</a><a href=x-1.%d.tgz>again</a>\n", i, i);
    assert_true(parse(&asked));
    assert_int_equal(asked.found.list.count, LINKS);
    assert_string_equal(asked.found.list.items[LINKS - 1].raw, "1.99999");
    release(&asked);
}

static void test_too_many(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "text", (struct parameter){.key = SLICE("url"), .value = SLICE("https://a.org/")},
        (struct parameter){.key = SLICE("pattern"), .value = SLICE("\\d+")});
    for (int i = 0; i <= CANDIDATE_LIMIT; i++)
        buf_addf(&asked.body, "%d\n", i);
    assert_false(parse(&asked));
    assert_int_equal(asked.e.code, ERROR_UPSTREAM);
    assert_non_null(strstr(asked.e.message, "more than 250000"));
    release(&asked);
}

static void add_plugin(struct buf *out, const char *name)
{
    buf_addf(out, "\"%s\":{", name);
    for (int version = 0; version < 40; version++)
        buf_addf(out,
                 "%s\"1.%d\":{\"buildDate\":\"Apr 09, 2020\",\"dependencies\":[{\"name\":\"git\","
                 "\"optional\":false,\"version\":\"4.%d\"}],\"name\":\"%s\",\"requiredCore\":"
                 "\"2.%d.1\",\"sha1\":\"lN37nO3e5ud/5YtPYgQMrDVr6vo=\",\"sha256\":\"BChiuBjHIiPx"
                 "WZrBuVqB+QwxKWFknoim5jnCr4I55Lc=\",\"url\":\"https://updates.jenkins.io/x.hpi\","
                 "\"version\":\"1.%d\"}",
                 version ? "," : "", version, version, name, 400 + version, version);
    buf_add_text(out, "}");
}

/* 2,000 plugins in 40 versions each, about 26 MB. */
static void test_plugins(void **state)
{
    (void)state;
    struct asked asked;
    ask(&asked, "jenkins", (struct parameter){.key = SLICE("plugin"), .value = SLICE("p1999")},
        (struct parameter){.key = SLICE("core"), .value = SLICE("2.410.3")});
    buf_add_text(&asked.body, "{\"plugins\":{");
    for (int i = 0; i < 2000; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%d", i);
        buf_add_text(&asked.body, i ? "," : "");
        add_plugin(&asked.body, name);
    }
    buf_add_text(&asked.body, "}}");
    assert_true(parse(&asked));
    assert_int_equal(asked.found.list.count, 11);
    release(&asked);
}

/* 60,000 packages, some with lines of 100 kB, about 50 MB. */
static void test_packages(void **state)
{
    (void)state;
    enum { PACKAGES = 60000 };
    struct asked asked;
    struct buf index = {0};
    ask(&asked, "apkindex", (struct parameter){.value = SLICE("go-*")}, (struct parameter){0});
    for (int i = 0; i < PACKAGES; i++) {
        buf_addf(&index, "C:Q1pSfbSZX8Z6Yg5Mpu3p4N4C0Vb7k=\nP:%s-1.%d\nV:1.%d.0-r0\nA:x86_64\nD:",
                 i % 600 ? "lib" : "go", i / 1000, i);
        buf_pad(&index, 'x', i % 6000 ? 400 : 100000);
        buf_addf(&index, "\np:so:libx.so.1=1 cmd:x=1.%d.0-r0\nt:%d\n\n", i, 1700000000 + i);
    }
    plain_tar_add(&asked.body, "APKINDEX", buf_slice(&index));
    buf_free(&index);
    assert_true(parse(&asked));
    assert_int_equal(asked.found.list.count, 60);
    assert_int_equal(asked.found.list.items[59].published, 1700000000 + 59400);
    release(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_plugins),
        cmocka_unit_test(test_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
