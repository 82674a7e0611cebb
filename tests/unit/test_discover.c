/* What is found below a directory, what of it is a recipe, and which of that a run is about. */
#include "tests/unit/unit.h"

#include "watcher/base/file.h"
#include "watcher/discover.h"
#include "watcher/walk.h"

#include <unistd.h>

/* ---- a folder of files ---- */

struct tree {
    char root[64];
    struct arena arena;
};

static void tree_open(struct tree *t)
{
    *t = (struct tree){.root = "/tmp/mwatch-discover-XXXXXX"};
    assert_non_null(mkdtemp(t->root));
}

static void shell(struct tree *t, const char *script)
{
    const char *command = arena_printf(&t->arena, "cd '%s' && { %s\n}", t->root, script);
    assert_int_equal(system(command), 0);
}

static void tree_close(struct tree *t)
{
    assert_int_equal(
        system(arena_printf(&t->arena, "chmod -R u+rwx '%s'; rm -rf '%s'", t->root, t->root)), 0);
    arena_free(&t->arena);
}

static void put(struct tree *t, const char *name, const char *content)
{
    struct error e = {0};
    const char *path = arena_printf(&t->arena, "%s/%s", t->root, name);
    const char *slash = strrchr(name, '/');
    if (slash)
        shell(t, arena_printf(&t->arena, "mkdir -p '%.*s'", (int)(slash - name), name));
    assert_true(file_replace(path, slice_of(content), &e));
}

static const char *joined(struct arena *a, const char *const *words, size_t count)
{
    struct buf out = {0};
    for (size_t i = 0; i < count; i++)
        buf_addf(&out, "%s%s", i ? " " : "", words[i]);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

/* ---- walking ---- */

static void check_walk(const char *script, const char *names, const char *unread)
{
    struct tree t;
    struct file_list list = {0};
    struct error e = {0};
    tree_open(&t);
    shell(&t, script);
    assert_true(walk_recipes(&t.arena, t.root, &list, &e));
    assert_string_equal(joined(&t.arena, list.names.items, list.names.count), names);
    assert_string_equal(joined(&t.arena, list.unread.items, list.unread.count), unread);
    tree_close(&t);
}

static void test_walk(void **state)
{
    (void)state;
    check_walk("mkdir -p b/c .git node_modules/x a.yaml; touch b/z.yaml b/c/y.yml x.yaml README.md "
               ".hidden.yaml .git/config.yaml node_modules/x/p.yaml b/c/yaml a.yaml/in.yaml",
               "a.yaml/in.yaml b/c/y.yml b/z.yaml x.yaml", "");
    check_walk(":", "", "");
}

static void test_walk_sorts_by_bytes(void **state)
{
    (void)state;
    check_walk("mkdir a; touch a.yaml a/b.yaml a-b.yaml B.yaml", "B.yaml a-b.yaml a.yaml a/b.yaml",
               "");
}

static void test_walk_special_files(void **state)
{
    (void)state;
    check_walk("mkfifo f.yaml; touch x.yaml; ln -s /dev/null n.yaml; ln -s /dev/zero z.yaml",
               "x.yaml", "");
}

static void test_walk_links(void **state)
{
    (void)state;
    /* To a directory: passed over, so that no loop is entered. */
    check_walk("mkdir a; touch a/x.yaml; ln -s . a/loop; ln -s ../a a/up; ln -s a again",
               "a/x.yaml", "");
    /* To itself, in a ring, and to nothing. */
    check_walk("ln -s s.yaml s.yaml; ln -s b.yaml a.yaml; ln -s a.yaml b.yaml; ln -s none n.yaml",
               "", "");
    /* To a file that is found by itself, or not. */
    check_walk(
        "touch x.yaml; ln -s x.yaml l.yaml; mkdir .h; touch .h/y.yaml; ln -s .h/y.yaml h.yaml",
        "h.yaml x.yaml", "");
    /* Two links to one file that is not found, and a link by another name's ending. */
    check_walk("mkdir .h; touch .h/y.txt; ln -s .h/y.txt b.yaml; ln -s .h/y.txt a.yaml", "a.yaml",
               "");
    check_walk("mkdir sub; ln -s /etc/hostname sub/o.yaml", "sub/o.yaml", "");
}

static void test_walk_deep(void **state)
{
    (void)state;
    struct tree t;
    struct file_list list = {0};
    struct error e = {0};
    tree_open(&t);
    shell(&t, "p=.; i=0; while [ $i -lt 60 ]; do p=$p/d; i=$((i + 1)); done; mkdir -p $p; "
              "touch $p/x.yaml d/y.yaml; p=.; i=0; while [ $i -lt 40 ]; do p=$p/d; i=$((i + 1)); "
              "done; touch $p/z.yaml");
    assert_true(walk_recipes(&t.arena, t.root, &list, &e));
    assert_int_equal(list.names.count, 2);
    assert_int_equal(list.unread.count, 1);
    assert_non_null(strstr(list.unread.items[0], "d/d: too deep"));
    tree_close(&t);
}

static void test_walk_unreadable(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may read everything */
    check_walk("mkdir a; touch a/x.yaml b.yaml; chmod 0 a", "b.yaml", "a: Permission denied");
}

static void test_walk_odd_names(void **state)
{
    struct tree t;
    struct file_list list = {0};
    struct error e = {0};
    (void)state;
    tree_open(&t);
    shell(&t, "touch -- \"$(printf 'a\\nb.yaml')\" '-x.yaml' '$(id).yaml' "
              "\"$(printf '\\377.yaml')\" ' .yaml'");
    assert_true(walk_recipes(&t.arena, t.root, &list, &e));
    assert_int_equal(list.names.count, 5);
    assert_string_equal(list.names.items[4], "\xFF.yaml");
    tree_close(&t);
}

static void test_walk_no_root(void **state)
{
    struct arena a = {0};
    struct file_list list = {0};
    struct error e = {0}, file = {0};
    (void)state;
    assert_false(walk_recipes(&a, "/nonexistent/x", &list, &e));
    assert_error(&e, ERROR_USAGE, "/nonexistent/x: cannot read the directory: No such file");
    assert_false(walk_recipes(&a, "/etc/passwd", &list, &file));
    assert_error(&file, ERROR_USAGE, "/etc/passwd: cannot read the directory: Not a directory");
    arena_free(&a);
}

/* ---- what is a recipe ---- */

#define PACKAGE "package:\n  name: redis\n  version: 8.6.2\n  epoch: 0\n"

static void quiet(struct context *ctx)
{
    context_init(ctx);
    ctx->messages = NULL;
}

/* "redis disabled" or "redis error: MESSAGE", a line each. */
static const char *described(struct arena *a, const struct discovery *d)
{
    struct buf out = {0};
    for (size_t i = 0; i < d->components.count; i++) {
        const struct component *c = d->components.items[i];
        buf_addf(&out, "%s %s %s", c->file, c->recipe, recipe_kind_name(c->kind));
        if (error_is_set(&c->error))
            buf_addf(&out, " error: %s", c->error.message);
        buf_add_byte(&out, '\n');
    }
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static const char *discovered(struct tree *t, const char *config_text)
{
    struct context ctx;
    struct config config = {0};
    struct discovery d = {0};
    struct error e = {0};
    quiet(&ctx);
    if (config_text)
        assert_true(config_read(&config, "mwatch.yaml", slice_of(config_text), &e));
    assert_true(discover(&ctx, t->root, &config, &d, &e));
    const char *text = described(&t->arena, &d);
    discovery_free(&d);
    config_free(&config);
    return text;
}

static void check_file(const char *name, const char *content, const char *wanted)
{
    struct tree t;
    tree_open(&t);
    put(&t, name, content);
    const char *text = discovered(&t, NULL);
    if (!strstr(text, wanted) || (*wanted == '\0' && *text))
        assert_string_equal(text, wanted);
    tree_close(&t);
}

static void test_recipes(void **state)
{
    (void)state;
    check_file("redis.yaml", PACKAGE, "redis.yaml redis melange\n");
    check_file("redis/melange.yml", PACKAGE, "redis/melange.yml redis melange\n");
    check_file("redis.yaml", "\xEF\xBB\xBF" PACKAGE, "redis.yaml redis melange\n");
    check_file("redis.yaml", "\"package\":\n  name: redis\n  version: 8.6.2\n",
               "redis.yaml redis melange\n");
    check_file("redis.yaml", "'package':\n  name: redis\n  version: 8.6.2\n",
               "redis.yaml redis melange\n");
    check_file("redis.yaml", "package: {name: redis, version: 8.6.2, epoch: 0}\n",
               "redis.yaml redis melange\n");
    check_file("python/apko.yaml", "contents:\n  packages:\n    - python-3.14\n",
               "python/apko.yaml python apko\n");
    check_file("x.yaml", "include: base.yaml\n", "x.yaml x apko\n");
}

static void test_no_recipes(void **state)
{
    (void)state;
    check_file("x.yaml", "", "");
    check_file("x.yaml", "# package:\n", "");
    check_file("x.yaml", "on: push\njobs: {}\n", "");
    check_file("x.yaml", "packages:\n  - a\n", "");
    check_file("x.yaml", "package: some text\n", "");
    check_file("x.yaml", "- package: {name: x}\n", "");
    check_file("x.txt", PACKAGE, "");
    check_file("x.yaml", "%PDF-1.4 \x01\x02", "");
}

static void test_broken_recipes(void **state)
{
    (void)state;
    check_file("redis.yaml", "package:\n  name: redis\n version: [\n",
               "redis.yaml redis melange error: redis.yaml:3:2: ");
    check_file("redis/melange.yaml", "package:\n\tname: redis\n",
               "redis/melange.yaml redis melange error: redis/melange.yaml:2:1: ");
    check_file("nginx.yaml", "package:\n  name: nginx\n",
               "nginx.yaml nginx melange error: nginx.yaml:2:3: package has no version");
    check_file("x.yaml", "package:\n  name: redis\n  version: v1\n",
               "x.yaml redis melange error: x.yaml:3:12: package.version \"v1\" is no apk version");
    check_file("x.yaml", "package:\n  name: redis\n  name: redis\n",
               "x.yaml x melange error: x.yaml:3:3: ");
    check_file("x.yaml", "contents: [\n", "x.yaml x apko error: x.yaml:");
}

static void test_junk_beside_recipes(void **state)
{
    struct tree t;
    (void)state;
    tree_open(&t);
    put(&t, "redis.yaml", PACKAGE);
    put(&t, "bad.yaml", "package:\n  name: [\n");
    put(&t, "values.yaml", "a: {{ .Values.x }}\n");
    shell(&t, "head -c 20000000 /dev/zero > zeros.yaml; ln -s redis.yaml other.yaml");
    const char *text = discovered(&t, NULL);
    assert_non_null(strstr(text, "bad.yaml bad melange error: "));
    assert_non_null(strstr(text, "redis.yaml redis melange\n"));
    assert_null(strstr(text, "values"));
    assert_null(strstr(text, "zeros"));
    assert_null(strstr(text, "other"));
    tree_close(&t);
}

/* A recipe that cannot be read is one row, whatever entry mwatch.yaml has for it. */
static void test_broken_with_entry(void **state)
{
    struct tree t;
    (void)state;
    tree_open(&t);
    put(&t, "redis/melange.yaml", "package:\n  name: redis\n version: [\n");
    put(&t, "pkg/x.yaml", "package:\n  name: nginx\n");
    const char *text = discovered(&t, "recipes:\n  redis:\n    source: {github: redis/redis}\n"
                                      "  nginx:\n    source: {github: nginx/nginx}\n");
    assert_non_null(strstr(text, "pkg/x.yaml nginx melange error: pkg/x.yaml:2:3: "));
    assert_non_null(strstr(text, "redis/melange.yaml redis melange error: "));
    assert_ptr_equal(strstr(strchr(text, '\n') + 1, "\n"), text + strlen(text) - 1);
    tree_close(&t);
}

static void test_entry_without_recipe(void **state)
{
    struct tree t;
    (void)state;
    tree_open(&t);
    put(&t, "redis.yaml", PACKAGE);
    shell(&t, "mkdir folder");
    const char *text = discovered(&t, "recipes:\n  nginx:\n    source: {github: nginx/nginx}\n"
                                      "  folder:\n    source: {github: a/b}\n");
    assert_non_null(strstr(text, "nginx nginx file error: mwatch.yaml:2:3: nginx: there is no "
                                 "recipe and no file of this name\n"));
    assert_non_null(strstr(text, "folder folder file error: mwatch.yaml:4:3: folder: there is no"));
    tree_close(&t);
}

static void test_excluded(void **state)
{
    struct tree t;
    (void)state;
    tree_open(&t);
    put(&t, "a/redis.yaml", PACKAGE);
    put(&t, "tests/x/y.yaml", "package: [\n");
    assert_string_equal(discovered(&t, "exclude: [\"tests/**\"]\n"),
                        "a/redis.yaml redis melange\n");
    tree_close(&t);
}

/* ---- choosing among them ---- */

static void add(struct discovery *d, const char *recipe, const char *name, const char *file)
{
    struct component *c = component_new(recipe, file, RECIPE_MELANGE);
    c->name = arena_copy(&c->arena, name);
    components_add(&d->components, c);
}

static void fill(struct discovery *d)
{
    *d = (struct discovery){0};
    add(d, "redis", "redis", "melange/redis/melange.yaml");
    add(d, "redis-apko", "redis-apko", "melange/redis/apko.yaml");
    add(d, "rails", "ruby", "melange/rails.yaml");
    add(d, "rails", "rails", "melange/rails.yaml");
    add(d, "Makefile", "Makefile", "Makefile");
    add(d, "a/b", "c", "deep/er/x.yaml");
}

static const char *kept(struct arena *a, const struct discovery *d)
{
    struct buf out = {0};
    for (size_t i = 0; i < d->components.count; i++)
        buf_addf(&out, "%s%s/%s", i ? " " : "", d->components.items[i]->recipe,
                 d->components.items[i]->name);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

struct selection {
    const char *operands[3];
    const char *kept;  /* NULL: an error ... */
    const char *error; /* ... with this in it */
};

#define ALL "redis/redis redis-apko/redis-apko rails/ruby rails/rails Makefile/Makefile a/b/c"

static const struct selection selections[] = {
    {{NULL}, ALL, NULL},
    {{"redis"}, "redis/redis", NULL},
    {{"rails"}, "rails/ruby rails/rails", NULL},
    {{"rails/ruby"}, "rails/ruby", NULL},
    {{"rails/rails"}, "rails/rails", NULL},
    {{"a/b/c"}, "a/b/c", NULL},
    {{"a/b"}, "a/b/c", NULL},
    {{"melange/rails.yaml"}, "rails/ruby rails/rails", NULL},
    {{"./melange/rails.yaml"}, "rails/ruby rails/rails", NULL},
    {{"melange/redis"}, "redis/redis redis-apko/redis-apko", NULL},
    {{"melange/redis/"}, "redis/redis redis-apko/redis-apko", NULL},
    {{"./melange/redis//"}, "redis/redis redis-apko/redis-apko", NULL},
    {{"deep"}, "a/b/c", NULL},
    {{"."}, ALL, NULL},
    {{"./"}, ALL, NULL},
    {{"redis", "rails/ruby"}, "redis/redis rails/ruby", NULL},
    {{"rails/ruby", "redis"}, "redis/redis rails/ruby", NULL},
    {{"redis", "redis"}, "redis/redis", NULL},
    {{"reddis"}, NULL, "reddis: no recipe of this name, file or folder; did you mean redis?"},
    {{"redis", "none-such"},
     NULL,
     "none-such: no recipe of this name, file or folder (see mwatch "
     "list)"},
    {{"rails/python"}, NULL, "rails/python: no recipe"},
    {{"melange/rails.yml"}, NULL, "did you mean melange/rails.yaml?"},
    {{"red"}, NULL, "red: no recipe"},
    {{"melange/red"}, NULL, "melange/red: no recipe"},
    {{""}, NULL, "\"\": no recipe"},
    {{"/"}, NULL, "/: no recipe"},
    {{"/etc"}, NULL, "/etc: no recipe"},
    {{"../x"}, NULL, "../x: no recipe"},
    {{"x\x1b[2J"}, NULL, "x\\x1b[2J: no recipe"},
};

static void test_select(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof selections / sizeof *selections; i++) {
        const struct selection *s = &selections[i];
        struct arena a = {0};
        struct discovery d;
        struct error e = {0};
        size_t count = 0;
        while (count < 3 && s->operands[count])
            count++;
        fill(&d);
        assert_int_equal(discovery_select(&d, s->operands, count, false, &e), s->kept != NULL);
        if (s->kept)
            assert_string_equal(kept(&a, &d), s->kept);
        else
            assert_error(&e, ERROR_USAGE, s->error);
        discovery_free(&d);
        arena_free(&a);
    }
}

/* ---- shards ---- */

static void add_many(struct discovery *d, struct arena *a)
{
    *d = (struct discovery){0};
    for (int i = 0; i < 300; i++) {
        const char *file = arena_printf(a, "recipes/r%d.yaml", i / 2);
        add(d, arena_printf(a, "r%d", i / 2), arena_printf(a, "c%d", i % 2), file);
    }
}

/* Every component is in exactly one shard, those of a file in the same one. */
static void check_shards(unsigned count)
{
    struct arena a = {0};
    size_t total = 0, least = 1000;
    for (unsigned k = 1; k <= count; k++) {
        struct discovery d;
        add_many(&d, &a);
        discovery_shard(&d, k, count);
        total += d.components.count;
        least = d.components.count < least ? d.components.count : least;
        assert_int_equal(d.components.count % 2, 0);
        for (size_t i = 0; i < d.components.count; i += 2)
            assert_string_equal(d.components.items[i]->file, d.components.items[i + 1]->file);
        discovery_free(&d);
    }
    assert_int_equal(total, 300);
    assert_true(count > 4 || least > 300 / count / 2);
    arena_free(&a);
}

static void test_shards(void **state)
{
    (void)state;
    check_shards(1);
    check_shards(2);
    check_shards(3);
    check_shards(4);
    check_shards(17);
    check_shards(1000);
}

/* Groups "a" and "b" meet in one file, so both are in one shard with all that shares their files.
 */
static void test_groups_are_in_one_shard(void **state)
{
    static const int members[][2] = {{7, 'a'}, {150, 'a'}, {151, 'b'}, {299, 'b'}};
    size_t total = 0;
    (void)state;
    for (unsigned k = 1; k <= 5; k++) {
        struct arena a = {0};
        struct discovery d;
        size_t grouped = 0, beside = 0;
        add_many(&d, &a);
        for (size_t i = 0; i < 4; i++)
            d.components.items[members[i][0]]->group = members[i][1] == 'a' ? "a" : "b";
        discovery_shard(&d, k, 5);
        for (size_t i = 0; i < d.components.count; i++) {
            const char *recipe = d.components.items[i]->recipe;
            grouped += d.components.items[i]->group != NULL;
            beside += strcmp(recipe, "r3") == 0 || strcmp(recipe, "r149") == 0;
        }
        assert_true(grouped == 0 || grouped == 4);
        assert_int_equal(beside, grouped);
        total += d.components.count;
        discovery_free(&d);
        arena_free(&a);
    }
    assert_int_equal(total, 300);
}

static void test_select_groups(void **state)
{
    static const char *const operands[] = {"redis"};
    struct arena a = {0};
    struct discovery d;
    struct error e = {0};
    (void)state;
    fill(&d);
    d.components.items[0]->group = d.components.items[3]->group = "web";
    d.components.items[2]->group = "other";
    assert_true(discovery_select(&d, operands, 1, true, &e));
    assert_string_equal(kept(&a, &d), "redis/redis rails/rails");
    discovery_free(&d);
    arena_free(&a);
}

/* The same file lands in the same shard in every release: jobs of two versions may share the work.
 */
static void test_shard_is_stable(void **state)
{
    static const struct {
        const char *file;
        unsigned shard; /* of 4 */
    } rows[] = {{"redis/melange.yaml", 4}, {"Makefile", 2}, {"a.yaml", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned found = 0;
        for (unsigned k = 1; k <= 4; k++) {
            struct discovery d = {0};
            add(&d, "x", "x", rows[i].file);
            discovery_shard(&d, k, 4);
            found += d.components.count ? k : 0;
            discovery_free(&d);
        }
        assert_int_equal(found, rows[i].shard);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_walk_sorts_by_bytes),
        cmocka_unit_test(test_walk_special_files),
        cmocka_unit_test(test_walk_links),
        cmocka_unit_test(test_walk_deep),
        cmocka_unit_test(test_walk_unreadable),
        cmocka_unit_test(test_walk_odd_names),
        cmocka_unit_test(test_walk_no_root),
        cmocka_unit_test(test_recipes),
        cmocka_unit_test(test_no_recipes),
        cmocka_unit_test(test_broken_recipes),
        cmocka_unit_test(test_junk_beside_recipes),
        cmocka_unit_test(test_broken_with_entry),
        cmocka_unit_test(test_entry_without_recipe),
        cmocka_unit_test(test_excluded),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_select_groups),
        cmocka_unit_test(test_shards),
        cmocka_unit_test(test_groups_are_in_one_shard),
        cmocka_unit_test(test_shard_is_stable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
