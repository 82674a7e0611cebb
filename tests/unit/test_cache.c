/* The cache: what it keeps, what it forgets, and what it survives. */
#include "tests/http/harness.h"

#include "watcher/http/cache.h"

#include <fcntl.h>
#include <sys/file.h>

struct fixture {
    struct test_context t;
    char folder[64];
    char path[96];
    struct arena a;
};

static int open_test(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    test_context_init(&f->t, 1);
    make_folder(f->folder);
    snprintf(f->path, sizeof f->path, "%s/a/b/cache.db", f->folder);
    *state = f;
    return 0;
}

static int close_test(void **state)
{
    struct fixture *f = *state;
    test_context_free(&f->t);
    remove_folder(f->folder);
    arena_free(&f->a);
    free(f);
    return 0;
}

static struct cache *begin(struct fixture *f)
{
    struct cache *c = cache_open(&f->t.ctx, f->path, CACHE_BYTES);
    if (!c)
        fail_msg("%s", test_context_text(&f->t));
    return c;
}

static void put(struct cache *c, const char *key, const char *text)
{
    struct header headers[] = {{"etag", "\"e1\""},
                               {"last-modified", "Wed, 06 May 2026 08:34:24 GMT"},
                               {"content-type", "text/plain"}};
    struct answer answer = {.response = {.status = 200,
                                         .url = "https://upstream.test/x",
                                         .headers = headers,
                                         .header_count = 3,
                                         .body = slice_of(text)}};
    cache_put(c, key, &answer);
}

static bool holds(struct fixture *f, struct cache *c, const char *key, const char *text)
{
    struct answer answer;
    return cache_get(c, key, &f->a, &answer) && slice_is(answer.response.body, text);
}

/* Run a line of Python on the database: what SQLite itself says of it. */
static int python(struct fixture *f, const char *line)
{
    char code[512];
    snprintf(code, sizeof code,
             "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\n%s\ndb.commit()", line);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/usr/bin/python3", "python3", "-c", code, f->path, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void assert_healthy(struct fixture *f)
{
    assert_int_equal(
        python(f, "sys.exit(db.execute('PRAGMA integrity_check').fetchone()[0] != 'ok')"), 0);
}

static void overwrite(const char *path, off_t at, const char *bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, strlen(bytes), at), (ssize_t)strlen(bytes));
    close(fd);
}

static bool exists(struct fixture *f, const char *suffix)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", f->path, suffix);
    return access(name, F_OK) == 0;
}

/* -- what is kept */

static void keeps_answers_across_runs(void **state)
{
    struct fixture *f = *state;
    const char *etag = NULL, *modified = NULL;
    struct answer answer;
    struct cache *c = begin(f);
    put(c, "one", "first");
    put(c, "two", "second");
    put(c, "one", "newer");
    cache_close(c);
    c = begin(f);
    assert_true(cache_validators(c, "one", &f->a, &etag, &modified));
    assert_string_equal(etag, "\"e1\"");
    assert_string_equal(modified, "Wed, 06 May 2026 08:34:24 GMT");
    assert_true(cache_get(c, "one", &f->a, &answer));
    assert_int_equal(answer.response.status, 200);
    assert_string_equal(answer.response.url, "https://upstream.test/x");
    assert_true(slice_is(answer.response.body, "newer"));
    assert_true(slice_is(response_header(&answer.response, "content-type"), "text/plain"));
    assert_true(answer.response.from_cache);
    assert_true(holds(f, c, "two", "second"));
    assert_false(cache_get(c, "three", &f->a, &answer));
    assert_false(cache_validators(c, "three", &f->a, &etag, &modified));
    cache_close(c);
    assert_string_equal(test_context_text(&f->t), "");
    assert_healthy(f);
}

static void files_are_private(void **state)
{
    struct fixture *f = *state;
    struct stat s;
    char folder[80];
    struct cache *c = begin(f);
    put(c, "one", "first");
    assert_int_equal(stat(f->path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    snprintf(folder, sizeof folder, "%s/a", f->folder);
    assert_int_equal(stat(folder, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0700);
    cache_close(c);
}

static void bodies_come_back_to_the_byte(void **state)
{
    struct fixture *f = *state;
    struct answer answer = {
        .response = {.status = 200, .url = "https://x/", .body = SLICE("a\0b\xff\r\n")}};
    struct answer back;
    struct cache *c = begin(f);
    cache_put(c, "bytes", &answer);
    assert_true(cache_get(c, "bytes", &f->a, &back));
    assert_true(slice_equal(back.response.body, answer.response.body));
    answer.response.body = (struct slice){0};
    cache_put(c, "nothing", &answer);
    assert_true(cache_get(c, "nothing", &f->a, &back));
    assert_int_equal(back.response.body.len, 0);
    assert_int_equal(back.response.header_count, 0);
    cache_close(c);
}

static void private_store_holds_everything(void **state)
{
    struct fixture *f = *state;
    struct cache *c = cache_open_private(&f->t.ctx);
    struct answer artefact = {.response = {.status = 200, .url = "https://x/"}, .hashed = true};
    struct answer failure = {0}, back;
    snprintf(artefact.artefact.hash.sha256, sizeof artefact.artefact.hash.sha256, "abc");
    error_set(&failure.error, ERROR_REFUSED, "no");
    cache_put(c, "artefact", &artefact);
    cache_put(c, "failure", &failure);
    assert_true(cache_get(c, "artefact", &f->a, &back));
    assert_true(back.hashed);
    assert_string_equal(back.artefact.hash.sha256, "abc");
    assert_true(cache_get(c, "failure", &f->a, &back));
    assert_int_equal(back.error.code, ERROR_REFUSED);
    assert_string_equal(back.error.message, "no");
    cache_close(c);
    /* and another one knows nothing of it */
    c = cache_open_private(&f->t.ctx);
    assert_false(cache_get(c, "artefact", &f->a, &back));
    cache_close(c);
}

static void no_cache_is_an_empty_one(void **state)
{
    struct fixture *f = *state;
    struct answer answer = {0};
    const char *etag, *modified;
    cache_put(NULL, "x", &answer);
    assert_false(cache_get(NULL, "x", &f->a, &answer));
    assert_false(cache_validators(NULL, "x", &f->a, &etag, &modified));
    cache_close(NULL);
}

/* -- what is forgotten */

static void drops_what_is_unused_for_a_month(void **state)
{
    struct fixture *f = *state;
    struct cache *c = begin(f);
    put(c, "old", "old");
    put(c, "used", "used");
    f->t.start_s += 20 * 24 * 3600;
    assert_true(holds(f, c, "used", "used"));
    cache_close(c);
    f->t.start_s += 11 * 24 * 3600;
    c = begin(f);
    assert_false(holds(f, c, "old", "old"));
    assert_true(holds(f, c, "used", "used"));
    cache_close(c);
}

static void stays_below_its_size(void **state)
{
    struct fixture *f = *state;
    static char text[10001];
    char key[16];
    memset(text, 'x', sizeof text - 1);
    struct cache *c = cache_open(&f->t.ctx, f->path, 500000);
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "%d", i);
        put(c, key, text);
        f->t.start_s++;
    }
    cache_close(c);
    struct stat s;
    assert_int_equal(stat(f->path, &s), 0);
    assert_in_range(s.st_size, 100000, 700000);
    c = begin(f);
    assert_false(holds(f, c, "0", text));
    assert_true(holds(f, c, "99", text));
    cache_close(c);
}

static void another_version_of_the_table_is_dropped(void **state)
{
    struct fixture *f = *state;
    struct cache *c = begin(f);
    put(c, "one", "first");
    cache_close(c);
    assert_int_equal(python(f, "db.execute('PRAGMA user_version = 99')"), 0);
    c = begin(f);
    assert_false(holds(f, c, "one", "first"));
    put(c, "one", "again");
    assert_true(holds(f, c, "one", "again"));
    cache_close(c);
}

/* -- notes */

static bool notes(struct cache *c, const char *key, int64_t value)
{
    int64_t found = -1;
    return cache_note_get(c, key, &found) && found == value;
}

static void notes_are_kept_across_runs(void **state)
{
    struct fixture *f = *state;
    struct cache *c = begin(f);
    int64_t value = 7;
    assert_false(cache_note_get(c, "one", &value));
    assert_int_equal(value, 7);
    cache_note_put(c, "one", 1778056464);
    cache_note_put(c, "two", -5);
    cache_note_put(c, "one", INT64_MAX);
    cache_close(c);
    c = begin(f);
    assert_true(notes(c, "one", INT64_MAX));
    assert_true(notes(c, "two", -5));
    cache_close(c);
}

static void notes_outlive_answers(void **state)
{
    struct fixture *f = *state;
    struct cache *c = begin(f);
    cache_note_put(c, "one", 1);
    cache_note_put(c, "two", 2);
    put(c, "one", "first");
    cache_close(c);
    assert_int_equal(python(f, "db.execute('PRAGMA user_version = 1')"), 0);
    f->t.start_s += 300LL * 24 * 3600;
    c = begin(f);
    assert_false(holds(f, c, "one", "first"));
    assert_true(notes(c, "one", 1)); /* and is in use now */
    cache_close(c);
    f->t.start_s += 200LL * 24 * 3600;
    c = begin(f);
    assert_true(notes(c, "one", 1));
    assert_false(notes(c, "two", 2));
    cache_close(c);
}

static void nobody_notes_without_a_cache(void **state)
{
    (void)state;
    int64_t value = 7;
    cache_note_put(NULL, "one", 1);
    assert_false(cache_note_get(NULL, "one", &value));
}

/* -- what is survived */

static void a_broken_file_is_put_aside(void **state)
{
    struct fixture *f = *state;
    struct cache *c = begin(f);
    put(c, "one", "first");
    cache_close(c);
    overwrite(f->path, 0, "this is no database at all");
    c = begin(f);
    assert_contains(test_context_text(&f->t), "the cache was broken; it is now ");
    assert_true(exists(f, ".broken"));
    assert_false(holds(f, c, "one", "first"));
    put(c, "one", "again");
    assert_true(holds(f, c, "one", "again"));
    cache_close(c);
    assert_healthy(f);
}

static void a_cut_file_is_put_aside(void **state)
{
    struct fixture *f = *state;
    char key[16];
    struct cache *c = begin(f);
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "%d", i);
        put(c, key, "some text that is not very long");
    }
    cache_close(c);
    assert_int_equal(truncate(f->path, 5000), 0);
    c = begin(f);
    assert_true(exists(f, ".broken"));
    put(c, "one", "again");
    assert_true(holds(f, c, "one", "again"));
    cache_close(c);
    assert_healthy(f);
}

/* Damage in the middle shows only when it is read; the run goes on whatever comes of it. */
static void damage_inside_is_survived(void **state)
{
    struct fixture *f = *state;
    char key[16];
    for (off_t page = 1; page < 12; page++) {
        struct cache *c = begin(f);
        for (int i = 0; i < 100; i++) {
            snprintf(key, sizeof key, "%d", i);
            put(c, key, "some text that is not very long");
        }
        cache_close(c);
        static const char junk[] = "junk junk junk junk junk junk junk junk junk junk junk junk";
        overwrite(f->path, page * 4096, junk);
        c = cache_open(&f->t.ctx, f->path, CACHE_BYTES);
        for (int i = 0; c && i < 100; i++) {
            struct answer answer;
            snprintf(key, sizeof key, "%d", i);
            cache_get(c, key, &f->a, &answer);
            put(c, key, "new");
        }
        cache_close(c);
    }
    assert_true(exists(f, ".broken"));
}

static void another_programs_database_is_left_alone(void **state)
{
    struct fixture *f = *state;
    snprintf(f->path, sizeof f->path, "%s/places.sqlite", f->folder);
    assert_int_equal(python(f, "db.execute('CREATE TABLE bookmarks (url TEXT)')"), 0);
    assert_null(cache_open(&f->t.ctx, f->path, CACHE_BYTES));
    assert_contains(test_context_text(&f->t), "it is another program's database");
    assert_false(exists(f, ".broken"));
    assert_int_equal(python(f, "db.execute('SELECT url FROM bookmarks')"), 0);
}

static void a_folder_that_cannot_be_made(void **state)
{
    struct fixture *f = *state;
    assert_null(cache_open(&f->t.ctx, "/proc/none/cache.db", CACHE_BYTES));
    assert_contains(test_context_text(&f->t), "going on without a cache");
}

/* A broken file that somebody has open is not replaced under him. */
static void a_broken_file_in_use_is_left_alone(void **state)
{
    struct fixture *f = *state;
    char lock[128];
    struct cache *c = begin(f);
    put(c, "one", "first");
    cache_close(c);
    overwrite(f->path, 0, "this is no database at all");
    snprintf(lock, sizeof lock, "%s.lock", f->path);
    int fd = open(lock, O_RDWR);
    assert_int_equal(flock(fd, LOCK_SH), 0); /* as another mwatch holds it */
    assert_null(cache_open(&f->t.ctx, f->path, CACHE_BYTES));
    assert_contains(test_context_text(&f->t), "in use by another mwatch");
    assert_false(exists(f, ".broken"));
    close(fd);
}

/* -- several at once */

enum { WRITERS = 4, ROWS = 60 };

static int write_rows(struct fixture *f, int writer)
{
    char key[32];
    struct answer answer;
    int missing = 0;
    struct cache *c = cache_open(&f->t.ctx, f->path, CACHE_BYTES);
    for (int i = 0; c && i < ROWS; i++) {
        snprintf(key, sizeof key, "%d-%d", writer, i);
        put(c, key, key);
        missing += !cache_get(c, key, &f->a, &answer);
    }
    cache_close(c);
    return c ? missing : 100;
}

static void two_processes_share_it(void **state)
{
    struct fixture *f = *state;
    pid_t pids[WRITERS];
    char key[32];
    for (int w = 0; w < WRITERS; w++)
        if ((pids[w] = fork()) == 0)
            _exit(write_rows(f, w)); /* all of them create it at the same time */
    for (int w = 0; w < WRITERS; w++) {
        int status = -1;
        waitpid(pids[w], &status, 0);
        assert_int_equal(status, 0);
    }
    struct cache *c = begin(f);
    for (int w = 0; w < WRITERS; w++)
        for (int i = 0; i < ROWS; i++) {
            snprintf(key, sizeof key, "%d-%d", w, i);
            assert_true(holds(f, c, key, key));
        }
    cache_close(c);
    assert_healthy(f);
}

/* Write rows for ever and tell of each one that is stored. */
static void write_until_killed(struct fixture *f, int report)
{
    char key[32];
    struct cache *c = cache_open(&f->t.ctx, f->path, CACHE_BYTES);
    for (int i = 0;; i++) {
        snprintf(key, sizeof key, "%d", i);
        put(c, key, key);
        if (write(report, &i, sizeof i) != sizeof i)
            _exit(1);
    }
}

static void it_survives_kill_9(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 6; round++) {
        int report[2], stored = -1, last = -1;
        char key[32];
        assert_int_equal(pipe(report), 0);
        pid_t pid = fork();
        if (pid == 0)
            write_until_killed(f, report[1]);
        close(report[1]);
        while (last < round * 17 && read(report[0], &last, sizeof last) == sizeof last)
            ;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        while (read(report[0], &stored, sizeof stored) == sizeof stored)
            last = stored;
        close(report[0]);
        struct cache *c = begin(f);
        for (int i = 0; i <= last; i++) {
            snprintf(key, sizeof key, "%d", i);
            assert_true(holds(f, c, key, key));
        }
        cache_close(c);
        assert_healthy(f);
    }
    assert_false(exists(f, ".broken"));
    assert_string_equal(test_context_text(&f->t), "");
}

/* -- what may be kept at all */

static const struct keep_row {
    const char *name;
    struct request request;
    int status;
    const char *url;
    struct header headers[3];
    bool keep;
} keep_rows[] = {
/* a GET of https://x/ answered with 200, but for what the row says */
#define TAG                                                                                        \
    {                                                                                              \
        "etag", "\"1\""                                                                            \
    }
    {.name = "with an ETag", .headers = {TAG}, .keep = true},
    {.name = "with a date", .headers = {{"last-modified", "today"}}, .keep = true},
    {.name = "without either"},
    {.name = "no-store", .headers = {TAG, {"cache-control", "no-store"}}},
    {.name = "no-store among others", .headers = {TAG, {"cache-control", "private, No-Store "}}},
    {.name = "no-store, later header",
     .headers = {TAG, {"cache-control", "private"}, {"cache-control", "no-store"}}},
    {.name = "no-cache only means to ask",
     .headers = {TAG, {"cache-control", "no-cache"}},
     .keep = true},
    {.name = "private", .headers = {TAG, {"cache-control", "private, max-age=60"}}, .keep = true},
    {.name = "something that only begins so",
     .headers = {TAG, {"cache-control", "no-store-at-all"}},
     .keep = true},
    {.name = "Vary: *", .headers = {TAG, {"vary", "*"}}},
    {.name = "Vary: Accept", .headers = {TAG, {"vary", "Accept"}}, .keep = true},
    {.name = "404", .status = 404, .headers = {TAG}},
    {.name = "206", .status = 206, .headers = {TAG}},
    {.name = "uncached", .request.uncached = true, .headers = {TAG}},
    {.name = "artefact", .request.kind = BODY_ARTEFACT, .headers = {TAG}},
    {.name = "POST", .request.method = "POST", .headers = {TAG}},
    {.name = "GET", .request.method = "GET", .headers = {TAG}, .keep = true},
    {.name = "a secret in the URL", .request.url = "https://x/?token=1", .headers = {TAG}},
    {.name = "a secret in the last URL", .url = "https://u:p@x/", .headers = {TAG}},
};

static void may_keep(void **state)
{
    const struct keep_row *row = *state;
    struct request request = row->request;
    struct response r = {.status = row->status ? row->status : 200,
                         .url = row->url ? row->url : "https://x/"};
    if (!request.url)
        request.url = "https://x/";
    r.headers = (struct header *)row->headers;
    while (r.header_count < 3 && r.headers[r.header_count].name)
        r.header_count++;
    assert_int_equal(cache_may_keep(&request, &r), row->keep);
}

static void large_bodies_are_not_kept(void **state)
{
    static char text[CACHE_BODY_MOST + 1];
    struct header tag = {"etag", "1"};
    struct request request = {.url = "https://x/"};
    struct response r = {200, "https://x/", &tag, 1, {text, CACHE_BODY_MOST}, false};
    (void)state;
    assert_true(cache_may_keep(&request, &r));
    r.body.len++;
    assert_false(cache_may_keep(&request, &r));
    request.keep = r.body.len;
    assert_true(cache_may_keep(&request, &r));
    r.body.len++;
    assert_false(cache_may_keep(&request, &r));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

enum { KEEP_ROWS = sizeof keep_rows / sizeof *keep_rows, OTHERS = 20 };

int main(void)
{
    struct CMUnitTest tests[KEEP_ROWS + OTHERS] = {
        TEST(keeps_answers_across_runs),
        TEST(files_are_private),
        TEST(bodies_come_back_to_the_byte),
        TEST(private_store_holds_everything),
        TEST(no_cache_is_an_empty_one),
        TEST(drops_what_is_unused_for_a_month),
        TEST(stays_below_its_size),
        TEST(another_version_of_the_table_is_dropped),
        TEST(notes_are_kept_across_runs),
        TEST(notes_outlive_answers),
        TEST(nobody_notes_without_a_cache),
        TEST(a_broken_file_is_put_aside),
        TEST(a_cut_file_is_put_aside),
        TEST(damage_inside_is_survived),
        TEST(another_programs_database_is_left_alone),
        TEST(a_folder_that_cannot_be_made),
        TEST(a_broken_file_in_use_is_left_alone),
        TEST(two_processes_share_it),
        TEST(it_survives_kill_9),
        cmocka_unit_test(large_bodies_are_not_kept),
    };
    for (size_t i = 0; i < KEEP_ROWS; i++)
        tests[OTHERS + i] =
            (struct CMUnitTest){keep_rows[i].name, may_keep, NULL, NULL, (void *)&keep_rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
