#include "tests/unit/stanza.h"

#include "watcher/base/pattern.h"

#include <string.h>

static void check_error(const struct pattern *p, const struct error *e, struct slice wanted)
{
    assert_null(p);
    assert_int_equal(e->code, ERROR_USAGE);
    if (!slice_contains(slice_of(e->message), wanted))
        assert_slice(slice_of(e->message), wanted);
}

static void check_match(const struct stanza *s, const struct pattern *p, struct slice subject)
{
    struct match m;
    size_t group = 0;
    assert_int_equal(pattern_search(p, subject, 0, &m), PATTERN_YES);
    for (size_t i = 0; i < s->lines.count; i++) {
        if (!slice_is(s->lines.items[i].key, "match"))
            continue;
        struct slice wanted = s->lines.items[i].value;
        assert_true(group < m.count);
        if (slice_is(wanted, "-"))
            assert_null(m.group[group].ptr);
        else {
            assert_non_null(m.group[group].ptr);
            assert_slice(m.group[group], wanted);
        }
        group++;
    }
    assert_int_equal(group, m.count);
}

static bool add_match(void *arg, const struct match *m)
{
    struct buf *out = arg;
    buf_addf(out, "[%.*s]", SLICE_ARG(m->group[0]));
    return true;
}

static void check_all(const struct stanza *s, const struct pattern *p, struct slice subject)
{
    struct buf found = {0}, wanted = {0};
    assert_int_equal(pattern_each(p, subject, add_match, &found), PATTERN_YES);
    for (size_t i = 0; i < s->lines.count; i++)
        if (slice_is(s->lines.items[i].key, "all"))
            buf_addf(&wanted, "[%.*s]", SLICE_ARG(s->lines.items[i].value));
    assert_slice(buf_slice(&found), buf_slice(&wanted));
    buf_free(&found);
    buf_free(&wanted);
}

static void check_replace(const struct stanza *s, const struct pattern *p, struct slice subject)
{
    struct buf out = {0};
    bool surprise = false;
    buf_add_text(&out, "before ");
    assert_true(pattern_replace(p, subject, stanza_get(s, "replacement"), &out, &surprise));
    assert_slice(slice_first(buf_slice(&out), 7), SLICE("before "));
    assert_slice(slice_from(buf_slice(&out), 7), stanza_get(s, "result"));
    assert_int_equal(surprise, stanza_has(s, "surprise"));
    buf_free(&out);
}

static void check_limit(const struct pattern *p, struct slice subject)
{
    struct buf out = {0};
    buf_add_text(&out, "kept");
    assert_int_equal(pattern_search(p, subject, 0, NULL), PATTERN_LIMIT);
    assert_int_equal(pattern_each(p, subject, add_match, &out), PATTERN_LIMIT);
    assert_false(pattern_replace(p, subject, SLICE("x"), &out, NULL));
    assert_string_equal(buf_text(&out), "kept");
    buf_free(&out);
}

static void check_compiled(const struct stanza *s, const struct pattern *p)
{
    struct slice subject = stanza_get(s, "subject");
    bool checked = false;
    if (stanza_has(s, "no")) {
        assert_int_equal(pattern_search(p, subject, 0, NULL), PATTERN_NO);
        checked = true;
    }
    if (stanza_has(s, "limit")) {
        check_limit(p, subject);
        checked = true;
    }
    if (stanza_has(s, "match")) {
        check_match(s, p, subject);
        checked = true;
    }
    if (stanza_has(s, "all")) {
        check_all(s, p, subject);
        checked = true;
    }
    if (stanza_has(s, "result")) {
        check_replace(s, p, subject);
        checked = true;
    }
    assert_true(checked);
}

static void run_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    struct error e = {0};
    const struct pattern *p = pattern_compile(&a, stanza_get(s, "pattern"), &e);
    if (stanza_has(s, "error")) {
        check_error(p, &e, stanza_get(s, "error"));
    } else {
        assert_string_equal(e.message, "");
        check_compiled(s, p);
    }
    arena_free(&a);
}

static const struct pattern *compile(struct arena *a, const char *text)
{
    struct error e = {0};
    const struct pattern *p = pattern_compile(a, slice_of(text), &e);
    assert_string_equal(e.message, "");
    return p;
}

static void start_offset(void **state)
{
    struct arena a = {0};
    struct match m;
    (void)state;
    const struct pattern *p = compile(&a, "(\\d)");
    struct slice subject = SLICE("1\xC3\xA9\x32");
    assert_int_equal(pattern_search(p, subject, 1, &m), PATTERN_YES);
    assert_ptr_equal(m.group[1].ptr, subject.ptr + 3);
    assert_int_equal(pattern_search(p, subject, 2, &m), PATTERN_YES); /* within the é */
    assert_ptr_equal(m.group[0].ptr, subject.ptr + 3);
    assert_int_equal(pattern_search(p, subject, 4, &m), PATTERN_NO);
    assert_int_equal(pattern_search(p, subject, 5, &m), PATTERN_NO);
    assert_int_equal(pattern_search(compile(&a, "^2"), subject, 3, &m), PATTERN_NO);
    arena_free(&a);
}

static void no_subject(void **state)
{
    struct arena a = {0};
    struct match m;
    struct slice none = {NULL, 0};
    struct buf out = {0};
    (void)state;
    assert_int_equal(pattern_search(compile(&a, "a"), none, 0, &m), PATTERN_NO);
    assert_int_equal(pattern_search(compile(&a, "^()"), none, 0, &m), PATTERN_YES);
    assert_non_null(m.group[1].ptr);
    assert_true(pattern_replace(compile(&a, "$"), none, SLICE("x"), &out, NULL));
    assert_string_equal(buf_text(&out), "x");
    buf_free(&out);
    arena_free(&a);
}

static void groups_by_name(void **state)
{
    struct arena a = {0};
    (void)state;
    const struct pattern *p = compile(&a, "(a)(?P<version>b)(?<hash>c)");
    assert_int_equal(pattern_group(p, "version"), 2);
    assert_int_equal(pattern_group(p, "hash"), 3);
    assert_int_equal(pattern_group(p, "other"), 0);
    assert_int_equal(pattern_group(p, ""), 0);
    assert_string_equal(pattern_text(p), "(a)(?P<version>b)(?<hash>c)");
    arena_free(&a);
}

static bool stop(void *arg, const struct match *m)
{
    (void)m;
    return ++*(int *)arg < 2;
}

static void each_stops_when_told(void **state)
{
    struct arena a = {0};
    int seen = 0;
    (void)state;
    assert_int_equal(pattern_each(compile(&a, "a"), SLICE("aaaa"), stop, &seen), PATTERN_YES);
    assert_int_equal(seen, 2);
    seen = 0;
    assert_int_equal(pattern_each(compile(&a, "b"), SLICE("aaaa"), stop, &seen), PATTERN_NO);
    assert_int_equal(seen, 0);
    arena_free(&a);
}

/* Bodies made to be searched for ever: from each of very many places the search runs to the end in
 * vain. No single place costs much, so that only a limit over all of them together stops it. */
static void long_hostile_body(void **state)
{
    static const char *const patterns[] = {
        "href=[^\"]*\"",
        "href=[^\"]*\"\\d",
        "(?s)<a.*?>x",
        "<[^>]*<[^>]*>x",
    };
    struct arena a = {0};
    struct buf body = {0};
    (void)state;
    while (body.len < 300000)
        buf_add_text(&body, "<a href=");
    buf_add_text(&body, ">\"x");
    for (size_t i = 1; i < sizeof patterns / sizeof *patterns; i++)
        assert_int_equal(pattern_search(compile(&a, patterns[i]), buf_slice(&body), 0, NULL),
                         PATTERN_LIMIT);
    assert_int_equal(pattern_search(compile(&a, patterns[0]), buf_slice(&body), 0, NULL),
                     PATTERN_YES);
    buf_free(&body);
    arena_free(&a);
}

static bool count(void *arg, const struct match *m)
{
    *(size_t *)arg += m->group[1].len;
    return true;
}

/* A listing as the largest mirrors have them: every match is found within the limit, and also when
 * a byte at its end is not UTF-8. */
static void long_honest_body(void **state)
{
    enum { ENTRIES = 20000 };
    struct arena a = {0};
    struct buf body = {0};
    (void)state;
    for (size_t i = 0; i < ENTRIES; i++)
        buf_addf(&body, "<tr><td><a href=\"redis-%05zu.tar.gz\">redis</a></td></tr>\n", i);
    for (int bad = 0; bad < 2; bad++) {
        size_t bytes = 0;
        if (bad)
            buf_add_byte(&body, '\xFF');
        const struct pattern *p = compile(&a, "href=\"redis-([0-9.]+)\\.tar\\.gz\"");
        assert_int_equal(pattern_each(p, buf_slice(&body), count, &bytes), PATTERN_YES);
        assert_int_equal(bytes, 5 * ENTRIES);
    }
    buf_free(&body);
    arena_free(&a);
}

static void too_long(void **state)
{
    struct arena a = {0};
    struct buf text = {0};
    struct error e = {0};
    (void)state;
    buf_pad(&text, 'a', 4097);
    assert_null(pattern_compile(&a, buf_slice(&text), &e));
    assert_non_null(strstr(e.message, "4096"));
    buf_cut(&text, 4096);
    error_clear(&e);
    assert_non_null(pattern_compile(&a, buf_slice(&text), &e));
    buf_free(&text);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(start_offset),      cmocka_unit_test(no_subject),
        cmocka_unit_test(groups_by_name),    cmocka_unit_test(each_stops_when_told),
        cmocka_unit_test(long_hostile_body), cmocka_unit_test(long_honest_body),
        cmocka_unit_test(too_long),
    };
    return stanzas_run("pattern", fixed, sizeof fixed / sizeof *fixed,
                       "tests/unit/base/pattern.cases", run_case);
}
