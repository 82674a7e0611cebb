/* Runs the cases of batches: each folder tests/sources/batches/CASE is a test.
 *
 *   specs           an item a line: ADAPTER VALUE [KEY=VALUE ...] [@page=CURSOR to the line's end]
 *   request.txt     the request that is made of them; needed for "good..."
 *   page-1.http     the answer, see test_sources.c
 *   expected.txt    the verdict, with what the server said; then "# N" and what the N-th item got:
 *                   its candidates as in test_sources.c, "more: CURSOR", "unanswered", "error: ..."
 *
 * After it, the answer is read again cut short and with bytes changed: what comes out must keep the
 * rules of source.h. MWATCH_CASE=CASE runs only that one, MWATCH_ACCEPT=1 writes what came out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sources/candidate_text.h"
#include "watcher/base/memory.h"

#include <dirent.h>
#include <stdio.h>

#define ROOT "tests/sources/batches"

enum { CASE_ITEMS = 16, CUTS = 48, MOST_CASES = 200 };

struct run {
    struct arena a;
    const char *dir;
    struct spec specs[CASE_ITEMS];
    struct page pages[CASE_ITEMS];
    size_t count;
};

/* What came of reading an answer once. */
struct reading {
    struct arena a;
    struct batch_item items[CASE_ITEMS];
    struct candidates found[CASE_ITEMS];
    enum batch_verdict verdict;
    struct error error;
};

static const char *path_of(struct run *r, const char *file)
{
    return arena_printf(&r->a, "%s/%s", r->dir, file);
}

static void read_spec(struct run *r, struct slice line)
{
    struct parameter name = {.line = r->count + 1, .column = 1}, p;
    VEC(struct parameter) given = {0};
    struct error e = {0};
    slice_split(&line, ' ', &name.value);
    while (line.ptr) {
        if (slice_starts(line, SLICE("@page="))) {
            r->pages[r->count] = (struct page){1, arena_text(&r->a, slice_from(line, 6))};
            break;
        }
        p = name;
        slice_split(&line, ' ', &p.value);
        p.key = (struct slice){0};
        if (given.count)
            slice_split(&p.value, '=', &p.key);
        vec_push(&r->a, &given, p);
    }
    if (!spec_make(&r->a, "specs", &name, given.items, given.count, &r->specs[r->count++], &e))
        fail_msg("%s: %s", r->dir, e.message);
}

static void read_specs(struct run *r)
{
    struct slice rest = read_file(&r->a, path_of(r, "specs")), line;
    while (slice_line(&rest, &line)) {
        assert_true(r->count < CASE_ITEMS);
        read_spec(r, line);
    }
    assert_true(r->count > 0);
}

static const struct batch *batch_of(const struct run *r)
{
    assert_non_null(r->specs[0].source->batch);
    return r->specs[0].source->batch;
}

static void check_request(struct run *r, const char **url)
{
    struct batch_item items[CASE_ITEMS] = {0};
    struct request request = {0};
    struct buf got = {0};
    const char *path = path_of(r, "request.txt");
    for (size_t i = 0; i < r->count; i++) {
        items[i] = (struct batch_item){.spec = &r->specs[i], .page = r->pages[i]};
        assert_string_equal(batch_of(r)->server(&r->specs[i], &r->a),
                            batch_of(r)->server(&r->specs[0], &r->a));
    }
    batch_of(r)->request(items, r->count, &r->a, &request);
    *url = request.url;
    assert_true(request.uncached); /* a batch is never sent again as it is */
    buf_addf(&got, "%s %s\n", request.method, request.url);
    for (size_t i = 0; i < REQUEST_HEADERS && request.headers[i].name; i++)
        buf_addf(&got, "%s: %s\n", request.headers[i].name, request.headers[i].value);
    buf_addf(&got, "credential: %s\n\n%.*s\n", request.credential, SLICE_ARG(request.body));
    if (strstr(r->dir, "/good") || exists(path))
        compare(&r->a, path, buf_slice(&got));
    buf_free(&got);
}

static void read_answer(const struct run *r, const struct response *response, struct reading *out)
{
    *out = (struct reading){0};
    for (size_t i = 0; i < r->count; i++)
        out->items[i] = (struct batch_item){
            .spec = &r->specs[i], .page = r->pages[i], .arena = &out->a, .found = &out->found[i]};
    out->verdict = batch_of(r)->parse(out->items, r->count, response, &out->a, &out->error);
}

static void check_rules(const struct run *r, const struct reading *got)
{
    bool read = got->verdict == BATCH_READ;
    assert_int_equal(read, !error_is_set(&got->error));
    assert_true(text_is_visible(slice_of(got->error.message)));
    for (size_t i = 0; i < r->count; i++) {
        const struct batch_item *item = &got->items[i];
        bool failed = error_is_set(&item->error);
        assert_true(text_is_visible(slice_of(item->error.message)));
        assert_false(failed && item->unanswered);
        assert_false(!read && (failed || item->unanswered));
        if (failed || item->unanswered || !read)
            assert_int_equal(item->found->list.count, 0);
        if (item->found->more)
            assert_non_null(item->found->next.cursor);
        for (size_t k = 0; k < item->found->list.count; k++)
            check_candidate(&item->found->list.items[k]);
    }
}

static void add_line(struct buf *out, const char *name, const char *text)
{
    buf_add_text(out, name);
    text_add_visible(out, slice_of(text));
    buf_add_byte(out, '\n');
}

static void add_item(struct buf *out, const struct batch_item *item)
{
    for (size_t i = 0; i < item->found->list.count; i++)
        add_candidate(out, &item->found->list.items[i]);
    if (item->found->more)
        add_line(out, "more: ", item->found->next.cursor);
    if (item->unanswered)
        buf_add_text(out, "unanswered\n");
    if (error_is_set(&item->error))
        buf_addf(out, "error: %s\n", item->error.message);
}

static void check_outcome(struct run *r, const struct reading *got)
{
    static const char *const verdicts[] = {"read", "too much", "unfit", "over"};
    struct buf text = {0};
    buf_add_text(&text, verdicts[got->verdict]);
    if (error_is_set(&got->error))
        buf_addf(&text, ": %s", got->error.message);
    buf_add_byte(&text, '\n');
    for (size_t i = 0; i < r->count && got->verdict == BATCH_READ; i++) {
        buf_addf(&text, "# %zu\n", i);
        add_item(&text, &got->items[i]);
    }
    compare(&r->a, path_of(r, "expected.txt"), buf_slice(&text));
    buf_free(&text);
}

static void read_damaged(const struct run *r, const struct response *response, struct slice body)
{
    struct response answer = *response;
    struct reading got;
    char *copy = memory_alloc(body.len); /* on the heap: reading past its end is seen */
    memcpy(copy, body.len ? body.ptr : "", body.len);
    answer.body = slice_new(copy, body.len);
    read_answer(r, &answer, &got);
    check_rules(r, &got);
    arena_free(&got.a);
    free(copy);
}

static void damage(struct run *r, const struct response *response)
{
    struct slice body = response->body;
    for (size_t i = 0; i < CUTS && body.len; i++) {
        size_t at = body.len * i / CUTS;
        read_damaged(r, response, slice_first(body, at));
        char *changed = arena_alloc(&r->a, body.len);
        memcpy(changed, body.ptr, body.len);
        changed[at] = (char)(changed[at] ^ (i % 2 ? 0x80 : 0x11));
        read_damaged(r, response, slice_new(changed, body.len));
    }
}

static void run_case(void **state)
{
    struct run r = {.dir = *state};
    struct response response;
    struct reading got;
    const char *url;
    read_specs(&r);
    check_request(&r, &url);
    answer_file_read(&r.a, r.dir, 1, url, &response);
    read_answer(&r, &response, &got);
    check_rules(&r, &got);
    check_outcome(&r, &got);
    arena_free(&got.a);
    damage(&r, &response);
    arena_free(&r.a);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(void)
{
    static struct CMUnitTest tests[MOST_CASES];
    struct arena a = {0};
    struct dirent **entries = NULL;
    const char *only = getenv("MWATCH_CASE");
    size_t count = 0;
    int found = scandir(ROOT, &entries, visible, alphasort);
    for (int i = 0; i < found && count < MOST_CASES; i++) {
        const char *name = arena_copy(&a, entries[i]->d_name);
        const char *dir = arena_printf(&a, ROOT "/%s", name);
        if (!only || strcmp(only, name) == 0)
            tests[count++] =
                (struct CMUnitTest){name, run_case, NULL, NULL, (void *)(uintptr_t)dir};
        free(entries[i]);
    }
    free(entries);
    int failed = count ? _cmocka_run_group_tests("batches", tests, count, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
