/* apko's lock files: what lockfile_world.py packs and says of it, which knows the format apart from
 * mwatch's own code; and what is no lock file. */
#include "tests/unit/unit.h"

#include "tests/unit/git_program.h"
#include "watcher/base/file.h"
#include "watcher/rebuild/lockfile.h"

#define CONFIG "contents:\n  packages:\n    - glibc\n"

struct world {
    struct arena a;
    const char *dir; /* good/ or odd/ */
    struct context ctx;
    struct mirror mirror;
    struct http *http;
    struct lock_parts *parts;
    struct image_state state;
};

static char *made;

static int make(void **state)
{
    (void)state;
    made = folder_make();
    struct arena a = {0};
    shell(".", arena_printf(&a, "python3 tests/unit/lockfile_world.py '%s'", made));
    arena_free(&a);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    folder_remove(made);
    return 0;
}

static struct slice word(struct slice *line)
{
    struct slice part = {0};
    slice_split(line, ' ', &part);
    return part;
}

static void add_package(struct world *w, struct slice line)
{
    struct image_set *set = state_set(&w->a, &w->state, arena_text(&w->a, word(&line)));
    struct image_package *p = vec_add(&w->a, &set->packages);
    p->name = arena_text(&w->a, word(&line));
    p->version = arena_text(&w->a, word(&line));
    p->checksum = arena_text(&w->a, word(&line));
    p->url = arena_text(&w->a, line);
}

static struct slice read_file(struct world *w, const char *name)
{
    struct buf text = {0};
    struct error e = {0};
    if (!file_read(arena_printf(&w->a, "%s/%s", w->dir, name), &text, &e))
        fail_msg("%s", e.message);
    struct slice kept = arena_slice(&w->a, buf_slice(&text));
    buf_free(&text);
    return kept;
}

/* What is on the network is a folder, which the engine takes for the server; it knows no ranges. */
static void open_world(struct world *w, const char *name)
{
    struct error e = {0};
    struct slice line;
    *w = (struct world){0};
    w->dir = arena_printf(&w->a, "%s/%s", made, name);
    w->mirror = (struct mirror){"https://packages.example/os/",
                                arena_printf(&w->a, "file://%s/remote/", w->dir)};
    context_init(&w->ctx);
    w->ctx.messages = NULL;
    struct http_options options = {.mirrors = &w->mirror, .mirror_count = 1, .allow_file = true};
    w->http = http_open(&w->ctx, &options, &e);
    assert_non_null(w->http);
    w->parts = lock_parts_new(w->dir);
    for (struct slice rest = read_file(w, "packages.txt"); slice_line(&rest, &line);)
        add_package(w, line);
}

static void close_world(struct world *w)
{
    lock_parts_free(w->parts);
    http_close(w->http);
    arena_free(&w->a);
}

static bool write_lock(struct world *w, const struct image_state *state, struct buf *out,
                       struct error *e)
{
    static const char *const keys[] = {"https://packages.example/os/signing.rsa.pub",
                                       "./melange.rsa.pub"};
    static const char *const repositories[] = {"https://packages.example/os/", "@local ./packages"};
    static const char *const runtime[] = {"https://packages.example/os/extra"};
    struct lock_contents contents = {
        .config_name = "images/python.yaml",
        .config = SLICE(CONFIG),
        .keyring = {keys, 2},
        .repositories = {repositories, 2},
        .runtime_repositories = {runtime, 1},
    };
    return lockfile_write(w->parts, &contents, state, out, e);
}

static void check_written(struct world *w)
{
    struct buf out = {0};
    struct error e = {0};
    if (!write_lock(w, &w->state, &out, &e))
        fail_msg("%s", e.message);
    struct slice expected = read_file(w, "expected.lock.json");
    assert_string_equal(buf_text(&out), arena_text(&w->a, expected));
    buf_free(&out);
}

static void test_written(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, "good");
    lock_parts_ask(w.parts, w.http, &w.state);
    lock_parts_ask(w.parts, w.http, &w.state);
    http_run(w.http);
    check_written(&w);
    struct http_counts counts;
    http_counts(w.http, &counts);
    assert_int_equal(counts.sent, 10); /* two for files of the machine, and each once */
    close_world(&w);
}

/* Nothing is asked for that an older lock file told. */
static void test_learnt(void **state)
{
    (void)state;
    struct world w;
    struct http_counts counts;
    open_world(&w, "good");
    lock_parts_learn(w.parts, read_file(&w, "expected.lock.json"));
    lock_parts_learn(w.parts, SLICE("no JSON"));
    lock_parts_ask(w.parts, w.http, &w.state);
    http_run(w.http);
    http_counts(w.http, &counts);
    assert_int_equal(counts.sent, 0);
    check_written(&w);
    close_world(&w);
}

static void test_read_again(void **state)
{
    (void)state;
    struct world w;
    struct image_state read;
    struct error e = {0};
    open_world(&w, "good");
    assert_true(lockfile_read(&w.a, read_file(&w, "expected.lock.json"), &read, &e));
    state_sort(&w.state);
    assert_string_equal(state_digest(&w.a, &read), state_digest(&w.a, &w.state));
    assert_string_equal(read.sets.items[0].packages.items[0].url,
                        w.state.sets.items[0].packages.items[0].url);
    close_world(&w);
}

/* Each package alone, as the first that fails is what is told. */
static void test_refused(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, "odd");
    struct slice expected = read_file(&w, "errors.txt"), line;
    const struct image_set *all = &w.state.sets.items[0];
    lock_parts_ask(w.parts, w.http, &w.state);
    http_run(w.http);
    for (size_t i = 0; i < all->packages.count; i++) {
        struct image_state one = {0};
        struct buf out = {0};
        struct error e = {0};
        assert_true(slice_line(&expected, &line));
        struct image_set *set = state_set(&w.a, &one, all->arch);
        vec_push(&w.a, &set->packages, all->packages.items[i]);
        assert_false(write_lock(&w, &one, &out, &e));
        if (!slice_starts(slice_of(e.message), line))
            fail_msg("got \"%s\" and not \"%.*s\"", e.message, SLICE_ARG(line));
        buf_free(&out);
    }
    assert_false(slice_line(&expected, &line));
    close_world(&w);
}

static void test_without_parts(void **state)
{
    (void)state;
    struct world w;
    struct buf out = {0};
    struct error e = {0};
    open_world(&w, "good");
    assert_false(write_lock(&w, &w.state, &out, &e));
    assert_string_equal(e.message, "zlib=1.3.1-r51: nothing tells where its file is, or its hash");
    buf_free(&out);
    close_world(&w);
}

/* What Go's encoder makes of texts that need it, and of nothing at all. */
static void test_texts(void **state)
{
    (void)state;
    static const char *const keys[] = {"a<b>&\"c\"\\\t\x01\xff\xe2\x80\xa8\xc3\xa4"};
    struct lock_parts *parts = lock_parts_new(".");
    struct lock_contents contents = {.config_name = "", .keyring = {keys, 1}};
    struct image_state none = {0};
    struct buf out = {0};
    struct error e = {0};
    assert_true(lockfile_write(parts, &contents, &none, &out, &e));
    assert_string_equal(
        buf_text(&out),
        "{\n  \"version\": \"v1\",\n  \"config\": {\n    \"name\": \"\",\n"
        "    \"checksum\": \"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"\n  },\n"
        "  \"contents\": {\n    \"keyring\": [\n      {\n"
        "        \"name\": "
        "\"a\\u003cb\\u003e\\u0026\\\"c\\\"\\\\\\t\\u0001\\ufffd\\u2028\xc3\xa4\",\n"
        "        \"url\": "
        "\"a\\u003cb\\u003e\\u0026\\\"c\\\"\\\\\\t\\u0001\\ufffd\\u2028\xc3\xa4\"\n"
        "      }\n    ],\n    \"build_repositories\": [],\n    \"runtime_repositories\": [],\n"
        "    \"repositories\": [],\n    \"packages\": []\n  }\n}\n");
    buf_free(&out);
    lock_parts_free(parts);
}

#define PACKAGES(text) "{\"version\": \"v1\", \"contents\": {\"packages\": [" text "]}}"

static const struct row {
    const char *text, *message; /* NULL = it is read */
} rows[] = {
    {"[", "not a lock file: line 1, column 1: ']' expected near end of file"},
    {"{}", "not a lock file of version v1"},
    {"{\"version\": \"v2\"}", "not a lock file of version v1"},
    {"{\"version\": \"v1\"}", "not a lock file: no list of packages"},
    {PACKAGES("1"), "not a lock file: a package has no name, version or architecture"},
    {PACKAGES("{\"name\": \"a\", \"version\": \"1\"}"),
     "not a lock file: a package has no name, version or architecture"},
    {PACKAGES("{\"name\": \"a\", \"version\": \"\\u001b[2J\", \"architecture\": \"x\"}"),
     "not a lock file: a package has no name, version or architecture"},
    /* before apko 0.13 there was no checksum; other members may come */
    {PACKAGES("{\"name\": \"a\", \"version\": \"1\", \"architecture\": \"x\", \"more\": 1}"), NULL},
    {PACKAGES(""), NULL},
};

static void test_what_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        struct image_state read;
        struct error e = {0};
        bool good = lockfile_read(&a, slice_of(rows[i].text), &read, &e);
        assert_int_equal(good, rows[i].message == NULL);
        assert_string_equal(e.message, rows[i].message ? rows[i].message : "");
        arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written),       cmocka_unit_test(test_learnt),
        cmocka_unit_test(test_read_again),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_without_parts), cmocka_unit_test(test_texts),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
