#include "tests/unit/stanza.h"

#include "watcher/base/json.h"

#include <string.h>

static bool add_value(void *arg, const json_t *value, const char *key)
{
    struct buf *found = arg;
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    (void)key;
    buf_addf(found, "%s\n", text);
    free(text);
    return true;
}

static void wanted_values(const struct stanza *s, struct buf *out)
{
    for (size_t i = 0; i < s->lines.count; i++)
        if (slice_is(s->lines.items[i].key, "find"))
            buf_addf(out, "%.*s\n", SLICE_ARG(s->lines.items[i].value));
}

static void check_found(const struct stanza *s, const struct json_path *path, struct arena *a)
{
    struct error e = {0};
    struct buf found = {0}, wanted = {0};
    json_t *document = json_parse(a, stanza_get(s, "document"), &e);
    assert_string_equal(e.message, "");
    json_path_each(path, document, add_value, &found);
    wanted_values(s, &wanted);
    assert_slice(buf_slice(&found), buf_slice(&wanted));
    buf_free(&found);
    buf_free(&wanted);
}

static void run_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    struct error e = {0};
    struct slice error = stanza_get(s, "error");
    const struct json_path *path = json_path_compile(&a, stanza_get(s, "path"), &e);
    if (error.len) {
        assert_null(path);
        assert_int_equal(e.code, ERROR_USAGE);
        if (!slice_contains(slice_of(e.message), error))
            assert_slice(slice_of(e.message), error);
    } else {
        assert_string_equal(e.message, "");
        check_found(s, path, &a);
    }
    arena_free(&a);
}

static const struct json_path *compile(struct arena *a, const char *text)
{
    struct error e = {0};
    const struct json_path *path = json_path_compile(a, slice_of(text), &e);
    assert_string_equal(e.message, "");
    return path;
}

static json_t *parse(struct arena *a, const char *text)
{
    struct error e = {0};
    json_t *document = json_parse(a, slice_of(text), &e);
    assert_string_equal(e.message, "");
    return document;
}

static void first_is_borrowed(void **state)
{
    struct arena a = {0};
    (void)state;
    json_t *document = parse(&a, "{\"a\": [\"x\", \"y\"]}");
    const json_t *first = json_path_first(compile(&a, "$.a[*]"), document);
    assert_ptr_equal(first, json_array_get(json_object_get(document, "a"), 0));
    assert_null(json_path_first(compile(&a, "$.b"), document));
    assert_null(json_path_first(compile(&a, "$.a~"), document));
    arena_free(&a);
}

static bool stop_at_second(void *arg, const json_t *value, const char *key)
{
    struct buf *seen = arg;
    buf_addf(seen, "%s=%s ", key, json_string_value(value));
    return seen->len < 8;
}

static void walk_stops_when_told(void **state)
{
    struct arena a = {0};
    struct buf seen = {0};
    (void)state;
    json_t *document = parse(&a, "{\"p\": {\"a\": \"1\", \"b\": \"2\", \"c\": \"3\"}}");
    json_path_each(compile(&a, "$.p.*"), document, stop_at_second, &seen);
    assert_string_equal(buf_text(&seen), "a=1 b=2 ");
    buf_clear(&seen);
    json_path_each(compile(&a, "$..*~"), document, stop_at_second, &seen);
    assert_string_equal(buf_text(&seen), "p=p a=a ");
    buf_free(&seen);
    arena_free(&a);
}

static bool count(void *arg, const json_t *value, const char *key)
{
    (void)value;
    (void)key;
    ++*(size_t *)arg;
    return true;
}

/* As deep as jansson reads, and as wide as fits: a walk must neither overflow the stack nor take
 * time beyond the document's size. */
static void deep_document(void **state)
{
    enum { DEPTH = 2000, WIDTH = 20000 };
    struct arena a = {0};
    struct buf text = {0};
    struct error e = {0};
    size_t found = 0;
    (void)state;
    for (size_t i = 0; i < DEPTH; i++)
        buf_add_text(&text, "{\"a\": ");
    buf_add_byte(&text, '[');
    for (size_t i = 0; i < WIDTH; i++)
        buf_addf(&text, "%s{\"b\": %zu}", i ? "," : "", i);
    buf_add_byte(&text, ']');
    buf_pad(&text, '}', DEPTH);
    json_t *document = json_parse(&a, buf_slice(&text), &e);
    assert_string_equal(e.message, "");
    json_path_each(compile(&a, "$..b"), document, count, &found);
    assert_int_equal(found, WIDTH);
    found = 0;
    json_path_each(compile(&a, "$..[?@.b >= 10000]"), document, count, &found);
    assert_int_equal(found, WIDTH - 10000);
    buf_free(&text);
    arena_free(&a);
}

static void too_long(void **state)
{
    struct arena a = {0};
    struct buf text = {0};
    struct error e = {0};
    (void)state;
    buf_add_text(&text, "$[?@.a");
    while (text.len < 5000)
        buf_add_text(&text, "||@.a");
    buf_add_byte(&text, ']');
    assert_null(json_path_compile(&a, buf_slice(&text), &e));
    assert_non_null(strstr(e.message, "4096"));
    buf_free(&text);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(first_is_borrowed),
        cmocka_unit_test(walk_stops_when_told),
        cmocka_unit_test(deep_document),
        cmocka_unit_test(too_long),
    };
    return stanzas_run("json_path", fixed, sizeof fixed / sizeof *fixed,
                       "tests/unit/base/json_path.cases", run_case);
}
