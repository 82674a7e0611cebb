/* The size of batches against servers of many kinds: how many requests it takes to have all
 * questions answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/batch_size.h"

#include <stdbool.h>

enum { QUESTIONS = 1180, LOG = 4096 };

/* A server that takes batches up to `limit`, and none with question number `poison` in it. */
struct server {
    size_t limit, poison;
    size_t limit_later; /* after half of the questions, 0 = the same */
};

struct course {
    size_t requests, failed, alone, largest;
    size_t sizes[LOG];
};

static bool takes(const struct server *server, size_t from, size_t count)
{
    size_t limit = server->limit;
    if (server->limit_later && from >= QUESTIONS / 2)
        limit = server->limit_later;
    return count <= limit && !(server->poison >= from && server->poison < from + count);
}

/* One round, as the polling stage judges it; the number of questions it is done with. */
static size_t round_of(struct batch_size *s, const struct server *server, size_t from,
                       struct course *c)
{
    size_t at = from, asked = 0, too_much = 0, done = from;
    bool sized = false;
    for (unsigned i = 0; i < batch_size_width(s) && at < QUESTIONS; i++) {
        size_t count = QUESTIONS - at < s->now ? QUESTIONS - at : s->now;
        bool good = takes(server, at, count);
        assert_true(c->requests < LOG);
        c->sizes[c->requests++] = count;
        c->failed += !good;
        asked = count > asked ? count : asked;
        if (good || count == 1)
            done += done == at ? count : 0;
        if (!good && count > 1 && !too_much)
            too_much = count;
        if (!good && count == 1) {
            c->alone++;
            batch_size_alone(s);
        }
        sized = sized || good || count > 1;
        at += count;
    }
    if (too_much)
        batch_size_failed(s, too_much);
    else if (sized)
        batch_size_worked(s, asked);
    return done;
}

static struct course run(const struct server *server)
{
    struct batch_size s;
    struct course c = {0};
    batch_size_init(&s, 50, 100);
    for (size_t done = 0; done < QUESTIONS;) {
        assert_in_range(s.now, 1, 100);
        assert_in_range(batch_size_width(&s), 1, BATCH_WIDEST);
        done = round_of(&s, server, done, &c);
    }
    for (size_t i = 0; i < c.requests; i++)
        c.largest = c.sizes[i] > c.largest ? c.sizes[i] : c.largest;
    return c;
}

static void starts_within_bounds(void **state)
{
    struct batch_size s;
    (void)state;
    batch_size_init(&s, 50, 100);
    assert_int_equal(s.now, 50);
    assert_int_equal(batch_size_width(&s), 1);
    batch_size_init(&s, 50, 20);
    assert_int_equal(s.now, 20);
    batch_size_init(&s, 0, 0);
    assert_int_equal(s.now, 1);
}

static void grows_to_the_most(void **state)
{
    struct server server = {.limit = 1000, .poison = SIZE_MAX};
    struct course c = run(&server);
    static const size_t sizes[] = {50, 62, 77, 96, 100, 100};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_int_equal(c.sizes[i], sizes[i]);
    assert_int_equal(c.largest, 100);
    assert_int_equal(c.failed, 0);
    assert_true(c.requests <= 14);
}

static void finds_the_limit(void **state)
{
    struct server server = {.limit = 10, .poison = SIZE_MAX};
    struct course c = run(&server);
    static const size_t sizes[] = {50, 25, 12, 6, 9, 10, 11, 10, 10, 10};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_int_equal(c.sizes[i], sizes[i]);
    assert_true(c.requests < 130);
}

/* Whatever the limit, the requests are few more than are needed with it. */
static void wastes_little(void **state)
{
    (void)state;
    for (size_t limit = 1; limit <= 120; limit++) {
        struct server server = {.limit = limit, .poison = SIZE_MAX};
        struct course c = run(&server);
        size_t fit = limit < 100 ? limit : 100, needed = (QUESTIONS + fit - 1) / fit;
        assert_true(c.requests <= needed + needed / 10 + 14);
    }
}

static void one_bad_question_costs_little(void **state)
{
    struct server server = {.limit = 1000, .poison = SIZE_MAX};
    size_t well = run(&server).requests;
    (void)state;
    for (server.poison = 0; server.poison < QUESTIONS; server.poison++) {
        struct course c = run(&server);
        assert_int_equal(c.alone, 1);
        assert_true(c.requests <= well + 22);
    }
}

static void follows_a_server_that_recovers(void **state)
{
    struct server server = {.limit = 7, .poison = SIZE_MAX, .limit_later = 1000};
    struct course c = run(&server);
    (void)state;
    assert_true(c.largest == 100 || c.sizes[c.requests - 2] > 50);
    assert_true(c.requests < 130);
}

static void follows_a_server_that_tires(void **state)
{
    struct server server = {.limit = 1000, .poison = SIZE_MAX, .limit_later = 5};
    struct course c = run(&server);
    (void)state;
    assert_true(c.requests < 160);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_within_bounds),
        cmocka_unit_test(grows_to_the_most),
        cmocka_unit_test(finds_the_limit),
        cmocka_unit_test(wastes_little),
        cmocka_unit_test(one_bad_question_costs_little),
        cmocka_unit_test(follows_a_server_that_recovers),
        cmocka_unit_test(follows_a_server_that_tires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
