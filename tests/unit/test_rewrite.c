/* Rewriting: each folder tests/unit/rewrite/NAME is a small repository and a test. move.txt says
 * which component moves where ("component: rails/ruby", "version:", "tag:", "commit:", "date:"),
 * what is pinned then ("sha256:", "sha512:", "pin:" for commits, in the file's order, each may be
 * repeated) and "set: PATH=VALUE". expected.txt is what comes of it: the diff and the notes, or the
 * error. MWATCH_ACCEPT=1 writes it anew, to be read before it is committed. */
#include "tests/unit/stanza.h"

#include "watcher/base/timestamp.h"
#include "watcher/discover.h"
#include "watcher/rewrite.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASES "tests/unit/rewrite"

enum { MOST_CASES = 200 };

struct fixture {
    struct arena arena;
    const char *root;
    struct config config;
    struct discovery found;
    struct stanzas move;
    struct component *component;
    struct release release;
    struct recipe_file file;
    struct renewals renewals;
    struct change_set changes;
};

static const char *path_in(struct fixture *f, const char *name)
{
    return arena_printf(&f->arena, "%s/%s", f->root, name);
}

static void read_config(struct fixture *f)
{
    struct buf text = {0};
    struct error e = {0};
    if (access(path_in(f, "mwatch.yaml"), F_OK) == 0) {
        assert_true(file_read(path_in(f, "mwatch.yaml"), &text, &e));
        config_read(&f->config, "mwatch.yaml", buf_slice(&text), &e);
    }
    buf_free(&text);
    assert_string_equal(e.message, "");
}

static void find_component(struct fixture *f, struct slice wanted)
{
    struct context ctx;
    struct error e = {0};
    context_init(&ctx);
    assert_true(discover(&ctx, f->root, &f->config, &f->found, &e));
    for (size_t i = 0; i < f->found.components.count; i++) {
        struct buf title = {0};
        component_add_title(&title, f->found.components.items[i]);
        if (slice_equal(buf_slice(&title), wanted))
            f->component = f->found.components.items[i];
        buf_free(&title);
    }
    if (!f->component)
        fail_msg("no component %.*s", SLICE_ARG(wanted));
    assert_string_equal(f->component->error.message, "");
}

static void fixture_open(struct fixture *f, const char *root)
{
    *f = (struct fixture){.root = root};
    stanzas_read(&f->move, path_in(f, "move.txt"));
    read_config(f);
    find_component(f, stanza_get(&f->move.list.items[0], "component"));
}

static void fixture_close(struct fixture *f)
{
    stanzas_free(&f->move);
    discovery_free(&f->found);
    config_free(&f->config);
    arena_free(&f->arena);
}

static const char *given(struct fixture *f, const char *key)
{
    const struct stanza *s = &f->move.list.items[0];
    return stanza_has(s, key) ? arena_text(&f->arena, stanza_get(s, key)) : NULL;
}

/* The n-th value under a key, NULL when there are fewer. */
static const char *nth(struct fixture *f, const char *key, size_t n)
{
    const struct stanza *s = &f->move.list.items[0];
    for (size_t i = 0; i < s->lines.count; i++)
        if (slice_is(s->lines.items[i].key, key) && n-- == 0)
            return arena_text(&f->arena, s->lines.items[i].value);
    return NULL;
}

static void make_release(struct fixture *f)
{
    const char *tag = given(f, "tag"), *date = given(f, "date");
    struct decision d = {
        .version = given(f, "version"),
        .candidate = {.raw = tag ? tag : given(f, "version"), .commit = given(f, "commit")}};
    if (date)
        assert_true(timestamp_parse(slice_of(date), &d.candidate.published));
    f->release = release_of(f->component, &d);
}

static void fill_renewals(struct fixture *f)
{
    static const char *const keys[] = {
        [PIN_SHA256] = "sha256", [PIN_SHA512] = "sha512", [PIN_COMMIT] = "pin"};
    size_t next[3] = {0};
    for (size_t i = 0; i < f->renewals.list.count; i++) {
        struct renewal *r = &f->renewals.list.items[i];
        r->value = nth(f, keys[r->kind], next[r->kind]++);
    }
    for (size_t kind = 0; kind < 3; kind++)
        if (nth(f, keys[kind], next[kind]))
            fail_msg("more %s than the recipe pins", keys[kind]);
}

static void read_settings(struct fixture *f, struct variables *out)
{
    const char *text;
    for (size_t i = 0; (text = nth(f, "set", i)); i++) {
        const char *equals = strchr(text, '=');
        assert_non_null(equals);
        struct variable *v = vec_add(&f->arena, &out->list);
        v->name = arena_text(&f->arena, slice_new(text, (size_t)(equals - text)));
        v->value = equals + 1;
    }
}

static bool run(struct fixture *f, struct error *e)
{
    struct variables extra = {0};
    struct rewriting w = {.root = f->root,
                          .component = f->component,
                          .release = &f->release,
                          .file = &f->file,
                          .renewals = &f->renewals,
                          .extra = &extra};
    make_release(f);
    read_settings(f, &extra);
    if (!recipe_load(&f->arena, f->root, f->component->file, f->component->kind != RECIPE_FILE,
                     &f->file, e) ||
        !renewals_find(&f->arena, f->component, &f->file, &f->release, &f->renewals, e))
        return false;
    fill_renewals(f);
    return rewrite(&f->arena, &w, &f->changes, e);
}

static void describe(struct fixture *f, bool good, const struct error *e, struct buf *out)
{
    if (!good) {
        buf_addf(out, "error: %s\n", e->message);
        return;
    }
    for (size_t i = 0; i < f->changes.files.count; i++)
        diff_unified(out, f->changes.files.items[i].file, f->changes.files.items[i].before,
                     f->changes.files.items[i].after);
    for (size_t i = 0; i < f->changes.notes.count; i++)
        buf_addf(out, "note: %s\n", f->changes.notes.items[i]);
}

static void test_case(void **state)
{
    struct fixture f;
    struct error e = {0}, ignored = {0};
    struct buf got = {0}, expected = {0};
    fixture_open(&f, *state);
    describe(&f, run(&f, &e), &e, &got);
    if (getenv("MWATCH_ACCEPT"))
        assert_true(file_replace(path_in(&f, "expected.txt"), buf_slice(&got), &ignored));
    file_read(path_in(&f, "expected.txt"), &expected, &ignored);
    assert_string_equal(buf_text(&got), buf_text(&expected));
    buf_free(&got);
    buf_free(&expected);
    fixture_close(&f);
}

/* ---- writing ---- */

static char *folder_make(void)
{
    char *path = strdup("/tmp/mwatch-rewrite-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static void folder_remove(char *path)
{
    struct buf command = {0};
    buf_addf(&command, "rm -rf '%s'", path);
    assert_int_equal(system(buf_text(&command)), 0);
    buf_free(&command);
    free(path);
}

static void put(struct arena *a, const char *root, const char *name, const char *text)
{
    struct error e = {0};
    assert_true(file_replace(arena_printf(a, "%s/%s", root, name), slice_of(text), &e));
}

static void assert_content(struct arena *a, const char *root, const char *name, const char *text)
{
    struct error e = {0};
    struct buf content = {0};
    assert_true(file_read(arena_printf(a, "%s/%s", root, name), &content, &e));
    assert_string_equal(buf_text(&content), text);
    buf_free(&content);
}

static void add_file(struct arena *a, struct change_set *set, const char *name, const char *before,
                     const char *after)
{
    struct file_change *change = vec_add(a, &set->files);
    *change =
        (struct file_change){.file = name, .before = slice_of(before), .after = slice_of(after)};
}

static void test_write(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct change_set set = {0};
    char *root = folder_make();
    (void)state;
    put(&a, root, "a.yaml", "old a");
    put(&a, root, "b", "old b");
    add_file(&a, &set, "a.yaml", "old a", "new a");
    add_file(&a, &set, "b", "old b", "new b");
    assert_true(rewrite_write(root, &set, &e));
    assert_content(&a, root, "a.yaml", "new a");
    assert_content(&a, root, "b", "new b");
    folder_remove(root);
    arena_free(&a);
}

/* Nothing is written when any of the files is no longer what it was. */
static void test_write_conflict(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct change_set set = {0};
    char *root = folder_make();
    (void)state;
    put(&a, root, "a.yaml", "old a");
    put(&a, root, "b", "somebody's b");
    add_file(&a, &set, "a.yaml", "old a", "new a");
    add_file(&a, &set, "b", "old b", "new b");
    assert_false(rewrite_write(root, &set, &e));
    assert_error(&e, ERROR_CONFLICT, "b: changed while mwatch was at it; run it again");
    assert_content(&a, root, "a.yaml", "old a");
    assert_content(&a, root, "b", "somebody's b");
    folder_remove(root);
    arena_free(&a);
}

static void test_write_gone(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct change_set set = {0};
    char *root = folder_make();
    (void)state;
    put(&a, root, "a.yaml", "old a");
    add_file(&a, &set, "a.yaml", "old a", "new a");
    add_file(&a, &set, "gone", "old", "new");
    assert_false(rewrite_write(root, &set, &e));
    assert_error(&e, ERROR_SYSTEM, "gone");
    assert_content(&a, root, "a.yaml", "old a");
    folder_remove(root);
    arena_free(&a);
}

/* A folder that takes no new file: what was written before gets its old bytes again. */
static void test_write_half(void **state)
{
    struct arena a = {0};
    struct error e = {0};
    struct change_set set = {0};
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may write anywhere */
    char *root = folder_make();
    put(&a, root, "a.yaml", "old a");
    assert_int_equal(mkdir(arena_printf(&a, "%s/d", root), 0700), 0);
    put(&a, root, "d/b", "old b");
    assert_int_equal(chmod(arena_printf(&a, "%s/d", root), 0500), 0);
    add_file(&a, &set, "a.yaml", "old a", "new a");
    add_file(&a, &set, "d/b", "old b", "new b");
    assert_false(rewrite_write(root, &set, &e));
    assert_content(&a, root, "a.yaml", "old a");
    assert_content(&a, root, "d/b", "old b");
    chmod(arena_printf(&a, "%s/d", root), 0700);
    folder_remove(root);
    arena_free(&a);
}

/* ---- the cases ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

static size_t find_cases(struct arena *a, struct CMUnitTest *tests)
{
    size_t count = 0;
    const char *only = getenv("MWATCH_CASE");
    DIR *dir = opendir(CASES);
    for (struct dirent *d = dir ? readdir(dir) : NULL; d && count < MOST_CASES; d = readdir(dir)) {
        if (d->d_name[0] == '.' || (only && strcmp(only, d->d_name) != 0))
            continue;
        tests[count++] =
            (struct CMUnitTest){.name = arena_copy(a, d->d_name),
                                .test_func = test_case,
                                .initial_state = (void *)arena_printf(a, CASES "/%s", d->d_name)};
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, by_name);
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[MOST_CASES + 4];
    struct arena a = {0};
    size_t cases = find_cases(&a, tests), count = cases;
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_write);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_write_conflict);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_write_gone);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_write_half);
    int failed = cases ? _cmocka_run_group_tests("rewrite", tests, count, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
