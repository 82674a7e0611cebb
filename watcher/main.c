/* mwatch: keeps repositories of container recipes current. */
#include "watcher/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Colours follow --color, then NO_COLOR (https://no-color.org), then whether it is a terminal. */
static bool wants_color(const struct options *o)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (o->color && strcmp(o->color, "auto") != 0)
        return strcmp(o->color, "always") == 0;
    if ((no_color && *no_color) || (term && strcmp(term, "dumb") == 0))
        return false;
    return isatty(STDOUT_FILENO);
}

static void apply_common(struct context *ctx, const struct options *o)
{
    ctx->color = wants_color(o);
    ctx->progress = !o->quiet && isatty(STDERR_FILENO);
    if (o->quiet)
        ctx->level = LOG_ERROR;
    else if (o->verbose)
        ctx->level = o->verbose > 1 ? LOG_DEBUG : LOG_INFO;
}

/* Output that did not reach the disk or the pipe must not look like success. */
static int flush_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno != EPIPE)
        fprintf(stderr, "mwatch: cannot write the output: %s\n", strerror(errno));
    return status == EXIT_WELL ? EXIT_SOME_FAILED : status;
}

int main(int argc, char **argv)
{
    struct context ctx;
    struct options options = {0};
    struct error e = {0};
    const struct command *command;
    int status = EXIT_WELL;

    signal(SIGPIPE, SIG_IGN);
    context_init(&ctx);
    if (!cli_parse(argc - 1, argv + 1, &command, &options, &e)) {
        log_error(&ctx, "%s", e.message);
        status = EXIT_USAGE;
    } else {
        apply_common(&ctx, &options);
        if (options.help)
            help_print(stdout, options.command_named ? command : NULL);
        else
            status = command->run(&ctx, &options);
    }
    arena_free(&options.arena);
    return flush_output(status);
}
