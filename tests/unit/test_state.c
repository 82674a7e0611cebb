/* Differences between states: each tests/unit/state/NAME.txt has lines
 *   # comment
 *   then ARCH [NAME VERSION [CHECKSUM]]     an architecture, or a package of it
 *   now ARCH [NAME VERSION [CHECKSUM]]
 *   change: TEXT                            what must come of it, in this order
 * Both states are given forwards and backwards: the order must not matter. */
#include "tests/unit/unit.h"

#include "watcher/base/file.h"
#include "watcher/rebuild/state.h"

#include <dirent.h>

#define CASES "tests/unit/state"

struct state_case {
    struct arena a;
    struct image_state then, now;
    struct buf expected;
};

static void add(struct state_case *c, struct image_state *s, struct slice rest)
{
    struct slice words[4] = {{0}};
    size_t count = 0;
    while (count < 4 && slice_split(&rest, ' ', &words[count]))
        count++;
    struct image_set *set = state_set(&c->a, s, arena_text(&c->a, words[0]));
    if (count > 2)
        vec_push(&c->a, &set->packages,
                 ((struct image_package){
                     .name = arena_text(&c->a, words[1]),
                     .version = arena_text(&c->a, words[2]),
                     .checksum = words[3].len ? arena_text(&c->a, words[3]) : NULL,
                 }));
}

static void reverse(struct image_state *s)
{
    for (size_t i = 0; i < s->sets.count / 2; i++) {
        struct image_set swap = s->sets.items[i];
        s->sets.items[i] = s->sets.items[s->sets.count - 1 - i];
        s->sets.items[s->sets.count - 1 - i] = swap;
    }
    for (size_t i = 0; i < s->sets.count; i++)
        for (size_t k = 0, n = s->sets.items[i].packages.count; k < n / 2; k++) {
            struct image_package *items = s->sets.items[i].packages.items, swap = items[k];
            items[k] = items[n - 1 - k];
            items[n - 1 - k] = swap;
        }
}

static void read_case(struct state_case *c, const char *path)
{
    struct buf text = {0};
    struct error e = {0};
    struct slice line;
    assert_true(file_read(path, &text, &e));
    for (struct slice rest = buf_slice(&text); slice_line(&rest, &line);) {
        if (slice_starts(line, SLICE("then ")))
            add(c, &c->then, slice_from(line, 5));
        else if (slice_starts(line, SLICE("now ")))
            add(c, &c->now, slice_from(line, 4));
        else if (slice_starts(line, SLICE("change: ")))
            buf_addf(&c->expected, "%.*s\n", SLICE_ARG(slice_from(line, 8)));
    }
    buf_free(&text);
}

static void add_changes(struct buf *out, const struct state_changes *changes)
{
    static const char *const kinds[] = {"added", "removed", "moved", "rebuilt"};
    for (size_t i = 0; i < changes->list.count; i++) {
        const struct state_change *c = &changes->list.items[i];
        buf_addf(out, "%s %s", kinds[c->kind], c->name);
        if (c->from)
            buf_addf(out, " from %s", c->from);
        if (c->to)
            buf_addf(out, " to %s", c->to);
        if (c->archs)
            buf_addf(out, " on %s", c->archs);
        buf_add_byte(out, '\n');
    }
}

static void check(struct state_case *c)
{
    struct state_changes changes;
    struct buf got = {0};
    state_sort(&c->then);
    state_sort(&c->now);
    state_difference(&c->a, &c->then, &c->now, &changes);
    add_changes(&got, &changes);
    assert_string_equal(buf_text(&got), buf_text(&c->expected));
    assert_int_equal(changes.added + changes.removed + changes.moved + changes.rebuilt,
                     changes.list.count);
    assert_int_equal(changes.list.count == 0,
                     strcmp(state_digest(&c->a, &c->then), state_digest(&c->a, &c->now)) == 0);
    buf_free(&got);
}

static void run_case(const char *name)
{
    struct state_case c = {0};
    char path[512];
    snprintf(path, sizeof path, CASES "/%s", name);
    print_message("# %s\n", name);
    read_case(&c, path);
    check(&c);
    reverse(&c.then);
    reverse(&c.now);
    check(&c);
    buf_free(&c.expected);
    arena_free(&c.a);
}

static void test_cases(void **unused)
{
    (void)unused;
    DIR *dir = opendir(CASES);
    size_t count = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (slice_ends(slice_of(entry->d_name), SLICE(".txt"))) {
            run_case(entry->d_name);
            count++;
        }
    closedir(dir);
    assert_true(count >= 8);
}

static void test_architectures(void **unused)
{
    (void)unused;
    static const char *const names[][2] = {{"amd64", "x86_64"},    {"arm64", "aarch64"},
                                           {"arm/v7", "armv7"},    {"386", "x86"},
                                           {"aarch64", "aarch64"}, {"riscv64", "riscv64"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(slice_is(state_arch(slice_of(names[i][0])), names[i][1]));
}

static void test_first_of_two_stays(void **unused)
{
    (void)unused;
    struct state_case c = {0};
    add(&c, &c.now, SLICE("x86_64 a 2"));
    add(&c, &c.now, SLICE("x86_64 a 1"));
    state_sort(&c.now);
    assert_int_equal(c.now.sets.items[0].packages.count, 1);
    assert_string_equal(c.now.sets.items[0].packages.items[0].version, "2");
    arena_free(&c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_architectures),
        cmocka_unit_test(test_first_of_two_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
