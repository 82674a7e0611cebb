#include "tests/unit/unit.h"

#include <stdalign.h>

static void memory_is_zeroed_and_aligned(void **state)
{
    struct arena a = {0};
    (void)state;
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *p = arena_alloc(&a, size);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, size); /* and nobody else's */
    }
    arena_free(&a);
    assert_null(a.blocks);
    arena_free(&a);
}

static void large_pieces(void **state)
{
    struct arena a = {0};
    (void)state;
    char *large = arena_alloc(&a, 3 << 20);
    char *small = arena_alloc(&a, 1);
    large[0] = large[(3 << 20) - 1] = 'x';
    *small = 'y';
    assert_int_equal(large[(3 << 20) - 1], 'x');
    arena_free(&a);
}

static void copies(void **state)
{
    struct arena a = {0};
    char source[] = "text";
    (void)state;
    const char *copy = arena_copy(&a, source);
    struct slice part = arena_slice(&a, slice_new(source, 2));
    const char *text = arena_text(&a, slice_new(source + 2, 2));
    const char *printed = arena_printf(&a, "%s-%d", source, 42);
    memset(source, '#', 4);
    assert_string_equal(copy, "text");
    assert_slice(part, SLICE("te"));
    assert_int_equal(part.ptr[2], '\0');
    assert_string_equal(text, "xt");
    assert_string_equal(printed, "text-42");
    assert_null(arena_copy(&a, NULL));
    assert_string_equal(arena_text(&a, slice_of(NULL)), "");
    assert_string_equal(arena_printf(&a, "%s", ""), "");
    arena_free(&a);
}

static void vectors(void **state)
{
    struct arena a = {0};
    VEC(size_t) v = {0};
    (void)state;
    for (size_t i = 0; i < 1000; i++)
        vec_push(&a, &v, i * i);
    size_t *last = vec_add(&a, &v);
    assert_int_equal(*last, 0);
    assert_int_equal(v.count, 1001);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(v.items[i], i * i);
    arena_free(&a);
}

struct note {
    struct buf *log;
    const char *text;
};

static void take_note(void *what)
{
    struct note *n = what;
    buf_add_text(n->log, n->text);
}

static void *note(struct arena *a, struct buf *log, const char *text)
{
    struct note *n = arena_new(a, struct note);
    *n = (struct note){log, text};
    return n;
}

/* What is cleaned up may itself lie in the arena, whatever was taken before or after. */
static void cleanups(void **state)
{
    struct arena a = {0};
    struct buf log = {0};
    (void)state;
    arena_defer(&a, take_note, note(&a, &log, "first "));
    arena_alloc(&a, 100000);
    void *late = note(&a, &log, "second ");
    arena_alloc(&a, 100000);
    arena_defer(&a, take_note, late);
    arena_defer(&a, take_note, note(&a, &log, "third "));
    arena_alloc(&a, 1);
    arena_free(&a);
    assert_string_equal(buf_text(&log), "third second first ");
    arena_free(&a);
    assert_string_equal(buf_text(&log), "third second first ");
    buf_free(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(large_pieces),
        cmocka_unit_test(copies),
        cmocka_unit_test(vectors),
        cmocka_unit_test(cleanups),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
