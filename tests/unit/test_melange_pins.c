/* Pins of recipes that mean no good, and the small rules that the cases of test_melange do not
 * show one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/recipes/melange.h"

#include <string.h>

#define HEAD "package: {name: p, version: 1.2.3}\n"
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void read_pins(struct arena *a, const char *text, struct pins *out)
{
    struct error e = {0};
    struct yaml y;
    struct variables vars = {0};
    assert_true(yaml_parse(a, "p.yaml", slice_of(text), &y, &e));
    assert_true(melange_variables(a, &y, "1.2.4", NULL, &vars, &e));
    melange_pins(a, &y, &vars, out);
}

/* One fetch whose uri names the architecture, under a condition. */
struct condition {
    const char *text;
    const char *arch; /* NULL = not known */
};

static const struct condition conditions[] = {
    {"${{build.arch}} == 'x86_64'", "x86_64"},
    {"${{ build.arch }}=='aarch64'", "aarch64"},
    {"  ${{build.arch}}  ==  \\\"x86_64\\\"  ", "x86_64"},
    {"${{build.arch}} == ''", NULL},
    {"${{build.arch}} == 'a' || ${{build.arch}} == 'b'", NULL},
    {"${{build.arch}} != 'x86_64'", NULL},
    {"${{options.x.enabled}} == 'true'", NULL},
    {"'x86_64' == ${{build.arch}}", NULL},
    {"${{build.arch}} == x86_64", NULL},
    {"${{build.arch}} == 'x86_64", NULL},
    {"${{build.arch", NULL},
    {"", NULL},
};

static void test_condition(void **state)
{
    const struct condition *c = *state;
    struct arena a = {0};
    struct pins pins = {0};
    const char *text =
        arena_printf(&a,
                     HEAD "pipeline:\n"
                          "  - if: \"%s\"\n"
                          "    pipeline:\n"
                          "      - uses: fetch\n"
                          "        with:\n"
                          "          uri: https://x/${{build.arch}}-${{package.version}}\n"
                          "          expected-sha256: " HASH "\n",
                     c->text);
    read_pins(&a, text, &pins);
    assert_int_equal(pins.list.count, 1);
    assert_int_equal(pins.list.items[0].follows, FOLLOWS_VERSION);
    if (c->arch) {
        assert_null(pins.list.items[0].problem);
        assert_string_equal(pins.list.items[0].url,
                            arena_printf(&a, "https://x/%s-1.2.4", c->arch));
    } else {
        assert_string_equal(pins.list.items[0].problem,
                            "pipeline[0].pipeline[0].with.uri: ${{build.arch}} is not known");
    }
    arena_free(&a);
}

/* git:// is asked by https. */
static const struct {
    const char *given, *asked;
} addresses[] = {
    {"git://anongit.gentoo.org/proj/pax-utils.git",
     "https://anongit.gentoo.org/git/proj/pax-utils.git"},
    {"git://git.savannah.gnu.org/gengetopt.git", "https://git.savannah.gnu.org/git/gengetopt.git"},
    {"git://git.netfilter.org/libmnl", "https://git.netfilter.org/libmnl"},
    {"https://github.com/redis/redis", "https://github.com/redis/redis"},
    {"file:///srv/git/redis.git", "file:///srv/git/redis.git"},
    {"https://x/git://y", "https://x/git://y"},
};

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct arena a = {0};
        struct pins pins = {0};
        const char *text = arena_printf(&a,
                                        HEAD "pipeline: [{uses: git-checkout, with: {repository: "
                                             "\"%s\", tag: \"${{package.version}}\", "
                                             "expected-commit: " HASH "}}]\n",
                                        addresses[i].given);
        read_pins(&a, text, &pins);
        assert_string_equal(pins.list.items[0].url, addresses[i].asked);
        arena_free(&a);
    }
}

/* What is no pin, or not one that can be read. */
static const char *const nothing[] = {
    HEAD,
    HEAD "pipeline:\n",
    HEAD "pipeline: text\n",
    HEAD "pipeline: {uses: fetch}\n",
    HEAD "pipeline: [text, [list], {}, {uses: fetch}, {uses: fetch, with: text}]\n",
    HEAD "pipeline: [{uses: [fetch], with: {uri: x, expected-sha256: " HASH "}}]\n",
    HEAD "pipeline: [{uses: fetch, with: {uri: x, expected-sha256: [a]}}]\n",
    HEAD "pipeline: [{uses: fetch, with: {uri: x, expected-sha256: \"\"}}]\n",
    HEAD "pipeline: [{uses: fetch, with: {uri: x, expected-sha256: }}]\n",
    HEAD "pipeline: [{uses: fetch, with: {uri: x, expected-none: true}}]\n",
    HEAD "pipeline: [{uses: git-checkout, with: {repository: x, tag: y}}]\n",
    HEAD "pipeline: [{uses: patch, with: {uri: x, expected-sha256: " HASH "}}]\n",
    HEAD "subpackages: [text]\ntest: text\n",
    HEAD "subpackages: {pipeline: [{uses: fetch}]}\ntest: {pipeline: text}\n",
};

static void test_nothing(void **state)
{
    const char *text = *state;
    struct arena a = {0};
    struct pins pins = {0};
    read_pins(&a, text, &pins);
    assert_int_equal(pins.list.count, 0);
    assert_int_equal(pins.left.count, 0);
    arena_free(&a);
}

/* A step without an address is pinned all the same: a bump has to say that it cannot renew it. */
static void test_without_address(void **state)
{
    (void)state;
    struct arena a = {0};
    struct pins pins = {0};
    read_pins(&a, HEAD "pipeline: [{uses: fetch, with: {expected-sha256: " HASH "}}]\n", &pins);
    assert_int_equal(pins.list.count, 1);
    assert_null(pins.list.items[0].url);
    assert_int_equal(pins.list.items[0].follows, FOLLOWS_NOTHING);
    arena_free(&a);
}

/* Each pipeline holds the one before twice: 2^14 steps in 20 lines. */
static void test_alias_bomb(void **state)
{
    (void)state;
    struct arena a = {0};
    struct pins pins = {0};
    struct buf text = {0};
    buf_add_text(&text, HEAD "data:\n"
                             "  - &s0 {uses: fetch, with: {uri: x, expected-sha256: " HASH "}}\n");
    for (int i = 0; i < 14; i++)
        buf_addf(&text, "  - &s%d {pipeline: [*s%d, *s%d]}\n", i + 1, i, i);
    buf_add_text(&text, "pipeline: [*s14]\n");
    read_pins(&a, buf_text(&text), &pins);
    assert_true(pins.list.count > 1000 && pins.list.count < 5001);
    bool said = false;
    for (size_t i = 0; i < pins.left.count; i++)
        said = said || strcmp(pins.left.items[i], "pipeline: only its first 5000 steps were looked "
                                                  "at") == 0;
    assert_true(said);
    buf_free(&text);
    arena_free(&a);
}

/* What a message shows of a recipe cannot steer a terminal. */
static void test_visible(void **state)
{
    (void)state;
    struct arena a = {0};
    struct pins pins = {0};
    read_pins(&a,
              HEAD "pipeline: [{uses: git-checkout, with: {repository: \"https://x/\\e[2J\", tag: "
                   "\"\\e]0;x\\a\", expected-commit: " HASH "}}]\n",
              &pins);
    assert_int_equal(pins.left.count, 1);
    assert_null(strchr(pins.left.items[0], '\033'));
    assert_null(strchr(pins.left.items[0], '\a'));
    assert_non_null(strstr(pins.left.items[0], "\\x1b]0;x\\x07"));
    arena_free(&a);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int main(void)
{
    struct CMUnitTest tests[COUNT(conditions) + COUNT(nothing) + 4] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_without_address),
        cmocka_unit_test(test_alias_bomb),
        cmocka_unit_test(test_visible),
    };
    size_t n = 4;
    for (size_t i = 0; i < COUNT(conditions); i++)
        tests[n++] =
            (struct CMUnitTest){"condition", test_condition, NULL, NULL, (void *)&conditions[i]};
    for (size_t i = 0; i < COUNT(nothing); i++)
        tests[n++] = (struct CMUnitTest){"no pin", test_nothing, NULL, NULL, (void *)nothing[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
