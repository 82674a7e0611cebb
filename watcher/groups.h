/* Which commands take which options; shared by the two tables. */
#ifndef MWATCH_GROUPS_H
#define MWATCH_GROUPS_H

#include "watcher/cli.h"

enum option_group {
    GROUP_ALL = 1,
    GROUP_REPOSITORY = 2,
    GROUP_REPORT = 4,
    GROUP_NETWORK = 8,
    GROUP_RUN = 16,
    GROUP_CHECK = 32,
    GROUP_BUMP = 64,
    GROUP_INIT = 128,
    GROUP_SCHEME = 256,
    GROUP_REBUILD = 512,
    GROUP_DELIVER = 8192,
    GROUP_LOOK = 65536,
};

/* Read all arguments into *o, options and operands in any order; "--" ends the options. */
bool options_read(int argc, char **argv, struct options *o, struct error *e);

/* Refuse an option that the command does not take. */
bool options_fit(const struct options *o, const struct command *command, struct error *e);

#endif
