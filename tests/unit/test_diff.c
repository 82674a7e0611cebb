/* Unified diffs: known ones to the byte, random ones by putting them to work: our own reading of
 * them, `patch` and `git apply` must all make the new text of the old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/file.h"
#include "watcher/yaml/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct known {
    const char *name, *file, *before, *after, *diff;
};

static const struct known knowns[] = {
    {"equal texts", "f", "a\nb\n", "a\nb\n", ""},
    {"both empty", "f", "", "", ""},
    {"one line", "f", "a\n", "b\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"},
    {"from nothing", "f", "", "a\nb\n", "--- a/f\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
    {"to nothing", "f", "a\nb\n", "", "--- a/f\n+++ b/f\n@@ -1,2 +0,0 @@\n-a\n-b\n"},
    {"three lines of context", "f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
     "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
    {"six lines between join", "f", "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
     "--- a/f\n+++ b/f\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
    {"seven lines between part", "f", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
     "--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n "
     "7\n-b\n+B\n"},
    {"an insertion's line numbers", "f", "1\n2\n3\n4\n5\n", "1\n2\n3\n4\nx\ny\n5\n",
     "--- a/f\n+++ b/f\n@@ -2,4 +2,6 @@\n 2\n 3\n 4\n+x\n+y\n 5\n"},
    {"no last line break before", "f", "a\nb", "a\nb\n",
     "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
    {"no last line break after", "f", "a\nb\n", "a\nb",
     "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"},
    {"no last line break in both", "f", "a\nb", "c\nb",
     "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n"},
    {"CRLF", "f", "a\r\nb\r\n", "a\r\nc\r\n",
     "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
    {"a run slides down", "f", "s\n\nx\n\ne\n", "s\n\ne\n",
     "--- a/f\n+++ b/f\n@@ -1,5 +1,3 @@\n s\n \n-x\n-\n e\n"},
    {"a step that is there twice", "f", "- a\n  b\n- a\n  b\n- c\n", "- a\n  b\n- c\n",
     "--- a/f\n+++ b/f\n@@ -1,5 +1,3 @@\n - a\n   b\n-- a\n-  b\n - c\n"},
    {"a name with a blank", "my images/f.yaml", "a\n", "b\n",
     "--- a/my images/f.yaml\t\n+++ b/my images/f.yaml\t\n@@ -1 +1 @@\n-a\n+b\n"},
    {"a name to quote", "caf\xC3\xA9\n\"x\".yaml", "a\n", "b\n",
     "--- \"a/caf\\303\\251\\012\\\"x\\\".yaml\"\n+++ \"b/caf\\303\\251\\012\\\"x\\\".yaml\"\n"
     "@@ -1 +1 @@\n-a\n+b\n"},
};

static void test_known(void **state)
{
    const struct known *k = *state;
    struct buf out = {0};
    diff_unified(&out, k->file, slice_of(k->before), slice_of(k->after));
    assert_string_equal(buf_text(&out), k->diff);
    buf_free(&out);
}

/* ---- random texts ---- */

static uint32_t next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void add_random(struct buf *text, uint32_t *seed, uint32_t alphabet)
{
    buf_addf(text, "%c\n", 'a' + (int)(next(seed) % alphabet));
}

/* A text of few different lines, and a copy with some lines dropped, put in, and doubled. */
static void make_pair(uint32_t seed, struct buf *before, struct buf *after)
{
    seed = seed * 2654435761u + 1;
    uint32_t count = next(&seed) % 60 + 1, alphabet = next(&seed) % 12 + 1;
    uint32_t rate = next(&seed) % 12 + 3;
    for (uint32_t i = 0; i < count; i++)
        add_random(before, &seed, alphabet);
    struct slice rest = buf_slice(before), line;
    while (slice_line(&rest, &line)) {
        uint32_t what = next(&seed) % rate;
        if (what == 0)
            add_random(after, &seed, alphabet + 3);
        if (what != 1)
            buf_addf(after, "%.*s\n", SLICE_ARG(line));
        if (what == 2)
            buf_addf(after, "%.*s\n", SLICE_ARG(line));
    }
    if (next(&seed) % 3 == 0)
        before->len--;
    if (next(&seed) % 3 == 0 && after->len)
        after->len--;
}

static size_t take_number(struct slice *s)
{
    char *end = NULL;
    size_t number = (size_t)strtoul(s->ptr, &end, 10);
    *s = slice_from(*s, (size_t)(end - s->ptr));
    return number;
}

/* Copy the lines before the hunk whose header this is; they must lie ahead. */
static void copy_up_to(struct slice header, struct slice *old, size_t *line, struct buf *out)
{
    struct slice s = slice_from(header, 4);
    size_t start = take_number(&s), count = 1;
    if (s.ptr[0] == ',') {
        s = slice_from(s, 1);
        count = take_number(&s);
    }
    size_t target = count ? start - 1 : start;
    assert_true(target >= *line);
    for (; *line < target; ++*line) {
        size_t end = slice_find_byte(*old, '\n') + 1;
        buf_add(out, slice_first(*old, end));
        *old = slice_from(*old, end);
    }
}

/* Apply the diff to `old`, as its rules say and no more cleverly. */
static void apply(struct slice diff, struct slice old, struct buf *out)
{
    size_t line = 0;
    while (diff.len) {
        size_t end = slice_find_byte(diff, '\n') + 1;
        struct slice entry = slice_first(diff, end);
        diff = slice_from(diff, end);
        if (slice_starts(diff, SLICE("\\")))
            entry.len--; /* the line break that is not there */
        if (slice_starts(entry, SLICE("@@ -")))
            copy_up_to(entry, &old, &line, out);
        struct slice text = slice_from(entry, 1);
        bool header = slice_starts(entry, SLICE("--- ")) || slice_starts(entry, SLICE("+++ "));
        if (header || entry.ptr[0] == '@' || entry.ptr[0] == '\\')
            continue;
        if (entry.ptr[0] != '+') {
            assert_true(slice_starts(old, text));
            old = slice_from(old, text.len);
            line++;
        }
        if (entry.ptr[0] != '-')
            buf_add(out, text);
    }
    buf_add(out, old);
}

static void test_random(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 500; seed++) {
        struct buf before = {0}, after = {0}, diff = {0}, again = {0};
        make_pair(seed, &before, &after);
        diff_unified(&diff, "f", buf_slice(&before), buf_slice(&after));
        apply(buf_slice(&diff), buf_slice(&before), &again);
        if (!slice_equal(buf_slice(&again), buf_slice(&after)))
            fail_msg("seed %u: %s", (unsigned)seed, buf_text(&diff));
        buf_free(&before);
        buf_free(&after);
        buf_free(&diff);
        buf_free(&again);
    }
}

/* More differences than the comparison looks into: coarse, but right, and soon there. */
static void test_limit(void **state)
{
    (void)state;
    struct buf before = {0}, after = {0}, diff = {0}, again = {0};
    for (int i = 0; i < 30000; i++) {
        buf_addf(&before, "%d\n", i % 3 ? i : -i);
        buf_addf(&after, "%d\n", i % 3 ? i : i * 7);
    }
    diff_unified(&diff, "f", buf_slice(&before), buf_slice(&after));
    apply(buf_slice(&diff), buf_slice(&before), &again);
    assert_true(slice_equal(buf_slice(&again), buf_slice(&after)));
    buf_free(&before);
    buf_free(&after);
    buf_free(&diff);
    buf_free(&again);
}

/* ---- other people's programs ---- */

struct tool {
    const char *name, *present, *run;
};

static const struct tool tools[] = {
    {"patch", "patch --version >/dev/null 2>&1", "patch -s --binary -p1 <p.diff"},
    {"git apply", "git --version >/dev/null 2>&1",
     "GIT_CEILING_DIRECTORIES=/ git apply --whitespace=nowarn -p1 p.diff"},
};

static void put_file(const char *folder, const char *name, struct slice content)
{
    struct buf path = {0};
    struct error e = {0};
    path_join(&path, slice_of(folder), slice_of(name));
    if (!file_replace(buf_text(&path), content, &e))
        fail_msg("%s", e.message);
    buf_free(&path);
}

/* Let the tool change a file `f` in the folder and look at what it made. */
static void try_tool(const struct tool *t, const char *folder, const struct buf *before,
                     const struct buf *after)
{
    struct buf diff = {0}, command = {0}, path = {0}, got = {0};
    struct error e = {0};
    diff_unified(&diff, "f", buf_slice(before), buf_slice(after));
    put_file(folder, "f", buf_slice(before));
    put_file(folder, "p.diff", buf_slice(&diff));
    buf_addf(&command, "cd %s && %s", folder, t->run);
    assert_int_equal(system(buf_text(&command)), 0);
    path_join(&path, slice_of(folder), SLICE("f"));
    assert_true(file_read(buf_text(&path), &got, &e));
    assert_true(slice_equal(buf_slice(&got), buf_slice(after)));
    buf_free(&diff);
    buf_free(&command);
    buf_free(&path);
    buf_free(&got);
}

static void test_tool(void **state)
{
    const struct tool *t = *state;
    char folder[] = "/tmp/mwatch-diff-XXXXXX";
    if (system(t->present) != 0)
        skip();
    assert_non_null(mkdtemp(folder));
    for (uint32_t seed = 1000; seed < 1020; seed++) {
        struct buf before = {0}, after = {0};
        make_pair(seed, &before, &after);
        buf_add_text(&after, "a last line");
        try_tool(t, folder, &before, &after);
        buf_free(&before);
        buf_free(&after);
    }
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    enum { KNOWN = sizeof knowns / sizeof *knowns, TOOLS = sizeof tools / sizeof *tools };
    struct CMUnitTest tests[KNOWN + TOOLS + 2] = {
        {.name = "random texts", .test_func = test_random},
        {.name = "very many differences", .test_func = test_limit},
    };
    for (size_t i = 0; i < KNOWN; i++)
        tests[2 + i] = (struct CMUnitTest){.name = knowns[i].name,
                                           .test_func = test_known,
                                           .initial_state = (void *)(uintptr_t)&knowns[i]};
    for (size_t i = 0; i < TOOLS; i++)
        tests[2 + KNOWN + i] = (struct CMUnitTest){.name = tools[i].name,
                                                   .test_func = test_tool,
                                                   .initial_state = (void *)(uintptr_t)&tools[i]};
    return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
