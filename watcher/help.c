/* Help, manual and completions, all printed from the two tables. */
#include "watcher/cli.h"

#include "watcher/base/text.h"
#include "watcher/groups.h"

#include <string.h>

enum { COLUMNS = 80 };

static void print_entry(FILE *out, const char *name, size_t width, const char *text)
{
    struct buf wrapped = {0};
    report_add_wrapped(&wrapped, slice_of(text), width + 4, COLUMNS);
    fprintf(out, "  %-*s  %s", (int)width, name, buf_text(&wrapped) + width + 4);
    buf_free(&wrapped);
}

static void print_option(FILE *out, const struct option_row *row)
{
    struct buf name = {0};
    if (row->letter)
        buf_addf(&name, "-%c, ", row->letter);
    buf_addf(&name, "%s--%s", row->letter ? "" : "    ", row->name);
    if (row->argument)
        buf_addf(&name, " %s", row->argument);
    print_entry(out, buf_text(&name), 24, row->help);
    buf_free(&name);
}

static void print_options(FILE *out, unsigned groups)
{
    const struct option_row *row;
    for (size_t i = 0; (row = option_at(i)); i++)
        if (row->groups & groups)
            print_option(out, row);
}

static void print_overview(FILE *out)
{
    fputs("mwatch keeps repositories of container recipes current.\n"
          "\n"
          "  mwatch [COMMAND] [OPTION...] [RECIPE...]\n"
          "\n"
          "Commands (run when none is named):\n",
          out);
    for (const struct command *c = command_all(); c->name; c++)
        print_entry(out, c->name, 8, c->summary);
    fputs("\nCommon options:\n", out);
    print_options(out, GROUP_ALL | GROUP_REPOSITORY | GROUP_REPORT | GROUP_NETWORK);
    fputs("\n"
          "A RECIPE is a recipe's name, recipe/component, a file or a folder.\n"
          "Exit status: 0 all well; 1 some component failed, the others were done; 2 wrong\n"
          "usage or configuration; 10 with --exit-code when there is something to propose.\n"
          "`mwatch help COMMAND` says more.\n",
          out);
}

/* Paragraphs, which empty lines part, whatever their line breaks; an empty line after each. */
static void print_paragraphs(FILE *out, struct slice text)
{
    struct slice line;
    struct buf joined = {0}, wrapped = {0};
    while (slice_line(&text, &line) && line.len) {
        buf_add_text(&joined, joined.len ? " " : "");
        buf_add(&joined, line);
    }
    report_add_wrapped(&wrapped, buf_slice(&joined), 0, COLUMNS);
    fprintf(out, "%s\n", buf_text(&wrapped));
    buf_free(&joined);
    buf_free(&wrapped);
    if (text.len)
        print_paragraphs(out, text);
}

void help_print(FILE *out, const struct command *command)
{
    struct buf heading = {0};
    if (!command) {
        print_overview(out);
        return;
    }
    buf_addf(&heading, "mwatch %s%s%s: %s", command->name, *command->operands ? " " : "",
             command->operands, command->summary);
    print_paragraphs(out, buf_slice(&heading));
    buf_free(&heading);
    if (*command->details)
        print_paragraphs(out, slice_of(command->details));
    fputs("Options:\n", out);
    print_options(out, command->groups);
}

/* Roff takes a leading dot or quote as a request, and a backslash as an escape. */
static void print_roff(FILE *out, const char *text)
{
    for (bool start = true; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        start = *text == '\n';
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

static void print_manual_command(FILE *out, const struct command *c)
{
    fprintf(out, ".SS \"mwatch %s%s%s\"\n", c->name, *c->operands ? " " : "", c->operands);
    print_roff(out, c->summary);
    fputs(".\n.PP\n", out);
    print_roff(out, c->details);
    fputs("\n", out);
}

static void print_manual_option(FILE *out, const struct option_row *row)
{
    fputs(".TP\n.B ", out);
    if (row->letter)
        fprintf(out, "\\-%c, ", row->letter);
    fputs("\\-\\-", out);
    print_roff(out, row->name);
    if (row->argument)
        fprintf(out, " \\fI%s\\fP", row->argument);
    fputs("\n", out);
    print_roff(out, row->help);
    fputs("\n", out);
}

void help_manual(FILE *out)
{
    const struct option_row *row;
    fputs(".TH MWATCH 1 \"\" \"mwatch " MWATCH_VERSION "\"\n"
          ".SH NAME\nmwatch \\- keep repositories of container recipes current\n"
          ".SH SYNOPSIS\n.B mwatch\n[\\fICOMMAND\\fP] [\\fIOPTION\\fP...] [\\fIRECIPE\\fP...]\n"
          ".SH COMMANDS\n",
          out);
    for (const struct command *c = command_all(); c->name; c++)
        print_manual_command(out, c);
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; (row = option_at(i)); i++)
        print_manual_option(out, row);
    fputs(
        ".SH EXIT STATUS\n"
        ".TP\n.B 0\nall well\n"
        ".TP\n.B 1\nsome component failed; the others were done\n"
        ".TP\n.B 2\nwrong usage or configuration\n"
        ".TP\n.B 10\nwith \\-\\-exit\\-code: there is something to propose\n"
        ".SH ENVIRONMENT\n"
        ".TP\n.B GITHUB_TOKEN\nthe token GitHub's API is asked with, and ghcr.io where there is no "
        "login for it\n"
        ".TP\n.B GITHUB_API_URL\nthe API that the token is for, when it is not github.com's\n"
        ".TP\n.B GITHUB_GRAPHQL_URL\nwhere that API answers GraphQL, when it is not beside it\n"
        ".TP\n.B DOCKER_CONFIG\nthe folder of docker's config.json, whose logins registries are "
        "asked with (~/.docker)\n"
        ".TP\n.B REGISTRY_AUTH_FILE\na file of logins that comes before docker's\n"
        ".TP\n.B GITHUB_OUTPUT, GITHUB_STEP_SUMMARY\nfiles that a workflow's runner reads: "
        "\\-\\-format github adds to them\n"
        ".TP\n.B NO_COLOR\nwhen it is not empty, no colours\n"
        ".TP\n.B SSL_CERT_FILE\nthe certificates to trust\n"
        ".TP\n.B XDG_CACHE_HOME\nwhere the cache lives (~/.cache)\n"
        ".TP\n.B https_proxy, http_proxy, no_proxy\nas curl reads them\n"
        ".SH FILES\n.TP\n.B mwatch.yaml\nthe configuration, at the repository's root\n",
        out);
}

static void print_words(FILE *out, const char *separator)
{
    const struct option_row *row;
    for (const struct command *c = command_all(); c->name; c++)
        fprintf(out, "%s%s", c == command_all() ? "" : separator, c->name);
    for (size_t i = 0; (row = option_at(i)); i++)
        fprintf(out, "%s--%s", separator, row->name);
}

/* Within single quotes fish reads only \\ and \' (its manual, "Quotes"). */
static void print_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputs("'\n", out);
}

static void print_fish(FILE *out)
{
    const struct option_row *row;
    for (const struct command *c = command_all(); c->name; c++) {
        fprintf(out, "complete -c mwatch -n __fish_use_subcommand -a %s -d ", c->name);
        print_quoted(out, c->summary);
    }
    for (size_t i = 0; (row = option_at(i)); i++) {
        fprintf(out, "complete -c mwatch -l %s", row->name);
        if (row->letter)
            fprintf(out, " -s %c", row->letter);
        fprintf(out, "%s -d ", row->argument ? " -r" : "");
        print_quoted(out, row->help);
    }
}

bool help_completions(FILE *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0 || strcmp(shell, "zsh") == 0) {
        if (*shell == 'z')
            fputs("#compdef mwatch\nautoload -U +X bashcompinit && bashcompinit\n", out);
        fputs("_mwatch() {\n    local words=\"", out);
        print_words(out, " ");
        fputs("\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
              "complete -o default -F _mwatch mwatch\n",
              out);
        return true;
    }
    if (strcmp(shell, "fish") != 0)
        return false;
    print_fish(out);
    return true;
}
