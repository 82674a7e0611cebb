/* The real tags of 13 projects, told in every way and order a server may tell them: each tag must
 * come out once, with the commit behind it. The lists are read from $MWATCH_CORPUS/upstreams or
 * ../shared/upstreams, a line each: tag, object, commit behind it (or nothing), time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sources/source.h"
#include "watcher/base/file.h"
#include "watcher/base/pktline.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tag {
    struct slice name, object, peeled;
    bool seen;
};

struct tags {
    VEC(struct tag) list;
};

/* How an order puts tags: their places in a list of `count`. */
struct order {
    const char *name;
    size_t (*place)(size_t i, size_t count);
};

/* How a server tells its tags. */
struct telling {
    const char *name;
    const char *cursor; /* of the page that answers so */
    void (*tell)(const struct tag *tag, bool first, struct buf *out);
    bool flushed;
};

struct refs_test {
    const char *path;
    const struct order *order;
    const struct telling *telling;
};

static size_t place_forward(size_t i, size_t count)
{
    (void)count;
    return i;
}

static size_t place_backward(size_t i, size_t count)
{
    return count - 1 - i;
}

/* 7919 is a prime, and no list is a multiple of it long: every place is taken once. */
static size_t place_mixed(size_t i, size_t count)
{
    return (i * 7919 + 13) % count;
}

static const struct order orders[] = {
    {"forward", place_forward}, {"backward", place_backward}, {"mixed", place_mixed}};

static void add_line(struct buf *out, const char *text)
{
    assert_true(pkt_add(out, slice_of(text)));
}

static void tell_version_2(const struct tag *t, bool first, struct buf *out)
{
    struct buf line = {0};
    (void)first;
    buf_addf(&line, "%.*s refs/tags/%.*s", SLICE_ARG(t->object), SLICE_ARG(t->name));
    if (t->peeled.len)
        buf_addf(&line, " peeled:%.*s", SLICE_ARG(t->peeled));
    add_line(out, buf_text(&line));
    buf_free(&line);
}

static void tell_version_0(const struct tag *t, bool first, struct buf *out)
{
    struct buf line = {0};
    buf_addf(&line, "%.*s refs/tags/%.*s", SLICE_ARG(t->object), SLICE_ARG(t->name));
    if (first)
        buf_add(&line, SLICE("\0multi_ack ofs-delta agent=git/2.39.5"));
    assert_true(pkt_add(out, buf_slice(&line)));
    buf_clear(&line);
    buf_addf(&line, "%.*s refs/tags/%.*s^{}", SLICE_ARG(t->peeled), SLICE_ARG(t->name));
    if (t->peeled.len)
        add_line(out, buf_text(&line));
    buf_free(&line);
}

static void tell_file(const struct tag *t, bool first, struct buf *out)
{
    (void)first;
    buf_addf(out, "%.*s\trefs/tags/%.*s\n", SLICE_ARG(t->object), SLICE_ARG(t->name));
    if (t->peeled.len)
        buf_addf(out, "%.*s\trefs/tags/%.*s^{}\n", SLICE_ARG(t->peeled), SLICE_ARG(t->name));
}

static const struct telling tellings[] = {
    {"version 2", "sha1 https://git.example.org/a", tell_version_2, true},
    {"version 0", NULL, tell_version_0, true},
    {"file", NULL, tell_file, false},
};

static void read_tags(struct arena *a, const char *path, struct tags *out)
{
    struct buf content = {0};
    struct error e = {0};
    assert_true(file_read(path, &content, &e));
    struct slice rest = arena_slice(a, buf_slice(&content)), line;
    buf_free(&content);
    while (slice_line(&rest, &line)) {
        struct tag *t = vec_add(a, &out->list);
        slice_split(&line, '\t', &t->name);
        slice_split(&line, '\t', &t->object);
        slice_split(&line, '\t', &t->peeled);
    }
    assert_true(out->list.count > 0);
}

static int by_name(const void *a, const void *b)
{
    return slice_compare(((const struct tag *)a)->name, ((const struct tag *)b)->name);
}

static int find_name(const void *name, const void *t)
{
    return slice_compare(slice_of(name), ((const struct tag *)t)->name);
}

static void check_candidate(struct tags *tags, const struct candidate *c)
{
    struct tag *t = bsearch(c->raw, tags->list.items, tags->list.count, sizeof *t, find_name);
    assert_non_null(t);
    assert_false(t->seen);
    t->seen = true;
    assert_true(slice_is(t->peeled.len ? t->peeled : t->object, c->commit));
}

static void make_spec(struct arena *a, struct spec *out)
{
    struct parameter name = {.value = SLICE("git")};
    struct parameter repository = {.value = SLICE("https://git.example.org/a")};
    struct error e = {0};
    assert_true(spec_make(a, "", &name, &repository, 1, out, &e));
}

static void test_refs(void **state)
{
    const struct refs_test *t = *state;
    struct arena a = {0};
    struct tags tags = {0};
    struct buf body = {0};
    struct spec spec;
    struct error e = {0};
    struct candidates found = {0};
    struct page page = {.cursor = t->telling->cursor};
    read_tags(&a, t->path, &tags);
    for (size_t i = 0; i < tags.list.count; i++)
        t->telling->tell(&tags.list.items[t->order->place(i, tags.list.count)], i == 0, &body);
    if (t->telling->flushed)
        pkt_add_flush(&body);
    qsort(tags.list.items, tags.list.count, sizeof tags.list.items[0], by_name);
    make_spec(&a, &spec);
    struct response answer = {.status = 200, .body = buf_slice(&body)};
    assert_true(spec.source->parse(&spec, &page, &answer, &a, &found, &e));
    assert_int_equal(found.list.count, tags.list.count);
    for (size_t i = 0; i < found.list.count; i++)
        check_candidate(&tags, &found.list.items[i]);
    buf_free(&body);
    arena_free(&a);
}

/* --- one test a project, telling and order ---------------------------------------------------- */

struct suite {
    struct arena a;
    VEC(struct CMUnitTest) tests;
};

static void add_project(struct suite *s, const char *folder, const char *file)
{
    const char *path = arena_printf(&s->a, "%s/%s", folder, file);
    for (size_t t = 0; t < sizeof tellings / sizeof tellings[0]; t++)
        for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++) {
            struct refs_test *test = arena_new(&s->a, struct refs_test);
            *test = (struct refs_test){path, &orders[o], &tellings[t]};
            const char *name =
                arena_printf(&s->a, "%s, %s, %s", file, tellings[t].name, orders[o].name);
            vec_push(&s->a, &s->tests, ((struct CMUnitTest){name, test_refs, NULL, NULL, test}));
        }
}

int main(void)
{
    struct suite s = {0};
    const char *root = getenv("MWATCH_CORPUS");
    const char *folder = arena_printf(&s.a, "%s/upstreams", root ? root : "../shared");
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (slice_ends(slice_of(entries[i]->d_name), SLICE(".tsv")))
            add_project(&s, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    int failed = 0;
    if (s.tests.count)
        failed = _cmocka_run_group_tests("git refs", s.tests.items, s.tests.count, NULL, NULL);
    else
        printf("1..1\nok 1 - git refs # SKIP no lists of tags in %s\n", folder);
    arena_free(&s.a);
    return failed;
}
