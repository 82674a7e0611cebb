#include "tests/unit/stanza.h"

#include "watcher/base/json.h"

static void run_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    struct error e = {0};
    json_t *value = json_parse(&a, stanza_get(s, "json"), &e);
    if (stanza_has(s, "error")) {
        assert_null(value);
        assert_int_equal(e.code, ERROR_UPSTREAM);
        if (!slice_contains(slice_of(e.message), stanza_get(s, "error")))
            assert_slice(slice_of(e.message), stanza_get(s, "error"));
    } else {
        assert_string_equal(e.message, "");
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        assert_slice(slice_of(text), stanza_get(s, "same"));
        free(text);
    }
    arena_free(&a);
}

static void members(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    (void)state;
    json_t *o = json_parse(&a,
                           SLICE("{\"t\":\"x\", \"e\":\"\", \"n\":-7, \"r\":7.0, \"yes\":true,"
                                 "\"no\":false, \"null\":null}"),
                           &e);
    assert_slice(json_text(o, "t"), SLICE("x"));
    assert_non_null(json_text(o, "e").ptr);
    assert_null(json_text(o, "n").ptr);
    assert_null(json_text(o, "absent").ptr);
    assert_string_equal(json_string_at(o, "t"), "x");
    assert_null(json_string_at(o, "null"));
    assert_null(json_string_at(o, "absent"));
    assert_true(json_flag(o, "yes"));
    assert_false(json_flag(o, "no"));
    assert_false(json_flag(o, "t"));
    assert_false(json_flag(o, "absent"));
    assert_int_equal(json_number(o, "n", 1), -7);
    assert_int_equal(json_number(o, "r", 1), 1);
    assert_int_equal(json_number(o, "t", 1), 1);
    assert_int_equal(json_number(o, "absent", -1), -1);
    arena_free(&a);
}

static void members_of_what_is_no_object(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    (void)state;
    json_t *list = json_parse(&a, SLICE("[1]"), &e);
    assert_null(json_text(list, "a").ptr);
    assert_null(json_string_at(NULL, "a"));
    assert_false(json_flag(list, "a"));
    assert_int_equal(json_number(NULL, "a", 5), 5);
    arena_free(&a);
}

static void nested(size_t depth, struct error *e)
{
    struct arena a = {0};
    struct buf text = {0};
    buf_pad(&text, '[', depth);
    buf_pad(&text, ']', depth);
    json_parse(&a, buf_slice(&text), e);
    buf_free(&text);
    arena_free(&a);
}

/* Deep nesting is an error, not a stack that overflows. */
static void nesting_is_limited(void **state)
{
    struct error e = {0};
    (void)state;
    nested(1000, &e);
    assert_string_equal(e.message, "");
    nested(1000000, &e);
    assert_error(&e, ERROR_UPSTREAM, "maximum parsing depth reached");
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(members),
        cmocka_unit_test(members_of_what_is_no_object),
        cmocka_unit_test(nesting_is_limited),
    };
    return stanzas_run("json", fixed, sizeof fixed / sizeof *fixed, "tests/unit/base/json.cases",
                       run_case);
}
