/* The table of commands, and how the first operand finds its row. */
#include "watcher/cli.h"

#include "watcher/base/text.h"
#include "watcher/groups.h"

#include <stdio.h>
#include <string.h>

enum {
    WHOLE = GROUP_ALL | GROUP_REPOSITORY | GROUP_REPORT | GROUP_NETWORK,
};

static const struct command commands[] = {
    {"run", "[RECIPE...]", "the whole flow, from asking upstream to proposing the change",
     "Ask every upstream, decide, prove the new artefacts and rewrite the recipes. With\n"
     "--dry-run the decisions, diffs and texts are shown and nothing is written. This is\n"
     "the command when none is named. Who names a component of a group means all of that group.",
     WHOLE | GROUP_DELIVER | GROUP_RUN | GROUP_LOOK, cmd_run},
    {"check", "[RECIPE...]", "what is pinned, what is newest, and the decision",
     "Ask every upstream and decide. Nothing is written, and without --verify nothing downloaded.",
     WHOLE | GROUP_DELIVER | GROUP_CHECK | GROUP_LOOK, cmd_check},
    {"explain", "RECIPE...", "every candidate and the rule that decided its fate",
     "List all that upstream published, newest first, each with the rule that dropped it or\n"
     "made it win.",
     WHOLE, cmd_explain},
    {"bump", "RECIPE...", "rewrite recipes here, and nothing else",
     "Set a new version: the epoch becomes 0, hashes and commits are renewed. The same\n"
     "version again means epoch + 1, and is refused when no commit or hash changes. With\n"
     "--offline, --commit, --sha256 and --sha512 give what would be asked for otherwise.",
     WHOLE | GROUP_BUMP | GROUP_RUN, cmd_bump},
    {"rebuild", "[--of NAME... | --changed OLD..NEW]",
     "which images are due, or who depends on what moves; in order",
     "Read the package indexes that the images name, resolve every image, and list those that\n"
     "would come out different from what was built last: why, under which tag, in which\n"
     "order. --image asks for one, due or not. With --trigger that is handed on and remembered;\n"
     "with --dry-run nothing is.\n"
     "\n"
     "With --bump, recipes whose build dependencies moved since they were last built get their\n"
     "next epoch, each by a pull request of its own, as `run` proposes.\n"
     "\n"
     "With --lock, what every image consists of is written as apko's lock file beside it.\n"
     "\n"
     "With --of: read what every recipe and image builds and needs, and list those that must be\n"
     "rebuilt when NAME (a recipe, a file, a package, or a package built elsewhere) moves:\n"
     "each after all it needs, with its level and the reason. Needing it only at run time\n"
     "is no reason to build a package again, but one to build the images that hold it. Nobody\n"
     "is asked.\n"
     "\n"
     "With --changed, what moves is what the difference of two revisions touches, and that is\n"
     "rebuilt, too: OLD..NEW, OLD...NEW (since NEW parted from OLD), or OLD alone (..HEAD);\n"
     "an OLD of zeros, a branch's first push, means everything. The new revision is read, not\n"
     "the work tree. A file beside a recipe counts for it, and so do includes and pipelines.\n"
     "Nobody is asked.",
     WHOLE | GROUP_REBUILD | GROUP_RUN, cmd_rebuild},
    {"list", "[RECIPE...]", "the components found, asking nobody",
     "List every recipe and component with what it pins and where its releases are\n"
     "published.",
     GROUP_ALL | GROUP_REPOSITORY | GROUP_REPORT, cmd_list},
    {"sources", "[NAME...]", "the sources and presets, their keys and an example of each",
     "Without a name, one line for each; with names, everything about them.",
     GROUP_ALL | GROUP_REPORT, cmd_sources},
    {"vercmp", "[A B]", "compare versions",
     "Print A < B, A = B or A > B; A ? B when one of them is no version of the scheme.\n"
     "Without operands, pairs are read from standard input, one to a line.",
     GROUP_ALL | GROUP_SCHEME, cmd_vercmp},
    {"init", "", "write a first mwatch.yaml from the recipes found",
     "Sources are guessed from fetch and git-checkout addresses and from Wolfi's package\n"
     "names. What an update: block says already is left to it.",
     GROUP_ALL | GROUP_REPOSITORY | GROUP_INIT | GROUP_RUN, cmd_init},
    {"doctor", "", "check the configuration and the surroundings",
     "Read everything a run would read, and say what is missing or wrong. With a token GitHub\n"
     "is asked, too: whose it is, what it may do, and which settings are in a run's way.",
     GROUP_ALL | GROUP_REPOSITORY | GROUP_NETWORK, cmd_doctor},
    {"help", "[COMMAND]", "help; `help manual` and `help completions SHELL` print those", "",
     GROUP_ALL, cmd_help},
    {"version", "", "the version of mwatch", "", GROUP_ALL, cmd_version},
    {NULL, NULL, NULL, NULL, 0, NULL},
};

const struct command *command_all(void)
{
    return commands;
}

const struct command *command_find(const char *name)
{
    for (const struct command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static const char *nearest_command(const char *word)
{
    const char *names[sizeof commands / sizeof *commands];
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        names[i] = commands[i].name;
    return text_nearest(slice_of(word), names);
}

/* The first operand names the command; anything else is a recipe for `run`, unless it looks like a
 * command spelt wrong: then guessing would run the whole flow on nothing. */
static bool pick_command(struct options *o, const struct command **command, struct error *e)
{
    const char *first = o->operands.count ? o->operands.items[0] : NULL;
    *command = first ? command_find(first) : commands;
    if (*command) {
        o->command_named = first != NULL;
        o->operands.items += o->command_named;
        o->operands.count -= o->command_named;
        return true;
    }
    *command = commands;
    const char *near = nearest_command(first);
    return !near || error_set(e, ERROR_USAGE,
                              "unknown command %s; did you mean %s? (a recipe of this name: mwatch "
                              "run %s)",
                              first, near, first);
}

static bool check_operands(const struct options *o, const struct command *command, struct error *e)
{
    if (o->help || *command->operands || o->operands.count == 0)
        return true;
    return error_set(e, ERROR_USAGE, "mwatch %s takes no operand, but %s is given", command->name,
                     *o->operands.items[0] ? o->operands.items[0] : "\"\"");
}

static bool read_count(const char *text, const char *option, unsigned long long most, int *out,
                       struct error *e)
{
    unsigned long long n;
    if (!slice_number(slice_of(text), &n) || n == 0 || n > most)
        return error_set(e, ERROR_USAGE, "--%s %s: a number from 1 to %llu is expected", option,
                         text, most);
    *out = (int)n;
    return true;
}

static bool read_shard(struct options *o, struct error *e)
{
    struct slice count = slice_of(o->shard), index;
    unsigned long long k, n;
    if (!slice_split(&count, '/', &index) || !slice_number(index, &k) || !slice_number(count, &n) ||
        k == 0 || k > n || n > 1000)
        return error_set(e, ERROR_USAGE, "--shard %s: K/N is expected, as 1/4", o->shard);
    o->shard_index = (unsigned)k;
    o->shard_count = (unsigned)n;
    return true;
}

static bool check_mirrors(const struct options *o, struct error *e)
{
    for (size_t i = 0; i < o->mirrors.count; i++) {
        const char *equals = strchr(o->mirrors.items[i], '=');
        if (!equals || equals == o->mirrors.items[i] || !equals[1])
            return error_set(e, ERROR_USAGE, "--mirror %s: PREFIX=URL is expected",
                             o->mirrors.items[i]);
    }
    return true;
}

static bool check_values(struct options *o, struct error *e)
{
    o->report = REPORT_TABLE;
    if (o->format && !report_parse(o->format, &o->report)) {
        const char *near = text_nearest(slice_of(o->format), report_names());
        return error_set(
            e, ERROR_USAGE, "--format %s: table, json, markdown or github is expected%s%s%s",
            o->format, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    if (o->color && strcmp(o->color, "auto") != 0 && strcmp(o->color, "always") != 0 &&
        strcmp(o->color, "never") != 0)
        return error_set(e, ERROR_USAGE, "--color %s: auto, always or never is expected", o->color);
    if (o->kind && strcmp(o->kind, "build") != 0 && strcmp(o->kind, "runtime") != 0 &&
        strcmp(o->kind, "all") != 0)
        return error_set(e, ERROR_USAGE, "--kind %s: build, runtime or all is expected", o->kind);
    if (o->record && o->replay)
        return error_set(e, ERROR_USAGE, "--record and --replay exclude each other");
    if (o->cache && o->no_cache)
        return error_set(e, ERROR_USAGE, "--cache and --no-cache exclude each other");
    if (o->jobs && !read_count(o->jobs, "jobs", 1000, &o->job_count, e))
        return false;
    if (o->shard && !read_shard(o, e))
        return false;
    return check_mirrors(o, e);
}

bool cli_parse(int argc, char **argv, const struct command **command, struct options *options,
               struct error *e)
{
    return options_read(argc, argv, options, e) && pick_command(options, command, e) &&
           options_fit(options, *command, e) && check_operands(options, *command, e) &&
           check_values(options, e);
}
