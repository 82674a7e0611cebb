/* What is to be done about proposals: every rule over situations, without a forge. */
#include "tests/unit/unit.h"

#include "watcher/propose_parts.h"

/* ---- pull requests ---- */

enum {
    NO_BRANCH = BRANCH_NONE,
    OURS = BRANCH_OURS,
    READY = BRANCH_READY,
    FOREIGN = BRANCH_FOREIGN
};
enum { FULL_OPEN = 1, FULL_HOUR = 2, SEQUENTIAL = 4, UNMARKED = 8 };

struct row {
    const char *name;
    /* Proposals "STATE ORDER [DIGEST [ENDED]]", numbered from 1: o open, m merged, c closed; order
     * < = > against the wanted version. */
    const char *seen;
    enum base_state base;
    int branch, flags;
    const char *wanted; /* "create", "create push old=1 before=1", "keep=1 retext", or the words */
};

static const struct row rows[] = {
    {"nothing there", "", BASE_AS_HERE, NO_BRANCH, 0, "create push"},
    {"branch of a run that died", "", BASE_AS_HERE, READY, 0, "create"},
    {"branch with old content", "", BASE_AS_HERE, OURS, 0, "create push"},
    {"branch of somebody else", "", BASE_AS_HERE, FOREIGN, 0,
     "left: its branch has a commit by eve"},
    {"open and as it should be", "o=d", BASE_AS_HERE, READY, 0, "keep=1"},
    {"open, text changed", "o=x", BASE_AS_HERE, READY, 0, "keep=1 retext"},
    {"open, base moved", "o=d", BASE_AS_HERE, OURS, 0, "keep=1 push"},
    {"open, branch gone", "o=d", BASE_AS_HERE, NO_BRANCH, 0, "keep=1 push"},
    {"open, somebody's commit", "o=d", BASE_AS_HERE, FOREIGN, 0, "left: #1 has a commit by eve"},
    {"open, whatever the limits", "o=d", BASE_AS_HERE, READY, FULL_OPEN | FULL_HOUR, "keep=1"},
    {"open, half closed by a run that died", "o=d!superseded", BASE_AS_HERE, READY, 0,
     "keep=1 retext"},
    {"open beside a closed one", "c=d o=d", BASE_AS_HERE, READY, 0, "keep=2"},
    {"declined", "c=d", BASE_AS_HERE, READY, 0, "declined in #1"},
    {"a newer one declined", "c>d", BASE_AS_HERE, READY, 0, "declined in #1"},
    {"an older one declined", "c<d", BASE_AS_HERE, OURS, 0, "create push"},
    {"closed by mwatch itself", "c=d!done", BASE_AS_HERE, NO_BRANCH, 0, "create push"},
    {"declined though an older one is open", "o<d c=d", BASE_AS_HERE, OURS, 0, "declined in #2"},
    {"merged and taken back", "m=d", BASE_AS_HERE, NO_BRANCH, 0,
     "left: merged in #1, yet main has the old one"},
    {"an older one merged", "m<d", BASE_AS_HERE, OURS, 0, "create push"},
    {"base has it", "m=d", BASE_HAS_IT, READY, 0, "left: main has it, update the checkout"},
    {"base differs", "o=d", BASE_DIFFERS, READY, 0,
     "left: redis.yaml is another on main, update the checkout first"},
    {"supersede", "o<d", BASE_AS_HERE, OURS, 0, "create push old=1 before=1"},
    {"supersede what upstream took back", "o>d", BASE_AS_HERE, OURS, 0,
     "create push old=1 before=1"},
    {"superseding died after the push", "o<d", BASE_AS_HERE, READY, 0, "create old=1 before=1"},
    {"superseding died after the mark", "o<d!superseded", BASE_AS_HERE, READY, 0,
     "create old=1 before=1"},
    {"superseding died after the close", "c<d!superseded", BASE_AS_HERE, READY, 0,
     "create before=1"},
    {"superseding died after the create", "c<d!superseded o=d", BASE_AS_HERE, READY, 0,
     "keep=2 before=1"},
    {"a declined one is not superseded", "c<d", BASE_AS_HERE, READY, 0, "create"},
    {"only the one just before", "c<d!superseded c<d", BASE_AS_HERE, READY, 0, "create"},
    {"sequential", "o<d", BASE_AS_HERE, READY, SEQUENTIAL, "waits for #1"},
    {"sequential, none open", "m<d", BASE_AS_HERE, READY, SEQUENTIAL, "create"},
    {"older open, somebody's commit", "o<d", BASE_AS_HERE, FOREIGN, 0,
     "left: its branch has a commit by eve"},
    {"no marker", "", BASE_AS_HERE, READY, UNMARKED, "left: #99 on its branch has no marker"},
    {"too many open", "", BASE_AS_HERE, NO_BRANCH, FULL_OPEN,
     "left for the next run: limits.open is reached"},
    {"too many open, but it takes a place", "o<d", BASE_AS_HERE, READY, FULL_OPEN,
     "create old=1 before=1"},
    {"too many an hour", "o<d", BASE_AS_HERE, READY, FULL_HOUR,
     "left for the next run: limits.hourly is reached"},
};

static void add_seen(struct arena *a, struct sightings *out, struct slice word)
{
    struct seen seen = {.p = arena_new(a, struct proposal)};
    size_t mark = slice_find_byte(word, '!');
    seen.p->number = out->list.count + 1;
    seen.p->state = word.ptr[0] == 'o'   ? PROPOSAL_OPEN
                    : word.ptr[0] == 'm' ? PROPOSAL_MERGED
                                         : PROPOSAL_CLOSED;
    seen.order = word.ptr[1] == '<' ? -1 : word.ptr[1] == '>';
    seen.marker.digest = arena_text(a, slice_new(word.ptr + 2, 1));
    if (mark != SLICE_NONE)
        seen.marker.ended = arena_text(a, slice_from(word, mark + 1));
    vec_push(a, &out->list, seen);
}

static struct sightings read_seen(struct arena *a, const char *text)
{
    struct sightings out = {0};
    struct slice rest = slice_of(text), word;
    while (*text && slice_split(&rest, ' ', &word))
        add_seen(a, &out, word);
    return out;
}

static void add_number(struct buf *out, const char *name, const struct seen *seen)
{
    if (seen)
        buf_addf(out, "%s=%llu", name, seen->p->number);
}

static void tell(struct buf *out, const struct pull_plan *plan)
{
    if (plan->deed == PULL_NOTHING) {
        buf_add_text(out, plan->told.what);
        return;
    }
    buf_add_text(out, plan->deed == PULL_CREATE ? "create" : "");
    add_number(out, "keep", plan->current);
    buf_add_text(out, plan->push ? " push" : "");
    buf_add_text(out, plan->retext ? " retext" : "");
    add_number(out, " old", plan->old);
    add_number(out, " before", plan->before);
}

static void test_row(void **state)
{
    const struct row *row = *state;
    struct arena a = {0};
    struct buf got = {0};
    struct proposal unmarked = {.number = 99, .url = "https://example.org/99"};
    struct pull_situation s = {
        .seen = read_seen(&a, row->seen),
        .open = row->flags & UNMARKED ? &unmarked : NULL,
        .base = row->base,
        .branch = (enum branch_state)row->branch,
        .stranger = "eve",
        .base_name = "main",
        .base_file = "redis.yaml",
        .digest = "d",
        .sequential = row->flags & SEQUENTIAL,
        .room_open = !(row->flags & FULL_OPEN),
        .room_hour = !(row->flags & FULL_HOUR),
    };
    struct pull_plan plan = pull_decide(&a, &s);
    tell(&got, &plan);
    assert_string_equal(buf_text(&got), row->wanted);
    buf_free(&got);
    arena_free(&a);
}

/* ---- issues ---- */

static void test_issues(void **state)
{
    static const struct {
        const char *seen, *lines; /* a letter for each one's line; "a" is wanted */
        bool once, room;
        enum issue_deed deed;
        unsigned long long number;
        bool retext;
    } cases[] = {
        {"", "", true, true, ISSUE_CREATE, 0, false},
        {"", "", true, false, ISSUE_NOTHING, 0, false},
        {"o=d", "a", true, true, ISSUE_KEEP, 1, false},
        {"o=d", "a", true, false, ISSUE_KEEP, 1, false},
        {"o<x", "a", true, true, ISSUE_KEEP, 1, true},
        {"o=d o=d", "aa", true, true, ISSUE_KEEP, 1, false},
        {"o=d", "b", true, true, ISSUE_CREATE, 0, false},
        {"c=d", "a", true, true, ISSUE_NOTHING, 0, false},
        {"c<d", "a", true, true, ISSUE_NOTHING, 0, false},
        {"c<d", "a", false, true, ISSUE_CREATE, 0, false},
        {"c=d", "a", false, true, ISSUE_NOTHING, 0, false},
        {"c=d!done", "a", true, true, ISSUE_REOPEN, 1, true},
        {"c=d!duplicate", "a", true, true, ISSUE_CREATE, 0, false},
        {"c=d!done o=d", "aa", true, true, ISSUE_KEEP, 2, false},
        {"c=d o=d", "aa", true, true, ISSUE_KEEP, 2, false},
        {"c=d", "b", true, true, ISSUE_CREATE, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = {0};
        struct issue_situation s = {.seen = read_seen(&a, cases[i].seen),
                                    .line = "a",
                                    .once = cases[i].once,
                                    .digest = "d",
                                    .room_hour = cases[i].room};
        for (size_t k = 0; k < s.seen.list.count; k++)
            s.seen.list.items[k].marker.line = arena_text(&a, slice_new(cases[i].lines + k, 1));
        struct issue_plan plan = issue_decide(&a, &s);
        assert_int_equal(plan.deed, cases[i].deed);
        assert_int_equal(plan.current ? plan.current->p->number : 0, cases[i].number);
        assert_int_equal(plan.retext, cases[i].retext);
        arena_free(&a);
    }
}

static void test_lines(void **state)
{
    static const struct {
        enum decision_kind kind;
        const char *stream, *version, *line;
    } cases[] = {
        {DECISION_MAJOR, NULL, "9.1.2", "9"},          {DECISION_NEW_STREAM, "8.5", "8.6.1", "8.6"},
        {DECISION_NEW_STREAM, "11.4", "12.0", "12.0"}, {DECISION_NEW_STREAM, "3", "4.1", "4"},
        {DECISION_PATCH, NULL, "8.6.2", "next"},       {DECISION_MANUAL, NULL, "9", "next"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct component *c = component_new("php", "php.yaml", RECIPE_MELANGE);
        struct decision d = {.kind = cases[i].kind, .version = cases[i].version};
        c->stream = cases[i].stream;
        assert_string_equal(issue_line(&c->arena, c, &d), cases[i].line);
        component_free(c);
    }
}

static void test_done(void **state)
{
    static const struct {
        const char *current, *version, *line;
        bool done;
    } cases[] = {
        {"8.5.1", "9.0.0", "9", false},  {"9.0.0", "9.0.0", "9", true},
        {"9.0.1", "9.0.0", "9", true},   {"9.0.0", "9.1.0", "9", true},
        {"10.0", "9.1.0", "9", true},    {"8.6.0", "8.6.2", "8.6", true},
        {"8.60.0", "9.6", "8.6", false}, {"8.6.1", "8.6.2", "next", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct component *c = component_new("php", "php.yaml", RECIPE_MELANGE);
        struct marker m = {.version = cases[i].version, .line = cases[i].line};
        c->current = cases[i].current;
        c->scheme = &scheme_apk;
        if (issue_is_done(c, &m) != cases[i].done)
            fail_msg("%s for %s", cases[i].current, cases[i].version);
        component_free(c);
    }
}

static void test_ticks(void **state)
{
    struct arena a = {0};
    (void)state;
    assert_string_equal(
        issue_keep_ticks(&a, "x\n- [ ] a\n- [ ] b\n- [ ] c\n", "- [x] a\r\n- [ ] b\r\n- [X] c\r\n"),
        "x\n- [x] a\n- [ ] b\n- [x] c\n");
    assert_string_equal(issue_keep_ticks(&a, "- [ ] a", "- [x] ab\n-[x] a\n"), "- [ ] a\n");
    assert_string_equal(issue_keep_ticks(&a, "", "- [x] a"), "");
    arena_free(&a);
}

/* ---- what is stale, whose a commit is, where it is proposed ---- */

static void test_stale(void **state)
{
    static const struct {
        struct stale_situation s;
        const char *ended;
    } cases[] = {
        {{.judged = true, .at_base = true, .order = 0, .current = "2"}, "done"},
        {{.judged = true, .at_base = true, .order = 1, .current = "3"}, "done"},
        {{.wanted = true, .judged = true, .at_base = true, .order = 1, .current = "3"}, NULL},
        {{.judged = false, .at_base = true, .order = 1, .current = "3"}, NULL},
        {{.judged = true, .at_base = false, .order = 1, .current = "3"}, NULL},
        {{.judged = true, .at_base = true, .order = -1, .current = "1"}, NULL},
        {{.judged = true, .at_base = true, .order = -1, .ignored = true, .current = "1"},
         "unwanted"},
        {{.disabled = true, .order = -1, .current = "1"}, "unwanted"},
        {{.disabled = true, .wanted = true}, NULL},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *comment = NULL, *ended = stale_decide(&a, &cases[i].s, &comment);
        assert_string_equal(ended ? ended : "", cases[i].ended ? cases[i].ended : "");
        assert_int_equal(comment != NULL, ended != NULL);
    }
    arena_free(&a);
}

static void test_commits(void **state)
{
    static const struct {
        const char *author, *committer, *message;
        bool through_api, ours;
    } cases[] = {
        {"me@x", "me@x", "a\n\nMwatch-Component: redis:redis\n", false, true},
        {"me@x", "ME@X", "a\n\nMwatch-Component: redis:redis", false, true},
        {"me@x", "eve@x", "a\n\nMwatch-Component: redis:redis\n", false, false},
        {"me@x", "me@x", "a\n", false, false},
        {"me@x", "me@x", "a\n\nMwatch-Component: redis:redis2\n", false, false},
        {"me@x", "me@x", "a\n\n Mwatch-Component: redis:redis\n", false, false},
        {"eve@x", "noreply@github.com", "Merge branch 'main'", false, false},
        {"app", "noreply@github.com", "a\n\nMwatch-Component: redis:redis\n", false, true},
        {"bob@x", "bob@x", "a\n\nMwatch-Component: redis:redis\n", true, true},
        {"bob@x", "bob@x", "a\n\nMwatch-Component: redis:redis\n", false, false},
        {NULL, NULL, NULL, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct branch_commit c = {.author_email = cases[i].author,
                                  .committer_email = cases[i].committer,
                                  .message = cases[i].message};
        if (commit_is_ours(&c, "redis:redis", "me@x", cases[i].through_api) != cases[i].ours)
            fail_msg("case %zu", i);
    }
}

static void test_names(void **state)
{
    static const struct {
        const char *url, *name;
    } cases[] = {
        {"https://github.com/owner/os", "owner/os"},
        {"https://github.com/owner/os.git/", "owner/os"},
        {"https://GitHub.com/owner/os.git", "owner/os"},
        {"git@github.com:owner/os.git", "owner/os"},
        {"github.com:owner/os", "owner/os"},
        {"ssh://git@github.com:22/owner/os.git", "owner/os"},
        {"https://github.com.evil.example/owner/os", NULL},
        {"https://example.org/owner/os", NULL},
        {"https://github.com/owner", NULL},
        {"https://github.com/owner/os/more", NULL},
        {"https://github.com/owner/o s", NULL},
        {"https://github.com/", NULL},
        {"https://github.com", NULL},
        {"/srv/git/os.git", NULL},
        {"file:///srv/git/os.git", NULL},
        {"", NULL},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = propose_name_of(&a, cases[i].url, "github.com");
        assert_string_equal(name ? name : "", cases[i].name ? cases[i].name : "");
    }
    arena_free(&a);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS + 7] = {
        cmocka_unit_test(test_issues), cmocka_unit_test(test_lines), cmocka_unit_test(test_done),
        cmocka_unit_test(test_ticks),  cmocka_unit_test(test_stale), cmocka_unit_test(test_commits),
        cmocka_unit_test(test_names),
    };
    for (size_t i = 0; i < ROWS; i++)
        tests[i + 7] =
            (struct CMUnitTest){rows[i].name, test_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    return _cmocka_run_group_tests("propose", tests, ROWS + 7, NULL, NULL);
}
