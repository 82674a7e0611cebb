/* `mwatch vercmp` without its options: what it writes where, and its exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/buf.h"
#include "watcher/cmd_vercmp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vercmp_case {
    const char *name;
    const char *scheme;
    const char *a, *b; /* NULL: pairs from `input` */
    const char *input;
    const char *out, *err;
    int status;
};

static const struct vercmp_case cases[] = {
    {"older", "apk", "1.9", "1.10", NULL, "1.9 < 1.10\n", "", 0},
    {"newer", "apk", "1.0", "1.0_rc1", NULL, "1.0 > 1.0_rc1\n", "", 0},
    {"equal", "gem", "1.0", "1.0.0", NULL, "1.0 = 1.0.0\n", "", 0},
    {"left is invalid", "apk", "v1", "1", NULL, "v1 ? 1\n",
     "mwatch: \"v1\" is no version of the scheme apk\n", 1},
    {"right is invalid", "semver", "1.0.0", "1.0.0-01", NULL, "1.0.0 ? 1.0.0-01\n",
     "mwatch: \"1.0.0-01\" is no version of the scheme semver\n", 1},
    {"both are invalid", "date", "1", "2", NULL, "1 ? 2\n",
     "mwatch: \"1\" is no version of the scheme date\n"
     "mwatch: \"2\" is no version of the scheme date\n",
     1},
    {"invalid and the same", "apk", "a", "a", NULL, "a ? a\n",
     "mwatch: \"a\" is no version of the scheme apk\n"
     "mwatch: \"a\" is no version of the scheme apk\n",
     1},
    {"empty operand", "natural", "", "1", NULL, " ? 1\n",
     "mwatch: \"\" is no version of the scheme natural\n", 1},
    {"operand with a blank", "natural", "1 2", "1", NULL, "1 2 ? 1\n",
     "mwatch: \"1 2\" is no version of the scheme natural\n", 1},
    {"operand with an escape", "natural", "1\033[2J", "1", NULL, "1\\x1b[2J ? 1\n",
     "mwatch: \"1\\x1b[2J\" is no version of the scheme natural\n", 1},
    {"operand with a line break", "natural", "1\n2", "1", NULL, "1\\x0a2 ? 1\n",
     "mwatch: \"1\\x0a2\" is no version of the scheme natural\n", 1},
    {"no pairs", "apk", NULL, NULL, "", "", "", 0},
    {"one pair", "apk", NULL, NULL, "1 2\n", "1 < 2\n", "", 0},
    {"several pairs", "natural", NULL, NULL, "1.0 1.0-rc1\n1.0a1 1.0b1\nv2 2.0\n",
     "1.0 > 1.0-rc1\n1.0a1 < 1.0b1\nv2 = 2.0\n", "", 0},
    {"last line without a break", "apk", NULL, NULL, "1 2\n2 1", "1 < 2\n2 > 1\n", "", 0},
    {"lines end in CRLF", "apk", NULL, NULL, "1 2\r\n2 1\r\n", "1 < 2\n2 > 1\n", "", 0},
    {"blanks around", "apk", NULL, NULL, "  1\t \t2  \n", "1 < 2\n", "", 0},
    {"an invalid pair among others", "apk", NULL, NULL, "1 2\nv1 v2\n2 1\n",
     "1 < 2\nv1 ? v2\n2 > 1\n",
     "mwatch: standard input:2: \"v1\" is no version of the scheme apk\n"
     "mwatch: standard input:2: \"v2\" is no version of the scheme apk\n",
     1},
    {"one field", "apk", NULL, NULL, "1\n1 2\n", "1 < 2\n",
     "mwatch: standard input:1: two versions are expected, found one\n", 1},
    {"three fields", "apk", NULL, NULL, "1 2\n1 < 2\n1 2\n", "1 < 2\n1 < 2\n",
     "mwatch: standard input:2: two versions are expected, found more\n", 1},
    {"an empty line", "apk", NULL, NULL, "1 2\n\n1 2\n", "1 < 2\n1 < 2\n",
     "mwatch: standard input:2: two versions are expected, found none\n", 1},
    {"a blank line at the end", "apk", NULL, NULL, "1 2\n \t", "1 < 2\n",
     "mwatch: standard input:2: two versions are expected, found none\n", 1},
    {"an escape in a pair", "apk", NULL, NULL, "1 \033]0;x\007\n", "1 ? \\x1b]0;x\\x07\n",
     "mwatch: standard input:1: \"\\x1b]0;x\\x07\" is no version of the scheme apk\n", 1},
    {"bytes that are not UTF-8", "apk", NULL, NULL, "1 2\xff\n", "1 ? 2\\xff\n",
     "mwatch: standard input:1: \"2\\xff\" is no version of the scheme apk\n", 1},
};

/* Run with streams in memory and compare all that comes out; `input` may hold zero bytes. */
static void check_run(const struct vercmp_case *c, const char *input, size_t len)
{
    char *out_text = NULL, *err_text = NULL;
    size_t out_len, err_len;
    FILE *in = tmpfile();
    FILE *out = open_memstream(&out_text, &out_len), *err = open_memstream(&err_text, &err_len);
    assert_non_null(in);
    assert_non_null(out);
    assert_non_null(err);
    assert_int_equal(fwrite(input, 1, len, in), len);
    rewind(in);
    int status = cmd_vercmp_run(scheme_find(c->scheme), c->a, c->b, in, out, err);
    fclose(in);
    fclose(out);
    fclose(err);
    assert_string_equal(out_text, c->out);
    assert_string_equal(err_text, c->err);
    assert_int_equal(status, c->status);
    free(out_text);
    free(err_text);
}

static void test_case(void **state)
{
    const struct vercmp_case *c = *state;
    const char *input = c->input ? c->input : "9 8\n"; /* not to be read when there are operands */
    check_run(c, input, strlen(input));
}

static void test_zero_byte(void **state)
{
    (void)state;
    const struct vercmp_case c = {
        .scheme = "apk",
        .out = "1 ? 2\\x003\n1 < 2\n",
        .err = "mwatch: standard input:1: \"2\\x003\" is no version of the scheme apk\n",
        .status = 1};
    static const char input[] = "1 2\0003\n1 2\n";
    check_run(&c, input, sizeof(input) - 1);
}

/* A line of a megabyte is refused without being kept; the lines around it are done. */
static void test_endless_line(void **state)
{
    (void)state;
    const struct vercmp_case c = {.scheme = "apk",
                                  .out = "1 < 2\n2 > 1\n",
                                  .err = "mwatch: standard input:2: longer than 4096 bytes\n",
                                  .status = 1};
    struct buf input = {0};
    buf_add_text(&input, "1 2\n1 ");
    buf_pad(&input, '7', 1 << 20);
    buf_add_text(&input, "\n2 1\n");
    check_run(&c, input.ptr, input.len);
    buf_free(&input);
}

/* Two versions that are longer than a version may be, but fit on a line. */
static void test_long_versions(void **state)
{
    (void)state;
    struct buf input = {0}, out = {0}, err = {0};
    buf_pad(&input, '7', SCHEME_LONGEST + 1);
    buf_addf(&out, "%s ? 1\n", buf_text(&input));
    buf_addf(&err, "mwatch: standard input:1: \"%s\" is no version of the scheme apk\n",
             buf_text(&input));
    buf_add_text(&input, " 1\n");
    const struct vercmp_case c = {
        .scheme = "apk", .out = buf_text(&out), .err = buf_text(&err), .status = 1};
    check_run(&c, input.ptr, input.len);
    buf_free(&input);
    buf_free(&out);
    buf_free(&err);
}

static void test_full_disk(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w"), *in = tmpfile();
    if (!full)
        skip();
    assert_non_null(in);
    assert_int_equal(cmd_vercmp_run(&scheme_apk, "1", "2", in, full, stderr), 1);
    fclose(full);
    fclose(in);
}

static void test_unreadable_input(void **state)
{
    (void)state;
    char *err_text = NULL;
    size_t err_len;
    FILE *directory = fopen(".", "r"), *out = tmpfile();
    FILE *err = open_memstream(&err_text, &err_len);
    assert_non_null(directory);
    assert_non_null(out);
    assert_int_equal(cmd_vercmp_run(&scheme_apk, NULL, NULL, directory, out, err), 1);
    fclose(directory);
    fclose(out);
    fclose(err);
    assert_string_equal(err_text, "mwatch: standard input:1: cannot be read\n");
    free(err_text);
}

int main(void)
{
    enum { CASES = sizeof(cases) / sizeof(cases[0]) };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_zero_byte),        cmocka_unit_test(test_endless_line),
        cmocka_unit_test(test_long_versions),    cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_unreadable_input),
    };
    enum { OTHERS = sizeof(others) / sizeof(others[0]) };
    struct CMUnitTest tests[CASES + OTHERS];
    for (size_t i = 0; i < CASES; i++)
        tests[i] = (struct CMUnitTest){.name = cases[i].name,
                                       .test_func = test_case,
                                       .initial_state = (void *)(uintptr_t)&cases[i]};
    memcpy(tests + CASES, others, sizeof(others));
    return cmocka_run_group_tests_name("vercmp", tests, NULL, NULL);
}
