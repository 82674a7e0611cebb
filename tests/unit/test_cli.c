/* The command line: every option, every wrong use of one, and what is printed from the tables. */
#include "tests/unit/unit.h"

#include "watcher/base/text.h"
#include "watcher/cli.h"
#include "watcher/groups.h"

enum { MOST_WORDS = 8 };

struct parsed {
    const struct command *command;
    struct options options;
    struct error error;
    bool good;
};

static void parse(struct parsed *p, const char *const *words)
{
    char *copies[MOST_WORDS];
    int count = 0;
    *p = (struct parsed){0};
    while (count < MOST_WORDS && words[count]) {
        copies[count] = (char *)(uintptr_t)words[count];
        count++;
    }
    p->good = cli_parse(count, copies, &p->command, &p->options, &p->error);
}

static void release(struct parsed *p)
{
    arena_free(&p->options.arena);
}

/* ---- every option of the table ---- */

/* A value that the option takes. */
static const char *value_for(const struct option_row *row)
{
    static const struct {
        const char *name, *value;
    } values[] = {{"format", "json"}, {"jobs", "4"},      {"shard", "2/3"},
                  {"mirror", "a=b"},  {"color", "never"}, {"kind", "build"}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(row->name, values[i].name) == 0)
            return values[i].value;
    return "x";
}

/* A command that takes the option. */
static const struct command *taker(const struct option_row *row)
{
    for (const struct command *c = command_all(); c->name; c++)
        if (c->groups & row->groups)
            return c;
    fail_msg("no command takes --%s", row->name);
    return NULL;
}

static void check_takes(const char *const *words)
{
    struct parsed p;
    parse(&p, words);
    assert_string_equal(p.error.message, "");
    assert_true(p.good);
    release(&p);
}

static void check_refuses(const char *const *words, const char *part)
{
    struct parsed p;
    parse(&p, words);
    assert_false(p.good);
    assert_error(&p.error, ERROR_USAGE, part);
    assert_true(text_is_visible(slice_of(p.error.message)));
    release(&p);
}

static void check_option(const struct option_row *row)
{
    struct arena a = {0};
    const char *command = taker(row)->name, *value = value_for(row);
    const char *word = arena_printf(&a, "--%s", row->name);
    const char *inlined = arena_printf(&a, "--%s=%s", row->name, value);
    const char *empty = arena_printf(&a, "--%s=", row->name);
    if (row->argument) {
        check_takes((const char *[]){command, word, value, NULL});
        check_takes((const char *[]){word, value, command, NULL});
        check_takes((const char *[]){command, inlined, NULL});
        const char *needs = arena_printf(&a, "%s needs an argument: %s", word, row->argument);
        check_refuses((const char *[]){command, word, NULL}, needs);
        check_refuses((const char *[]){command, empty, NULL}, needs);
    } else {
        check_takes((const char *[]){command, word, NULL});
        check_refuses((const char *[]){command, inlined, NULL},
                      arena_printf(&a, "%s takes no argument", word));
    }
    arena_free(&a);
}

static void check_letter(const struct option_row *row)
{
    struct arena a = {0};
    const char *command = taker(row)->name, *value = value_for(row);
    const char *word = arena_printf(&a, "-%c", row->letter);
    if (row->argument) {
        check_takes((const char *[]){command, word, value, NULL});
        check_takes((const char *[]){command, arena_printf(&a, "%s%s", word, value), NULL});
        check_refuses((const char *[]){command, word, NULL}, "needs an argument");
    } else {
        check_takes((const char *[]){command, word, NULL});
    }
    arena_free(&a);
}

static void test_every_option(void **state)
{
    const struct option_row *row;
    (void)state;
    for (size_t i = 0; (row = option_at(i)); i++) {
        check_option(row);
        if (row->letter)
            check_letter(row);
        assert_true(*row->help && row->help[strlen(row->help) - 1] != '.');
    }
}

/* An option that a command does not take is refused by it, and only by it. */
static void test_every_pair(void **state)
{
    const struct option_row *row;
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; (row = option_at(i)); i++) {
        for (const struct command *c = command_all(); c->name; c++) {
            const char *word = row->argument
                                   ? arena_printf(&a, "--%s=%s", row->name, value_for(row))
                                   : arena_printf(&a, "--%s", row->name);
            if (c->groups & row->groups)
                check_takes((const char *[]){c->name, word, NULL});
            else
                check_refuses((const char *[]){c->name, word, NULL},
                              arena_printf(&a, "mwatch %s takes no --%s", c->name, row->name));
        }
    }
    arena_free(&a);
}

/* No two options or commands have one name or letter. */
static void test_names_differ(void **state)
{
    const struct option_row *row, *other;
    (void)state;
    for (size_t i = 0; (row = option_at(i)); i++)
        for (size_t k = i + 1; (other = option_at(k)); k++) {
            assert_string_not_equal(row->name, other->name);
            assert_false(row->letter && row->letter == other->letter);
        }
    for (const struct command *c = command_all(); c->name; c++)
        assert_ptr_equal(command_find(c->name), c);
}

/* ---- what is meant ---- */

static void test_values(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p,
          (const char *[]){"check", "-qvv", "-C", "dir", "--jobs=7", "--shard", "2/5", "a", NULL});
    assert_true(p.good && p.options.quiet);
    assert_string_equal(p.command->name, "check");
    assert_int_equal(p.options.verbose, 2);
    assert_string_equal(p.options.directory, "dir");
    assert_int_equal(p.options.job_count, 7);
    assert_int_equal(p.options.shard_index, 2);
    assert_int_equal(p.options.shard_count, 5);
    assert_int_equal(p.options.operands.count, 1);
    assert_string_equal(p.options.operands.items[0], "a");
    release(&p);
}

static void test_lists(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, (const char *[]){"bump", "--set", "a=b=c", "--set=d=", "--sha256=1", "x", NULL});
    assert_true(p.good);
    assert_int_equal(p.options.sets.count, 2);
    assert_string_equal(p.options.sets.items[0], "a=b=c");
    assert_string_equal(p.options.sets.items[1], "d=");
    release(&p);
}

static void test_default_command(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, (const char *[]){"--dry-run", "redis", NULL});
    assert_true(p.good && p.options.dry_run && !p.options.command_named);
    assert_string_equal(p.command->name, "run");
    assert_string_equal(p.options.operands.items[0], "redis");
    release(&p);
    parse(&p, (const char *[]){NULL});
    assert_true(p.good);
    assert_string_equal(p.command->name, "run");
    release(&p);
}

static void test_end_of_options(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, (const char *[]){"check", "--", "--jobs", "-x", NULL});
    assert_true(p.good);
    assert_int_equal(p.options.operands.count, 2);
    assert_string_equal(p.options.operands.items[0], "--jobs");
    release(&p);
    parse(&p, (const char *[]){"check", "-", NULL});
    assert_true(p.good);
    assert_string_equal(p.options.operands.items[0], "-");
    release(&p);
}

static void test_formats(void **state)
{
    static const char *const names[] = {"table", "json", "markdown", "github"};
    (void)state;
    for (int i = 0; i < REPORT_FORMATS; i++) {
        struct parsed p;
        parse(&p, (const char *[]){"list", "--format", names[i], NULL});
        assert_true(p.good);
        assert_int_equal(p.options.report, i);
        assert_string_equal(report_row(p.options.report)->name, names[i]);
        assert_string_equal(report_names()[i], names[i]);
        release(&p);
    }
    assert_null(report_names()[REPORT_FORMATS]);
}

/* ---- wrong use ---- */

struct wrong {
    const char *words[MOST_WORDS];
    const char *part;
};

static const struct wrong wrongs[] = {
    {{"chek"}, "unknown command chek; did you mean check?"},
    {{"lst", "--format=json"}, "unknown command lst; did you mean list?"},
    {{"lint"}, "did you mean list? (a recipe of this name: mwatch run lint)"},
    {{"check", "--dryrun"}, "unknown option --dryrun; did you mean --dry-run?"},
    {{"check", "--formt=json"}, "unknown option --formt; did you mean --format?"},
    {{"check", "--no-such-thing"}, "unknown option --no-such-thing"},
    {{"check", "--"
               "x\x1b[2J"},
     "unknown option --x\\x1b[2J"},
    {{"check", "-x"}, "unknown option -x (see mwatch help)"},
    {{"check", "-qx"}, "unknown option -x"},
    {{"check", "-\x1b"}, "unknown option -\\x1b"},
    {{"check", "--=x"}, "unknown option --"},
    {{"check", "--format", "yaml"}, "--format yaml: table, json, markdown or github is expected"},
    {{"check", "--format", "jsn"}, "did you mean json?"},
    {{"check", "--format=json", "--format=table"}, "--format is given twice"},
    {{"check", "-Ca", "-Cb"}, "--directory is given twice"},
    {{"check", "--jobs", "0"}, "--jobs 0: a number from 1 to 1000 is expected"},
    {{"check", "--jobs", "1001"}, "--jobs 1001"},
    {{"check", "--jobs", "-1"}, "--jobs -1"},
    {{"check", "--jobs", "4x"}, "--jobs 4x"},
    {{"check", "--jobs", "99999999999999999999999"}, "--jobs 99999999999999999999999"},
    {{"check", "--shard", "1"}, "--shard 1: K/N is expected, as 1/4"},
    {{"check", "--shard", "0/4"}, "--shard 0/4"},
    {{"check", "--shard", "5/4"}, "--shard 5/4"},
    {{"check", "--shard", "1/0"}, "--shard 1/0"},
    {{"check", "--shard", "1/2/3"}, "--shard 1/2/3"},
    {{"check", "--shard", "/"}, "--shard /"},
    {{"check", "--shard", "1/1001"}, "--shard 1/1001"},
    {{"check", "--shard", "a/b"}, "--shard a/b"},
    {{"check", "--mirror", "x"}, "--mirror x: PREFIX=URL is expected"},
    {{"check", "--mirror", "=x"}, "--mirror =x"},
    {{"check", "--mirror", "x="}, "--mirror x="},
    {{"check", "--color", "blue"}, "--color blue: auto, always or never is expected"},
    {{"check", "--record=a", "--replay=b"}, "--record and --replay exclude each other"},
    {{"check", "--cache=a", "--no-cache"}, "--cache and --no-cache exclude each other"},
    {{"version", "x"}, "mwatch version takes no operand, but x is given"},
    {{"init", ""}, "mwatch init takes no operand, but \"\" is given"},
    {{"doctor", "redis"}, "mwatch doctor takes no operand"},
    {{"list", "--exit-code"}, "mwatch list takes no --exit-code"},
    {{"--exit-code"}, "mwatch run takes no --exit-code"},
    {{"vercmp", "--scheme"}, "--scheme needs an argument: SCHEME"},
    {{"check", "--config", ""}, "--config needs an argument: FILE"},
};

static void test_wrong_use(void **state)
{
    const struct wrong *w = *state;
    check_refuses(w->words, w->part);
}

/* ---- what is printed from the tables ---- */

static const char *printed(struct arena *a, void (*print)(FILE *out, const void *arg),
                           const void *arg)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    print(out, arg);
    fclose(out);
    const char *copy = arena_text(a, slice_new(text, len));
    free(text);
    return copy;
}

static void print_help(FILE *out, const void *command)
{
    help_print(out, command);
}

static void print_manual(FILE *out, const void *unused)
{
    (void)unused;
    help_manual(out);
}

static void print_completions(FILE *out, const void *shell)
{
    assert_true(help_completions(out, shell));
}

static void assert_narrow(const char *text)
{
    struct slice rest = slice_of(text), line;
    while (slice_line(&rest, &line)) {
        if (text_width(line) > 80)
            fail_msg("wider than 80 columns: %.*s", SLICE_ARG(line));
        assert_true(line.len == 0 || line.ptr[line.len - 1] != ' ');
    }
}

static void assert_names(const char *text, const char *format, const char *name)
{
    struct arena a = {0};
    if (!strstr(text, arena_printf(&a, "%s%s", format, name)))
        fail_msg("%s%s is missing in:\n%s", format, name, text);
    arena_free(&a);
}

static void test_overview(void **state)
{
    struct arena a = {0};
    const char *text = printed(&a, print_help, NULL);
    (void)state;
    assert_narrow(text);
    for (const struct command *c = command_all(); c->name; c++)
        assert_names(text, "\n  ", c->name);
    arena_free(&a);
}

static void test_help_of_each(void **state)
{
    const struct option_row *row;
    (void)state;
    for (const struct command *c = command_all(); c->name; c++) {
        struct arena a = {0};
        const char *text = printed(&a, print_help, c);
        assert_narrow(text);
        assert_names(text, "mwatch ", c->name);
        for (size_t i = 0; (row = option_at(i)); i++)
            if (row->groups & c->groups)
                assert_names(text, "--", row->name);
        arena_free(&a);
    }
}

static void test_manual(void **state)
{
    struct arena a = {0};
    const struct option_row *row;
    const char *text = printed(&a, print_manual, NULL);
    (void)state;
    assert_memory_equal(text, ".TH MWATCH 1 ", 13);
    for (const struct command *c = command_all(); c->name; c++)
        assert_names(text, ".SS \"mwatch ", c->name);
    for (size_t i = 0; (row = option_at(i)); i++)
        if (!strchr(row->name, '-'))
            assert_names(text, "\\-\\-", row->name);
    arena_free(&a);
}

static void test_completions(void **state)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    const struct option_row *row;
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        struct arena a = {0};
        const char *text = printed(&a, print_completions, shells[k]);
        for (const struct command *c = command_all(); c->name; c++)
            assert_names(text, "", c->name);
        for (size_t i = 0; (row = option_at(i)); i++)
            assert_names(text, k == 2 ? "-l " : "--", row->name);
        arena_free(&a);
    }
    assert_false(help_completions(stdout, "powershell"));
    assert_false(help_completions(stdout, ""));
}

/* Every quote of fish's completions is closed: an odd one would swallow the lines after it. */
static void test_fish_quotes(void **state)
{
    struct arena a = {0};
    struct slice rest = slice_of(printed(&a, print_completions, "fish")), line;
    (void)state;
    while (slice_line(&rest, &line)) {
        size_t quotes = 0;
        for (size_t i = 0; i < line.len; i++) {
            if (line.ptr[i] == '\\')
                i++;
            else
                quotes += line.ptr[i] == '\'';
        }
        assert_int_equal(quotes, 2);
        assert_int_equal(line.ptr[line.len - 1], '\'');
    }
    arena_free(&a);
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(test_every_option),   cmocka_unit_test(test_every_pair),
        cmocka_unit_test(test_names_differ),   cmocka_unit_test(test_values),
        cmocka_unit_test(test_lists),          cmocka_unit_test(test_default_command),
        cmocka_unit_test(test_end_of_options), cmocka_unit_test(test_formats),
        cmocka_unit_test(test_overview),       cmocka_unit_test(test_help_of_each),
        cmocka_unit_test(test_manual),         cmocka_unit_test(test_completions),
        cmocka_unit_test(test_fish_quotes),
    };
    enum { FIXED = sizeof fixed / sizeof *fixed, WRONGS = sizeof wrongs / sizeof *wrongs };
    static struct CMUnitTest tests[FIXED + WRONGS];
    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < WRONGS; i++)
        tests[FIXED + i] = (struct CMUnitTest){.name = wrongs[i].part,
                                               .test_func = test_wrong_use,
                                               .initial_state = (void *)(uintptr_t)&wrongs[i]};
    return _cmocka_run_group_tests("cli", tests, FIXED + WRONGS, NULL, NULL);
}
