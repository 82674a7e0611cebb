/* What is remembered of releases and artefacts, by whom, and for how long. */
#include "tests/http/harness.h"

#include "watcher/sightings.h"

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
    snprintf(f->path, sizeof f->path, "%s/cache.db", f->folder);
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

static struct http *begin(struct fixture *f)
{
    struct http_options options = {.cache_file = f->path, .retries = -1};
    return open_engine(&f->t.ctx, &options);
}

static struct component *component(const char *source, const char *value, const char *prefix)
{
    struct component *c = component_new("redis", "redis.yaml", RECIPE_MELANGE);
    struct parameter name = {.value = slice_of(source)};
    struct parameter parameter = {.value = slice_of(value)};
    struct error e = {0};
    if (!spec_make(&c->arena, "redis.yaml", &name, &parameter, 1, &c->spec, &e))
        fail_msg("%s", e.message);
    c->spec.prefix = prefix;
    return c;
}

static struct sighted_file file(const char *url, const char *sha256)
{
    return (struct sighted_file){url, sha256, "f00d", 12};
}

static void what_was_first_seen_stays(void **state)
{
    struct fixture *f = *state;
    struct component *c = component("github", "redis/redis", NULL);
    struct sighted_file first = file("https://a", "1"), other = file("https://a", "2"),
                        more = file("https://b", "3");
    struct sighting s = {.seen = 1000}, found;
    struct http *h = begin(f);
    assert_true(http_remembers(h));
    assert_false(sightings_get(h, &f->a, c, "v1", &found));
    sightings_note(h, c, "v1", &s);
    s = (struct sighting){.seen = 2000, .commit = "c1", .files = &first, .file_count = 1};
    sightings_note(h, c, "v1", &s);
    http_close(h);
    h = begin(f);
    s = (struct sighting){.seen = 3000, .commit = "c2", .files = &other, .file_count = 1};
    sightings_note(h, c, "v1", &s);
    s = (struct sighting){.seen = 4000, .files = &more, .file_count = 1};
    sightings_note(h, c, "v1", &s);
    assert_true(sightings_get(h, &f->a, c, "v1", &found));
    assert_int_equal(found.seen, 1000);
    assert_string_equal(found.commit, "c1");
    assert_int_equal(found.file_count, 2);
    assert_string_equal(found.files[0].sha256, "1");
    assert_string_equal(found.files[1].sha256, "3");
    assert_int_equal(found.files[1].size, 12);
    http_close(h);
    component_free(c);
}

static void a_release_belongs_to_its_source(void **state)
{
    struct fixture *f = *state;
    struct component *c = component("github", "redis/redis", NULL),
                     *narrowed = component("github", "redis/redis", "v"),
                     *other = component("github", "valkey-io/valkey", NULL);
    struct sighting s = {.seen = 1000}, found;
    struct http *h = begin(f);
    sightings_note(h, c, "v1", &s);
    assert_true(sightings_get(h, &f->a, narrowed, "v1", &found));
    assert_false(sightings_get(h, &f->a, other, "v1", &found));
    assert_false(sightings_get(h, &f->a, c, "v11", &found));
    http_close(h);
    component_free(c);
    component_free(narrowed);
    component_free(other);
}

static void what_is_forgotten_is_seen_anew(void **state)
{
    struct fixture *f = *state;
    struct component *c = component("github", "redis/redis", NULL);
    struct sighted_file first = file("https://a", "1");
    struct sighting s = {.seen = 1000, .files = &first, .file_count = 1}, found;
    struct http *h = begin(f);
    sightings_note(h, c, "v1", &s);
    sightings_note(h, c, "v2", &s);
    sightings_forget(h, c, "v1");
    assert_false(sightings_get(h, &f->a, c, "v1", &found));
    assert_true(sightings_get(h, &f->a, c, "v2", &found));
    assert_int_equal(found.file_count, 1);
    s = (struct sighting){.seen = 5000};
    sightings_note(h, c, "v1", &s);
    assert_true(sightings_get(h, &f->a, c, "v1", &found));
    assert_int_equal(found.seen, 5000);
    assert_int_equal(found.file_count, 0);
    http_close(h);
    component_free(c);
}

static void nothing_is_remembered_without_a_cache(void **state)
{
    struct fixture *f = *state;
    struct component *c = component("github", "redis/redis", NULL);
    struct http_options options = {.retries = -1};
    struct sighting s = {.seen = 1000}, found;
    struct artefact_record record = {.url = "u", .sha256 = "a", .sha512 = "b"}, kept;
    struct http *h = open_engine(&f->t.ctx, &options);
    assert_false(http_remembers(h));
    sightings_note(h, c, "v1", &s);
    assert_false(sightings_get(h, &f->a, c, "v1", &found));
    http_record_put(h, &record);
    assert_false(http_record_get(h, &f->a, "u", "a", &kept));
    sightings_forget(h, c, "v1");
    http_close(h);
    component_free(c);
}

/* Another process that is writing is waited for at most as long as the cache's own writes are; the
 * readers among them never are. */
static void two_processes_see_the_same(void **state)
{
    struct fixture *f = *state;
    struct component *c = component("github", "redis/redis", NULL);
    struct sighting s = {.seen = 1000, .commit = "c1"}, found;
    struct http *one = begin(f), *two = begin(f);
    sightings_note(one, c, "v1", &s);
    assert_true(sightings_get(two, &f->a, c, "v1", &found));
    s = (struct sighting){.seen = 2000, .commit = "c2"};
    sightings_note(two, c, "v1", &s);
    assert_true(sightings_get(one, &f->a, c, "v1", &found));
    assert_int_equal(found.seen, 1000);
    assert_string_equal(found.commit, "c1");
    http_close(one);
    http_close(two);
    component_free(c);
}

static void records_are_found_by_either_hash(void **state)
{
    struct fixture *f = *state;
    struct artefact_record record = {.url = "https://a/x.tar.gz",
                                     .sha256 = "aa",
                                     .sha512 = "bbbb",
                                     .size = 77,
                                     .content = "cc",
                                     .etag = "\"1\"",
                                     .members = SLICE("dd 5 x\n")},
                           kept;
    struct http *h = begin(f);
    http_record_put(h, &record);
    record.sha256 = "ee";
    record.sha512 = "ff";
    record.members = (struct slice){0};
    http_record_put(h, &record);
    http_close(h);
    h = begin(f);
    assert_true(http_record_get(h, &f->a, record.url, "aa", &kept));
    assert_true(http_record_get(h, &f->a, record.url, "bbbb", &kept));
    assert_string_equal(kept.sha256, "aa");
    assert_int_equal(kept.size, 77);
    assert_string_equal(kept.content, "cc");
    assert_string_equal(kept.etag, "\"1\"");
    assert_null(kept.modified);
    assert_true(slice_is(kept.members, "dd 5 x\n"));
    assert_true(http_record_get(h, &f->a, record.url, "ff", &kept));
    assert_int_equal(kept.members.len, 0);
    record = kept;
    assert_false(http_record_get(h, &f->a, "https://b", "aa", &kept));
    record.etag = NULL;
    record.modified = "Wed, 06 May 2026 08:34:24 GMT";
    http_record_put(h, &record);
    assert_true(http_record_get(h, &f->a, record.url, "ff", &kept));
    assert_null(kept.etag);
    assert_string_equal(kept.modified, record.modified);
    http_close(h);
}

static void what_nobody_uses_goes(void **state)
{
    struct fixture *f = *state;
    struct component *c = component("github", "redis/redis", NULL);
    struct sighted_file first = file("https://a", "1");
    struct sighting s = {.seen = 1000, .files = &first, .file_count = 1}, found;
    struct artefact_record record = {.url = "u", .sha256 = "a", .sha512 = "b"}, kept;
    struct http *h = begin(f);
    sightings_note(h, c, "v1", &s);
    sightings_note(h, c, "v2", &s);
    http_record_put(h, &record);
    http_close(h);
    f->t.start_s += 300LL * 24 * 3600;
    h = begin(f);
    assert_true(sightings_get(h, &f->a, c, "v1", &found));
    http_close(h);
    f->t.start_s += 200LL * 24 * 3600;
    h = begin(f);
    assert_true(sightings_get(h, &f->a, c, "v1", &found));
    assert_int_equal(found.file_count, 1);
    assert_false(sightings_get(h, &f->a, c, "v2", &found));
    assert_false(http_record_get(h, &f->a, "u", "a", &kept));
    http_close(h);
    component_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_first_seen_stays, open_test, close_test),
        cmocka_unit_test_setup_teardown(a_release_belongs_to_its_source, open_test, close_test),
        cmocka_unit_test_setup_teardown(what_is_forgotten_is_seen_anew, open_test, close_test),
        cmocka_unit_test_setup_teardown(nothing_is_remembered_without_a_cache, open_test,
                                        close_test),
        cmocka_unit_test_setup_teardown(two_processes_see_the_same, open_test, close_test),
        cmocka_unit_test_setup_teardown(records_are_found_by_either_hash, open_test, close_test),
        cmocka_unit_test_setup_teardown(what_nobody_uses_goes, open_test, close_test),
    };
    return cmocka_run_group_tests_name("sightings", tests, NULL, NULL);
}
