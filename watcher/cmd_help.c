#include "watcher/cli.h"

#include "watcher/base/text.h"

#include <string.h>

static int no_such_command(struct context *ctx, const char *what)
{
    const char *names[32] = {NULL};
    for (size_t i = 0; command_all()[i].name && i < sizeof names / sizeof *names - 1; i++)
        names[i] = command_all()[i].name;
    const char *near = text_nearest(slice_of(what), names);
    log_error(ctx, "no command %s%s%s%s", what, near ? "; did you mean " : " (see mwatch help)",
              near ? near : "", near ? "?" : "");
    return EXIT_USAGE;
}

static int print_completions(struct context *ctx, const char *shell)
{
    if (help_completions(stdout, shell))
        return EXIT_WELL;
    log_error(ctx, "help completions SHELL: bash, zsh or fish is expected");
    return EXIT_USAGE;
}

int cmd_help(struct context *ctx, struct options *options)
{
    size_t count = options->operands.count;
    const char *first = count ? options->operands.items[0] : NULL;
    bool completions = first && strcmp(first, "completions") == 0;
    if (count > (completions ? 2u : 1u)) {
        log_error(ctx, "help takes one command, but %s is given too",
                  options->operands.items[count - 1]);
        return EXIT_USAGE;
    }
    if (completions)
        return print_completions(ctx, count > 1 ? options->operands.items[1] : "");
    if (!first)
        help_print(stdout, NULL);
    else if (strcmp(first, "manual") == 0)
        help_manual(stdout);
    else if (command_find(first))
        help_print(stdout, command_find(first));
    else
        return no_such_command(ctx, first);
    return EXIT_WELL;
}
