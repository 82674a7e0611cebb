/* Choosing: each file tests/unit/choose/NAME.txt is a case. Its lines "key: value" are the facts of
 * a component, one line a candidate, and what must come of them:
 *
 *   case: what it shows
 *   scheme (apk), kind (melange), current, commit, stream, snapshot, schedule, minimum-age, now
 *   (2026-05-06), hurry (why minimum-age does not count), remembers (when what has no date was seen
 *   is known: "seen: RAW 2026-05-01", else it is seen now), manual, policy ("patch=merge major=pr
 * retagged=epoch"), disabled, error, upstream-error; tag-prefix, tag-contains, strip-prefix,
 * strip-suffix, match, ignore, separator, transform ("EXPRESSION => REPLACEMENT"), prereleases;
 * ignore and transform may be repeated candidate: RAW [date=2026-05-01] [commit=HEX] [url=URL]
 * [draft] [prerelease] [yanked] [latest] [only-tag] many: RAW COUNT     COUNT further bytes "a"
 * after RAW decide: KIND [VERSION] [ACTION]    in order; a "-" stands for no version tag: RAW the
 * candidate that the first decision chose reason: PART        some decision's reason has it warn:
 * PART          the warnings, in order; none when no line says so note: PART          likewise the
 * notes settled: yes        whether what is only a tag makes a difference (yes when it makes none)
 *   fate: RAW FATE
 *
 * RAW is URL-escaped. Each case runs with its candidates in several orders, and must decide the
 * same in all of them. MWATCH_CASE=NAME runs only that one. */
#include "tests/unit/stanza.h"

#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/choose.h"

#include <dirent.h>

#define CASES "tests/unit/choose"

enum { ORDERS = 8, MOST_CASES = 400 };

struct test_case {
    struct stanza lines;
    struct component *component;
    VEC(struct candidate) candidates;
    struct choosing by;
};

/* ---- reading a case ---- */

static const char *text_of(struct arena *a, struct slice value)
{
    return arena_text(a, value);
}

static const char *optional(struct arena *a, const struct stanza *s, const char *key)
{
    return stanza_has(s, key) ? text_of(a, stanza_get(s, key)) : NULL;
}

static const char *unescaped(struct arena *a, struct slice text)
{
    struct buf plain = {0};
    assert_true(url_unescape(&plain, text));
    const char *copy = arena_text(a, buf_slice(&plain));
    buf_free(&plain);
    return copy;
}

static const struct pattern *compiled(struct arena *a, struct slice expression)
{
    struct error e = {0};
    const struct pattern *p = pattern_compile(a, expression, &e);
    assert_string_equal(e.message, "");
    return p;
}

static int64_t moment(struct slice text)
{
    int64_t seconds = 0;
    assert_true(timestamp_parse(text, &seconds));
    return seconds;
}

static void read_policy(struct policy *p, struct slice text)
{
    struct slice word, name;
    while (slice_split(&text, ' ', &word)) {
        enum action *where = NULL, action;
        assert_true(slice_split(&word, '=', &name));
        if (slice_is(name, "retagged")) {
            p->rebuild_retagged = slice_is(word, "epoch");
            continue;
        }
        where = slice_is(name, "patch")        ? &p->patch
                : slice_is(name, "minor")      ? &p->minor
                : slice_is(name, "major")      ? &p->major
                : slice_is(name, "new-stream") ? &p->new_stream
                                               : NULL;
        assert_non_null(where);
        assert_true(action_parse(word, &action));
        *where = action;
    }
}

static void add_transform(struct component *c, struct slice text)
{
    size_t arrow = slice_find(text, SLICE(" => "));
    assert_true(arrow != SLICE_NONE);
    struct transform *t = vec_add(&c->arena, &c->filters.transforms);
    t->match = compiled(&c->arena, slice_first(text, arrow));
    t->replace = text_of(&c->arena, slice_from(text, arrow + 4));
}

static void read_filters(struct component *c, const struct stanza *s)
{
    struct arena *a = &c->arena;
    struct filters *f = &c->filters;
    f->tag_prefix = optional(a, s, "tag-prefix");
    f->tag_contains = optional(a, s, "tag-contains");
    f->strip_prefix = optional(a, s, "strip-prefix");
    f->strip_suffix = optional(a, s, "strip-suffix");
    f->separator = optional(a, s, "separator");
    f->match = stanza_has(s, "match") ? compiled(a, stanza_get(s, "match")) : NULL;
    f->prereleases = stanza_has(s, "prereleases");
    for (size_t i = 0; i < s->lines.count; i++) {
        const struct stanza_line *line = &s->lines.items[i];
        if (slice_is(line->key, "ignore"))
            vec_push(a, &f->ignore, compiled(a, line->value));
        else if (slice_is(line->key, "transform"))
            add_transform(c, line->value);
    }
}

static enum recipe_kind kind_of(const struct stanza *s)
{
    struct slice kind = stanza_get(s, "kind");
    return slice_is(kind, "apko")   ? RECIPE_APKO
           : slice_is(kind, "file") ? RECIPE_FILE
                                    : RECIPE_MELANGE;
}

static struct component *read_component(const struct stanza *s)
{
    struct component *c = component_new("redis", "redis.yaml", kind_of(s));
    struct arena *a = &c->arena;
    struct slice scheme = stanza_has(s, "scheme") ? stanza_get(s, "scheme") : SLICE("apk");
    c->name = c->recipe;
    c->line = 3;
    c->scheme = scheme_find(text_of(a, scheme));
    assert_non_null(c->scheme);
    c->current = optional(a, s, "current");
    c->commit = optional(a, s, "commit");
    c->stream = optional(a, s, "stream");
    c->snapshot = optional(a, s, "snapshot");
    c->schedule = optional(a, s, "schedule");
    c->disabled = optional(a, s, "disabled");
    c->manual = stanza_has(s, "manual");
    c->policy = policy_default();
    if (stanza_has(s, "policy"))
        read_policy(&c->policy, stanza_get(s, "policy"));
    if (stanza_has(s, "minimum-age"))
        assert_true(duration_parse(stanza_get(s, "minimum-age"), &c->minimum_age));
    if (stanza_has(s, "error"))
        error_set(&c->error, ERROR_RECIPE, "%.*s", SLICE_ARG(stanza_get(s, "error")));
    if (c->kind == RECIPE_MELANGE)
        vec_push(a, &c->settings, ((struct setting){"package.version", "{version}"}));
    read_filters(c, s);
    return c;
}

static void read_mark(struct arena *a, struct candidate *c, struct slice word)
{
    struct slice name = slice_first(word, slice_find_byte(word, '='));
    struct slice value = slice_from(word, name.len + 1);
    if (slice_is(name, "date"))
        c->published = moment(value);
    else if (slice_is(name, "commit"))
        c->commit = text_of(a, value);
    else if (slice_is(name, "url"))
        c->url = text_of(a, value);
    else if (slice_is(word, "draft"))
        c->flags |= CANDIDATE_DRAFT;
    else if (slice_is(word, "prerelease"))
        c->flags |= CANDIDATE_PRERELEASE;
    else if (slice_is(word, "yanked"))
        c->flags |= CANDIDATE_YANKED;
    else if (slice_is(word, "latest"))
        c->flags |= CANDIDATE_LATEST;
    else if (slice_is(word, "only-tag"))
        c->flags |= CANDIDATE_TAG;
    else
        fail_msg("a candidate cannot be \"%.*s\"", SLICE_ARG(word));
}

static void read_candidate(struct test_case *t, struct slice text)
{
    struct arena *a = &t->component->arena;
    struct candidate *c = vec_add(a, &t->candidates);
    struct slice word;
    assert_true(slice_split(&text, ' ', &word));
    c->raw = unescaped(a, word);
    while (slice_split(&text, ' ', &word))
        read_mark(a, c, word);
}

static void read_many(struct test_case *t, struct slice text)
{
    struct arena *a = &t->component->arena;
    struct buf raw = {0};
    struct slice word;
    unsigned long long count = 0;
    assert_true(slice_split(&text, ' ', &word) && slice_number(text, &count));
    buf_add_text(&raw, unescaped(a, word));
    buf_pad(&raw, 'a', (size_t)count);
    vec_add(a, &t->candidates)->raw = arena_text(a, buf_slice(&raw));
    buf_free(&raw);
}

/* "seen: RAW 2026-05-01"; what nobody saw before is seen now. */
static int64_t first_seen(void *arg, const struct candidate *candidate)
{
    const struct test_case *t = arg;
    for (size_t i = 0; i < t->lines.lines.count; i++) {
        const struct stanza_line *line = &t->lines.lines.items[i];
        struct slice rest = line->value, raw;
        if (slice_is(line->key, "seen") && slice_split(&rest, ' ', &raw) &&
            slice_is(raw, candidate->raw))
            return moment(rest);
    }
    return t->by.now;
}

static void case_read(struct test_case *t, const struct stanza *s)
{
    *t = (struct test_case){.lines = *s, .component = read_component(s)};
    t->by.now = stanza_has(s, "now") ? moment(stanza_get(s, "now")) : moment(SLICE("2026-05-06"));
    t->by.hurry = optional(&t->component->arena, s, "hurry");
    t->by.first_seen = stanza_has(s, "remembers") ? first_seen : NULL;
    t->by.arg = t;
    for (size_t i = 0; i < s->lines.count; i++) {
        const struct stanza_line *line = &s->lines.items[i];
        if (slice_is(line->key, "candidate"))
            read_candidate(t, line->value);
        else if (slice_is(line->key, "many"))
            read_many(t, line->value);
    }
}

/* ---- running it ---- */

static void decide(struct arena *a, const struct test_case *t, const struct candidate *candidates,
                   struct choice *out)
{
    const struct component *c = t->component;
    struct error e = {0};
    if (stanza_has(&t->lines, "upstream-error"))
        error_set(&e, ERROR_NETWORK, "%.*s", SLICE_ARG(stanza_get(&t->lines, "upstream-error")));
    if (c->disabled || error_is_set(&c->error) || error_is_set(&e))
        choose_without_answer(a, c, &e, out);
    else
        choose(a, c, candidates, t->candidates.count, &t->by, out);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

/* All there is to know of a choice, whatever the order of the verdicts. */
static const char *describe(struct arena *a, const struct choice *choice)
{
    VEC(const char *) fates = {0};
    struct buf out = {0};
    for (size_t i = 0; i < choice->count; i++) {
        const struct decision *d = &choice->decisions[i];
        buf_addf(&out, "%s %s %s tag %s commit %s: %s\n", decision_name(d->kind),
                 or_dash(d->version), action_name(d->action), or_dash(d->candidate.raw),
                 or_dash(d->candidate.commit), d->reason);
    }
    for (size_t i = 0; i < choice->warnings.count; i++)
        buf_addf(&out, "warning: %s\n", choice->warnings.items[i]);
    for (size_t i = 0; i < choice->notes.count; i++)
        buf_addf(&out, "note: %s\n", choice->notes.items[i]);
    for (size_t i = 0; i < choice->verdicts.count; i++) {
        const struct verdict *v = &choice->verdicts.items[i];
        vec_push(a, &fates,
                 arena_printf(a, "%s (%.*s): %s %s\n", v->candidate->raw, SLICE_ARG(v->version),
                              fate_name(v->fate), or_dash(v->detail)));
    }
    if (fates.count)
        qsort(fates.items, fates.count, sizeof *fates.items, by_text);
    for (size_t i = 0; i < fates.count; i++)
        buf_add_text(&out, fates.items[i]);
    const char *text = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return text;
}

/* The n-th order: as it stands, backwards, then shuffled by a generator of our own. */
static struct candidate *in_order(struct arena *a, const struct test_case *t, unsigned n)
{
    size_t count = t->candidates.count;
    struct candidate *order = arena_array(a, count + 1, sizeof *order);
    unsigned random = n * 2654435761U + 1;
    for (size_t i = 0; i < count; i++)
        order[i] = t->candidates.items[n == 1 ? count - 1 - i : i];
    for (size_t i = count; n > 1 && i > 1; i--) {
        random = random * 1103515245U + 12345U;
        size_t other = (random >> 16) % i;
        struct candidate swapped = order[i - 1];
        order[i - 1] = order[other];
        order[other] = swapped;
    }
    return order;
}

/* ---- what must come of it ---- */

static void check_decision(const struct decision *d, struct slice wanted)
{
    struct slice kind = {0}, version = {0}, action = {0};
    slice_split(&wanted, ' ', &kind);
    slice_split(&wanted, ' ', &version);
    slice_split(&wanted, ' ', &action);
    assert_slice(slice_of(decision_name(d->kind)), kind);
    assert_slice(slice_of(or_dash(d->version)), version.ptr ? version : SLICE("-"));
    assert_slice(slice_of(action_name(d->action)), action.ptr ? action : SLICE("ignore"));
}

static void check_reason(const struct choice *choice, struct slice part)
{
    for (size_t i = 0; i < choice->count; i++)
        if (slice_contains(slice_of(choice->decisions[i].reason), part))
            return;
    assert_slice(slice_of(choice->count ? choice->decisions[0].reason : ""), part);
}

static void check_text(const char *const *texts, size_t count, size_t index, struct slice part)
{
    if (index >= count)
        fail_msg("there is no warning or note \"%.*s\"", SLICE_ARG(part));
    else if (!slice_contains(slice_of(texts[index]), part))
        assert_slice(slice_of(texts[index]), part);
}

static void check_fate(struct arena *a, const struct choice *choice, struct slice wanted)
{
    struct slice word;
    assert_true(slice_split(&wanted, ' ', &word));
    const char *raw = unescaped(a, word);
    for (size_t i = 0; i < choice->verdicts.count; i++) {
        const struct verdict *v = &choice->verdicts.items[i];
        if (strcmp(v->candidate->raw, raw) != 0)
            continue;
        assert_slice(slice_of(fate_name(v->fate)), wanted);
        return;
    }
    fail_msg("there is no candidate \"%s\"", raw);
}

/* Everything that people read must be harmless and of a sensible length. */
static void check_texts(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        struct slice reason = slice_of(choice->decisions[i].reason);
        assert_true(reason.len > 0 && reason.len < 1000 && text_is_visible(reason));
    }
    for (size_t i = 0; i < choice->warnings.count; i++) {
        struct slice warning = slice_of(choice->warnings.items[i]);
        assert_true(warning.len > 0 && warning.len < 1000 && text_is_visible(warning));
    }
}

static void check_choice(struct arena *a, const struct stanza *s, const struct choice *choice)
{
    size_t decisions = 0, warnings = 0, notes = 0;
    for (size_t i = 0; i < s->lines.count; i++) {
        const struct stanza_line *line = &s->lines.items[i];
        if (slice_is(line->key, "decide")) {
            assert_true(decisions < choice->count);
            check_decision(&choice->decisions[decisions++], line->value);
        } else if (slice_is(line->key, "reason")) {
            check_reason(choice, line->value);
        } else if (slice_is(line->key, "warn")) {
            check_text(choice->warnings.items, choice->warnings.count, warnings++, line->value);
        } else if (slice_is(line->key, "note")) {
            check_text(choice->notes.items, choice->notes.count, notes++, line->value);
        } else if (slice_is(line->key, "fate")) {
            check_fate(a, choice, line->value);
        } else if (slice_is(line->key, "tag")) {
            assert_string_equal(or_dash(choice->decisions[0].candidate.raw),
                                unescaped(a, line->value));
        }
    }
    assert_int_equal(choice->count, decisions);
    assert_int_equal(choice->warnings.count, warnings);
    assert_int_equal(choice->notes.count, notes);
    assert_true(decisions > 0);
}

static void check_settled(const struct test_case *t, const struct candidate *candidates)
{
    if (!stanza_has(&t->lines, "settled"))
        return;
    bool settled = choose_is_settled(t->component, candidates, t->candidates.count, &t->by);
    assert_slice(slice_of(settled ? "yes" : "no"), stanza_get(&t->lines, "settled"));
}

static void test_case(void **state)
{
    struct test_case t;
    struct arena a = {0};
    const char *first = NULL;
    case_read(&t, *state);
    for (unsigned n = 0; n < ORDERS; n++) {
        struct choice choice;
        const struct candidate *order = in_order(&a, &t, n);
        decide(&a, &t, order, &choice);
        check_settled(&t, order);
        const char *text = describe(&a, &choice);
        if (!first) {
            first = text;
            check_texts(&choice);
            check_choice(&a, &t.lines, &choice);
        }
        assert_string_equal(text, first);
    }
    component_free(t.component);
    arena_free(&a);
}

/* ---- the cases ---- */

static bool is_key(struct slice key)
{
    static const char *const keys[] = {
        "case",       "scheme",       "kind",         "current",      "commit", "stream",
        "snapshot",   "schedule",     "minimum-age",  "now",          "hurry",  "remembers",
        "seen",       "manual",       "policy",       "disabled",     "error",  "upstream-error",
        "tag-prefix", "tag-contains", "strip-prefix", "strip-suffix", "match",  "ignore",
        "separator",  "transform",    "prereleases",  "candidate",    "many",   "decide",
        "tag",        "reason",       "warn",         "fate",         "note",   "settled",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_is(key, keys[i]))
            return true;
    return false;
}

static void release(void *file)
{
    stanzas_free(file);
}

static struct stanza *load(struct arena *a, const char *path)
{
    struct stanzas *file = arena_new(a, struct stanzas);
    stanzas_read(file, path);
    arena_defer(a, release, file);
    if (file->list.count != 1)
        stanza_die(path, "one case is expected");
    for (size_t i = 0; i < file->list.items[0].lines.count; i++)
        if (!is_key(file->list.items[0].lines.items[i].key))
            stanza_die(path, "an unknown key");
    return &file->list.items[0];
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

static size_t find_cases(struct arena *a, struct CMUnitTest *tests)
{
    size_t count = 0;
    const char *only = getenv("MWATCH_CASE");
    DIR *dir = opendir(CASES);
    for (struct dirent *d = dir ? readdir(dir) : NULL; d && count < MOST_CASES; d = readdir(dir)) {
        struct slice name = slice_of(d->d_name);
        if (!slice_ends(name, SLICE(".txt")))
            continue;
        name.len -= strlen(".txt");
        if (only && !slice_is(name, only))
            continue;
        tests[count++] =
            (struct CMUnitTest){.name = arena_text(a, name),
                                .test_func = test_case,
                                .initial_state = load(a, arena_printf(a, CASES "/%s", d->d_name))};
    }
    if (dir)
        closedir(dir);
    qsort(tests, count, sizeof *tests, by_name);
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[MOST_CASES];
    struct arena a = {0};
    size_t count = find_cases(&a, tests);
    int failed = count ? _cmocka_run_group_tests("choose", tests, count, NULL, NULL) : 1;
    arena_free(&a);
    return failed;
}
