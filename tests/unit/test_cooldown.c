/* The cooldown, day by day: what is held, from when on its age counts, and what becomes of a tag
 * that moves. */
#include "tests/http/harness.h"

#include "watcher/cooldown.h"
#include "watcher/sightings.h"

enum { DAY = 24 * 60 * 60 };

struct fixture {
    struct test_context t;
    char folder[64];
    char path[96];
    struct component *c;
    struct candidate candidates[400];
    size_t count;
    struct arena a;
    struct cooling cooling;
};

static int open_test(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct component *c = component_new("redis", "redis.yaml", RECIPE_MELANGE);
    struct parameter name = {.value = SLICE("github")}, parameter = {.value = SLICE("redis/redis")};
    struct error e = {0};
    test_context_init(&f->t, 1);
    make_folder(f->folder);
    snprintf(f->path, sizeof f->path, "%s/cache.db", f->folder);
    if (!spec_make(&c->arena, "redis.yaml", &name, &parameter, 1, &c->spec, &e))
        fail_msg("%s", e.message);
    c->scheme = scheme_find("apk");
    c->current = "1.0";
    c->minimum_age = 3 * DAY;
    c->policy = policy_default();
    f->c = c;
    *state = f;
    return 0;
}

static int close_test(void **state)
{
    struct fixture *f = *state;
    test_context_free(&f->t);
    remove_folder(f->folder);
    component_free(f->c);
    arena_free(&f->a);
    free(f);
    return 0;
}

static struct candidate *publish(struct fixture *f, const char *raw, const char *commit)
{
    struct candidate *c = &f->candidates[f->count++];
    *c = (struct candidate){.raw = raw, .commit = commit};
    return c;
}

static int64_t first_seen(void *arg, const struct candidate *candidate)
{
    struct fixture *f = arg;
    return cooling_first_seen(&f->cooling, candidate);
}

/* What a run decides so many days after the first. */
static struct choice day(struct fixture *f, int days)
{
    struct http_options options = {.cache_file = f->path, .retries = -1};
    struct http *h = open_engine(&f->t.ctx, &options);
    struct choosing by = {.now = f->t.start_s + days * DAY, .first_seen = first_seen, .arg = f};
    struct choice choice;
    assert_true(cooling_init(&f->cooling, h, f->c, by.now));
    choose(&f->a, f->c, f->candidates, f->count, &by, &choice);
    cooling_note(&f->cooling, &f->a, &choice);
    http_close(h);
    return choice;
}

static void check(struct fixture *f, int days, enum decision_kind kind, const char *version)
{
    struct choice choice = day(f, days);
    assert_int_equal(choice.count, 1);
    assert_string_equal(decision_name(choice.decisions[0].kind), decision_name(kind));
    assert_string_equal(choice.decisions[0].version, version);
    assert_int_equal(choice.warnings.count, 0);
}

static void an_undated_release_waits_from_its_first_sight(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.0", NULL);
    check(f, 0, DECISION_CURRENT, "1.0");
    publish(f, "1.1", NULL);
    check(f, 10, DECISION_HELD, "1.1");
    check(f, 12, DECISION_HELD, "1.1");
    check(f, 13, DECISION_MINOR, "1.1");
    check(f, 400, DECISION_MINOR, "1.1");
}

static void one_that_is_overtaken_keeps_its_first_sight(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.0", NULL);
    check(f, 0, DECISION_CURRENT, "1.0");
    publish(f, "1.1", NULL);
    publish(f, "1.2", NULL);
    check(f, 1, DECISION_HELD, "1.2");
    publish(f, "1.3", NULL);
    check(f, 3, DECISION_HELD, "1.3");
    check(f, 4, DECISION_MINOR, "1.2");
    check(f, 6, DECISION_MINOR, "1.3");
}

static void an_upstream_that_is_new_is_told(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.1", NULL);
    struct choice choice = day(f, 0);
    assert_string_equal(decision_name(choice.decisions[0].kind), "held");
    assert_int_equal(choice.warnings.count, 1);
    assert_non_null(strstr(choice.warnings.items[0], "minimum-age counts from today"));
    check(f, 1, DECISION_HELD, "1.1");
    check(f, 3, DECISION_MINOR, "1.1");
}

static void a_tag_that_moves_is_never_proposed(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.0", NULL);
    check(f, 0, DECISION_CURRENT, "1.0");
    struct candidate *c = publish(f, "1.1", "aaaa");
    check(f, 1, DECISION_HELD, "1.1");
    c->commit = "AAAA";
    check(f, 2, DECISION_HELD, "1.1");
    c->commit = "bbbb";
    for (int days = 3; days < 6; days++) {
        struct choice choice = day(f, days);
        assert_string_equal(decision_name(choice.decisions[0].kind), "retagged");
        assert_int_equal(choice.decisions[0].action, ACTION_IGNORE);
        assert_non_null(strstr(choice.decisions[0].reason, "1.1 was commit aaaa when"));
        assert_non_null(strstr(choice.decisions[0].reason, "and is bbbb now"));
    }
    c->commit = "aaaa";
    check(f, 6, DECISION_MINOR, "1.1");
}

static void a_commit_that_was_not_known_is_none_that_moved(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.0", NULL);
    check(f, 0, DECISION_CURRENT, "1.0");
    struct candidate *c = publish(f, "1.1", NULL);
    check(f, 1, DECISION_HELD, "1.1");
    c->commit = "aaaa";
    check(f, 2, DECISION_HELD, "1.1");
    c->commit = NULL;
    check(f, 3, DECISION_HELD, "1.1");
    c->commit = "aaaa";
    check(f, 4, DECISION_MINOR, "1.1");
}

static void a_release_with_a_date_needs_no_memory_of_it(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.1", "aaaa")->published = f->t.start_s - DAY;
    check(f, 0, DECISION_HELD, "1.1");
    check(f, 2, DECISION_MINOR, "1.1");
    f->candidates[0].commit = "bbbb";
    check(f, 2, DECISION_RETAGGED, "1.1");
}

static void what_is_not_newer_is_not_noted(void **state)
{
    struct fixture *f = *state;
    struct http_options options = {.cache_file = f->path, .retries = -1};
    struct sighting s;
    publish(f, "0.9", "aaaa");
    publish(f, "1.0", "aaaa");
    publish(f, "1.1", "aaaa");
    publish(f, "2.0-rc1", "aaaa");
    day(f, 0);
    struct http *h = open_engine(&f->t.ctx, &options);
    for (size_t i = 0; i < f->count; i++)
        assert_int_equal(sightings_get(h, &f->a, f->c, f->candidates[i].raw, &s), i == 2);
    http_close(h);
}

/* Somebody pins what is hundreds of releases old: the newest is noted whatever happens. */
static void only_so_many_are_noted_in_a_run(void **state)
{
    struct fixture *f = *state;
    struct http_options options = {.cache_file = f->path, .retries = -1};
    struct sighting s;
    size_t noted = 0;
    for (int i = 1; i <= 300; i++)
        publish(f, arena_printf(&f->a, "1.%d", i), NULL);
    day(f, 0);
    struct http *h = open_engine(&f->t.ctx, &options);
    for (size_t i = 0; i < f->count; i++)
        noted += sightings_get(h, &f->a, f->c, f->candidates[i].raw, &s);
    assert_int_equal(noted, 101);
    assert_true(sightings_get(h, &f->a, f->c, "1.300", &s));
    http_close(h);
    check(f, 3, DECISION_MINOR, "1.300");
}

static void a_clock_that_was_wrong_holds_nothing_for_years(void **state)
{
    struct fixture *f = *state;
    publish(f, "1.0", NULL);
    publish(f, "1.1", NULL);
    day(f, 4000);
    struct choice choice = day(f, 0);
    assert_string_equal(decision_name(choice.decisions[0].kind), "minor");
    assert_int_equal(choice.warnings.count, 1);
    assert_non_null(strstr(choice.warnings.items[0], "minimum-age was not applied"));
}

static void there_is_none_without_minimum_age_or_a_memory(void **state)
{
    struct fixture *f = *state;
    struct http_options options = {.cache_file = f->path, .retries = -1};
    struct http *h = open_engine(&f->t.ctx, &options);
    f->c->minimum_age = 0;
    assert_false(cooling_init(&f->cooling, h, f->c, 0));
    f->c->minimum_age = DAY;
    assert_true(cooling_init(&f->cooling, h, f->c, 0));
    f->c->snapshot = "main";
    assert_false(cooling_init(&f->cooling, h, f->c, 0));
    f->c->snapshot = NULL;
    http_close(h);
    options.cache_file = NULL;
    h = open_engine(&f->t.ctx, &options);
    assert_false(cooling_init(&f->cooling, h, f->c, 0));
    http_close(h);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_undated_release_waits_from_its_first_sight),
        CASE(one_that_is_overtaken_keeps_its_first_sight),
        CASE(an_upstream_that_is_new_is_told),
        CASE(a_tag_that_moves_is_never_proposed),
        CASE(a_commit_that_was_not_known_is_none_that_moved),
        CASE(a_release_with_a_date_needs_no_memory_of_it),
        CASE(what_is_not_newer_is_not_noted),
        CASE(only_so_many_are_noted_in_a_run),
        CASE(a_clock_that_was_wrong_holds_nothing_for_years),
        CASE(there_is_none_without_minimum_age_or_a_memory),
    };
    return cmocka_run_group_tests_name("cooldown", tests, NULL, NULL);
}
