/* Resolution: each tests/unit/resolve/NAME.txt is a world, the packages there are, and what must
 * come of it. Every case is resolved four times, with the packages and the world forwards and
 * backwards, as neither order may matter. Lines:
 * - "# comment"
 * - "world: a b>2 !c", which may come several times
 * - "repository: [@TAG]": the packages below are in another repository
 * - "elsewhere: ARCH": those below are what another architecture of the image has
 * - "NAME VERSION [| X: value]...": a package and more fields of its stanza
 * - "set: NAME-VERSION...": the packages that must come of it, in any order
 * - "order: NAME-VERSION...": or in this one
 * - "error: TEXT": or what the message must have in it, each of these lines */
#include "tests/unit/unit.h"

#include "watcher/base/file.h"
#include "watcher/rebuild/resolve.h"

#include <dirent.h>

#define CASES "tests/unit/resolve"

struct texts {
    VEC(const char *) list;
};

struct source {
    const char *tag;
    const char *arch; /* another one than that of the image; NULL = the same */
    struct texts stanzas;
};

struct resolve_case {
    struct arena a;
    struct texts world, set, order, errors;
    VEC(struct source) sources;
};

static void add_words(struct resolve_case *c, struct texts *to, struct slice rest)
{
    struct slice word;
    while (slice_split(&rest, ' ', &word))
        if (word.len)
            vec_push(&c->a, &to->list, arena_text(&c->a, word));
}

static void add_source(struct resolve_case *c, struct slice tag)
{
    struct source *s = vec_add(&c->a, &c->sources);
    s->tag = arena_text(&c->a, slice_from(tag, 1));
}

static void add_elsewhere(struct resolve_case *c, struct slice arch)
{
    add_source(c, SLICE(""));
    c->sources.items[c->sources.count - 1].arch = arena_text(&c->a, arch);
}

static void add_stanza(struct resolve_case *c, struct slice line)
{
    struct buf out = {0};
    struct slice part = {0}, name = {0};
    slice_split(&line, '|', &part);
    part = slice_trim(part);
    slice_split(&part, ' ', &name);
    struct slice version = slice_trim(part);
    buf_addf(&out, "P:%.*s\nV:%.*s\n", SLICE_ARG(name), SLICE_ARG(version));
    while (slice_split(&line, '|', &part)) {
        part = slice_trim(part);
        struct slice value = slice_trim(slice_from(part, 2));
        buf_addf(&out, "%c:%.*s\n", *part.ptr, SLICE_ARG(value));
    }
    if (c->sources.count == 0)
        add_source(c, SLICE(""));
    vec_push(&c->a, &c->sources.items[c->sources.count - 1].stanzas.list,
             arena_text(&c->a, buf_slice(&out)));
    buf_free(&out);
}

static void read_case(struct resolve_case *c, const char *path)
{
    struct buf text = {0};
    struct error e = {0};
    struct slice line;
    assert_true(file_read(path, &text, &e));
    for (struct slice rest = buf_slice(&text); slice_line(&rest, &line);) {
        size_t colon = slice_find_byte(line, ':');
        struct slice key = slice_first(line, colon == SLICE_NONE ? 0 : colon);
        struct slice value = slice_trim(slice_from(line, key.len + 1));
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (slice_is(key, "world"))
            add_words(c, &c->world, value);
        else if (slice_is(key, "set"))
            add_words(c, &c->set, value);
        else if (slice_is(key, "order"))
            add_words(c, &c->order, value);
        else if (slice_is(key, "error"))
            vec_push(&c->a, &c->errors.list, arena_text(&c->a, value));
        else if (slice_is(key, "repository"))
            add_source(c, value);
        else if (slice_is(key, "elsewhere"))
            add_elsewhere(c, value);
        else
            add_stanza(c, line);
    }
    buf_free(&text);
}

static void fill(struct index *ix, const struct source *s, bool backwards)
{
    struct repository r = {"https://packages.wolfi.dev/os", s->tag};
    struct error e = {0};
    struct buf text = {0};
    size_t count = s->stanzas.list.count;
    for (size_t k = 0; k < count; k++)
        buf_addf(&text, "%s\n", s->stanzas.list.items[backwards ? count - 1 - k : k]);
    if (!index_add(ix, &r, buf_slice(&text), &e))
        print_error("%s\n", e.message);
    buf_free(&text);
    assert_false(error_is_set(&e));
}

static void keep(struct index *ix, const struct source *elsewhere)
{
    struct index *other = index_new();
    fill(other, elsewhere, false);
    struct roll *roll = index_roll(other);
    index_free(other);
    index_keep(ix, roll, elsewhere->arch);
    roll_free(roll);
}

static struct index *make_index(const struct resolve_case *c, bool backwards)
{
    struct index *ix = index_new();
    for (size_t i = 0; i < c->sources.count; i++)
        if (!c->sources.items[i].arch)
            fill(ix, &c->sources.items[i], backwards);
    index_link(ix);
    for (size_t i = 0; i < c->sources.count; i++)
        if (c->sources.items[i].arch)
            keep(ix, &c->sources.items[i]);
    return ix;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *joined(struct arena *a, struct texts *t, bool sorted)
{
    struct buf out = {0};
    if (sorted && t->list.count)
        qsort(t->list.items, t->list.count, sizeof *t->list.items, by_text);
    for (size_t i = 0; i < t->list.count; i++)
        buf_addf(&out, "%s%s", i ? " " : "", t->list.items[i]);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

static void check(struct resolve_case *c, const struct index *ix, const char *const *world,
                  size_t count)
{
    struct resolution got;
    struct error e = {0};
    struct texts names = {0};
    bool sorted = c->order.list.count == 0;
    struct texts *wanted = sorted ? &c->set : &c->order;
    bool good = resolve(ix, &c->a, &(struct world){world, count, NULL}, &got, &e);
    for (size_t i = 0; i < c->errors.list.count; i++)
        assert_error(&e, ERROR_RECIPE, c->errors.list.items[i]);
    assert_int_equal(good, c->errors.list.count == 0);
    assert_int_equal(good, !error_is_set(&e));
    for (size_t i = 0; i < got.count; i++) {
        const struct package *p = index_package(ix, got.packages[i].package);
        vec_push(&c->a, &names.list,
                 arena_printf(&c->a, "%.*s-%.*s", SLICE_ARG(p->name), SLICE_ARG(p->version)));
    }
    assert_string_equal(joined(&c->a, &names, sorted), joined(&c->a, wanted, sorted));
}

static void run_case(void **state)
{
    struct resolve_case c = {0};
    read_case(&c, *state);
    size_t count = c.world.list.count;
    const char **backwards = arena_array(&c.a, count + 1, sizeof *backwards);
    for (size_t i = 0; i < count; i++)
        backwards[i] = c.world.list.items[count - 1 - i];
    for (int turn = 0; turn < 2; turn++) {
        struct index *ix = make_index(&c, turn == 1);
        check(&c, ix, c.world.list.items, count);
        check(&c, ix, backwards, count);
        index_free(ix);
    }
    arena_free(&c.a);
}

/* A chain of `length` packages, each with a choice to make and a library that all share. */
static size_t chain_steps(size_t length)
{
    struct buf text = {0};
    struct error e = {0};
    struct arena a = {0};
    struct resolution got;
    struct index *ix = index_new();
    for (size_t i = 0; i < length; i++)
        buf_addf(&text,
                 "P:a%zu\nV:1-r0\nD:so:c.so.1 a%zu v%zu\n\n"
                 "P:x%zu\nV:1-r0\np:v%zu\n\nP:y%zu\nV:1-r0\np:v%zu\nk:5\n\n",
                 i, i + 1, i, i, i, i, i);
    buf_addf(&text, "P:a%zu\nV:1-r0\n\nP:c\nV:1-r0\np:so:c.so.1=1\n", length);
    assert_true(index_add(ix, &(struct repository){"file", ""}, buf_slice(&text), &e));
    index_link(ix);
    assert_true(resolve(ix, &a, &(struct world){(const char *const[]){"a0"}, 1, NULL}, &got, &e));
    assert_int_equal(got.count, 2 * length + 2);
    index_free(ix);
    arena_free(&a);
    buf_free(&text);
    return got.steps;
}

static void test_growth_is_linear(void **state)
{
    (void)state;
    size_t small = chain_steps(1000), large = chain_steps(8000);
    assert_in_range(large, small * 7, small * 9);
}

/* One package that needs `count` others, each with two to choose from. */
static size_t fan_steps(size_t count)
{
    struct buf text = {0};
    struct error e = {0};
    struct arena a = {0};
    struct resolution got;
    struct index *ix = index_new();
    buf_add_text(&text, "P:top\nV:1\nD:");
    for (size_t i = 0; i < count; i++)
        buf_addf(&text, "n%zu ", i);
    for (size_t i = 0; i < count; i++)
        buf_addf(&text, "\n\nP:n%zu\nV:1\n\nP:n%zu\nV:2", i, i);
    assert_true(index_add(ix, &(struct repository){"file", ""}, buf_slice(&text), &e));
    index_link(ix);
    assert_true(resolve(ix, &a, &(struct world){(const char *const[]){"top"}, 1, NULL}, &got, &e));
    assert_int_equal(got.count, count + 1);
    index_free(ix);
    arena_free(&a);
    buf_free(&text);
    return got.steps;
}

static void test_hostile_fan_is_linear(void **state)
{
    (void)state;
    size_t small = fan_steps(10000), large = fan_steps(80000);
    assert_in_range(large, small * 7, small * 9);
}

static void test_deep_chain_needs_no_stack(void **state)
{
    (void)state;
    assert_true(chain_steps(100000) > 0);
}

/* Each of `count` packages is held back by a constraint that is found late. */
static void test_many_late_constraints(void **state)
{
    enum { COUNT = 200 };
    struct buf text = {0};
    struct error e = {0};
    struct arena a = {0};
    struct resolution got;
    struct index *ix = index_new();
    const char *world[2 * COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        buf_addf(&text, "P:a%zu\nV:1\n\nP:a%zu\nV:2\n\n", i, i);
        buf_addf(&text, "P:z%zu\nV:1\nD:y%zu\n\nP:y%zu\nV:1\nD:a%zu<2\n\n", i, i, i, i);
        world[2 * i] = arena_printf(&a, "a%zu", i);
        world[2 * i + 1] = arena_printf(&a, "z%zu", i);
    }
    assert_true(index_add(ix, &(struct repository){"file", ""}, buf_slice(&text), &e));
    index_link(ix);
    assert_true(resolve(ix, &a, &(struct world){world, 2 * COUNT, NULL}, &got, &e));
    assert_int_equal(got.count, 3 * COUNT);
    index_free(ix);
    arena_free(&a);
    buf_free(&text);
}

static int is_case(const struct dirent *entry)
{
    return slice_ends(slice_of(entry->d_name), SLICE(".txt"));
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(test_growth_is_linear),
        cmocka_unit_test(test_hostile_fan_is_linear),
        cmocka_unit_test(test_deep_chain_needs_no_stack),
        cmocka_unit_test(test_many_late_constraints),
    };
    enum { FIXED = sizeof fixed / sizeof *fixed };
    struct arena a = {0};
    struct dirent **entries;
    int found = scandir(CASES, &entries, is_case, alphasort);
    if (found <= 0) {
        fprintf(stderr, "no cases in %s\n", CASES);
        return 1;
    }
    struct CMUnitTest *tests = arena_array(&a, FIXED + (size_t)found, sizeof *tests);
    memcpy(tests, fixed, sizeof fixed);
    for (int i = 0; i < found; i++) {
        const char *path = arena_printf(&a, CASES "/%s", entries[i]->d_name);
        tests[FIXED + i] =
            (struct CMUnitTest){.name = path, .test_func = run_case, .initial_state = (void *)path};
        free(entries[i]);
    }
    free(entries);
    int failed = _cmocka_run_group_tests("resolve", tests, FIXED + (size_t)found, NULL, NULL);
    arena_free(&a);
    return failed;
}
