/* History replayed: at each moment the tags that existed then, in several orders, chosen from what
 * was pinned then. Nothing lower than what is pinned is ever proposed, every real release of the
 * line is, and every new major is told. What should come out is worked out here from the numbers in
 * the tags, by none of the program's own code. The projects of the minimal repository are
 * configured by config/mwatch.yaml itself.
 *
 * $MWATCH_CORPUS (or ../shared) holds upstreams/NAME.tsv: tag, object, peeled commit, time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/file.h"
#include "watcher/choose.h"
#include "watcher/recipes/config.h"
#include "watcher/recipes/melange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 4, MOST_STEPS = 400, MOVES_AFTER = 9 };

/* So many candidates are looked at a project, steps times tags, for its pace to be bearable. */
enum { MOST_WORK = 500 * 1000 };

/* Projects that the minimal repository lacks. */
#define OTHERS                                                                                     \
    "defaults: {strip-prefix: v, policy: {patch: merge, minor: merge}}\n"                          \
    "recipes:\n"                                                                                   \
    "  curl:\n"                                                                                    \
    "    source: {github: curl/curl}\n"                                                            \
    "    tag-filter-prefix: curl-\n"                                                               \
    "    strip-prefix: curl-\n"                                                                    \
    "    version-separator: _\n"                                                                   \
    "  libgit2: {source: {github: libgit2/libgit2}}\n"                                             \
    "  renovate: {source: {github: renovatebot/renovate}}\n"

static const struct project {
    const char *recipe; /* its key in the configuration */
    const char *file;
    const char *before;    /* what stands before the numbers of its releases' tags; "v" may */
    const char *separator; /* and between them */
    bool other;            /* configured by OTHERS */
} projects[] = {
    {"caddy", "caddyserver+caddy", "v", ".", false},
    {"coredns", "coredns+coredns", "v", ".", false},
    {"etcd", "etcd-io+etcd", "v", ".", false},
    {"memcached", "memcached+memcached", "v", ".", false},
    {"nats", "nats-io+nats-server", "v", ".", false},
    {"prometheus", "prometheus+prometheus", "v", ".", false},
    {"redis-slim", "redis+redis", "v", ".", false},
    {"traefik", "traefik+traefik", "v", ".", false},
    {"valkey", "valkey-io+valkey", "v", ".", false},
    {"victoria-metrics", "VictoriaMetrics+VictoriaMetrics", "v", ".", false},
    {"curl", "curl+curl", "curl-", "_", true},
    {"libgit2", "libgit2+libgit2", "v", ".", true},
    {"renovate", "renovatebot+renovate", "v", ".", true},
};

/* ---- what is true ---- */

struct numbers {
    size_t count; /* 0 = no release */
    unsigned long of[NUMBERS];
};

/* Numbers with separators between them and nothing else: anything more is no final release. */
static struct numbers numbers_of(const char *text, const char *before, const char *separator)
{
    struct numbers n = {0}, none = {0};
    if (strncmp(text, before, strlen(before)) == 0)
        text += strlen(before);
    else if (strcmp(before, "v") != 0)
        return none;
    while (n.count < NUMBERS && *text >= '0' && *text <= '9') {
        char *end;
        n.of[n.count++] = strtoul(text, &end, 10);
        if (*end == '\0')
            return n.count > 1 ? n : none;
        if (*end != *separator)
            return none;
        text = end + 1;
    }
    return none;
}

static int numbers_compare(const struct numbers *a, const struct numbers *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->of[i] != b->of[i])
            return a->of[i] < b->of[i] ? -1 : 1;
    return (a->count > b->count) - (a->count < b->count);
}

/* ---- what upstream had ---- */

struct tag {
    const char *name;
    int64_t time;
    struct numbers numbers;
};

struct history {
    struct arena a;
    const struct project *project;
    VEC(struct tag) tags; /* the oldest first */
    struct component *component;
    struct candidate *candidates;
    struct config config;
    bool on_major; /* it follows the pinned major, by its configuration */
};

static int by_time(const void *a, const void *b)
{
    const struct tag *x = a, *y = b;
    return x->time != y->time ? (x->time < y->time ? -1 : 1) : strcmp(x->name, y->name);
}

static bool read_tags(struct history *h)
{
    const char *root = getenv("MWATCH_CORPUS") ? getenv("MWATCH_CORPUS") : "../shared";
    const char *path = arena_printf(&h->a, "%s/upstreams/%s.tsv", root, h->project->file);
    struct buf text = BUF_MAX(1 << 24);
    struct error e = {0};
    struct slice rest, line, field;
    if (!file_read(path, &text, &e))
        return false;
    for (rest = buf_slice(&text); slice_line(&rest, &line);) {
        struct tag t = {0};
        for (int column = 0; slice_split(&line, '\t', &field); column++)
            if (column == 0)
                t.name = arena_text(&h->a, field);
            else if (column == 3)
                t.time = strtoll(arena_text(&h->a, field), NULL, 10);
        t.numbers = numbers_of(t.name, h->project->before, h->project->separator);
        vec_push(&h->a, &h->tags, t);
    }
    buf_free(&text);
    qsort(h->tags.items, h->tags.count, sizeof *h->tags.items, by_time);
    return true;
}

static bool read_nothing(void *arg, const char *file, struct buf *out, struct error *e)
{
    (void)arg;
    (void)out;
    return error_set(e, ERROR_SYSTEM, "%s is not there", file);
}

static void read_config(struct history *h)
{
    struct buf text = BUF_MAX(1 << 20);
    struct error e = {0};
    if (h->project->other)
        buf_add_text(&text, OTHERS);
    else
        assert_true(file_read("config/mwatch.yaml", &text, &e));
    if (!config_read(&h->config, "mwatch.yaml", buf_slice(&text), &e))
        fail_msg("%s", e.message);
    buf_free(&text);
}

/* The component that the configuration makes of a small recipe. */
static void make_component(struct history *h, const char *version)
{
    struct arena a = {0};
    struct yaml y;
    struct error e = {0};
    struct components found = {0};
    const char *file = arena_printf(&h->a, "%s/melange.yaml", h->project->recipe);
    const char *text = arena_printf(&a,
                                    "package:\n  name: %s-minimal\n  version: \"%s\"\n  epoch: 0\n"
                                    "vars:\n  sha256: \"0\"\n",
                                    h->project->recipe, version);
    struct config_files files = {&file, 1, read_nothing, NULL};
    struct component *c = component_new(NULL, file, RECIPE_MELANGE);
    assert_true(yaml_parse(&a, file, slice_of(text), &y, &e));
    assert_true(melange_read(&y, c, &e));
    config_apply(&h->config, &files, &y, slice_of(text), c, &found);
    assert_int_equal(found.count, 1);
    if (error_is_set(&found.items[0]->error))
        fail_msg("%s", found.items[0]->error.message);
    h->component = found.items[0];
    h->on_major = h->component->stream != NULL;
    free(found.items);
    arena_free(&a);
}

static const struct tag *first_release(const struct history *h)
{
    for (size_t i = 0; i < h->tags.count; i++)
        if (h->tags.items[i].numbers.count)
            return &h->tags.items[i];
    fail_msg("%s has no release", h->project->file);
    return NULL;
}

static void pin(struct history *h, const struct numbers *n)
{
    struct buf text = {0};
    for (size_t i = 0; i < n->count; i++)
        buf_addf(&text, "%s%lu", i ? "." : "", n->of[i]);
    h->component->current = arena_text(&h->a, buf_slice(&text));
    h->component->stream = h->on_major ? arena_printf(&h->a, "%lu", n->of[0]) : NULL;
    buf_free(&text);
}

/* ---- a step ---- */

enum order { OLDEST_FIRST, NEWEST_FIRST, SHUFFLED, NEWEST_ALONE, ORDERS };

static unsigned long long next_random(unsigned long long *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return *state >> 33;
}

/* The first `count` tags as an upstream may list them; how many there are. */
static size_t list(struct history *h, size_t count, enum order order)
{
    struct candidate *out = h->candidates;
    unsigned long long state = count;
    size_t listed = 0;
    for (size_t i = 0; i < count; i++) {
        const struct tag *t = &h->tags.items[order == OLDEST_FIRST ? i : count - 1 - i];
        if (order == NEWEST_ALONE && !t->numbers.count)
            continue;
        out[listed++] = (struct candidate){.raw = t->name, .published = t->time};
        if (order == NEWEST_ALONE)
            break;
    }
    for (size_t i = listed; order == SHUFFLED && i > 1; i--) {
        size_t other = next_random(&state) % i;
        struct candidate kept = out[i - 1];
        out[i - 1] = out[other];
        out[other] = kept;
    }
    return listed;
}

struct truth {
    struct numbers line, beyond; /* the highest on the pinned major, and above it */
};

static struct truth truth_of(const struct history *h, size_t count, enum order order,
                             const struct numbers *pinned)
{
    struct truth t = {0};
    for (size_t i = count; i-- > 0;) {
        const struct numbers *n = &h->tags.items[i].numbers;
        if (!n->count)
            continue;
        if (n->of[0] == pinned->of[0] && numbers_compare(n, &t.line) > 0)
            t.line = *n;
        if (n->of[0] > pinned->of[0] && numbers_compare(n, &t.beyond) > 0)
            t.beyond = *n;
        if (order == NEWEST_ALONE)
            break;
    }
    return t;
}

/* What is proposed on the pinned major, and what is told of above it; a lower version fails. */
static void read_choice(const struct history *h, const struct choice *choice,
                        const struct numbers *pinned, struct truth *out)
{
    *out = (struct truth){0};
    for (size_t i = 0; i < choice->count; i++) {
        const struct decision *d = &choice->decisions[i];
        if (!decision_proposes(d))
            continue;
        struct numbers n = numbers_of(d->version, "", ".");
        if (!n.count || numbers_compare(&n, pinned) <= 0)
            fail_msg("%s: %s is proposed where %s is pinned", h->project->recipe, d->version,
                     h->component->current);
        if (n.of[0] == pinned->of[0])
            out->line = n;
        else
            out->beyond = n;
        assert_int_equal(d->action, n.of[0] == pinned->of[0] ? ACTION_MERGE : ACTION_ISSUE);
    }
}

static void step(struct history *h, size_t count, enum order order, const struct numbers *pinned,
                 struct truth *found)
{
    struct arena a = {0};
    struct choice choice = {0};
    struct truth truth = truth_of(h, count, order, pinned), none = {0};
    size_t listed = list(h, count, order);
    struct choosing by = {.now = h->tags.items[count - 1].time + 1};
    choose(&a, h->component, h->candidates, listed, &by, &choice);
    read_choice(h, &choice, pinned, found);
    if (numbers_compare(&truth.line, pinned) <= 0)
        truth.line = none.line;
    if (numbers_compare(&truth.line, &found->line) != 0)
        fail_msg("%s, pinned %s, %zu tags up to %s: the line's newest is not what is proposed (%s)",
                 h->project->recipe, h->component->current, count, h->tags.items[count - 1].name,
                 choice.decisions[0].reason);
    if (numbers_compare(&truth.beyond, &found->beyond) != 0)
        fail_msg("%s, pinned %s, %zu tags up to %s: the newest major is not what is told of (%s)",
                 h->project->recipe, h->component->current, count, h->tags.items[count - 1].name,
                 choice.decisions[choice.count - 1].reason);
    arena_free(&a);
}

/* ---- all of it ---- */

/* Merge what is proposed; a person moves to a new major a while after it was told of. */
static void advance(struct history *h, size_t number, const struct truth *found,
                    struct numbers *pinned)
{
    if (found->line.count)
        *pinned = found->line;
    else if (found->beyond.count && number % MOVES_AFTER == 0)
        *pinned = found->beyond;
    pin(h, pinned);
}

static size_t replay(struct history *h)
{
    const struct tag *first = first_release(h);
    struct numbers pinned = first->numbers;
    size_t start = (size_t)(first - h->tags.items) + 1, steps = 0;
    size_t most = MOST_WORK / h->tags.count < MOST_STEPS ? MOST_WORK / h->tags.count : MOST_STEPS;
    size_t stride = (h->tags.count - start) / most + 1;
    pin(h, &pinned);
    for (size_t count = start; count <= h->tags.count; count += stride, steps++) {
        struct truth found, ignored;
        for (enum order order = OLDEST_FIRST; order < ORDERS; order++)
            step(h, count, order, &pinned, order == SHUFFLED ? &found : &ignored);
        advance(h, steps, &found, &pinned);
    }
    return steps;
}

static void test_project(void **state)
{
    struct history h = {.project = *state};
    bool there = read_tags(&h);
    if (there) {
        read_config(&h);
        make_component(&h, "0.0.1");
        h.candidates = arena_array(&h.a, h.tags.count, sizeof *h.candidates);
        assert_in_range(replay(&h), h.tags.count < 20 ? 2 : 10, MOST_STEPS + 1);
        component_free(h.component);
        config_free(&h.config);
    }
    arena_free(&h.a);
    if (!there)
        skip();
}

/* What upstream called its latest when the minimal repository merged it, and what was pinned. */
static const struct {
    const char *recipe, *pinned, *latest;
} downgrades[] = {
    {"victoria-metrics", "1.138.0", "v1.122.17"},
    {"victoria-metrics", "1.139.0", "v1.136.3"},
    {"victoria-metrics", "1.140.0", "v1.136.5"},
    {"haproxy", "3.2.12", "v3.2.0"},
};

static void test_downgrades(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof downgrades / sizeof *downgrades; i++) {
        struct project project = {downgrades[i].recipe, "", "v", ".", false};
        struct history h = {.project = &project};
        struct choice choice = {0};
        struct candidate latest = {.raw = downgrades[i].latest, .flags = CANDIDATE_LATEST};
        read_config(&h);
        make_component(&h, downgrades[i].pinned);
        choose(&h.a, h.component, &latest, 1, &(struct choosing){.now = 1778000000}, &choice);
        assert_int_equal(choice.count, 1);
        assert_int_equal(choice.decisions[0].kind, DECISION_REGRESSED);
        assert_false(decision_proposes(&choice.decisions[0]));
        component_free(h.component);
        config_free(&h.config);
        arena_free(&h.a);
    }
}

int main(void)
{
    enum { PROJECTS = sizeof projects / sizeof *projects };
    struct CMUnitTest tests[PROJECTS + 1];
    for (size_t i = 0; i < PROJECTS; i++)
        tests[i] = (struct CMUnitTest){projects[i].recipe, test_project, NULL, NULL,
                                       (void *)(uintptr_t)&projects[i]};
    tests[PROJECTS] = (struct CMUnitTest)cmocka_unit_test(test_downgrades);
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
