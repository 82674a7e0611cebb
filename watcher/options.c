/* The table of options, and the reading of a command line by it. */
#include "watcher/cli.h"

#include "watcher/base/text.h"
#include "watcher/groups.h"

#include <string.h>

enum target { TARGET_TEXT, TARGET_FLAG, TARGET_COUNT, TARGET_LIST };

struct binding {
    struct option_row row;
    enum target target;
    size_t offset;
};

#define AT(member) offsetof(struct options, member)

static const struct binding bindings[] = {
    {{"directory", 'C', "DIR", "work on the repository in DIR", GROUP_REPOSITORY},
     TARGET_TEXT,
     AT(directory)},
    {{"config", 'c', "FILE", "read FILE instead of DIR/mwatch.yaml", GROUP_REPOSITORY},
     TARGET_TEXT,
     AT(config)},
    {{"format", 0, "FORMAT", "table, json, markdown or github", GROUP_REPORT},
     TARGET_TEXT,
     AT(format)},
    {{"report", 0, "FILE", "write the JSON report to FILE besides", GROUP_DELIVER},
     TARGET_TEXT,
     AT(report_file)},
    {{"dry-run", 'n', NULL, "show decisions, diffs and texts; write nothing", GROUP_RUN},
     TARGET_FLAG,
     AT(dry_run)},
    {{"exit-code", 0, NULL, "exit with 10 when there is something to propose", GROUP_CHECK},
     TARGET_FLAG,
     AT(exit_code)},
    {{"verify", 0, NULL, "ask whether what is pinned is still what upstream serves", GROUP_LOOK},
     TARGET_FLAG,
     AT(verify)},
    {{"to", 0, "VERSION", "the new version; without it upstream is asked", GROUP_BUMP},
     TARGET_TEXT,
     AT(to)},
    {{"commit", 0, "HEX", "the commit of the new version's tag; of several repositories in order",
      GROUP_BUMP},
     TARGET_LIST,
     AT(commits)},
    {{"sha256", 0, "HEX", "SHA-256 of the artefact; of several in the file's order", GROUP_BUMP},
     TARGET_LIST,
     AT(sha256)},
    {{"sha512", 0, "HEX", "SHA-512 likewise", GROUP_BUMP}, TARGET_LIST, AT(sha512)},
    {{"set", 0, "PATH=VALUE", "set a scalar of the recipe besides", GROUP_BUMP},
     TARGET_LIST,
     AT(sets)},
    {{"offline", 0, NULL, "ask nobody: everything is given", GROUP_BUMP}, TARGET_FLAG, AT(offline)},
    {{"prune", 0, NULL, "drop from go/bump what the new release's go.mod has by itself",
      GROUP_BUMP},
     TARGET_FLAG,
     AT(prune)},
    {{"force", 0, NULL, "write over a mwatch.yaml that is there", GROUP_INIT},
     TARGET_FLAG,
     AT(force)},
    {{"scheme", 0, "SCHEME", "apk, semver, gem, jenkins, natural or date", GROUP_SCHEME},
     TARGET_TEXT,
     AT(scheme)},
    {{"of", 0, "NAME", "what moves; may be given several times", GROUP_REBUILD},
     TARGET_LIST,
     AT(of)},
    {{"image", 0, "NAME", "only this image, due or not; may be given several times", GROUP_REBUILD},
     TARGET_LIST,
     AT(images)},
    {{"trigger", 0, NULL, "hand on what is due, and remember it; once for each change",
      GROUP_REBUILD},
     TARGET_FLAG,
     AT(trigger)},
    {{"bump", 0, NULL, "propose the next epoch of recipes that would be built with other packages",
      GROUP_REBUILD},
     TARGET_FLAG,
     AT(bump)},
    {{"lock", 0, NULL, "write apko's lock file of every image", GROUP_REBUILD},
     TARGET_FLAG,
     AT(lock)},
    {{"changed", 0, "REV..REV", "what the difference of two revisions touches", GROUP_REBUILD},
     TARGET_TEXT,
     AT(changed)},
    {{"direct", 0, NULL, "only those that need it themselves", GROUP_REBUILD},
     TARGET_FLAG,
     AT(direct)},
    {{"kind", 0, "KIND", "follow only what is needed to build, at runtime, or all", GROUP_REBUILD},
     TARGET_TEXT,
     AT(kind)},
    {{"jobs", 'j', "N", "transfers at once (32)", GROUP_NETWORK}, TARGET_TEXT, AT(jobs)},
    {{"shard", 0, "K/N", "only the K-th of N parts of the recipes", GROUP_NETWORK},
     TARGET_TEXT,
     AT(shard)},
    {{"record", 0, "FILE", "append every exchange to FILE", GROUP_NETWORK},
     TARGET_TEXT,
     AT(record)},
    {{"replay", 0, "FILE", "answer from FILE, never from the network", GROUP_NETWORK},
     TARGET_TEXT,
     AT(replay)},
    {{"mirror", 0, "PREFIX=URL", "ask URL where an address begins with PREFIX", GROUP_NETWORK},
     TARGET_LIST,
     AT(mirrors)},
    {{"token-file", 0, "FILE", "read GitHub's token from FILE", GROUP_NETWORK},
     TARGET_TEXT,
     AT(token_file)},
    {{"cacert", 0, "FILE", "trust the certificates in FILE", GROUP_NETWORK},
     TARGET_TEXT,
     AT(cacert)},
    {{"cache", 0, "FILE", "keep answers in FILE", GROUP_NETWORK}, TARGET_TEXT, AT(cache)},
    {{"no-cache", 0, NULL, "keep no answers", GROUP_NETWORK}, TARGET_FLAG, AT(no_cache)},
    {{"quiet", 'q', NULL, "no warnings, no progress; a table of news only", GROUP_ALL},
     TARGET_FLAG,
     AT(quiet)},
    {{"verbose", 'v', NULL, "every row, and more on standard error; twice for every request",
      GROUP_ALL},
     TARGET_COUNT,
     AT(verbose)},
    {{"color", 0, "WHEN", "auto, always or never", GROUP_ALL}, TARGET_TEXT, AT(color)},
    {{"help", 'h', NULL, "help for the command", GROUP_ALL}, TARGET_FLAG, AT(help)},
};

enum { BINDINGS = sizeof bindings / sizeof *bindings };

const struct option_row *option_at(size_t index)
{
    return index < BINDINGS ? &bindings[index].row : NULL;
}

static const struct binding *by_name(struct slice name)
{
    for (size_t i = 0; i < BINDINGS; i++)
        if (slice_is(name, bindings[i].row.name))
            return &bindings[i];
    return NULL;
}

static const struct binding *by_letter(char letter)
{
    for (size_t i = 0; i < BINDINGS; i++)
        if (bindings[i].row.letter == letter)
            return &bindings[i];
    return NULL;
}

static bool unknown_option(struct slice name, struct error *e)
{
    const char *names[BINDINGS + 1] = {NULL};
    for (size_t i = 0; i < BINDINGS; i++)
        names[i] = bindings[i].row.name;
    const char *near = text_nearest(name, names);
    return error_set(e, ERROR_USAGE, "unknown option --%.*s%s%s%s", SLICE_ARG(name),
                     near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

static bool store(const struct binding *b, struct options *o, const char *value, struct error *e)
{
    void *member = (char *)o + b->offset;
    switch (b->target) {
    case TARGET_FLAG:
        *(bool *)member = true;
        return true;
    case TARGET_COUNT:
        ++*(unsigned *)member;
        return true;
    case TARGET_LIST: {
        VEC(const char *) *list = member;
        vec_push(&o->arena, list, value);
        return true;
    }
    case TARGET_TEXT:
        break;
    }
    if (*(const char **)member)
        return error_set(e, ERROR_USAGE, "--%s is given twice", b->row.name);
    *(const char **)member = value;
    return true;
}

struct arguments {
    int count, next;
    char **texts;
};

static bool take_value(struct arguments *args, const struct binding *b, const char *inlined,
                       const char **value, struct error *e)
{
    *value = inlined;
    if (!b->row.argument)
        return !inlined || error_set(e, ERROR_USAGE, "--%s takes no argument", b->row.name);
    if (!inlined && args->next < args->count)
        *value = args->texts[args->next++];
    if (!*value || !**value)
        return error_set(e, ERROR_USAGE, "--%s needs an argument: %s", b->row.name,
                         b->row.argument);
    return true;
}

static bool read_long(struct arguments *args, const char *text, struct options *o, struct error *e)
{
    const char *equals = strchr(text, '=');
    struct slice name = slice_of(text);
    if (equals)
        name = slice_first(name, (size_t)(equals - text));
    const struct binding *b = by_name(name);
    const char *value;
    if (!b)
        return unknown_option(name, e);
    return take_value(args, b, equals ? equals + 1 : NULL, &value, e) && store(b, o, value, e);
}

/* "-qv", "-CDIR", "-C DIR". */
static bool read_letters(struct arguments *args, const char *text, struct options *o,
                         struct error *e)
{
    for (; *text; text++) {
        const struct binding *b = by_letter(*text);
        const char *value;
        if (!b)
            return error_set(e, ERROR_USAGE, "unknown option -%c (see mwatch help)", *text);
        const char *inlined = b->row.argument && text[1] ? text + 1 : NULL;
        if (!take_value(args, b, inlined, &value, e) || !store(b, o, value, e))
            return false;
        if (b->row.argument)
            break;
    }
    return true;
}

bool options_read(int argc, char **argv, struct options *o, struct error *e)
{
    struct arguments args = {argc, 0, argv};
    while (args.next < args.count) {
        const char *text = args.texts[args.next++];
        bool good = true;
        if (strcmp(text, "--") == 0) {
            while (args.next < args.count)
                vec_push(&o->arena, &o->operands, args.texts[args.next++]);
        } else if (strncmp(text, "--", 2) == 0) {
            good = read_long(&args, text + 2, o, e);
        } else if (text[0] == '-' && text[1]) {
            good = read_letters(&args, text + 1, o, e);
        } else {
            vec_push(&o->arena, &o->operands, text);
        }
        if (!good)
            return false;
    }
    return true;
}

/* An option that was given, but that this command does not take, is a mistake somebody should know
 * of. */
bool options_fit(const struct options *o, const struct command *command, struct error *e)
{
    static const struct options none;
    for (size_t i = 0; i < BINDINGS; i++) {
        const struct binding *b = &bindings[i];
        const char *given = (const char *)o + b->offset, *empty = (const char *)&none + b->offset;
        size_t size = b->target == TARGET_TEXT   ? sizeof(char *)
                      : b->target == TARGET_FLAG ? sizeof(bool)
                      : b->target == TARGET_LIST ? sizeof(void *)
                                                 : sizeof(unsigned);
        if (!(b->row.groups & command->groups) && memcmp(given, empty, size) != 0)
            return error_set(e, ERROR_USAGE, "mwatch %s takes no --%s", command->name, b->row.name);
    }
    return true;
}
