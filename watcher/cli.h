/* The command line: one table of commands and options that also prints help, manual and
 * completions. */
#ifndef MWATCH_CLI_H
#define MWATCH_CLI_H

#include "watcher/base/arena.h"
#include "watcher/base/context.h"
#include "watcher/base/error.h"
#include "watcher/report.h"

enum exit_status { EXIT_WELL = 0, EXIT_SOME_FAILED = 1, EXIT_USAGE = 2, EXIT_UPDATES = 10 };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* Everything the options can say; texts are borrowed from the command line. */
struct options {
    struct arena arena;
    const char *directory; /* -C */
    const char *config;    /* -c */
    const char *format;
    const char *color;
    const char *jobs;
    const char *shard;
    const char *record;
    const char *replay;
    VEC(const char *) mirrors; /* PREFIX=URL */
    const char *token_file;
    const char *cache;
    bool no_cache;
    const char *cacert;
    bool quiet;
    unsigned verbose;
    const char *report_file; /* --report */
    bool dry_run;
    bool exit_code;
    bool verify;
    const char *to;
    VEC(const char *) commits;
    VEC(const char *) sha256;
    VEC(const char *) sha512;
    VEC(const char *) sets; /* PATH=VALUE */
    bool offline;
    bool prune;
    bool force;
    const char *scheme;
    VEC(const char *) of; /* names that moved */
    bool trigger;
    bool bump;
    VEC(const char *) images; /* --image */
    bool lock;
    const char *changed; /* revisions: what they touch moved */
    bool direct;
    const char *kind; /* of needs to follow: "build", "runtime", "all"; NULL = all */
    bool help;
    bool command_named; /* the command was said, not taken for granted */
    VEC(const char *) operands;

    /* Made of the texts above by cli_parse. */
    enum report_format report;
    int job_count;                     /* 0 = the engine's default */
    unsigned shard_index, shard_count; /* 1-based; 0 / 0 = everything */

    bool groups; /* a command's own: an operand stands for all of its group */
};

struct command {
    const char *name;
    const char *operands; /* "[RECIPE...]" */
    const char *summary;  /* one line */
    const char *details;  /* paragraphs for `help NAME` and the manual */
    unsigned groups;      /* which groups of options it takes */
    int (*run)(struct context *ctx, struct options *options);
};

/* All commands, ended by a NULL name; one with operands "" takes none. The first one is what runs
 * when none is named. */
const struct command *command_all(void);
const struct command *command_find(const char *name);

/* Read the arguments after the program's name. False with ERROR_USAGE: unknown command or option
 * (the nearest is named), missing argument, bad value. */
bool cli_parse(int argc, char **argv, const struct command **command, struct options *options,
               struct error *e);

/* Print help for one command, or the overview when NULL. */
void help_print(FILE *out, const struct command *command);
void help_manual(FILE *out);
bool help_completions(FILE *out, const char *shell); /* bash, zsh, fish; false for others */

/* An option, as help and completions see it. */
struct option_row {
    const char *name;     /* "dry-run" */
    char letter;          /* 'q' or 0 */
    const char *argument; /* "FILE", NULL = none */
    const char *help;
    unsigned groups;
};

/* The rows one by one, NULL after the last. */
const struct option_row *option_at(size_t index);

/* The commands, each in watcher/cmd_NAME.c. */
int cmd_run(struct context *ctx, struct options *options);
int cmd_check(struct context *ctx, struct options *options);
int cmd_explain(struct context *ctx, struct options *options);
int cmd_bump(struct context *ctx, struct options *options);
int cmd_rebuild(struct context *ctx, struct options *options);
int cmd_list(struct context *ctx, struct options *options);
int cmd_sources(struct context *ctx, struct options *options);
int cmd_vercmp(struct context *ctx, struct options *options);
int cmd_init(struct context *ctx, struct options *options);
int cmd_doctor(struct context *ctx, struct options *options);
int cmd_help(struct context *ctx, struct options *options);
int cmd_version(struct context *ctx, struct options *options);

#endif
