/* The cases in tests/unit/versions, one a line, and what must hold for all versions in them. In the
 * file of a scheme: "A < B", "A = B", "A > B"; "A ? B" where one is not valid; "valid V",
 * "invalid V"; "pre V", "release V". In functions.txt: a function's name and what it is called
 * with, as the comments there say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/arena.h"
#include "watcher/base/file.h"
#include "watcher/versions/scheme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/unit/versions/"

enum { WORDS = 5, ENOUGH_CASES = 250 };

/* A line of a file. */
struct row {
    const struct scheme *scheme; /* NULL in functions.txt */
    struct slice words[WORDS];
    size_t count;
};

/* All valid versions of a scheme's file. */
struct corpus {
    const struct scheme *scheme;
    size_t cases;
    VEC(struct slice) versions;
};

struct suite {
    struct arena arena;
    VEC(struct CMUnitTest) tests;
};

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void check_relation(const struct scheme *s, struct slice a, char relation, struct slice b)
{
    int expected = relation == '<' ? -1 : relation == '>';
    if (relation == '?') {
        assert_false(s->valid(a) && s->valid(b));
        return;
    }
    assert_true(s->valid(a));
    assert_true(s->valid(b));
    assert_int_equal(sign(s->compare(a, b)), expected);
    assert_int_equal(sign(s->compare(b, a)), -expected);
}

static void check_prerelease(const struct scheme *s, struct slice version, bool expected)
{
    assert_true(s->valid(version));
    assert_int_equal(s->prerelease(version), expected);
    assert_int_equal(scheme_prerelease(s, version), expected);
}

static void test_row(void **state)
{
    const struct row *row = *state;
    const struct slice *w = row->words;
    if (row->count == 3 && w[1].len == 1)
        check_relation(row->scheme, w[0], w[1].ptr[0], w[2]);
    else if (row->count == 2 && slice_is(w[0], "valid"))
        assert_true(row->scheme->valid(w[1]));
    else if (row->count == 2 && slice_is(w[0], "invalid"))
        assert_false(row->scheme->valid(w[1]));
    else if (row->count == 2 && slice_is(w[0], "pre"))
        check_prerelease(row->scheme, w[1], true);
    else if (row->count == 2 && slice_is(w[0], "release"))
        check_prerelease(row->scheme, w[1], false);
    else
        fail_msg("a line of another form");
}

static const struct scheme *scheme_of(struct slice name)
{
    for (const struct scheme *const *s = scheme_all(); *s; s++)
        if (slice_is(name, (*s)->name))
            return *s;
    fail_msg("no scheme %.*s", SLICE_ARG(name));
    return NULL;
}

static void check_level(const struct slice *w)
{
    static const char *const names[] = {"same", "patch", "minor", "major"};
    const struct scheme *s = scheme_of(w[1]);
    enum level level = scheme_level(s, w[2], w[3]), back = scheme_level(s, w[3], w[2]);
    assert_string_equal(names[back], names[level]);
    if (!slice_is(w[4], names[level]))
        fail_msg("%s", names[level]);
}

static void check_series(const struct slice *w)
{
    unsigned long long count = 0;
    assert_true(slice_number(w[2], &count));
    struct slice series = scheme_series(w[1], (size_t)count);
    if (!slice_equal(series, w[3]))
        fail_msg("%.*s", SLICE_ARG(series));
    assert_true(scheme_in_stream(w[1], series));
}

/* "-" stands for no number. */
static void check_number(const struct slice *w)
{
    unsigned long long index = 0;
    assert_true(slice_number(w[2], &index));
    struct slice number = scheme_number(w[1], (size_t)index);
    if (!slice_equal(number, slice_is(w[3], "-") ? slice_first(w[3], 0) : w[3]))
        fail_msg("%.*s", SLICE_ARG(number));
}

static void test_function(void **state)
{
    const struct row *row = *state;
    const struct slice *w = row->words;
    if (row->count == 5 && slice_is(w[0], "level"))
        check_level(w);
    else if (row->count == 3 && slice_is(w[0], "in"))
        assert_true(scheme_in_stream(w[1], w[2]));
    else if (row->count == 3 && slice_is(w[0], "out"))
        assert_false(scheme_in_stream(w[1], w[2]));
    else if (row->count == 4 && slice_is(w[0], "series"))
        check_series(w);
    else if (row->count == 4 && slice_is(w[0], "number"))
        check_number(w);
    else if (row->count == 3 && slice_is(w[0], "pre"))
        assert_true(scheme_prerelease(scheme_of(w[1]), w[2]));
    else if (row->count == 3 && slice_is(w[0], "release"))
        assert_false(scheme_prerelease(scheme_of(w[1]), w[2]));
    else
        fail_msg("a line of another form");
}

static void test_enough_cases(void **state)
{
    const struct corpus *corpus = *state;
    assert_true(corpus->cases >= ENOUGH_CASES);
}

/* The corpus from old to new; a plain insertion sort, which needs no state outside. */
static void sort(struct corpus *corpus)
{
    struct slice *v = corpus->versions.items;
    for (size_t i = 1; i < corpus->versions.count; i++) {
        struct slice moving = v[i];
        size_t place = i;
        for (; place > 0 && corpus->scheme->compare(v[place - 1], moving) > 0; place--)
            v[place] = v[place - 1];
        v[place] = moving;
    }
}

/* Every two versions stand to each other as their ranks in the sorted list do: the same as saying
 * that all pairs are antisymmetric and all triples transitive. */
static void test_order_is_total(void **state)
{
    struct corpus *corpus = *state;
    const struct scheme *s = corpus->scheme;
    size_t count = corpus->versions.count;
    sort(corpus);
    const struct slice *v = corpus->versions.items;
    int *ranks = calloc(count + 1, sizeof(*ranks));
    assert_non_null(ranks);
    for (size_t i = 1; i < count; i++)
        ranks[i] = ranks[i - 1] + (s->compare(v[i - 1], v[i]) != 0);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (sign(s->compare(v[i], v[j])) != sign(ranks[i] - ranks[j]))
                fail_msg("%.*s and %.*s", SLICE_ARG(v[i]), SLICE_ARG(v[j]));
    free(ranks);
}

/* What holds of every version, whatever the scheme. */
static void test_functions_agree(void **state)
{
    const struct corpus *corpus = *state;
    for (size_t i = 0; i < corpus->versions.count; i++) {
        struct slice v = corpus->versions.items[i];
        assert_int_equal(scheme_level(corpus->scheme, v, v), LEVEL_SAME);
        assert_true(scheme_in_stream(v, v));
        assert_true(scheme_in_stream(v, slice_first(v, 0)));
        for (size_t count = 0; count < 5; count++)
            assert_true(scheme_in_stream(v, scheme_series(v, count)));
    }
}

/* Texts that no scheme may take or stumble over: too long, and with each byte in each place. */
static void test_hostile_texts(void **state)
{
    const struct scheme *s = *state;
    char text[SCHEME_LONGEST + 1];
    memset(text, '1', sizeof(text));
    assert_false(s->valid(slice_new(text, sizeof(text))));
    assert_false(s->valid(slice_new(text, 0)));
    assert_false(s->valid(slice_new(NULL, 0)));
    assert_false(scheme_prerelease(s, slice_new(NULL, 0)));
    assert_false(scheme_prerelease(s, slice_new(text, sizeof(text))));
    for (int byte = 0; byte < 256; byte++)
        for (size_t place = 0; place < 10; place++) {
            char version[] = "2025-01-20";
            version[place] = (char)byte;
            struct slice v = slice_new(version, 10);
            bool outside = byte <= ' ' || byte >= 127;
            assert_false(outside && s->valid(v));
            assert_int_equal(s->valid(v) ? s->compare(v, v) : 0, 0);
            scheme_prerelease(s, v);
        }
}

/* The longest versions there are: many short tokens, few long ones. */
static void test_longest_texts(void **state)
{
    static const char *const pieces[] = {"1",  "1.",  "1-", "1-a", "1a",
                                         "_p", "_p1", "0.", "-0",  "a0"};
    const struct scheme *s = *state;
    char text[SCHEME_LONGEST], more[SCHEME_LONGEST];
    for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = pieces[p][i % strlen(pieces[p])];
        text[0] = text[SCHEME_LONGEST - 1] = '1';
        memcpy(more, text, sizeof(text));
        more[SCHEME_LONGEST - 1] = '2';
        struct slice a = slice_new(text, sizeof(text)), b = slice_new(more, sizeof(more));
        assert_int_equal(sign(s->compare(a, b)), -sign(s->compare(b, a)));
        if (s->valid(a) && s->valid(b))
            assert_true(s->compare(a, b) < 0);
        scheme_prerelease(s, a);
        scheme_series(a, SCHEME_LONGEST);
    }
}

static void test_table(void **state)
{
    (void)state;
    const struct scheme *const *all = scheme_all();
    const char *const *names = scheme_names();
    size_t i = 0;
    for (; all[i]; i++) {
        assert_string_equal(names[i], all[i]->name);
        assert_ptr_equal(scheme_find(names[i]), all[i]);
        assert_true(strlen(all[i]->summary) > 0);
    }
    assert_null(names[i]);
    assert_int_equal(i, 6);
    assert_null(scheme_find("APK"));
    assert_null(scheme_find(""));
    assert_null(scheme_find(NULL));
}

static void add_test(struct suite *suite, const char *name, CMUnitTestFunction run, void *state)
{
    struct CMUnitTest test = {.name = name, .test_func = run, .initial_state = state};
    vec_push(&suite->arena, &suite->tests, test);
}

static struct slice take_word(struct slice *rest)
{
    struct slice word;
    slice_split(rest, ' ', &word);
    *rest = slice_trim(*rest);
    return word;
}

static struct row *read_row(struct suite *suite, const struct scheme *scheme, struct slice line)
{
    struct row *row = arena_new(&suite->arena, struct row);
    row->scheme = scheme;
    while (line.len && row->count < WORDS)
        row->words[row->count++] = take_word(&line);
    return row;
}

static void add_version(struct suite *suite, struct corpus *corpus, struct slice version)
{
    if (corpus->scheme->valid(version))
        vec_push(&suite->arena, &corpus->versions, version);
}

/* Read FOLDER/name.txt and add a test for each of its lines. */
static void add_rows(struct suite *suite, const char *name, CMUnitTestFunction run,
                     struct corpus *corpus)
{
    struct buf file = {0};
    struct error e = {0};
    const char *path = arena_printf(&suite->arena, FOLDER "%s.txt", name);
    if (!file_read(path, &file, &e)) {
        fprintf(stderr, "%s\n", e.message);
        exit(EXIT_FAILURE);
    }
    struct slice rest = arena_slice(&suite->arena, buf_slice(&file)), line;
    for (unsigned number = 1; slice_line(&rest, &line); number++) {
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        struct row *row = read_row(suite, corpus ? corpus->scheme : NULL, line);
        add_test(suite, arena_printf(&suite->arena, "%s:%u: %.*s", name, number, SLICE_ARG(line)),
                 run, row);
        if (!corpus)
            continue;
        corpus->cases++;
        add_version(suite, corpus, row->words[row->count - 1]);
        if (row->count == 3)
            add_version(suite, corpus, row->words[0]);
    }
    buf_free(&file);
}

static void add_scheme(struct suite *suite, const struct scheme *s)
{
    struct corpus *corpus = arena_new(&suite->arena, struct corpus);
    corpus->scheme = s;
    add_rows(suite, s->name, test_row, corpus);
    struct {
        const char *title;
        CMUnitTestFunction run;
        void *state;
    } const rest[] = {
        {"has enough cases", test_enough_cases, corpus},
        {"order is total", test_order_is_total, corpus},
        {"functions agree", test_functions_agree, corpus},
        {"hostile texts", test_hostile_texts, (void *)(uintptr_t)s},
        {"longest texts", test_longest_texts, (void *)(uintptr_t)s},
    };
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        add_test(suite, arena_printf(&suite->arena, "%s: %s", s->name, rest[i].title), rest[i].run,
                 rest[i].state);
}

int main(void)
{
    struct suite suite = {0};
    for (const struct scheme *const *s = scheme_all(); *s; s++)
        add_scheme(&suite, *s);
    add_rows(&suite, "functions", test_function, NULL);
    add_test(&suite, "table of schemes", test_table, NULL);
    int failed =
        _cmocka_run_group_tests("versions", suite.tests.items, suite.tests.count, NULL, NULL);
    arena_free(&suite.arena);
    return failed;
}
