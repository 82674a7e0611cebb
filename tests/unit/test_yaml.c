/* Parsing: where scalars stand (tests/unit/yaml: NAME.yaml and its scalars in NAME.txt), what plain
 * text means, paths, and what is refused at which line and column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/file.h"
#include "watcher/base/text.h"
#include "watcher/yaml/edit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/unit/yaml/"

/* ---- places ---- */

static const char *const styles[] = {"plain",  "single", "double", "literal",
                                     "folded", "block",  "flow"};
static const char *const types[] = {"string", "null", "bool", "int", "float", "timestamp"};

struct dump {
    const struct yaml *yaml;
    struct buf out;
};

/* LINE:COLUMN START-END STYLE TYPE PATH [&anchor] [!tag] = VALUE */
static bool dump_scalar(void *arg, struct node *n, const char *path)
{
    struct dump *d = arg;
    buf_addf(&d->out, "%zu:%zu %zu-%zu %s %s %s", n->line, n->column, n->start, n->end,
             styles[n->style], types[node_type(n)], path[0] ? path : "$");
    if (n->anchor)
        buf_addf(&d->out, " &%s", n->anchor);
    if (n->tag)
        buf_addf(&d->out, " !<%s>", n->tag);
    buf_add_text(&d->out, n->flow ? " flow = " : " = ");
    text_add_visible(&d->out, n->value);
    buf_add_byte(&d->out, '\n');
    return true;
}

static void test_places(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct buf source = {0}, wanted = {0}, diff = {0};
    const char *path = arena_printf(&a, FOLDER "%s", (const char *)*state);
    const char *expected = arena_printf(&a, "%.*s.txt", (int)strlen(path) - 5, path);
    assert_true(file_read(path, &source, &e) && file_read(expected, &wanted, &e));
    if (!yaml_parse(&a, path, buf_slice(&source), &y, &e))
        fail_msg("%s", e.message);
    struct dump d = {.yaml = &y};
    yaml_each_scalar(&y, dump_scalar, &d);
    diff_unified(&diff, expected, buf_slice(&wanted), buf_slice(&d.out));
    if (diff.len)
        fail_msg("%s", buf_text(&diff));
    buf_free(&source);
    buf_free(&wanted);
    buf_free(&d.out);
    arena_free(&a);
}

/* ---- types ---- */

struct typed {
    const char *text;
    enum scalar_type type;
};

static const struct typed texts[] = {
    {"", TYPE_NULL},
    {"~", TYPE_NULL},
    {"null", TYPE_NULL},
    {"NULL", TYPE_NULL},
    {"nULL", TYPE_STRING},
    {"true", TYPE_BOOL},
    {"FALSE", TYPE_BOOL},
    {"tRue", TYPE_STRING},
    {"yes", TYPE_STRING},
    {"no", TYPE_STRING},
    {"on", TYPE_STRING},
    {"y", TYPE_STRING},
    {"0", TYPE_INT},
    {"-7", TYPE_INT},
    {"+12", TYPE_INT},
    {"007", TYPE_INT},
    {"1_000", TYPE_INT},
    {"1_", TYPE_INT},
    {"_1", TYPE_STRING},
    {"0o17", TYPE_INT},
    {"0o18", TYPE_STRING},
    {"0x1F", TYPE_INT},
    {"0X1f", TYPE_INT},
    {"0x", TYPE_STRING},
    {"0xg", TYPE_STRING},
    {"0b101", TYPE_INT},
    {"0b102", TYPE_STRING},
    {"99999999999999999999999999", TYPE_INT},
    {"1.10", TYPE_FLOAT},
    {"6.8", TYPE_FLOAT},
    {"1.", TYPE_FLOAT},
    {".5", TYPE_FLOAT},
    {"-.5", TYPE_FLOAT},
    {".", TYPE_STRING},
    {"-", TYPE_STRING},
    {"+", TYPE_STRING},
    {"1e3", TYPE_FLOAT},
    {"1E-3", TYPE_FLOAT},
    {"1.5e+10", TYPE_FLOAT},
    {"1e", TYPE_STRING},
    {"e1", TYPE_STRING},
    {"685230e3", TYPE_FLOAT},
    {".inf", TYPE_FLOAT},
    {"-.Inf", TYPE_FLOAT},
    {"+.INF", TYPE_FLOAT},
    {".nan", TYPE_FLOAT},
    {"-.nan", TYPE_STRING},
    {"inf", TYPE_STRING},
    {"1.2.3", TYPE_STRING},
    {"1.2-r0", TYPE_STRING},
    {"v1", TYPE_STRING},
    {"1.0rc1", TYPE_STRING},
    {"3f1c5a2", TYPE_STRING},
    {"1234567", TYPE_INT},
    {"12e4567", TYPE_FLOAT},
    {"2026-01-14", TYPE_TIMESTAMP},
    {"2026-1-4", TYPE_TIMESTAMP},
    {"2026-01-14T10:20:30Z", TYPE_TIMESTAMP},
    {"2026-01-14t10:20:30.5-05:00", TYPE_TIMESTAMP},
    {"2026-01-14 10:20:30", TYPE_TIMESTAMP},
    {"2026-01-14  10:20:30 +2", TYPE_TIMESTAMP},
    {"2026-01-14 ", TYPE_STRING},
    {"2026-01-14T10:20", TYPE_STRING},
    {"2026-01", TYPE_STRING},
    {"20260-01-14", TYPE_STRING},
    {"2026-01-14-1", TYPE_STRING},
    {"2026.01.14", TYPE_STRING},
    {"12:30:45", TYPE_STRING},
    {"=", TYPE_STRING},
    {"<<", TYPE_STRING},
};

static void test_type(void **state)
{
    const struct typed *t = *state;
    assert_string_equal(types[plain_type(slice_of(t->text))], types[t->type]);
}

/* ---- what is refused ---- */

struct refusal {
    const char *name, *text, *message;
};

static const struct refusal refusals[] = {
    {"a key twice", "a: 1\nb: 2\na: 3\n",
     "f.yaml:3:1: the key \"a\" appears twice in one mapping, first at 1:1"},
    {"a key twice, quoted once", "x:\n  - a: 1\n    'a': 2\n",
     "f.yaml:3:5: the key \"a\" appears twice in one mapping, first at 2:5"},
    {"a key twice in flow", "{a: 1, \"b\": 2, b: 3}",
     "f.yaml:1:16: the key \"b\" appears twice in one mapping, first at 1:8"},
    {"a key twice behind wide characters", "ü: 1\n{☃: 1, ☃: 2}: 3\n",
     "f.yaml:2:8: the key \"☃\" appears twice in one mapping, first at 2:2"},
    {"a key twice, with a line break and an escape", "\"a\\n\\e\": 1\n\"a\\n\\e\": 2\n",
     "f.yaml:2:1: the key \"a\\x0a\\x1b\" appears twice in one mapping, first at 1:1"},
    {"text with a colon", "package:\n  description: foo: bar\n",
     "f.yaml:2:19: mapping values are not allowed in this context (text with ': ' in it needs "
     "quotes)"},
    {"a tab", "package:\n\tname: x\n",
     "f.yaml:2:1: found character that cannot start any token (a tab cannot indent)"},
    {"a percent sign", "a: %x\n",
     "f.yaml:1:4: found character that cannot start any token (text that begins so needs quotes)"},
    {"an unknown tag handle", "a: !x!y z\n",
     "f.yaml:1:4: found undefined tag handle (text that begins with '!' needs quotes)"},
    {"indentation", "a:\n  b: 1\n c: 2\n",
     "f.yaml:3:2: did not find expected key while parsing a block mapping that begins in line 1 "
     "(is the indentation right?)"},
    {"an open quote", "a: \"x\nb: 2\n",
     "f.yaml:3:1: found unexpected end of stream while scanning a quoted scalar that begins in "
     "line 1"},
    {"an open bracket", "a: [1,\nb: 2\n",
     "f.yaml:3:1: did not find expected ',' or ']' while parsing a flow sequence that begins in "
     "line 1"},
    {"a bad escape", "a: \"\\q\"\n", "f.yaml:1:5: found unknown escape character"},
    {"an unknown alias", "a: *b\n", "f.yaml:1:4: the alias *b has no anchor before it"},
    {"an alias of another document", "a: &b 1\n---\nc: *b\n",
     "f.yaml:3:4: the alias *b has no anchor before it"},
    {"an alias of itself", "a: &b [1, *b]\n",
     "f.yaml:1:11: the alias *b stands inside what it stands for"},
    {"a mapping of itself", "&m\na:\n  b: *m\n",
     "f.yaml:3:6: the alias *m stands inside what it stands for"},
    {"UTF-16, little end first",
     "\xFF\xFE"
     "a",
     "f.yaml:1:1: not UTF-8 but UTF-16 or UTF-32; convert the file to UTF-8"},
    {"UTF-16, big end first", "\xFE\xFF",
     "f.yaml:1:1: not UTF-8 but UTF-16 or UTF-32; convert the file to UTF-8"},
    {"bytes that are not UTF-8", "a: 1\nb: x\xC3(\n",
     "f.yaml:2:6: invalid trailing UTF-8 octet (0x28)"},
    {"Latin-1",
     "# gr\xFC\xDF"
     "e\na: 1\n",
     "f.yaml:1:5: invalid leading UTF-8 octet (0xFC)"},
    {"a control character", "a: ü\nb: \x1b[31m\n",
     "f.yaml:2:4: control characters are not allowed (0x1B)"},
    {"a control character behind a byte order mark",
     "\xEF\xBB\xBF"
     "a: \x07\n",
     "f.yaml:1:4: control characters are not allowed (0x07)"},
    {"a page of HTML", "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <title>x: y</title>\n",
     "f.yaml:4:11: mapping values are not allowed in this context (text with ': ' in it needs "
     "quotes)"},
};

static void test_refusal(void **state)
{
    const struct refusal *r = *state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    assert_false(yaml_parse(&a, "f.yaml", slice_of(r->text), &y, &e));
    assert_int_equal(e.code, ERROR_RECIPE);
    assert_string_equal(e.message, r->message);
    arena_free(&a);
}

/* ---- limits ---- */

static bool parses(struct slice text, struct error *e)
{
    struct arena a = {0};
    struct yaml y;
    bool good = yaml_parse(&a, "f.yaml", text, &y, e);
    arena_free(&a);
    return good;
}

static void assert_parse(struct buf *text, const char *message)
{
    struct error e = {0};
    bool good = parses(buf_slice(text), &e);
    buf_free(text);
    assert_string_equal(e.message, message ? message : "");
    assert_int_equal(good, message == NULL);
}

static struct buf repeated(const char *part, size_t count)
{
    struct buf text = {0};
    for (size_t i = 0; i < count; i++)
        buf_add_text(&text, part);
    return text;
}

static void test_depth(void **state)
{
    (void)state;
    struct buf text = repeated("[", 100);
    buf_add_text(&text, "1");
    for (int i = 0; i < 100; i++)
        buf_add_byte(&text, ']');
    assert_parse(&text, NULL);
    text = repeated("[", 101);
    assert_parse(&text, "f.yaml:1:101: nested more than 100 deep");
    text = repeated("- ", 101);
    assert_parse(&text, "f.yaml:1:201: nested more than 100 deep");
    text = repeated("{a: ", 100000);
    assert_parse(&text, "f.yaml:1:401: nested more than 100 deep");
}

/* Each anchor holds the one before: as deep as a walk through aliases goes. */
static void test_depth_by_aliases(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, "- &a0 [x]\n");
    for (int i = 1; i < 200; i++)
        buf_addf(&text, "- &a%d [*a%d]\n", i, i - 1);
    assert_parse(&text, "f.yaml:100:9: nested more than 100 deep through this alias");
}

/* Nine times nine times ...: 10^9 nodes in 400 bytes. */
static void test_alias_bomb(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, "- &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
        buf_addf(&text, "- &a%d [", i);
        for (int k = 0; k < 9; k++)
            buf_addf(&text, "%s*a%d", k ? ", " : "", i - 1);
        buf_add_text(&text, "]\n");
    }
    assert_parse(&text, "f.yaml:7:8: more than 1,000,000 nodes, aliases included");
}

static void test_many_nodes(void **state)
{
    (void)state;
    struct buf text = repeated("-\n", 999999);
    assert_parse(&text, NULL);
    text = repeated("-\n", 1000000);
    assert_parse(&text, "f.yaml:1000000:2: more than 1,000,000 nodes, aliases included");
}

/* More keys than are compared pair by pair. */
static void test_many_keys(void **state)
{
    (void)state;
    struct buf text = {0};
    for (int i = 0; i < 5000; i++)
        buf_addf(&text, "key%d: %d\n", i, i);
    struct buf twice = {0};
    buf_add(&twice, buf_slice(&text));
    assert_parse(&text, NULL);
    buf_add_text(&twice, "key4321: x\n");
    assert_parse(&twice, "f.yaml:5001:1: the key \"key4321\" appears twice in one mapping, first "
                         "at 4322:1");
}

/* Work for an anchor must not grow with the file before it. */
static void test_many_anchors(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct buf text = {0};
    buf_add_text(&text, "# \xC3\xBC\n");
    for (int i = 0; i < 100000; i++)
        buf_addf(&text, "- &a%d !!str\n  x\n", i);
    buf_add_text(&text, "- *a77777\n");
    assert_true(yaml_parse(&a, "f.yaml", buf_slice(&text), &y, &e));
    const struct node *root = y.documents[0];
    assert_int_equal(root->count, 100001);
    assert_int_equal(root->items[99999]->line, 200001);
    assert_int_equal(root->items[99999]->column, 3);
    assert_string_equal(root->items[100000]->anchor, "a77777");
    buf_free(&text);
    arena_free(&a);
}

static void test_empty(void **state)
{
    (void)state;
    static const char *const empty[] = {"", "\n", "# only a comment", "\xEF\xBB\xBF"};
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_true(yaml_parse(&a, "f.yaml", slice_of(empty[i]), &y, &e));
        assert_int_equal(y.count, 0);
    }
    assert_true(yaml_parse(&a, "f.yaml", slice_of(NULL), &y, &e));
    assert_int_equal(y.count, 0);
    arena_free(&a);
}

/* ---- paths ---- */

static const char tree[] = "package:\n"
                           "  name: zlib\n"
                           "  'a.b': dotted\n"
                           "  \"it's\": quote\n"
                           "  '': empty\n"
                           "list: [zero, {x: one}, [two]]\n"
                           "base: &base {common: yes, own: base}\n"
                           "other: &other {extra: 1}\n"
                           "merged:\n"
                           "  <<: *base\n"
                           "  own: mine\n"
                           "both:\n"
                           "  <<: [*other, *base]\n"
                           "alias: *base\n";

struct lookup {
    const char *path;
    const char *value; /* NULL = not there */
};

static const struct lookup lookups[] = {
    {"package.name", "zlib"},
    {"package['a.b']", "dotted"},
    {"package[\"a.b\"]", "dotted"},
    {"['package']['a.b']", "dotted"},
    {"package['it''s']", "quote"},
    {"package[\"it's\"]", "quote"},
    {"package['']", "empty"},
    {"list[0]", "zero"},
    {"list[1].x", "one"},
    {"list[2][0]", "two"},
    {"merged.common", "yes"},
    {"merged.own", "mine"},
    {"both.common", "yes"},
    {"both.extra", "1"},
    {"alias.own", "base"},
    {"package.none", NULL},
    {"package.name.deeper", NULL},
    {"package.a.b", NULL},
    {"list[3]", NULL},
    {"list[-1]", NULL},
    {"list[x]", NULL},
    {"list[0", NULL},
    {"list[99999999999999999999]", NULL},
    {"list.0", NULL},
    {"package[0]", NULL},
    {"package['name'", NULL},
    {"package['name", NULL},
    {"package.", NULL},
    {"package..name", NULL},
    {".package", NULL},
    {"package.name ", NULL},
    {"merged.none", NULL},
};

static void test_path(void **state)
{
    const struct lookup *l = *state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    assert_true(yaml_parse(&a, "f.yaml", slice_of(tree), &y, &e));
    const struct node *node = node_path(y.documents[0], l->path);
    assert_int_equal(node != NULL, l->value != NULL);
    if (node)
        assert_string_equal(arena_text(&a, node->value), l->value);
    arena_free(&a);
}

static void test_queries(void **state)
{
    (void)state;
    struct arena a = {0};
    struct error e = {0};
    struct yaml y;
    struct slice text = SLICE("a: {on: true, off: FALSE, word: yes, text: 'true'}\nb: x\nc: [1]\n");
    assert_true(yaml_parse(&a, "f.yaml", text, &y, &e));
    const struct node *root = y.documents[0], *map = node_get(root, "a");
    assert_true(node_bool(node_get(map, "on"), false));
    assert_false(node_bool(node_get(map, "off"), true));
    assert_true(node_bool(node_get(map, "word"), true));
    assert_false(node_bool(node_get(map, "text"), false));
    assert_true(node_bool(NULL, true));
    assert_true(node_bool(map, true));
    assert_true(slice_is(node_text(root, "b"), "x"));
    assert_null(node_text(root, "c").ptr);
    assert_null(node_text(root, "none").ptr);
    assert_null(node_get(NULL, "x"));
    assert_null(node_get(node_get(root, "c"), "x"));
    assert_true(node_path(root, "") == root);
    arena_free(&a);
}

/* ---- all of them ---- */

struct suite {
    VEC(struct CMUnitTest) list;
    struct arena arena;
};

static void add(struct suite *s, const char *name, CMUnitTestFunction test, const void *state)
{
    vec_push(&s->arena, &s->list,
             ((struct CMUnitTest){
                 .name = name, .test_func = test, .initial_state = (void *)(uintptr_t)state}));
}

static void add_places(struct suite *s)
{
    struct dirent **entries = NULL;
    int count = scandir(FOLDER, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = arena_copy(&s->arena, entries[i]->d_name);
        if (slice_ends(slice_of(name), SLICE(".yaml")))
            add(s, name, test_places, name);
        free(entries[i]);
    }
    free(entries);
}

#define EACH(s, rows, member, test)                                                                \
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)                                     \
    add(s, arena_printf(&(s)->arena, #rows ": %s", (rows)[i].member), test, &(rows)[i])

int main(void)
{
    struct suite s = {0};
    add_places(&s);
    EACH(&s, texts, text, test_type);
    EACH(&s, refusals, name, test_refusal);
    EACH(&s, lookups, path, test_path);
    add(&s, "nesting", test_depth, NULL);
    add(&s, "nesting by aliases", test_depth_by_aliases, NULL);
    add(&s, "an alias bomb", test_alias_bomb, NULL);
    add(&s, "very many nodes", test_many_nodes, NULL);
    add(&s, "very many keys", test_many_keys, NULL);
    add(&s, "very many anchors", test_many_anchors, NULL);
    add(&s, "nothing at all", test_empty, NULL);
    add(&s, "queries", test_queries, NULL);
    int failed = _cmocka_run_group_tests("yaml", s.list.items, s.list.count, NULL, NULL);
    arena_free(&s.arena);
    return failed;
}
