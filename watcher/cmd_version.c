#include "watcher/cli.h"

int cmd_version(struct context *ctx, struct options *options)
{
    (void)ctx;
    (void)options;
    puts("mwatch " MWATCH_VERSION);
    return EXIT_WELL;
}
