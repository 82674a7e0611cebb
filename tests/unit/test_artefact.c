/* Artefacts: what is refused, and the hash in what upstream published. Each file
 * tests/unit/checksums/NAME.txt is a case: "case:", "name:" (of the artefact), "pattern:" and
 * "find:" (the hash, or none), then a line "---", then the published bytes. */
#include "tests/unit/stanza.h"

#include "watcher/artefact.h"

#include <dirent.h>

#define CASES "tests/unit/checksums"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum { MOST_CASES = 200 };

/* ---- checksum files ---- */

struct checksum_case {
    struct stanzas lines;
    struct slice body;
};

static struct slice value_of(const struct checksum_case *c, const char *key)
{
    return stanza_get(&c->lines.list.items[0], key);
}

static void test_checksum(void **state)
{
    const struct checksum_case *c = *state;
    struct arena a = {0};
    struct error e = {0};
    const struct pattern *pattern = NULL;
    if (value_of(c, "pattern").len)
        pattern = pattern_compile(&a, value_of(c, "pattern"), &e);
    assert_string_equal(e.message, "");
    const char *found = checksum_find(&a, c->body, value_of(c, "name"), pattern);
    assert_slice(slice_of(found ? found : "none"), value_of(c, "find"));
    arena_free(&a);
}

/* The header is parted from the bytes by the first line "---". */
static struct checksum_case *load(struct arena *a, const char *path)
{
    struct checksum_case *c = arena_new(a, struct checksum_case);
    struct error e = {0};
    struct buf text = {0};
    struct slice line;
    if (!file_read(path, &text, &e))
        stanza_die(path, e.message);
    struct slice rest = arena_slice(a, buf_slice(&text));
    buf_free(&text);
    struct stanza *only = vec_add(&c->lines.arena, &c->lines.list);
    while (slice_line(&rest, &line) && !slice_is(line, "---"))
        stanza_add_line(&c->lines, only, path, line);
    if (!rest.ptr || only->lines.count < 3)
        stanza_die(path, "a header and --- are expected");
    c->body = rest;
    return c;
}

static void release(void *what)
{
    struct checksum_case *c = what;
    stanzas_free(&c->lines);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

static size_t find_cases(struct arena *a, struct CMUnitTest *tests)
{
    size_t count = 0;
    DIR *dir = opendir(CASES);
    for (struct dirent *d = dir ? readdir(dir) : NULL; d && count < MOST_CASES; d = readdir(dir)) {
        if (!slice_ends(slice_of(d->d_name), SLICE(".txt")))
            continue;
        struct checksum_case *c = load(a, arena_printf(a, CASES "/%s", d->d_name));
        arena_defer(a, release, c);
        tests[count++] = (struct CMUnitTest){
            .name = arena_copy(a, d->d_name), .test_func = test_checksum, .initial_state = c};
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, by_name);
    return count;
}

/* ---- judgements ---- */

struct judgement {
    const char *name, *url;
    int status;
    enum file_kind kind;
    bool intact;
    const char *reason;   /* why not intact */
    enum error_code code; /* ERROR_NONE: accepted */
    const char *part;     /* of the message */
};

#define AT "https://example.org/releases/"

static const struct judgement judgements[] = {
    {"a gzip archive", AT "redis-8.6.2.tar.gz", 200, FILE_GZIP, true, "", ERROR_NONE, ""},
    {"a war is a zip", AT "2.555.1/jenkins.war", 200, FILE_ZIP, true, "", ERROR_NONE, ""},
    {"an xz archive", AT "rabbitmq-server-generic-unix-4.3.0.tar.xz", 200, FILE_XZ, true, "",
     ERROR_NONE, ""},
    {"a program without an ending", AT "envoy-1.37.0-linux-x86_64", 200, FILE_ELF, true, "",
     ERROR_NONE, ""},
    {"text without an ending", AT "install", 200, FILE_OTHER, true, "", ERROR_NONE, ""},
    {"the query does not count as a name", "https://example.org/x.tar.gz?download=x.zip", 200,
     FILE_GZIP, true, "", ERROR_NONE, ""},
    {"a page that is meant to be one", AT "index.html", 200, FILE_HTML, true, "", ERROR_NONE, ""},
    {"206 is an answer", AT "x.tar.gz", 206, FILE_GZIP, true, "", ERROR_NONE, ""},
    {"404", AT "x.tar.gz", 404, FILE_OTHER, true, "", ERROR_UPSTREAM,
     "artefact https://example.org/releases/x.tar.gz answered 404: the release may not be complete "
     "yet"},
    {"410", AT "x.tar.gz", 410, FILE_OTHER, true, "", ERROR_UPSTREAM, "address has changed"},
    {"503 with a page", AT "x.tar.gz", 503, FILE_HTML, true, "", ERROR_UPSTREAM,
     "answered 503: try again later"},
    {"an error page with status 200", AT "rabbitmq-server-4.3.0.tar.xz", 200, FILE_HTML, true, "",
     ERROR_REFUSED, "is a web page (HTML), not a release: never pinned"},
    {"a page where no ending promises anything", AT "download", 200, FILE_HTML, true, "",
     ERROR_REFUSED, "web page"},
    {"another kind than the name says", AT "x.tar.gz", 200, FILE_XZ, true, "", ERROR_REFUSED,
     "should be gzip by its name, but is xz"},
    {"JSON for an archive", AT "x.tgz", 200, FILE_JSON, true, "", ERROR_REFUSED, "but is JSON"},
    {"unknown bytes for an archive", AT "x.zip", 200, FILE_OTHER, true, "", ERROR_REFUSED,
     "but is unknown"},
    {"cut off", AT "x.tar.gz", 200, FILE_GZIP, false, "the compressed data breaks off",
     ERROR_REFUSED, "does not read to its end: the compressed data breaks off"},
    {"what libarchive says is made visible", AT "x.tar.gz", 200, FILE_GZIP, false, "bad \x1b[2J",
     ERROR_REFUSED, "bad \\x1b[2J"},
    {"a password in the address is not told", "https://me:secret@example.org/x.tar.gz", 404,
     FILE_OTHER, true, "", ERROR_UPSTREAM, "artefact https://example.org/x.tar.gz"},
    {"a token in the address is not told", AT "x.tar.gz?token=secret", 404, FILE_OTHER, true, "",
     ERROR_UPSTREAM, "token=***"},
};

static void test_judge(void **state)
{
    const struct judgement *j = *state;
    struct error e = {0};
    struct response response = {.status = j->status, .url = j->url};
    struct artefact_result result = {.kind = j->kind, .intact = j->intact};
    snprintf(result.reason, sizeof result.reason, "%s", j->reason);
    snprintf(result.hash.sha256, sizeof result.hash.sha256, "%064d", 1);
    bool good = artefact_judge(j->url, &response, &result, &e);
    assert_int_equal(good, j->code == ERROR_NONE);
    assert_error(&e, j->code, j->part);
    assert_null(strstr(e.message, "secret"));
}

static void test_judge_empty(void **state)
{
    struct error e = {0};
    struct response response = {.status = 200};
    struct artefact_result result = {.kind = FILE_OTHER, .intact = true};
    (void)state;
    snprintf(result.hash.sha256, sizeof result.hash.sha256, EMPTY);
    assert_false(artefact_judge(AT "install", &response, &result, &e));
    assert_error(&e, ERROR_REFUSED, "artefact " AT "install is empty");
}

static void test_judge_size(void **state)
{
    static const struct {
        unsigned long long size, old_size;
        bool good;
    } rows[] = {
        {100, 100, true},  {25, 100, true}, {24, 100, false}, {1, 1ULL << 40, false},
        {1000, 100, true}, {0, 100, true},  {100, 0, true},   {0, 0, true},
        {1, 3, true},      {1, 7, true},    {1, 8, false},    {~0ULL, ~0ULL, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error e = {0};
        assert_int_equal(artefact_judge_size(AT "x", rows[i].size, rows[i].old_size, &e),
                         rows[i].good);
        assert_int_equal(e.code, rows[i].good ? ERROR_NONE : ERROR_REFUSED);
    }
}

static void test_known_checksums(void **state)
{
    static const struct {
        const char *url, *checksum;
    } rows[] = {
        {"https://get.jenkins.io/war-stable/2.555.1/jenkins.war",
         "https://get.jenkins.io/war-stable/2.555.1/jenkins.war.sha256"},
        {"https://dlcdn.apache.org/kafka/4.1.1/kafka_2.13-4.1.1.tgz",
         "https://downloads.apache.org/kafka/4.1.1/kafka_2.13-4.1.1.tgz.sha512"},
        {"https://downloads.apache.org/kafka/4.1.1/kafka_2.13-4.1.1.tgz",
         "https://downloads.apache.org/kafka/4.1.1/kafka_2.13-4.1.1.tgz.sha512"},
        {"https://archive.apache.org/dist/kafka/3.9.0/kafka_2.13-3.9.0.tgz",
         "https://archive.apache.org/dist/kafka/3.9.0/kafka_2.13-3.9.0.tgz.sha512"},
        {"https://get.jenkins.io.example.org/jenkins.war", NULL},
        {"http://get.jenkins.io/jenkins.war", NULL},
        {"https://github.com/redis/redis/archive/8.6.2.tar.gz", NULL},
        {"", NULL},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = artefact_known_checksum(&a, rows[i].url);
        assert_string_equal(found ? found : "none", rows[i].checksum ? rows[i].checksum : "none");
    }
    arena_free(&a);
}

/* Which of a release's files has the hash of "x-1.0.tar.gz": the first row that is there wins. */
static void test_checksum_assets(void **state)
{
    static const struct {
        const char *names[4];
        const char *wanted;
        bool own;
    } rows[] = {
        {{"x-1.0.tar.gz", "x-1.0.tar.gz.sha256", "SHA256SUMS"}, "x-1.0.tar.gz.sha256", true},
        {{"SHA256SUMS", "x-1.0.tar.gz.SHA512"}, "x-1.0.tar.gz.SHA512", true},
        {{"x-1.0.tar.gz.asc", "y-1.0.tar.gz.sha256"}, NULL, false},
        {{"checksums.txt.asc", "checksums.txt"}, "checksums.txt", false},
        {{"checksums.txt.asc", "checksums.txt.sig"}, "checksums.txt.asc", false},
        {{"SHA256SUMS.asc", "SHA256SUMS.minisig"}, "SHA256SUMS.asc", false},
        {{"x_1.0_checksums.txt"}, "x_1.0_checksums.txt", false},
        {{"x-1.0.sha256sums", "x-1.0.sha512sums.txt"}, "x-1.0.sha256sums", false},
        {{"SHASUMS256.txt"}, "SHASUMS256.txt", false},
        {{"mychecksums.txt", "checksums.txt.html", "SHA256SUMS.d"}, NULL, false},
        {{"x-1.0.tar.gz.sha256.bak", "x-1.0.tar.gzx"}, NULL, false},
        {{NULL}, NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asset assets[4] = {{0}};
        struct release r = {.assets = assets};
        bool own;
        for (; r.asset_count < 4 && rows[i].names[r.asset_count]; r.asset_count++)
            assets[r.asset_count] =
                (struct asset){.name = rows[i].names[r.asset_count], .url = "https://x"};
        const struct asset *found = checksum_asset(&r, SLICE("x-1.0.tar.gz"), &own);
        assert_string_equal(found ? found->name : "none", rows[i].wanted ? rows[i].wanted : "none");
        assert_int_equal(own, rows[i].own);
    }
}

int main(void)
{
    static struct CMUnitTest tests[MOST_CASES + sizeof judgements / sizeof *judgements + 4];
    struct arena a = {0};
    size_t cases = find_cases(&a, tests), count = cases;
    for (size_t i = 0; i < sizeof judgements / sizeof *judgements; i++)
        tests[count++] = (struct CMUnitTest){.name = judgements[i].name,
                                             .test_func = test_judge,
                                             .initial_state = (void *)&judgements[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_judge_empty);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_judge_size);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_known_checksums);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_checksum_assets);
    int failed = cases ? _cmocka_run_group_tests("artefact", tests, count, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
