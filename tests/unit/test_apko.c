/* apko images: which files they are, what they are called, which names fit a pattern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/recipes/apko.h"

#include <string.h>

struct fit {
    const char *package, *pattern;
    const char *star; /* NULL = does not fit */
};

static const struct fit fits[] = {
    {"python-3.14", "python-*", "3.14"},
    {"python-3.14~3.14.2", "python-*", "3.14"},
    {"python-3.14=3.14.2-r0@local", "python-*", "3.14"},
    {"python-3.14 >= 3.14.1", "python-*", "3.14"},
    {"python-3.14@edge", "python-*", "3.14"},
    {"  python-3.14", "python-*", "3.14"},
    {"nodejs-25", "nodejs-*", "25"},
    {"openjdk-26-jre", "openjdk-*-jre", "26"},
    {"openjdk-26-jre", "openjdk-*", NULL},
    {"openjdk-26-default-jvm", "openjdk-*-jre", NULL},
    {"postgresql-18-base", "postgresql-*", NULL},
    {"postgresql-18", "postgresql-*", "18"},
    {"dotnet-10-runtime", "dotnet-*-runtime", "10"},
    {"python-3.14-base-default", "python-*", NULL},
    {"!python-3.14", "python-*", NULL},
    {"python-", "python-*", NULL},
    {"python-.", "python-*", NULL},
    {"python-3.", "python-*", NULL},
    {"python-.3", "python-*", NULL},
    {"python-x", "python-*", NULL},
    {"python", "python-*", NULL},
    {"", "python-*", NULL},
    {"", "*", NULL},
    {"3", "*", "3"},
    {"redis", "redis", ""},
    {"redis=8.6.0-r0", "redis", ""},
    {"redis-slim", "redis", NULL},
    {"", "", NULL},
    {"a-1-1", "a-*-1", "1"},
    {"a-1", "a-1*-1", NULL},
};

static void test_fit(void **state)
{
    const struct fit *f = *state;
    struct slice star;
    bool fit = apko_name_fits(slice_of(f->package), f->pattern, &star);
    assert_int_equal(fit, f->star != NULL);
    if (f->star)
        assert_true(slice_is(star, f->star));
}

struct image {
    const char *file, *text;
    const char *name; /* NULL = no image */
};

#define CONTENTS "contents:\n  packages:\n    - go-1.26\n"

static const struct image images[] = {
    {"python/apko/python.yaml", CONTENTS, "python"},
    {"images/python.yml", CONTENTS, "python"},
    {"python.yaml", CONTENTS, "python"},
    {"redis-slim/apko/image.yaml", CONTENTS, "redis-slim"},
    {"redis/apko.yaml", CONTENTS, "redis"},
    {"apko.yaml", CONTENTS, "apko"},
    {"apko/image.yaml", CONTENTS, "apko"},
    {"x/.yaml", CONTENTS, ".yaml"},
    {"a.yaml", "contents:\n  repositories: [https://packages.wolfi.dev/os]\n", "a"},
    {"a.yaml", "include: base.yaml\narchs: [x86_64]\n", "a"},
    {"a.yaml", "include: {}\n", NULL},
    {"a.yaml", "contents: [packages]\n", NULL},
    {"a.yaml", "package: {name: p}\n" CONTENTS, NULL},
    {"a.yaml", "environment:\n  contents:\n    packages: [go]\n", NULL},
    {"a.yaml", "- contents\n", NULL},
    {"a.yaml", "", NULL},
    {"a.yaml", "just a text", NULL},
};

static void test_image(void **state)
{
    const struct image *i = *state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct component *c = component_new("?", i->file, RECIPE_FILE);
    assert_true(yaml_parse(&a, i->file, slice_of(i->text), &y, &e));
    assert_int_equal(apko_is(&y), i->name != NULL);
    assert_int_equal(apko_read(&y, c, &e), i->name != NULL);
    if (i->name) {
        assert_string_equal(c->recipe, i->name);
        assert_int_equal(c->kind, RECIPE_APKO);
        assert_non_null(c->disabled);
    } else {
        assert_int_equal(e.code, ERROR_RECIPE);
    }
    component_free(c);
    arena_free(&a);
}

static const char *const names_text = "contents:\n"
                                      "  packages:\n"
                                      "    - libpcre2-8-0\n"
                                      "    - [openjdk-1-jre]\n"
                                      "    - '!openjdk-17-jre'\n"
                                      "    - \"openjdk-26-jre~26\"\n"
                                      "    - openjdk-25-jre\n";

static void test_name_version(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    const struct node *where;
    assert_true(yaml_parse(&a, "java.yaml", slice_of(names_text), &y, &e));
    assert_true(slice_is(apko_name_version(&y, "openjdk-*-jre", &where), "26"));
    assert_int_equal(where->line, 6);
    assert_null(apko_name_version(&y, "python-*", &where).ptr);
    assert_null(where);
    arena_free(&a);
}

/* A soname's digits are no release line. */
static void test_stream_names(void **state)
{
    (void)state;
    static const char *const sonames[] = {"libpcre2-8-0",  "libxml2-16",  "libbz2-1",
                                          "libldap-2.6",   "liblz4-1",    "libpq-18",
                                          "libnghttp2-14", "libproc-2-0", "glibc"};
    struct slice star;
    for (const char *const *name = apko_stream_names(); *name; name++) {
        assert_non_null(strchr(*name, '*'));
        for (size_t i = 0; i < sizeof sonames / sizeof *sonames; i++)
            assert_false(apko_name_fits(slice_of(sonames[i]), *name, &star));
    }
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int main(void)
{
    struct CMUnitTest tests[COUNT(fits) + COUNT(images) + 2] = {
        {"name_version", test_name_version, NULL, NULL, NULL},
        {"stream_names", test_stream_names, NULL, NULL, NULL},
    };
    size_t n = 2;
    for (size_t i = 0; i < COUNT(fits); i++)
        tests[n++] = (struct CMUnitTest){fits[i].package, test_fit, NULL, NULL, (void *)&fits[i]};
    for (size_t i = 0; i < COUNT(images); i++)
        tests[n++] =
            (struct CMUnitTest){images[i].file, test_image, NULL, NULL, (void *)&images[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
