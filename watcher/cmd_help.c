#include "watcher/cli.h"

#include "watcher/base/text.h"

#include <string.h>

static int no_such_command(struct context *ctx, const char *what)
{
    log_error(ctx, "no command %s (see mwatch help)", what);
    return EXIT_USAGE;
}

int cmd_help(struct context *ctx, struct options *options)
{
    size_t count = options->operands.count;
    const char *first = count ? options->operands.items[0] : NULL;
    if (!first) {
        help_print(stdout, NULL);
    } else if (strcmp(first, "manual") == 0) {
        help_manual(stdout);
    } else if (strcmp(first, "completions") == 0) {
        const char *shell = count > 1 ? options->operands.items[1] : "";
        if (!help_completions(stdout, shell)) {
            log_error(ctx, "help completions SHELL: bash, zsh or fish is expected");
            return EXIT_USAGE;
        }
    } else if (command_find(first)) {
        help_print(stdout, command_find(first));
    } else {
        return no_such_command(ctx, first);
    }
    return EXIT_WELL;
}
