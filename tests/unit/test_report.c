/* Reports: the same rows, harmless and hostile, in every form. */
#include "tests/unit/unit.h"

#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/base/utf8.h"
#include "watcher/deliver.h"
#include "watcher/recipes/apko.h"
#include "watcher/report.h"

#define HASH "2608ba58c6a56c653f0abf5ac62771949a217437df299dff39083be37cb7bd03"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

/* ---- rows ---- */

struct fixture {
    struct arena arena;
    struct components components;
    struct results results;
    struct context ctx;
};

static void fixture_open(struct fixture *f)
{
    *f = (struct fixture){0};
    context_init(&f->ctx);
}

static void fixture_close(struct fixture *f)
{
    results_free(&f->results);
    components_free(&f->components);
    arena_free(&f->arena);
}

static struct outcome *add(struct fixture *f, const char *recipe, const char *name,
                           const char *current, enum decision_kind kind, const char *latest)
{
    struct component *c = component_new(recipe, "redis/melange.yaml", RECIPE_MELANGE);
    struct error e = {0};
    struct parameter source = {.value = SLICE("github")};
    struct parameter repository = {.value = SLICE("redis/redis")};
    assert_true(spec_make(&c->arena, c->file, &source, &repository, 1, &c->spec, &e));
    c->name = arena_copy(&c->arena, name);
    c->current = arena_copy(&c->arena, current);
    c->scheme = &scheme_apk;
    c->line = 3;
    components_add(&f->components, c);
    struct outcome *o = results_add(&f->results, c);
    o->decision = (struct decision){.kind = kind, .version = latest, .reason = "because"};
    if (kind == DECISION_PATCH || kind == DECISION_MAJOR)
        o->decision.action = kind == DECISION_PATCH ? ACTION_PR : ACTION_ISSUE;
    else
        o->decision.action = ACTION_IGNORE;
    return o;
}

static void add_change(struct outcome *o)
{
    struct change_set *set = o->changes = arena_new(&o->arena, struct change_set);
    struct file_change *change = vec_add(&o->arena, &set->files);
    *change = (struct file_change){.file = "redis/melange.yaml",
                                   .before = SLICE("version: 8.6.1\n"),
                                   .after = SLICE("version: 8.6.2\n")};
    struct edit *edit = vec_add(&o->arena, &change->edits.list);
    *edit = (struct edit){.path = "package.version", .old_text = "8.6.1", .new_text = "8.6.2"};
    set->branch = "mwatch/redis";
    set->title = "redis: update to 8.6.2";
    set->body = "the body\n";
    set->image = "ghcr.io/example/redis:8.6.2-r0";
}

/* One row that has everything. */
static struct outcome *add_full(struct fixture *f)
{
    struct outcome *o = add(f, "redis", "redis", "8.6.1", DECISION_PATCH, "8.6.2");
    struct proof proof = {.url = "https://example.org/redis.tar.gz",
                          .final_url = "https://cdn.example.org/x",
                          .hash = {.sha256 = HASH, .size = 123},
                          .state = PROOF_CONFIRMED,
                          .confirmed_by = "github releases"};
    ((struct component *)(uintptr_t)o->component)->stream = "8";
    o->decision.candidate = (struct candidate){.raw = "v8.6.2",
                                               .commit = COMMIT,
                                               .url = "https://github.com/redis/redis/x",
                                               .published = 1778000000};
    vec_push(&o->arena, &o->proofs, proof);
    vec_push(&o->arena, &o->warnings, "a warning");
    add_change(o);
    return o;
}

/* Names, versions, reasons and warnings as bad as files and upstreams can make them. */
static void add_hostile(struct fixture *f)
{
    static const char *const texts[] = {
        "evil\n::error::x",
        "\x1b[2J\x1b]0;owned\x07",
        "a|b\\|c`d`",
        "\xFF\xFE not UTF-8",
        "\xE2\x80\xAE turned \xE2\x80\x8B",
        "<script>alert(1)</script> --> @all #1 https://github.com/o/n/issues/1",
        "日本語の名前日本語の名前日本語の名前日本語の名前日本語の名前日本語の名前日本語",
        ("https://example.org/a-very-long-address-without-any-blank-in-it/that-no-terminal/of-80/"
         "columns/has/room/for/on/one/line/whatever/it/does|and|more"),
        "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81 combining",
        "%0A%25:,",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct outcome *o = add(f, texts[i], texts[i], texts[i], DECISION_ERROR, texts[i]);
        o->decision.reason = texts[i];
        vec_push(&o->arena, &o->warnings, texts[i]);
        ((struct component *)(uintptr_t)o->component)->file = texts[i];
        add_change(o);
        o->changes->title = texts[i];
        o->changes->files.items[0].file = texts[i];
        o->changes->files.items[0].after = slice_of(texts[i]);
    }
}

static const char *printed(struct fixture *f, const struct report *report, enum report_depth depth)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    report->print(&f->ctx, out, &f->results, depth);
    fclose(out);
    const char *copy = arena_text(&f->arena, slice_new(text, len));
    free(text);
    return copy;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        assert_string_equal(text, part);
}

/* No byte that a terminal acts upon, but line breaks and tabs. */
static void assert_harmless(const char *text)
{
    struct slice rest = slice_of(text), line, part;
    while (slice_line(&rest, &line))
        while (slice_split(&line, '\t', &part))
            if (!text_is_visible(part))
                fail_msg("not visible: %.*s", SLICE_ARG(part));
}

static void assert_narrow(const char *text)
{
    struct slice rest = slice_of(text), line;
    while (slice_line(&rest, &line))
        if (text_width(line) > 80)
            fail_msg("%zu columns: %.*s", text_width(line), SLICE_ARG(line));
}

/* ---- the table ---- */

static void test_table(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add(&f, "redis", "redis", "8.6.1", DECISION_PATCH, "8.6.2");
    add(&f, "rails", "ruby", "4.0.2", DECISION_CURRENT, "4.0.2");
    struct outcome *bad = add(&f, "x", "x", NULL, DECISION_ERROR, NULL);
    bad->decision.reason = "it answered 404";
    vec_push(&bad->arena, &bad->warnings, "unknown key");
    assert_string_equal(printed(&f, &report_table, DEPTH_CHECK),
                        "RECIPE      CURRENT  LATEST  DECISION\n"
                        "redis       8.6.1    8.6.2   patch       pull request\n"
                        "rails/ruby  4.0.2    4.0.2   current\n"
                        "x           -        -       error\n"
                        "    it answered 404\n"
                        "    warning: unknown key\n"
                        "\n3 components: 1 current, 1 patch, 1 error\n");
    fixture_close(&f);
}

static void test_table_of_list(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add(&f, "redis", "redis", "8.6.1", DECISION_CURRENT, NULL);
    add(&f, "old", "old", "1", DECISION_DISABLED, NULL);
    assert_string_equal(printed(&f, &report_table, DEPTH_LIST),
                        "RECIPE  CURRENT  SOURCE  KIND\n"
                        "redis   8.6.1    github  melange\n"
                        "old     1        github  disabled    because\n"
                        "\n2 components: 1 disabled\n");
    fixture_close(&f);
}

static void test_table_empty(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    assert_string_equal(printed(&f, &report_table, DEPTH_CHECK), "0 components\n");
    fixture_close(&f);
}

static void test_table_colors(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    f.ctx.color = true;
    add(&f, "redis", "redis", "8.6.1", DECISION_PATCH, "8.6.2");
    add(&f, "x", "x", "1", DECISION_ERROR, NULL);
    const char *text = printed(&f, &report_table, DEPTH_CHECK);
    assert_has(text, "\033[32mpatch\033[0m       pull request\n");
    assert_has(text, "\033[1;31merror\033[0m\n");
    fixture_close(&f);
}

/* Without its colours, each line must fit. */
static void assert_narrow_without_colors(const char *text)
{
    struct buf plain = {0};
    for (; *text; text++) {
        if (*text == '\033')
            text = strchr(text, 'm');
        else
            buf_add_byte(&plain, *text);
    }
    assert_narrow(buf_text(&plain));
    assert_harmless(buf_text(&plain));
    buf_free(&plain);
}

static void test_table_is_narrow(void **state)
{
    (void)state;
    for (int color = 0; color < 2; color++) {
        for (int depth = DEPTH_LIST; depth <= DEPTH_RUN; depth++) {
            struct fixture f;
            fixture_open(&f);
            f.ctx.color = color == 1;
            add_hostile(&f);
            for (int kind = 0; kind < DECISION_KINDS; kind++) {
                struct outcome *o =
                    add(&f, "a-name-that-is-longer-than-any-name-should-be-in-a-table", "x",
                        "20260506.1234567890.99999", (enum decision_kind)kind,
                        "20260507.1234567890.99999");
                o->decision.action = ACTION_MERGE;
            }
            assert_narrow_without_colors(printed(&f, &report_table, (enum report_depth)depth));
            fixture_close(&f);
        }
    }
}

/* ---- wrapped text ---- */

static void check_wrapped(const char *text, size_t indent, size_t columns, const char *wanted)
{
    struct buf out = {0};
    report_add_wrapped(&out, slice_of(text), indent, columns);
    assert_string_equal(buf_text(&out), wanted);
    buf_free(&out);
}

static void test_wrapped(void **state)
{
    (void)state;
    check_wrapped("", 2, 10, "\n");
    check_wrapped("one two three", 0, 8, "one two\nthree\n");
    check_wrapped("one two three", 2, 9, "  one two\n  three\n");
    check_wrapped("one  two", 0, 80, "one two\n");
    check_wrapped("abcdefghij", 2, 6, "  abcd\n  efgh\n  ij\n");
    check_wrapped("x abcdefghij y", 0, 4, "x\nabcd\nefgh\nij y\n");
    check_wrapped("日本語日本語", 1, 6, " 日本\n 語日\n 本語\n");
    check_wrapped("日本", 0, 1, "日\n本\n");
    check_wrapped("a\x1b[2Jb", 0, 80, "a\\x1b[2Jb\n");
    check_wrapped("a\nb\tc", 0, 80, "a\\x0ab\\x09c\n");
}

static void test_lines(void **state)
{
    struct buf out = {0};
    (void)state;
    report_add_lines(&out, SLICE("a\tb\r\n\x1b[2J\n\n\t\xFFz"));
    assert_string_equal(buf_text(&out), "a\tb\n\\x1b[2J\n\n\t\\xffz\n");
    buf_free(&out);
}

/* ---- images that pin nothing ---- */

static struct outcome *add_image(struct fixture *f, const char *file)
{
    struct component *c = component_new("?", file, RECIPE_APKO);
    struct yaml y;
    struct error e = {0};
    assert_true(yaml_parse(&c->arena, file, SLICE("contents: {packages: [redis]}\n"), &y, &e));
    assert_true(apko_read(&y, c, &e));
    components_add(&f->components, c);
    struct outcome *o = results_add(&f->results, c);
    o->decision.kind = DECISION_DISABLED;
    o->decision.reason = c->disabled;
    return o;
}

static const char *summary_of(struct fixture *f)
{
    struct buf text = {0};
    deliver_add_summary(&text, &f->results, DEPTH_RUN);
    const char *copy = arena_text(&f->arena, buf_slice(&text));
    buf_free(&text);
    return copy;
}

static void test_images_that_pin_nothing_are_one_line(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add(&f, "redis", "redis", "8.6.1", DECISION_CURRENT, NULL);
    add_image(&f, "one.yaml");
    add_image(&f, "another-with-a-longer-name.yaml");
    assert_string_equal(printed(&f, &report_table, DEPTH_CHECK),
                        "RECIPE  CURRENT  LATEST  DECISION\n"
                        "redis   8.6.1    -       current\n"
                        "\n3 components: 1 current, 2 disabled\n"
                        "2 apko images pin no versions: nothing to watch; -v lists them\n");
    assert_string_equal(summary_of(&f), "3 components: 1 current, 2 disabled\n\n"
                                        "2 apko images pin no versions: nothing to watch\n");
    assert_has(printed(&f, &report_markdown, DEPTH_CHECK), "\n\n2 apko images pin no versions");
    assert_has(printed(&f, &report_json, DEPTH_CHECK), "\"another-with-a-longer-name\"");
    assert_has(printed(&f, &report_table, DEPTH_LIST), "\none ");
    f.ctx.level = LOG_INFO;
    assert_has(printed(&f, &report_table, DEPTH_CHECK), "\none ");
    assert_null(strstr(printed(&f, &report_table, DEPTH_CHECK), "-v lists"));
    fixture_close(&f);
}

/* Somebody's decision, a name on the command line, a warning, a proposal that was closed: shown. */
static void test_other_rows_of_images_stay(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    struct component *off = (struct component *)(uintptr_t)add_image(&f, "off.yaml")->component;
    off->disabled = arena_copy(&off->arena, off->disabled);
    ((struct component *)(uintptr_t)add_image(&f, "named.yaml")->component)->named = true;
    struct outcome *warned = add_image(&f, "warned.yaml");
    vec_push(&warned->arena, &warned->warnings, "a warning");
    add_image(&f, "closed.yaml")->proposed.state = PROPOSED_CLOSED;
    const char *text = printed(&f, &report_table, DEPTH_CHECK);
    assert_has(text, "\noff ");
    assert_has(text, "\nnamed ");
    assert_has(text, "\nwarned ");
    assert_has(text, "\nclosed ");
    assert_null(strstr(text, "nothing to watch"));
    fixture_close(&f);
}

/* ---- JSON ---- */

static json_t *parsed(struct fixture *f, enum report_depth depth)
{
    struct error e = {0};
    const char *text = printed(f, &report_json, depth);
    json_t *root = json_parse(&f->arena, slice_of(text), &e);
    assert_string_equal(e.message, "");
    assert_int_equal(json_object_size(root), 2);
    return root;
}

/* The members of the n-th component, sorted. */
static const char *members(struct fixture *f, enum report_depth depth, size_t n)
{
    struct buf out = {0};
    json_t *root = parsed(f, depth);
    json_t *component = json_array_get(json_object_get(root, "components"), n);
    const char *key;
    json_t *value;
    json_object_foreach(component, key, value) buf_addf(&out, "%s ", key);
    const char *text = arena_text(&f->arena, buf_slice(&out));
    buf_free(&out);
    return text;
}

#define LISTED "recipe file component kind source scheme stream current "
#define CHECKED "latest tag decision reason url published commit proof "
#define PLANNED "edits diff branch title body image labels action "

static void test_json_members(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add_full(&f);
    assert_string_equal(members(&f, DEPTH_LIST, 0), LISTED "warnings ");
    assert_string_equal(members(&f, DEPTH_CHECK, 0), LISTED CHECKED "warnings ");
    assert_string_equal(members(&f, DEPTH_RUN, 0), LISTED CHECKED PLANNED "warnings ");
    fixture_close(&f);
}

/* What is not known is absent, never null or empty. */
static void test_json_absent(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    struct outcome *o = add(&f, "x", "x", NULL, DECISION_ERROR, NULL);
    struct component *c = (struct component *)(uintptr_t)o->component;
    c->scheme = NULL;
    c->spec = (struct spec){0};
    assert_string_equal(members(&f, DEPTH_LIST, 0), "recipe file component kind decision reason ");
    assert_string_equal(members(&f, DEPTH_CHECK, 0), "recipe file component kind decision reason ");
    assert_string_equal(members(&f, DEPTH_RUN, 0), "recipe file component kind decision reason ");
    fixture_close(&f);
}

static void test_json_values(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add_full(&f);
    json_t *root = parsed(&f, DEPTH_RUN);
    json_t *c = json_array_get(json_object_get(root, "components"), 0);
    json_t *proof = json_array_get(json_object_get(c, "proof"), 0);
    json_t *edit = json_array_get(json_object_get(c, "edits"), 0);
    assert_string_equal(json_string_at(c, "published"), "2026-05-05T16:53:20Z");
    assert_string_equal(json_string_at(c, "action"), "pr");
    assert_string_equal(json_string_at(c, "decision"), "patch");
    assert_string_equal(json_string_at(proof, "state"), "confirmed");
    assert_string_equal(json_string_at(proof, "sha256"), HASH);
    assert_int_equal(json_number(proof, "size", 0), 123);
    assert_null(json_object_get(proof, "sha512"));
    assert_string_equal(json_string_at(edit, "path"), "package.version");
    assert_string_equal(json_string_at(edit, "old"), "8.6.1");
    assert_string_equal(json_string_at(edit, "new"), "8.6.2");
    assert_has(json_string_at(c, "diff"), "-version: 8.6.1\n+version: 8.6.2\n");
    fixture_close(&f);
}

static void test_json_summary(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add(&f, "a", "a", "1", DECISION_PATCH, "2");
    add(&f, "b", "b", "1", DECISION_PATCH, "2");
    f.results.counts.sent = 7;
    f.results.counts.from_cache = 3;
    f.results.counts.bytes = 12345;
    f.results.seconds = 1.5;
    json_t *root = parsed(&f, DEPTH_CHECK), *summary = json_object_get(root, "summary");
    json_t *decisions = json_object_get(summary, "decisions");
    assert_int_equal(json_number(summary, "components", 0), 2);
    assert_int_equal(json_number(summary, "requests", 0), 7);
    assert_int_equal(json_number(summary, "cached", 0), 3);
    assert_int_equal(json_number(summary, "bytes", 0), 12345);
    assert_true(json_real_value(json_object_get(summary, "seconds")) == 1.5);
    assert_int_equal(json_object_size(decisions), DECISION_KINDS);
    assert_int_equal(json_number(decisions, "patch", 0), 2);
    assert_int_equal(json_number(decisions, "error", -1), 0);
    fixture_close(&f);
}

static void test_json_hostile(void **state)
{
    (void)state;
    for (int depth = DEPTH_LIST; depth <= DEPTH_RUN; depth++) {
        struct fixture f;
        fixture_open(&f);
        add_hostile(&f);
        json_t *components = json_object_get(parsed(&f, (enum report_depth)depth), "components");
        assert_int_equal(json_array_size(components), f.results.count);
        for (size_t i = 0; i < f.results.count; i++) {
            json_t *c = json_array_get(components, i);
            assert_non_null(json_string_at(c, "recipe"));
            assert_non_null(json_string_at(c, "file"));
            assert_non_null(json_string_at(c, "current"));
            assert_non_null(json_string_at(c, "reason"));
            assert_int_equal(json_array_size(json_object_get(c, "warnings")), 1);
            if (depth == DEPTH_RUN)
                assert_non_null(json_string_at(c, "diff"));
        }
        assert_harmless(printed(&f, &report_json, (enum report_depth)depth));
        fixture_close(&f);
    }
}

/* ---- Markdown ---- */

/* Bars that part cells: those without a backslash before them. */
static size_t count_bars(struct slice line)
{
    size_t bars = 0;
    for (size_t i = 0; i < line.len; i++)
        bars += line.ptr[i] == '|' && (i == 0 || line.ptr[i - 1] != '\\');
    return bars;
}

static void test_markdown(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add_full(&f);
    const char *text = printed(&f, &report_markdown, DEPTH_RUN);
    assert_has(text, "| recipe | current | latest | decision | why |\n"
                     "| --- | --- | --- | --- | --- |\n"
                     "| redis | 8.6.1 | 8.6.2 | patch | because; confirmed |\n"
                     "\n1 component: 1 patch\n\n- redis: a warning\n");
    assert_has(text, "\n### redis: update to 8.6.2\n\n```diff\n--- a/redis/melange.yaml\n");
    assert_has(text, "\n```\n\nthe body\n");
    fixture_close(&f);
}

static void test_markdown_cells(void **state)
{
    (void)state;
    for (int depth = DEPTH_LIST; depth <= DEPTH_CHECK; depth++) {
        struct fixture f;
        size_t rows = 0, bars = depth == DEPTH_LIST ? 7 : 6;
        fixture_open(&f);
        add_hostile(&f);
        const char *text = printed(&f, &report_markdown, (enum report_depth)depth);
        struct slice rest = slice_of(text), line;
        for (; slice_line(&rest, &line) && line.len; rows++)
            assert_int_equal(count_bars(line), bars);
        assert_int_equal(rows, f.results.count + 2);
        assert_harmless(text);
        assert_null(strstr(text, "<script"));
        assert_null(strstr(text, "@all"));
        fixture_close(&f);
    }
}

static void test_markdown_hostile_changes(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add_hostile(&f);
    const char *text = printed(&f, &report_markdown, DEPTH_RUN);
    assert_harmless(text);
    assert_null(strstr(text, "### <script"));
    fixture_close(&f);
}

/* ---- workflow commands ---- */

static void test_github(void **state)
{
    struct fixture f;
    (void)state;
    fixture_open(&f);
    add_full(&f);
    add(&f, "a", "a", "2", DECISION_REGRESSED, "1");
    add(&f, "b", "b", "2", DECISION_ERROR, NULL)->decision.reason = "100% wrong: a, b";
    add(&f, "c", "c", "2", DECISION_CURRENT, "2");
    assert_string_equal(
        printed(&f, &report_github, DEPTH_CHECK),
        "::warning file=redis/melange.yaml,line=3,title=mwatch redis::a warning\n"
        "::notice file=redis/melange.yaml,line=3,title=mwatch redis::patch: 8.6.2 is out, 8.6.1 is "
        "pinned; its artefact is confirmed\n"
        "::warning file=redis/melange.yaml,line=3,title=mwatch a::because\n"
        "::error file=redis/melange.yaml,line=3,title=mwatch b::100%25 wrong: a, b\n"
        "4 components: 1 current, 1 patch, 1 regressed, 1 error\n");
    fixture_close(&f);
}

static void test_github_hostile(void **state)
{
    struct fixture f;
    size_t lines = 0;
    (void)state;
    fixture_open(&f);
    add_hostile(&f);
    const char *text = printed(&f, &report_github, DEPTH_CHECK);
    struct slice rest = slice_of(text), line;
    for (; slice_line(&rest, &line); lines++) {
        bool command = slice_starts(line, SLICE("::error file=")) ||
                       slice_starts(line, SLICE("::warning file="));
        assert_true(command || rest.len == 0);
        size_t end = slice_find(slice_from(line, 2), SLICE("::"));
        struct slice properties = slice_first(slice_from(line, 2), end), part;
        size_t parts = 0;
        while (command && slice_split(&properties, ',', &part))
            parts++;
        assert_true(!command || parts == 3);
    }
    assert_int_equal(lines, 2 * f.results.count + 1);
    assert_harmless(text);
    fixture_close(&f);
}

/* ---- the table of formats ---- */

static void test_formats(void **state)
{
    enum report_format format;
    (void)state;
    for (int i = 0; i < REPORT_FORMATS; i++) {
        const struct report *row = report_row((enum report_format)i);
        assert_true(report_parse(row->name, &format));
        assert_int_equal(format, i);
        assert_true(*row->help);
    }
    assert_false(report_parse("yaml", &format));
    assert_false(report_parse("", &format));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_table_of_list),
        cmocka_unit_test(test_table_empty),
        cmocka_unit_test(test_table_colors),
        cmocka_unit_test(test_table_is_narrow),
        cmocka_unit_test(test_images_that_pin_nothing_are_one_line),
        cmocka_unit_test(test_other_rows_of_images_stay),
        cmocka_unit_test(test_wrapped),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_json_members),
        cmocka_unit_test(test_json_absent),
        cmocka_unit_test(test_json_values),
        cmocka_unit_test(test_json_summary),
        cmocka_unit_test(test_json_hostile),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_markdown_cells),
        cmocka_unit_test(test_markdown_hostile_changes),
        cmocka_unit_test(test_github),
        cmocka_unit_test(test_github_hostile),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
