/* pkt-lines: one frame a row, read from a buffer that ends where the frame's bytes do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/memory.h"
#include "watcher/base/pktline.h"

#include <stdlib.h>
#include <string.h>

static const struct read_case {
    const char *name;
    struct slice bytes;
    enum pkt_kind kind;
    struct slice line;
    size_t left;       /* bytes after the frame */
    const char *error; /* NULL: the frame is good */
} read_cases[] = {
    {"nothing", SLICE(""), PKT_NONE, SLICE(""), 0, NULL},
    {"flush", SLICE("0000rest"), PKT_FLUSH, SLICE(""), 4, NULL},
    {"delimiter", SLICE("0001"), PKT_DELIMITER, SLICE(""), 0, NULL},
    {"response end", SLICE("0002"), PKT_RESPONSE_END, SLICE(""), 0, NULL},
    {"line", SLICE("0009done\n0000"), PKT_LINE, SLICE("done"), 4, NULL},
    {"line without LF", SLICE("0008done"), PKT_LINE, SLICE("done"), 0, NULL},
    {"only one LF is taken off", SLICE("000adone\n\n"), PKT_LINE, SLICE("done\n"), 0, NULL},
    {"empty line", SLICE("0004"), PKT_LINE, SLICE(""), 0, NULL},
    {"capital digits", SLICE("000Adone\n\n"), PKT_LINE, SLICE("done\n"), 0, NULL},
    {"NUL inside", SLICE("0007a\0b"), PKT_LINE, SLICE("a\0b"), 0, NULL},
    {"ERR as a prefix of a word", SLICE("000bERRORS\n"), PKT_LINE, SLICE("ERRORS"), 0, NULL},
    {"length 3", SLICE("0003"), PKT_NONE, SLICE(""), 0,
     "the git server's answer has a frame of length 3"},
    {"length over the limit", SLICE("fff1"), PKT_NONE, SLICE(""), 0,
     "the git server's answer has a frame of length 65521"},
    {"cut header", SLICE("000"), PKT_NONE, SLICE(""), 0, "the git server's answer is cut off"},
    {"cut line", SLICE("0009don"), PKT_NONE, SLICE(""), 0, "the git server's answer is cut off"},
    {"no number", SLICE("+123abc"), PKT_NONE, SLICE(""), 0,
     "the git server's answer has a frame without a length"},
    {"error", SLICE("0012ERR no access\n"), PKT_NONE, SLICE(""), 0,
     "the git server says: no access"},
    {"error with an escape", SLICE("000cERR \x1b[2J"), PKT_NONE, SLICE(""), 0,
     "the git server says: \\x1b[2J"},
};

static void test_read(void **state)
{
    const struct read_case *c = *state;
    char *copy = memory_alloc(c->bytes.len);
    memcpy(copy, c->bytes.ptr, c->bytes.len);
    struct slice rest = slice_new(copy, c->bytes.len);
    struct pkt pkt;
    struct error e = {0};
    bool ok = pkt_read(&rest, &pkt, &e);
    assert_int_equal(ok, c->error == NULL);
    if (c->error) {
        assert_int_equal(e.code, ERROR_UPSTREAM);
        assert_string_equal(e.message, c->error);
    } else {
        assert_int_equal(pkt.kind, c->kind);
        assert_true(slice_equal(pkt.line, c->line));
        assert_true(slice_starts(pkt.bytes, c->line));
        assert_int_equal(rest.len, c->left);
    }
    free(copy);
}

static void test_starts(void **state)
{
    (void)state;
    assert_true(pkt_starts(SLICE("001e# service")));
    assert_true(pkt_starts(SLICE("0000")));
    assert_false(pkt_starts(SLICE("000")));
    assert_false(pkt_starts(SLICE("")));
    assert_false(pkt_starts(SLICE("<!doctype html>")));
}

/* A frame can be read as soon as it is whole, or seen to be none. */
static void test_ready(void **state)
{
    (void)state;
    assert_false(pkt_ready(SLICE("")));
    assert_false(pkt_ready(SLICE("000")));
    assert_false(pkt_ready(SLICE("0009don")));
    assert_true(pkt_ready(SLICE("0009done\n")));
    assert_true(pkt_ready(SLICE("0000")));
    assert_true(pkt_ready(SLICE("fff1")));
    assert_true(pkt_ready(SLICE("<!doctype html>")));
}

static void test_write(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_true(pkt_add(&out, SLICE("command=ls-refs")));
    assert_true(pkt_add_delimiter(&out));
    assert_true(pkt_add(&out, SLICE("")));
    assert_true(pkt_add_flush(&out));
    assert_string_equal(buf_text(&out), "0014command=ls-refs\n00010005\n0000");
    buf_free(&out);
}

/* The largest line is written and read back; one byte more is refused. */
static void test_largest(void **state)
{
    (void)state;
    struct buf line = {0}, out = {0};
    struct pkt pkt;
    struct error e = {0};
    buf_pad(&line, 'x', 65515);
    assert_true(pkt_add(&out, buf_slice(&line)));
    struct slice rest = buf_slice(&out);
    assert_true(pkt_read(&rest, &pkt, &e));
    assert_true(slice_equal(pkt.line, buf_slice(&line)));
    buf_add_byte(&line, 'x');
    buf_clear(&out);
    assert_false(pkt_add(&out, buf_slice(&line)));
    assert_int_equal(out.len, 0);
    buf_free(&line);
    buf_free(&out);
}

static void test_full(void **state)
{
    (void)state;
    struct buf out = BUF_MAX(10);
    assert_false(pkt_add(&out, SLICE("command=ls-refs")));
    assert_true(out.overflow);
    buf_free(&out);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct CMUnitTest fixed[] = {
    cmocka_unit_test(test_starts),  cmocka_unit_test(test_ready), cmocka_unit_test(test_write),
    cmocka_unit_test(test_largest), cmocka_unit_test(test_full),
};

int main(void)
{
    struct CMUnitTest tests[COUNT(read_cases) + COUNT(fixed)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT(read_cases); i++)
        tests[n++] = (struct CMUnitTest){read_cases[i].name, test_read, NULL, NULL,
                                         (void *)(uintptr_t)&read_cases[i]};
    for (size_t i = 0; i < COUNT(fixed); i++)
        tests[n++] = fixed[i];
    return cmocka_run_group_tests_name("pktline", tests, NULL, NULL);
}
