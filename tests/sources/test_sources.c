/* Runs the cases of the adapters: each folder tests/sources/ADAPTER/CASE (or PRESET/CASE) is a
 * test.
 *
 *   spec            the first line names the adapter or preset, then KEY=VALUE lines; "=VALUE" is
 * the short form, "@prefix=v" the hint of that name, "@cursor=feed" where to begin; request-N.txt
 * the N-th request: method and URL, headers, "credential: NAME", then after a blank line the body.
 * Needed for the first request of "good". page-N.http     the N-th answer: status line, headers,
 * blank line, body. "@url: URL" among the headers is where redirects led to. The body may be in a
 * file beside it: page-N.pkt text: each line becomes a pkt-line with a LF; "0000" and "0001" stand
 * for themselves; \0, \n,
 * \\ and \xNN are read; page-N.http may then be absent page-N.hex, page-N.base64 expected.txt the
 * candidates, a line each: RAW | commit HEX | published TIME | flags ... | url URL | notes TEXT |
 * asset NAME SIZE sha256:HEX sha512:HEX URL error.txt       instead of it: a part of the error's
 * message
 *
 * Every adapter must have the cases good, empty, malformed and hostile, every preset good. After
 * it, a case's answers are read again cut short and with bytes changed: what comes out must keep
 * the rules of source.h.
 *
 *   test_sources [ADAPTER[/CASE]]      run only these (or MWATCH_CASE=ADAPTER/CASE)
 *   MWATCH_ACCEPT=1 test_sources ...   write what came out into request-N.txt and expected.txt or,
 *                                      where it is not there yet, error.txt: to be read before it
 * is committed */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sources/source.h"
#include "tests/sources/answer_file.h"
#include "tests/sources/candidate_text.h"
#include "watcher/base/memory.h"
#include "watcher/base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOT "tests/sources"

enum { CASE_PAGES = 16, CUTS = 24 };

/* One folder of a case, and all that is made while it runs. */
struct run {
    struct arena a;
    const char *dir;
    struct spec spec;
    struct error e;
    struct candidates found;
    struct page pages[CASE_PAGES];
    struct response answers[CASE_PAGES];
    unsigned page_count;
};

/* --- spec ------------------------------------------------------------------------------------ */

static void read_parameter(struct run *r, struct slice line, size_t number, struct parameter *p)
{
    p->line = number;
    p->column = 1;
    p->value = line;
    if (slice_find_byte(line, '=') == SLICE_NONE)
        fail_msg("%s/spec:%zu: no KEY=VALUE", r->dir, number);
    slice_split(&p->value, '=', &p->key);
}

static void make_spec(struct run *r)
{
    const char *path = arena_printf(&r->a, "%s/spec", r->dir);
    struct slice rest = read_file(&r->a, path), line;
    struct parameter name = {.line = 1, .column = 1};
    VEC(struct parameter) given = {0};
    const char *prefix = NULL;
    assert_true(slice_line(&rest, &name.value));
    for (size_t number = 2; slice_line(&rest, &line); number++) {
        struct parameter p;
        read_parameter(r, line, number, &p);
        if (slice_is(p.key, "@prefix"))
            prefix = arena_text(&r->a, p.value);
        else if (slice_is(p.key, "@cursor"))
            r->found.next.cursor = arena_text(&r->a, p.value);
        else
            vec_push(&r->a, &given, p);
    }
    if (spec_make(&r->a, "spec", &name, given.items, given.count, &r->spec, &r->e))
        r->spec.prefix = prefix;
}

/* --- what came out --------------------------------------------------------------------------- */

static void check_request(struct run *r, const struct request *request)
{
    const char *path = arena_printf(&r->a, "%s/request-%u.txt", r->dir, r->page_count + 1);
    bool needed = r->page_count == 0 && slice_ends(slice_of(r->dir), SLICE("/good"));
    if (!needed && !exists(path))
        return;
    struct buf got = {0};
    buf_addf(&got, "%s %s\n", request->method ? request->method : "GET", request->url);
    for (size_t i = 0; i < REQUEST_HEADERS && request->headers[i].name; i++)
        buf_addf(&got, "%s: %s\n", request->headers[i].name, request->headers[i].value);
    if (request->credential)
        buf_addf(&got, "credential: %s\n", request->credential);
    if (request->body.len) {
        buf_add_byte(&got, '\n');
        buf_add(&got, request->body);
    }
    compare(&r->a, path, buf_slice(&got));
    buf_free(&got);
}

/* --- the rules of source.h ------------------------------------------------------------------- */

static void check_rules(bool ok, const struct candidates *found, const struct error *e)
{
    assert_int_equal(ok, !error_is_set(e));
    if (!ok && !text_is_visible(slice_of(e->message)))
        fail_msg("the message is not fit for a terminal: %s", e->message);
    if (!ok)
        assert_true(e->code == ERROR_UPSTREAM || e->code == ERROR_USAGE ||
                    e->code == ERROR_REFUSED);
    for (size_t i = 0; ok && i < found->list.count; i++)
        check_candidate(&found->list.items[i]);
    if (ok && found->more)
        assert_non_null(found->next.cursor);
}

/* Read an answer again, after something was done to a copy of its body. */
static void parse_again(const struct run *r, unsigned page, struct slice body)
{
    struct arena a = {0};
    struct candidates found = {0};
    struct error e = {0};
    struct response answer = r->answers[page];
    char *copy = memory_alloc(body.len); /* on the heap: reading past its end is seen */
    memcpy(copy, body.len ? body.ptr : "", body.len);
    answer.body = slice_new(copy, body.len);
    bool ok = r->spec.source->parse(&r->spec, &r->pages[page], &answer, &a, &found, &e);
    check_rules(ok, &found, &e);
    free(copy);
    arena_free(&a);
}

static void parse_damaged(struct run *r, unsigned page)
{
    struct slice body = r->answers[page].body;
    for (size_t i = 0; i < CUTS && body.len; i++) {
        size_t at = body.len * i / CUTS;
        parse_again(r, page, slice_first(body, at));
        char *changed = arena_alloc(&r->a, body.len);
        memcpy(changed, body.ptr, body.len);
        changed[at] = (char)(changed[at] ^ (i % 2 ? 0x80 : 0x11));
        parse_again(r, page, slice_new(changed, body.len));
    }
}

/* --- running --------------------------------------------------------------------------------- */

static bool run_page(struct run *r)
{
    const struct source *source = r->spec.source;
    assert_true(r->page_count < CASE_PAGES);
    struct page *page = &r->pages[r->page_count];
    struct response *answer = &r->answers[r->page_count];
    struct request request = {0};
    *page = r->found.next;
    if (!source->request(&r->spec, page, &r->a, &request, &r->e))
        return false;
    check_request(r, &request);
    answer_file_read(&r->a, r->dir, r->page_count + 1, request.url, answer);
    r->page_count++;
    r->found.more = false;
    r->found.next = (struct page){0};
    bool ok = source->parse(&r->spec, page, answer, &r->a, &r->found, &r->e);
    check_rules(ok, &r->found, &r->e);
    return ok && r->found.more;
}

static void check_error(struct run *r, const char *path)
{
    if (!exists(path) && getenv("MWATCH_ACCEPT"))
        compare(&r->a, path, slice_of(arena_printf(&r->a, "%s\n", r->e.message)));
    else if (!exists(path))
        fail_msg("%s: %s", r->dir, r->e.message);
    struct slice part = slice_trim(read_file(&r->a, path));
    if (slice_empty(part) || !slice_contains(slice_of(r->e.message), part))
        fail_msg("%s differs; wanted:\n%.*s\ngot:\n%s", path, SLICE_ARG(part), r->e.message);
}

static void check_found(struct run *r, const char *path)
{
    struct buf got = {0};
    bool good = strstr(r->dir, "/good") != NULL;
    if (good && !r->found.list.count)
        fail_msg("%s: nothing was found", r->dir);
    for (size_t i = 0; i < r->found.list.count; i++)
        add_candidate(&got, &r->found.list.items[i]);
    if (r->found.note)
        buf_addf(&got, "note: %s\n", r->found.note);
    if (r->found.complete)
        buf_add_text(&got, "complete\n");
    compare(&r->a, path, buf_slice(&got));
    buf_free(&got);
}

static void check_outcome(struct run *r)
{
    const char *error = arena_printf(&r->a, "%s/error.txt", r->dir);
    const char *expected = arena_printf(&r->a, "%s/expected.txt", r->dir);
    if (error_is_set(&r->e)) {
        check_error(r, error);
    } else {
        check_found(r, expected);
        if (exists(error))
            fail_msg("%s: an error was due", r->dir);
    }
}

static void run_case(void **state)
{
    struct run r = {.dir = *state};
    make_spec(&r);
    while (!error_is_set(&r.e) && run_page(&r))
        continue;
    check_outcome(&r);
    const char *next = arena_printf(&r.a, "%s/page-%u.http", r.dir, r.page_count + 1);
    if (exists(next))
        fail_msg("%s was not asked for", next);
    for (unsigned i = 0; i < r.page_count; i++)
        parse_damaged(&r, i);
    arena_free(&r.a);
}

static void need(const char *name, const char *which)
{
    char path[512];
    snprintf(path, sizeof path, ROOT "/%s/%s/spec", name, which);
    if (!exists(path))
        fail_msg("%s is missing", path);
}

static void run_complete(void **state)
{
    (void)state;
    static const char *const cases[] = {"good", "empty", "malformed", "hostile"};
    for (const struct source *const *s = source_all(); *s; s++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
            need((*s)->name, cases[i]);
    size_t count = 0;
    const struct preset *presets = preset_all(&count);
    for (size_t i = 0; i < count; i++)
        need(presets[i].name, "good");
}

/* --- finding cases --------------------------------------------------------------------------- */

struct suite {
    struct arena a;
    VEC(struct CMUnitTest) tests;
    const char *only; /* "git" or "git/good", NULL = all */
};

static bool is_wanted(const struct suite *s, const char *name)
{
    size_t len = s->only ? strlen(s->only) : 0;
    return len == 0 || (strncmp(name, s->only, len) == 0 && (!name[len] || name[len] == '/'));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Call `each` for what a folder holds, in the order of names. */
static void walk(struct suite *s, const char *parent,
                 void (*each)(struct suite *s, const char *path))
{
    struct dirent **entries = NULL;
    int count = scandir(parent, &entries, NULL, by_name);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            each(s, arena_printf(&s->a, "%s/%s", parent, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}

static void add_case(struct suite *s, const char *path)
{
    const char *name = path + sizeof ROOT;
    if (exists(arena_printf(&s->a, "%s/spec", path)) && is_wanted(s, name))
        vec_push(&s->a, &s->tests,
                 ((struct CMUnitTest){name, run_case, NULL, NULL, (void *)(uintptr_t)path}));
}

static void add_adapter(struct suite *s, const char *path)
{
    walk(s, path, add_case);
}

int main(int argc, char **argv)
{
    struct suite s = {.only = argc > 1 ? argv[1] : getenv("MWATCH_CASE")};
    if (!s.only)
        vec_push(
            &s.a, &s.tests,
            ((struct CMUnitTest){"every source has its cases", run_complete, NULL, NULL, NULL}));
    walk(&s, ROOT, add_adapter);
    int failed = _cmocka_run_group_tests("sources", s.tests.items, s.tests.count, NULL, NULL);
    arena_free(&s.a);
    return failed;
}
